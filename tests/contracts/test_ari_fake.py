"""The fake ARI behaves as Asterisk was recorded to behave."""

from __future__ import annotations

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from ivr.asterisk.errors import AriTimeout, AriUnavailable
from tests.contracts.ari_contract import AriContract
from tests.contracts.ari_steps import LONG, Scenario
from tests.contracts.ari_world import World
from tests.fakes.ari import FakeAri, FakeAsterisk
from tests.results import result_of

APP = "cc-t"
TICK = 0.05
TICKS = 600


class FakeWorld(World):
    asterisk: FakeAsterisk

    async def arrives(self, channel: str, behaviour: str) -> None:
        self.asterisk.arrives(channel, behaviour)
        if behaviour == "presses_5":
            self.asterisk.later(0.5, self.asterisk.presses, channel, "5")

    async def leaves(self, channel: str) -> None:
        self.asterisk.hangs_up(self.id(channel))


class TestFakeAri(AriContract):
    def play(self, scenario: Scenario) -> World:
        clock = Clock()
        asterisk = FakeAsterisk(clock)
        asterisk.media.seconds[LONG[0]] = 6.0
        ari = FakeAri(asterisk, APP)
        world = FakeWorld(ari, APP, clock, "run")
        world.asterisk = asterisk
        ari.on_event = world.saw
        played = Deferred.fromCoroutine(scenario(world))
        for _ in range(TICKS):
            if played.called:
                break
            clock.advance(TICK)
        result_of(played)
        return world


def _fake() -> tuple[FakeAri, list[str]]:
    told: list[str] = []
    ari = FakeAri(FakeAsterisk(Clock()), APP, lambda event: told.append(type(event).__name__))
    return ari, told


def test_a_refusal_can_be_asked_for() -> None:
    ari, _ = _fake()
    ari.refuse("GET", "asterisk/ping", AriTimeout("GET", "asterisk/ping", "late"))
    with pytest.raises(AriTimeout):
        result_of(ari.asterisk_ping())
    result_of(ari.asterisk_ping())
    assert len(ari.asked("GET", "ping")) == 2


def test_a_lost_connection_refuses_and_tells_nothing() -> None:
    ari, told = _fake()
    changes: list[str] = []
    ari.on_disconnected = changes.append
    ari.on_connected = lambda: changes.append("connected")
    ari.lose("gone")
    ari.asterisk.arrives("c", "one")
    with pytest.raises(AriUnavailable):
        result_of(ari.asterisk_ping())
    assert told == []
    ari.regain()
    ari.asterisk.arrives("d", "one")
    assert told == ["CallBroadcast"]
    assert changes == ["gone", "connected"]
