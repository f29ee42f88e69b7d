"""The fake ARI behaves as Asterisk was recorded to behave."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from tests.contracts.ari_contract import AriContract
from tests.contracts.ari_scenarios import LONG, Scenario
from tests.contracts.ari_world import World
from tests.fakes.ari import FakeAri, FakeAsterisk
from tests.results import result_of

APP = "cc-t"
TICK = 0.05
TICKS = 600


class FakeWorld(World):
    asterisk: FakeAsterisk

    async def arrives(self, channel: str, called: str) -> None:
        self.asterisk.arrives(channel, called)

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
