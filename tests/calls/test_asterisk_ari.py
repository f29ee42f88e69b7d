"""The ARI client on a real Asterisk: the contract, and what only the real one can show."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred, gatherResults

from ivr.asterisk.ari_settings import AriOptions
from ivr.asterisk.errors import AriTimeout, AriTooLarge, AriUnavailable
from tests.calls.ari_real import APP, RealAri
from tests.calls.private_asterisk import PrivateAsterisk, asterisk_root
from tests.contracts.ari_call_scenarios import call_is_answered
from tests.contracts.ari_contract import AriContract
from tests.contracts.ari_steps import (
    LONG,
    Scenario,
    claimed,
    left,
    party,
    reached,
)
from tests.contracts.ari_world import World
from tests.reactor import ReactorThread

pytestmark = pytest.mark.calls


@pytest.fixture(scope="module")
def real(private_asterisk: PrivateAsterisk, reactor: ReactorThread) -> Iterator[RealAri]:
    """Offer a connected client."""
    ari = RealAri(private_asterisk, reactor)
    ari.connect()
    yield ari
    ari.close()


class TestRealAri(AriContract):
    @pytest.fixture(autouse=True)
    def _real(self, real: RealAri) -> None:
        self.real = real

    def play(self, scenario: Scenario) -> World:
        return self.real.play(scenario)


def test_a_blocked_channel_delays_no_other(real: RealAri) -> None:
    async def scenario(world: World) -> None:
        blocked, other = await reached(world, "one"), await reached(world, "two")
        await world.channels_play(blocked, media=LONG, playback_id=world.id("pb"))
        await world.until("PlaybackStarted", playback="pb")
        set_variable = world.channels_set_channel_var
        waiting = Deferred.fromCoroutine(set_variable(blocked, variable="A", value="1"))
        started = time.monotonic()
        await set_variable(other, variable="A", value="1")
        await world.asterisk_ping()
        assert time.monotonic() - started < 1
        assert not waiting.called
        await world.playbacks_stop(world.id("pb"))
        await waiting
        await world.channels_hangup(blocked)
        await world.channels_hangup(other)

    real.play(scenario)


def test_a_blocked_connection_is_not_taken_for_a_dead_one(
    private_asterisk: PrivateAsterisk, reactor: ReactorThread
) -> None:
    """While it works on a blocking request, Asterisk answers nothing else on that connection."""
    ari = RealAri(private_asterisk, reactor, AriOptions(ping_every=0.2), app="cc-pings")
    ari.connect()

    async def scenario(world: World) -> None:
        channel = await reached(world, "leg")
        await world.channels_play(channel, media=LONG, playback_id=world.id("pb"))
        await world.until("PlaybackStarted", playback="pb")
        setting = world.channels_set_channel_var(channel, variable="A", value="1")
        waiting = Deferred.fromCoroutine(setting)
        await world.pause(2.0)
        assert not waiting.called
        await world.playbacks_stop(world.id("pb"))
        await waiting
        await world.channels_hangup(channel)

    try:
        ari.play(scenario)
    finally:
        ari.close()


def test_ten_blocked_channels_delay_no_other(real: RealAri) -> None:
    async def scenario(world: World) -> None:
        blocked = [await reached(world, f"leg{number}") for number in range(10)]
        other = await reached(world, "other")
        waiting = []
        for number, channel in enumerate(blocked):
            await world.channels_play(channel, media=LONG, playback_id=world.id(f"pb{number}"))
            await world.until("PlaybackStarted", playback=f"pb{number}")
            setting = world.channels_set_channel_var(channel, variable="A", value="1")
            waiting.append(Deferred.fromCoroutine(setting))
            await world.pause(0.1)
        started = time.monotonic()
        await world.channels_set_channel_var(other, variable="A", value="1")
        assert time.monotonic() - started < 1
        assert not any(setting.called for setting in waiting)
        for number, channel in enumerate(blocked):
            await world.playbacks_stop(world.id(f"pb{number}"))
            await waiting[number]
            await world.channels_hangup(channel)
        await world.channels_hangup(other)

    real.play(scenario)


def test_an_answer_too_late_is_a_timeout_and_frees_nothing_wrongly(real: RealAri) -> None:
    async def scenario(world: World) -> None:
        channel = await reached(world, "leg")
        await world.channels_play(channel, media=LONG, playback_id=world.id("pb"))
        await world.until("PlaybackStarted", playback="pb")
        with pytest.raises(AriTimeout):
            await world.channels_set_channel_var(channel, variable="A", value="1", deadline=0.3)
        await world.playbacks_stop(world.id("pb"))
        await world.until("PlaybackFinished", playback="pb")
        await world.pause()
        variable = await world.channels_get_channel_var(channel, variable="A")
        assert variable.value == "1", "Asterisk carries it out all the same"
        await world.channels_hangup(channel)

    real.play(scenario)


def test_recording_is_fetched_as_a_file(real: RealAri, tmp_path: Path) -> None:
    target = tmp_path / "message.wav"

    async def scenario(world: World) -> None:
        channel, name = await claimed(world, "caller"), world.id("message")
        await world.channels_record(channel, name=name, format="wav")
        await world.until("RecordingStarted", recording="message")
        await world.pause(0.5)
        await world.recordings_stop(name)
        await world.until("RecordingFinished", recording="message")
        await real.client.download_recording(name, target)
        await world.recordings_delete_stored(name)
        await left(world, "caller")

    real.play(scenario)
    assert target.read_bytes()[:4] == b"RIFF"
    assert [path.name for path in tmp_path.iterdir()] == ["message.wav"]


def test_unread_events_are_not_sent(real: RealAri) -> None:
    async def scenario(world: World) -> None:
        channel = await reached(world, "leg")
        await world.channels_set_channel_var(channel, variable="A", value="1")
        await world.pause()
        await world.channels_hangup(channel)

    world = real.play(scenario)
    assert "ChannelVarset" not in [entry["event"] for entry in world.events]


def test_values_arrive_as_they_were_given(real: RealAri) -> None:
    spoken = 'שלום, 100% + "x" & y=1; ${z} \\'

    async def scenario(world: World) -> None:
        channel = await reached(world, "leg")
        await world.channels_set_channel_var(channel, variable="A", value=spoken)
        assert (await world.channels_get_channel_var(channel, variable="A")).value == spoken
        await world.channels_set_channel_vars(channel, variables={"B": spoken})
        assert (await world.channels_get_channel_var(channel, variable="B")).value == spoken
        await world.channels_hangup(channel)

    real.play(scenario)


def test_too_large_a_request_is_refused_before_it_closes_the_connection(real: RealAri) -> None:
    async def scenario(world: World) -> None:
        with pytest.raises(AriTooLarge):
            await world.asterisk_set_global_var(variable="A", value="x" * 65_000)
        await world.asterisk_ping()

    real.play(scenario)


def test_a_long_list_comes_over_http(real: RealAri) -> None:
    """A list this long over the WebSocket ends Asterisk 22.10.1 (asterisk.md, fact 2)."""

    async def scenario(world: World) -> None:
        names = [world.id(f"leg{number}") for number in range(450)]
        create = real.client.channels_create
        for start in range(0, len(names), 50):
            await gatherResults(
                [
                    Deferred.fromCoroutine(
                        create(endpoint=party("rings"), app=APP, channel_id=name)
                    )
                    for name in names[start : start + 50]
                ]
            )
        found = await real.client.channels_list(deadline=20)
        assert len(found) >= 2 * len(names), "each Local channel has two halves"
        for name in names:
            await real.client.channels_hangup(name)
        await real.client.asterisk_ping()

    real.play(scenario)


def test_the_newer_of_two_clients_has_the_application(
    private_asterisk: PrivateAsterisk, reactor: ReactorThread
) -> None:
    older = RealAri(private_asterisk, reactor, app="cc-both")
    newer = RealAri(private_asterisk, reactor, app="cc-both")
    try:
        older.connect()
        newer.connect()
        _wait(reactor, lambda: older.client.replaced and not older.client.connected)
        reactor.run(reactor.sleep(0.5))
        assert newer.client.connected
        assert not newer.client.replaced
        newer.play(call_is_answered)
        newer.close()
        with pytest.raises(AriUnavailable):
            reactor.run(older.client.asterisk_ping())
    finally:
        older.close()
        newer.close()


def test_connects_again_after_asterisk_was_killed(reactor: ReactorThread) -> None:
    root = asterisk_root()
    assert root is not None
    asterisk = PrivateAsterisk(root)
    asterisk.start()
    ari = RealAri(asterisk, reactor)
    told: list[str] = []
    ari.client.on_connected = lambda: told.append("connected")
    ari.client.on_disconnected = lambda reason: told.append("disconnected")
    try:
        ari.connect()
        reactor.run(ari.client.channels_list())
        asterisk.kill(signal.SIGKILL)
        _wait(reactor, lambda: not ari.client.connected)
        with pytest.raises(AriUnavailable):
            reactor.run(ari.client.asterisk_ping())
        asterisk.start()
        _wait(reactor, lambda: ari.client.connected)
        reactor.run(ari.client.asterisk_ping())
        reactor.run(ari.client.channels_list())
        found = reactor.run(ari.client.applications_get(APP))
        assert {"type": "ChannelVarset"} in found.events_disallowed
        assert told == ["connected", "disconnected", "connected"]
    finally:
        ari.close()
        asterisk.stop()


def test_a_frozen_asterisk_is_noticed(reactor: ReactorThread) -> None:
    root = asterisk_root()
    assert root is not None
    asterisk = PrivateAsterisk(root)
    asterisk.start()
    ari = RealAri(asterisk, reactor)
    try:
        ari.connect()
        asterisk.signal(signal.SIGSTOP)
        _wait(reactor, lambda: not ari.client.connected, seconds=12)
        asterisk.signal(signal.SIGCONT)
        _wait(reactor, lambda: ari.client.connected)
    finally:
        ari.close()
        asterisk.stop()


def _wait(reactor: ReactorThread, condition: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not reactor.call(condition):  # type: ignore[arg-type]
        assert time.monotonic() < deadline, "it did not come to pass"
        reactor.run(reactor.sleep(0.05))
