"""The outbox under several relays at once: nothing twice, nothing lost, each call in order."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection
from twisted.internet.defer import Deferred, DeferredList

from ivr.storage.enqueue import Owed, Subscription, enqueue
from ivr.storage.outbox import Outbox
from tests.contracts.storage.conftest import TOWN, Storage

WANTED = [Subscription("webhook", frozenset({"fact"}))]


def owe(storage: Storage, *keys: tuple[str, str]) -> None:
    def query(connection: Connection) -> None:
        for key, order_by in keys:
            owed = Owed(authority_id=TOWN, kind="fact", key=key, order_by=order_by,
                        payload={"word": "שלום"}, at=storage.clock.now())  # fmt: skip
            enqueue(connection, WANTED, owed)

    storage.run(storage.database.transact(query))


def test_two_workers_never_take_one_row_and_each_call_stays_in_order(storage: Storage) -> None:
    outbox = Outbox(storage.database, storage.clock)
    owe(storage, *[(f"{number:03d}", f"call-{number % 7}") for number in range(84)])
    delivered: list[str] = []

    async def worker() -> None:
        idle = 0
        while idle < 5:
            items = await outbox.claim(4, 600)
            idle = 0 if items else idle + 1
            if not items:
                await storage.reactor.sleep(0.02)
            for item in items:
                delivered.append(item.key)
                await outbox.delivered(item.item_id)

    async def work() -> None:
        await DeferredList([Deferred.fromCoroutine(worker()) for _ in range(4)])

    storage.run(work())
    assert sorted(delivered) == [f"{number:03d}" for number in range(84)]
    calls: dict[int, list[str]] = defaultdict(list)
    for key in delivered:
        calls[int(key) % 7].append(key)
    assert all(keys == sorted(keys) for keys in calls.values())
    assert storage.run(outbox.counts()) == {"waiting": 0, "delivered": 84, "dead": 0}


def test_a_dead_workers_claim_is_free_after_its_lease(storage: Storage) -> None:
    outbox = Outbox(storage.database, storage.clock)
    owe(storage, ("a", "call-1"))
    assert [item.attempts for item in storage.run(outbox.claim(5, 30))] == [1]
    assert storage.run(outbox.claim(5, 30)) == []
    assert storage.run(outbox.next_due()) == 30.0
    storage.clock.advance(30)
    assert [item.attempts for item in storage.run(outbox.claim(5, 30))] == [2]


def test_a_restart_gives_back_every_claim(storage: Storage) -> None:
    outbox = Outbox(storage.database, storage.clock)
    owe(storage, ("a", "call-1"), ("b", "call-2"))
    storage.run(outbox.claim(5, 3000))
    assert storage.run(outbox.release_leases()) == 2
    assert len(storage.run(outbox.claim(5, 30))) == 2


def test_what_waits_for_later_is_not_claimed_before(storage: Storage) -> None:
    outbox = Outbox(storage.database, storage.clock)
    assert storage.run(outbox.next_due()) is None
    owe(storage, ("a", "call-1"), ("b", "call-1"))
    item = storage.run(outbox.claim(5, 30))[0]
    storage.run(outbox.retry_later(item.item_id, 100, "down"))
    assert storage.run(outbox.claim(5, 30)) == []
    assert storage.run(outbox.next_due()) == 100.0
    storage.clock.advance(100)
    assert [item.key for item in storage.run(outbox.claim(5, 30))] == ["a"]


def test_a_dead_letter_lets_the_next_pass_and_can_be_replayed(storage: Storage) -> None:
    outbox = Outbox(storage.database, storage.clock)
    owe(storage, ("a", "call-1"), ("b", "call-1"))
    item = storage.run(outbox.claim(5, 30))[0]
    storage.run(outbox.give_up(item.item_id, "answered 422"))
    assert [one.key for one in storage.run(outbox.claim(5, 30))] == ["b"]
    letter = storage.run(outbox.dead())[0]
    assert (letter.key, letter.error, letter.attempts) == ("a", "answered 422", 1)
    assert storage.run(outbox.replay(letter.item_id)) is True
    assert storage.run(outbox.replay(letter.item_id)) is False
    assert [one.key for one in storage.run(outbox.claim(5, 30))] == ["a"]


def test_connectors_are_claimed_apart(storage: Storage) -> None:
    outbox = Outbox(storage.database, storage.clock)
    owe(storage, ("a", "call-1"))
    assert storage.run(outbox.claim(5, 30, connector="email")) == []
    assert storage.run(outbox.next_due(connector="email")) is None
    assert len(storage.run(outbox.claim(5, 30, connector="webhook"))) == 1
