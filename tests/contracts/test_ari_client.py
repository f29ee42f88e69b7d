"""Our ARI client against the fake behind real sockets: the contract, and bad days."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, DeferredList

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.ari_events import AnyEvent, StasisStart, UnknownEvent
from ivr.asterisk.ari_settings import AriAddress, AriOptions
from ivr.asterisk.errors import AriFailed, AriTimeout, AriUnavailable
from tests.contracts.ari_contract import AriContract
from tests.contracts.ari_steps import LONG, Scenario
from tests.contracts.ari_world import World
from tests.fakes.ari_server import LOOPBACK, PASSWORD, USER, FakeAriServer
from tests.fakes.asterisk import FakeAsterisk
from tests.reactor import ReactorThread

APP = "cc-t"
OPTIONS = AriOptions(deadline=2.0, ping_every=0.2, in_flight=8, stuck_after=1.0)


class Site:
    """A fake Asterisk on a port and a client of it; ``told`` is what the client announced."""

    def __init__(self, reactor: ReactorThread) -> None:
        self.reactor = reactor
        self.asterisk = FakeAsterisk(reactor.reactor)
        self.asterisk.media.seconds[LONG[0]] = 6.0
        self.asterisk.claim_seconds = 1.0
        self.fake = FakeAriServer(reactor.reactor, self.asterisk)
        reactor.call(self.fake.listen)
        self.told: list[str] = []
        self.events: list[AnyEvent | UnknownEvent] = []
        self.on_event: Callable[[AnyEvent | UnknownEvent], None] = self.events.append
        self.client = self.new_client(PASSWORD)
        self.client.on_connected = lambda: self.told.append("connected")
        self.client.on_disconnected = lambda reason: self.told.append("disconnected")

    def new_client(self, password: str) -> AriClient:
        address = AriAddress(LOOPBACK, self.fake.port, USER, password)
        return AriClient(self.reactor.reactor, address, APP, self._hear, OPTIONS)

    def _hear(self, event: AnyEvent | UnknownEvent) -> None:
        self.on_event(event)

    def until(self, condition: Callable[[], object], seconds: float = 8.0) -> None:
        deadline = time.monotonic() + seconds
        while not self.reactor.call(condition):
            assert time.monotonic() < deadline, "it did not come to pass"
            self.reactor.run(self.reactor.sleep(0.01))

    def close(self) -> None:
        self.reactor.run(self.client.close())
        self.reactor.run(self.fake.close())
        self.reactor.run(self.reactor.sleep(0.05))


@pytest.fixture
def site(reactor: ReactorThread) -> Iterator[Site]:
    site = Site(reactor)
    reactor.run(site.client.connect())
    yield site
    site.close()


class FakeWorld(World):
    asterisk: FakeAsterisk

    async def arrives(self, channel: str, behaviour: str) -> None:
        self.asterisk.arrives(channel, behaviour)
        if behaviour == "presses_5":
            self.asterisk.later(0.5, self.asterisk.presses, channel, "5")

    async def leaves(self, channel: str) -> None:
        self.asterisk.hangs_up(self.id(channel))


class TestClientOnFake(AriContract):
    @pytest.fixture(autouse=True)
    def _site(self, site: Site) -> None:
        self.site = site

    def play(self, scenario: Scenario) -> World:
        world = FakeWorld(self.site.client, APP, self.site.reactor.reactor, "run")
        world.asterisk = self.site.asterisk
        self.site.on_event = world.saw
        self.site.reactor.run(scenario(world))
        return world


def test_the_filter_is_set_before_the_connection_is_announced(site: Site) -> None:
    assert "ChannelVarset" in site.asterisk.apps[APP].disallowed
    assert site.told == ["connected"]


def test_each_lane_has_a_name_that_no_broadcast_matches(site: Site) -> None:
    site.until(lambda: len(site.fake.connections) == 6)  # lanes come after the events' own
    names = sorted(site.fake.connections)
    assert names == [APP, *(f"{APP}-lane{number}" for number in range(5))]


def test_what_waits_fails_when_its_connection_is_lost(site: Site) -> None:
    site.fake.mute = True

    async def lose() -> None:
        waiting = Deferred.fromCoroutine(site.client.asterisk_ping())
        await site.reactor.sleep(0.05)
        site.fake.drop()
        await waiting

    with pytest.raises(AriUnavailable):
        site.reactor.run(lose())
    site.fake.mute = False
    site.until(lambda: site.told == ["connected", "disconnected", "connected"])
    site.reactor.run(site.client.asterisk_ping())
    assert "ChannelVarset" in site.asterisk.apps[APP].disallowed, "set again"


def test_a_lost_lane_is_replaced_while_others_serve(site: Site) -> None:
    site.reactor.call(site.fake.drop, f"{APP}-lane1")
    site.reactor.run(site.client.asterisk_ping())
    site.until(lambda: f"{APP}-lane1" in site.fake.connections)
    assert site.told == ["connected"]


def test_a_deaf_connection_is_noticed(site: Site) -> None:
    """Its application is registered no more: no answers, no events, but the socket is well."""
    site.fake.mute = True
    site.until(lambda: not site.client.connected)
    site.fake.mute = False
    site.until(lambda: site.client.connected)


def test_a_frozen_peer_is_noticed(site: Site) -> None:
    site.fake.frozen = True
    site.until(lambda: not site.client.connected)
    site.fake.frozen = False
    site.until(lambda: site.client.connected)


def test_no_answer_is_a_timeout(site: Site) -> None:
    site.fake.mute = True
    with pytest.raises(AriTimeout, match=r"no answer in 0\.1 s"):
        site.reactor.run(site.client.asterisk_ping(deadline=0.1))


def test_a_lane_that_is_stuck_for_good_is_given_up(site: Site) -> None:
    site.fake.mute = True
    lane = site.fake.connections[f"{APP}-lane0"]
    with pytest.raises(AriUnavailable):
        site.reactor.run(site.client.asterisk_ping(deadline=5))
    site.fake.mute = False
    site.until(lambda: site.client.connected)
    assert site.fake.connections[f"{APP}-lane0"] is not lane
    site.reactor.run(site.client.asterisk_ping())


def test_too_many_requests_are_refused_not_queued_without_end(site: Site) -> None:
    site.fake.mute = True

    async def many() -> list[str]:
        asked: list[Deferred[Any]] = [
            Deferred.fromCoroutine(site.client.asterisk_ping()) for _ in range(12)
        ]
        results = await DeferredList(asked, consumeErrors=True)
        return [type(result.value).__name__ for _, result in results]

    found = site.reactor.run(many())
    # One place may be taken by a ping of the client itself.
    assert 12 - OPTIONS.in_flight <= found.count("AriOverloaded") <= 13 - OPTIONS.in_flight


def test_no_answer_over_http_is_a_timeout(site: Site) -> None:
    site.fake.frozen = True
    with pytest.raises(AriTimeout, match=r"no answer in 0\.1 s"):
        site.reactor.run(site.client.channels_list(deadline=0.1))


def test_a_wrong_password_keeps_trying_and_says_unavailable(site: Site) -> None:
    client = site.new_client("wrong")

    async def give_up() -> None:
        connecting = Deferred.fromCoroutine(client.connect())
        await site.reactor.sleep(0.3)
        assert not client.connected
        await client.close()
        await connecting

    with pytest.raises(AriUnavailable):
        site.reactor.run(give_up())


def test_nobody_there_is_unavailable_over_http_too(reactor: ReactorThread) -> None:
    client = AriClient(
        reactor.reactor, AriAddress(LOOPBACK, 1, USER, PASSWORD), APP, lambda _event: None
    )
    with pytest.raises(AriUnavailable):
        reactor.run(client.channels_list())
    with pytest.raises(AriUnavailable):
        reactor.run(client.asterisk_ping())
    reactor.run(client.close())


@pytest.mark.parametrize(
    ("message", "binary"), [(b"{", False), (b"[1]", False), (b"\x00", True), (b"null", False)]
)
def test_rubbish_does_not_end_the_connection(site: Site, message: bytes, binary: bool) -> None:
    site.reactor.call(lambda: site.fake.say(APP, message, binary=binary))
    site.reactor.call(site.asterisk.arrives, "c", "one")
    site.until(lambda: site.events)
    assert site.told == ["connected"]


def test_a_reader_that_fails_does_not_end_the_connection(site: Site) -> None:
    seen: list[object] = []

    def fail(event: AnyEvent | UnknownEvent) -> None:
        seen.append(event)
        raise RuntimeError("a reader may be wrong")

    site.on_event = fail
    site.reactor.call(site.asterisk.arrives, "c", "one")
    site.reactor.call(site.asterisk.arrives, "d", "one")
    site.until(lambda: len(seen) == 2)
    assert site.told == ["connected"]


def test_a_listener_that_fails_on_connecting_does_not_end_the_connection(
    reactor: ReactorThread, site: Site
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a listener may be wrong")

    site.client.on_connected = fail
    site.client.on_disconnected = fail
    site.reactor.call(site.fake.drop)
    site.until(lambda: not site.client.connected)
    site.until(lambda: site.client.connected)
    site.reactor.call(site.asterisk.arrives, "c", "one")
    site.until(lambda: site.events)


def test_events_keep_their_order(site: Site) -> None:
    def many() -> None:
        for number in range(500):
            site.fake.say(APP, b'{"type":"StasisStart","args":["%d"]}' % number)

    site.reactor.call(many)
    site.until(lambda: len(site.events) == 500)
    numbers = [int(event.args[0]) for event in site.events if isinstance(event, StasisStart)]
    assert numbers == list(range(500))


def test_a_recording_that_breaks_off_leaves_no_file(site: Site, tmp_path: Path) -> None:
    site.asterisk.media.files["m"] = b"RIFF" + b"x" * 200_000
    target = tmp_path / "m.wav"
    site.fake.mute = True
    with pytest.raises(AriUnavailable):
        site.reactor.run(site.client.download_recording("m", target))
    assert list(tmp_path.iterdir()) == []
    site.fake.mute = False
    site.reactor.run(site.client.download_recording("m", target))
    assert target.read_bytes() == site.asterisk.media.files["m"]


def test_asterisks_failure_is_typed(site: Site) -> None:
    site.asterisk.endpoints["PJSIP/x"] = "unreachable"
    with pytest.raises(AriFailed):
        site.reactor.run(site.client.channels_create(endpoint="PJSIP/x", app=APP, channel_id="c"))
