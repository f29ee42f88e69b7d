"""What a publish changes in the running service, and what it says when Asterisk does not follow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet.defer import maybeDeferred

from ivr.app.publishing import AGENTS_LATER, NATIVE_LATER, OWN_ASTERISK, Effect
from ivr.calls.lines import Published
from ivr.dialplan.check import LoadedSite, load_site
from ivr.errors import AsteriskUnavailable, StorageUnavailable
from ivr.ids import LineName
from ivr.settings import CHECKOUT, Settings
from tests.results import result_of

SHIPPED = load_site(CHECKOUT / "dialplans")
VERSIONS = {"billing": 2, "council": 1, "whatsapp-only": 1, "site.yaml": 1}


class World:
    """The service around an effect; what is done to it is written down in order."""

    def __init__(self, settings: Settings) -> None:
        self.done: list[str] = []
        self.live: dict[LineName, Published] = {}
        self.base: Any = SimpleNamespace(
            settings=settings,
            loaded=SHIPPED,
            runtime=None,
            store=SimpleNamespace(plans=SimpleNamespace(latest=self.latest)),
        )
        self.calls: Any = SimpleNamespace(
            refurnish=lambda: self.done.append("refurnished"), lines=SimpleNamespace(swap=self.swap)
        )
        self.phones: Any = SimpleNamespace(push=self.push)
        self.native: Any = SimpleNamespace(refresh=self.configure)
        self.refuses = False

    def swap(self, live: dict[LineName, Published]) -> None:
        self.done.append("swapped")
        self.live = live

    async def latest(self) -> list[Any]:
        raise StorageUnavailable("gone in the very moment")

    async def configure(self) -> frozenset[str]:
        if self.refuses:
            raise AsteriskUnavailable("no answer")
        self.done.append("configured")
        return frozenset({"extensions.conf"})

    async def push(self) -> None:
        self.done.append("phones pushed")

    def publish(self, loaded: LoadedSite) -> list[str]:
        effect = Effect(self.base, self.calls, self.phones, self.native, maybeDeferred)
        return result_of(effect.take(loaded, VERSIONS))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Settings(home=tmp_path))


def test_calls_follow_before_asterisk_is_told(world: World) -> None:
    assert world.publish(SHIPPED) == []
    assert world.done == ["refurnished", "swapped", "configured", "phones pushed"]
    assert world.live[LineName("billing")] == Published(2, SHIPPED.plans[LineName("billing")])


def test_what_asterisk_does_not_take_is_said_and_calls_follow_all_the_same(world: World) -> None:
    world.refuses = True
    assert world.publish(SHIPPED) == [NATIVE_LATER]
    assert world.done == ["refurnished", "swapped"]


def test_other_agents_come_with_the_next_start_and_that_is_said(world: World) -> None:
    agents = {name: replace(one, name="אחר") for name, one in SHIPPED.site.agents.items()}
    site = replace(SHIPPED.site, agents=agents)
    assert world.publish(LoadedSite(site, SHIPPED.plans)) == [AGENTS_LATER]
    assert world.base.loaded.site is site


def test_a_sites_own_asterisk_is_left_alone(world: World) -> None:
    world.base.settings = Settings(home=world.base.settings.home, asterisk_host="10.0.0.5")
    assert world.publish(SHIPPED) == [OWN_ASTERISK]
    assert "configured" not in world.done
