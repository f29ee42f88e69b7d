"""The relay: at least once, in order, with patience, and a dead target delays nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Self

import pytest
from sqlalchemy import Connection
from twisted.internet.defer import Deferred

from crm_bridge.breaker import FAILURES, OPEN_FOR
from crm_bridge.connector import Surroundings
from crm_bridge.relay import Relay, backoff
from crm_bridge.relays import Relays
from ivr.crm import OutboxItem
from ivr.errors import CrmRefused, CrmUnavailable
from ivr.ids import AuthorityId
from ivr.storage.database import Database
from ivr.storage.enqueue import Owed, Subscription, enqueue
from ivr.storage.outbox import Outbox
from tests.fakes.driven_clock import DrivenClock
from tests.fakes.same_thread import SameThread
from tests.results import result_of

TOWN = AuthorityId("mateh-yehuda")


class Target:
    """A connector that does what the test says and remembers what it was given."""

    name: ClassVar[str] = "target"
    kinds: ClassVar[frozenset[str]] = frozenset({"fact"})
    after_call: ClassVar[bool] = False

    def __init__(self, name: str = "target") -> None:
        self.name = name  # type: ignore[misc]
        self.given: list[str] = []
        self.error: Exception | None = None
        self.hanging: list[Deferred[None]] | None = None

    @classmethod
    def build(cls, _surroundings: Surroundings) -> Self:
        return cls()

    async def deliver(self, item: OutboxItem) -> None:
        self.given.append(item.key)
        if self.hanging is not None:
            wait: Deferred[None] = Deferred()
            self.hanging.append(wait)
            await wait
        if self.error is not None:
            raise self.error


class World:
    def __init__(self, folder: Path) -> None:
        self.clock = DrivenClock()
        self.database = Database(f"sqlite:///{folder}/db", self.clock, threads=SameThread)
        result_of(self.database.start())
        self.outbox = Outbox(self.database, self.clock)
        self.target = Target()
        self.alarms: list[tuple[str, bool]] = []
        self.relay = self.relay_to(self.target)

    def relay_to(self, target: Target) -> Relay:
        return Relay(target, self.outbox, self.clock, self.clock, self.alarm)

    def alarm(self, alarm: str, text: str) -> None:
        self.alarms.append((alarm, bool(text)))

    def owe(self, *keys: str, order_by: str | None = None, to: str = "target") -> None:
        def query(connection: Connection) -> None:
            for key in keys:
                owed = Owed(authority_id=TOWN, kind="fact", key=key, order_by=order_by or key,
                            payload={"word": "שלום"}, at=self.clock.now())  # fmt: skip
                enqueue(connection, [Subscription(to, frozenset({"fact"}))], owed)

        result_of(self.database.transact(query))

    def advance(self, seconds: float, step: float = 1.0) -> None:
        for _ in range(int(seconds / step)):
            self.clock.advance(step)

    @property
    def counts(self) -> dict[str, int]:
        return result_of(self.outbox.counts())


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    world = World(tmp_path)
    yield world
    result_of(world.database.stop())


def test_what_is_owed_is_delivered_once(world: World) -> None:
    world.owe("a", "b", "c")
    world.relay.start()
    world.advance(3)
    assert sorted(world.target.given) == ["a", "b", "c"]
    assert world.counts == {"waiting": 0, "delivered": 3, "dead": 0}


def test_what_is_owed_later_goes_out_at_once_when_the_relay_is_woken(world: World) -> None:
    world.relay.start()
    world.advance(1)
    world.owe("a")
    assert world.target.given == []
    world.relay.wake()
    world.clock.advance(0.1)
    assert world.target.given == ["a"]


def test_what_was_announced_before_it_is_written_goes_out_soon_after(world: World) -> None:
    world.relay.start()
    world.advance(1)
    world.relay.wake()
    world.clock.advance(0.2)
    world.owe("a")
    world.clock.advance(0.2)
    assert world.target.given == ["a"]


def test_the_same_fact_is_owed_once(world: World) -> None:
    world.owe("a")
    world.owe("a")
    assert world.counts["waiting"] == 1


def test_items_of_one_call_wait_for_each_other(world: World) -> None:
    world.owe("first", "second", order_by="call-1")
    world.owe("other")
    world.target.hanging = []
    world.relay.start()
    world.advance(1)
    assert world.target.given == ["first", "other"]
    world.target.hanging[0].callback(None)
    world.advance(1)
    assert world.target.given == ["first", "other", "second"]


def test_no_more_than_eight_are_under_way(world: World) -> None:
    world.owe(*[f"item-{number:02d}" for number in range(20)])
    world.target.hanging = []
    world.relay.start()
    world.advance(3)
    assert len(world.target.given) == 8


def test_a_target_that_is_down_is_tried_again_with_growing_waits(world: World) -> None:
    world.owe("a")
    world.target.error = CrmUnavailable("down")
    world.relay.start()
    world.advance(1 + 2 + 3)
    assert world.target.given == ["a"] * 3
    world.target.error = None
    world.advance(8)
    assert world.counts["delivered"] == 1
    assert world.alarms == []


def test_the_wait_a_target_asks_for_is_kept(world: World) -> None:
    world.owe("a")
    world.target.error = CrmUnavailable("busy", retry_after=120)
    world.relay.start()
    world.advance(118)
    assert world.target.given == ["a"]
    world.advance(4)
    assert world.target.given == ["a", "a"]


def test_after_five_failures_the_target_is_left_in_peace_and_probed_with_one(world: World) -> None:
    world.owe(*[f"item-{number:02d}" for number in range(30)])
    world.target.error = CrmUnavailable("down")
    world.relay.start()
    world.advance(10)
    tried = len(world.target.given)
    assert FAILURES <= tried <= 8
    assert world.alarms == [("target_down", True)]
    world.advance(OPEN_FOR)
    assert len(world.target.given) == tried + 1
    world.target.error = None
    world.advance(OPEN_FOR + 120)
    assert world.counts["delivered"] == 30
    assert world.alarms == [("target_down", True), ("target_down", False)]


def test_what_is_refused_is_a_dead_letter_at_once_and_can_be_replayed(world: World) -> None:
    world.owe("a")
    world.owe("next", order_by="a")
    world.target.error = CrmRefused("answered 422")
    world.relay.start()
    world.clock.advance(0.1)
    dead = result_of(world.outbox.dead())
    assert (dead[0].key, dead[0].error) == ("a", "answered 422")
    assert ("target_dead_letters", True) in world.alarms
    world.target.error = None
    assert result_of(world.outbox.replay(dead[0].item_id))
    assert not result_of(world.outbox.replay(9999))
    world.advance(6)
    assert "a" not in [letter.key for letter in result_of(world.outbox.dead())]


def test_after_three_days_it_gives_up(world: World) -> None:
    world.owe("a")
    world.target.error = CrmUnavailable("down")
    world.clock.advance(72 * 3600 - 5)
    world.relay.start()
    world.advance(2)
    assert world.counts == {"waiting": 1, "delivered": 0, "dead": 0}
    world.advance(8)
    assert world.counts == {"waiting": 0, "delivered": 0, "dead": 1}


def test_a_connector_with_a_fault_of_its_own_stops_nothing(world: World) -> None:
    world.owe("a")
    world.target.error = ZeroDivisionError()
    world.relay.start()
    world.advance(2)
    world.target.error = None
    world.advance(5)
    assert world.counts["delivered"] == 1


def test_a_dead_target_delays_nothing_else(world: World) -> None:
    dead = Target("dead")
    dead.hanging = []
    relays = Relays([dead, world.target], world.outbox, world.clock, world.clock, world.alarm)
    world.owe(*[f"dead-{number}" for number in range(20)], to="dead")
    world.owe("a")
    relays.start()
    world.clock.advance(0.1)
    assert world.target.given == ["a"]


def test_a_stop_in_the_middle_gives_back_what_was_not_delivered(world: World) -> None:
    world.owe("a", "b")
    world.target.hanging = []
    world.relay.start()
    world.clock.advance(0.1)
    stopped = Deferred.fromCoroutine(world.relay.stop())
    world.target.hanging[0].callback(None)
    world.advance(12)
    result_of(stopped)
    assert world.counts == {"waiting": 1, "delivered": 1, "dead": 0}
    assert result_of(world.outbox.next_due()) == 0.0


def test_a_claim_whose_worker_died_is_free_again_after_its_lease(world: World) -> None:
    world.owe("a")
    assert len(result_of(world.outbox.claim(5, 60))) == 1
    world.relay.start()
    world.advance(58)
    assert world.target.given == []
    world.advance(8)
    assert world.target.given == ["a"]


@pytest.mark.usefixtures("world")
def test_waits_grow_to_a_quarter_of_an_hour() -> None:
    assert [backoff(attempt) for attempt in (1, 2, 3, 10, 11, 1000)] == [1, 2, 4, 512, 900, 900]
