"""The relay killed again and again: nothing lost, nothing twice for who looks at the keys."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from sqlalchemy import Connection

from ivr.clock import SystemClock
from ivr.ids import AuthorityId
from ivr.storage.database import Database
from ivr.storage.enqueue import Owed, Subscription, enqueue
from ivr.storage.outbox import Outbox
from tests.contracts.crm_connector.http_target import HttpTarget
from tests.reactor import ReactorThread, reactor

__all__ = ["reactor"]

WANTED = [Subscription("webhook", frozenset({"ticket_opened"}))]


def owe(connection: Connection, count: int) -> None:
    for number in range(count):
        owed = Owed(
            authority_id=AuthorityId("mateh-yehuda"), kind="ticket_opened", key=f"{number:05d}",
            order_by=f"call-{number // 5}", payload={"number": number}, at=SystemClock().now(),
        )  # fmt: skip
        enqueue(connection, WANTED, owed)


class Relaying:
    """A relay in a process of its own, to be killed and started again."""

    def __init__(self, url: str, target: str) -> None:
        self._command = [
            sys.executable, "-m", "tests.contracts.crm_connector.relay_child", url, target,
        ]  # fmt: skip

    def run_until(self, target: HttpTarget, count: int, within: float = 300.0) -> None:
        """Start it, wait until the target saw *count* requests, kill it."""
        with subprocess.Popen(self._command) as child:
            deadline = time.monotonic() + within
            try:
                while len(target.seen) < count:
                    assert child.poll() is None, "the relay ended by itself"
                    assert time.monotonic() < deadline, f"only {len(target.seen)} of {count}"
                    time.sleep(0.005)  # so that the kill falls anywhere in its work
            finally:
                child.kill()

    def run_until_settled(self, reactor: ReactorThread, outbox: Outbox) -> None:
        """Start it a last time and leave it alone until nothing waits any more."""
        deadline = time.monotonic() + 900
        with subprocess.Popen(self._command) as child:
            try:
                while reactor.run(outbox.counts())["waiting"]:
                    assert time.monotonic() < deadline, "something waits for ever"
                    reactor.run(reactor.sleep(0.1))
            finally:
                child.kill()


@pytest.mark.drill
@pytest.mark.parametrize(
    ("items", "kills"), [(200, 4), pytest.param(10_000, 60, marks=pytest.mark.full)]
)
def test_kills_lose_nothing_and_a_consumer_that_knows_the_keys_sees_each_once(
    reactor: ReactorThread, tmp_path: Path, items: int, kills: int
) -> None:
    url = f"sqlite:///{tmp_path}/db"
    database = Database(url, reactor.reactor)
    reactor.run(database.start())
    owing = database.transact(lambda connection: owe(connection, items), within=300)
    reactor.run(owing, timeout=300)
    target = HttpTarget(reactor)
    target.start()
    relaying = Relaying(url, f"{target.url}/hook")
    try:
        chance = random.Random(20261122)  # noqa: S311 - the same kills every time
        for step in sorted(chance.sample(range(1, items), kills)):
            relaying.run_until(target, max(step, len(target.seen) + 1))
        outbox = Outbox(database, SystemClock())
        relaying.run_until_settled(reactor, outbox)
    finally:
        target.stop()
        reactor.run(database.stop())
    keys = [seen.headers["idempotency-key"] for seen in target.seen]
    assert sorted(set(keys)) == [f"{number:05d}" for number in range(items)]
    assert len(keys) <= items + 9 * (kills + 2)  # at most what was under way at each kill
    first_seen = list(dict.fromkeys(keys))
    calls: dict[int, list[str]] = defaultdict(list)
    for key in first_seen:
        calls[int(key) // 5].append(key)
    assert all(order == sorted(order) for order in calls.values())
