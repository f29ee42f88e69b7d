"""Facts in batches come to the same as facts one by one, whatever way calls run through another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select

from ivr.ids import AgentId, AuthorityId, CallId, OfferId, QueueName
from ivr.storage import facts, migrate, tables
from ivr.storage.engines import open_engine
from ivr.storage.enqueue import Subscription
from ivr.storage.fact_kinds import GROUPS
from ivr.storage.fact_writer import FactWriter
from ivr.storage.facts import AnyFact, Fact
from ivr.storage.records import (
    CallRecord,
    MessageRecord,
    OfferRecord,
    Position,
    QueueEntry,
    TraceRow,
)
from tests.fakes.driven_clock import DrivenClock

TOWN = AuthorityId("town")
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
WANTED = [
    Subscription("webhook", frozenset({"call_ended", "message_left"})),
    Subscription("email", frozenset({"message_left"}), after_call=True),
]
COMPARED = [
    tables.calls, tables.call_traces, tables.call_positions, tables.offers, tables.queue_entries,
    tables.messages, tables.outbox, tables.alarms,
]  # fmt: skip


def life(number: int, told: list[bool], positions: list[int]) -> list[Fact]:
    """Return the facts of one call, in the order in which they can happen."""
    call_id = CallId(f"call-{number}")

    def at(second: int) -> datetime:
        return START + timedelta(minutes=number, seconds=second)

    record = CallRecord(call_id=call_id, authority_id=TOWN, line="billing", arrived_at=at(0))
    entry = QueueEntry(
        entry_id=f"wait-{number}", authority_id=TOWN, call_id=call_id, queue=QueueName("billing"),
        entered_at=at(4),
    )  # fmt: skip
    offer = OfferRecord(
        offer_id=OfferId(f"offer-{number}"), authority_id=TOWN, call_id=call_id,
        agent_id=AgentId("201"), queue="billing", made_at=at(5),
    )  # fmt: skip
    message = MessageRecord(message_id=f"message-{number}", authority_id=TOWN, box="b",
                            call_id=call_id, recording="r", left_at=at(8))  # fmt: skip
    lived: list[Fact] = [
        facts.CallArrivedFact(authority_id=TOWN, call=record),
        facts.AnsweredFact(authority_id=TOWN, call_id=call_id, at=at(1)),
    ]
    for visit in positions:
        position = Position(
            call_id=call_id, authority_id=TOWN, line="billing", version=1, label=f"step{visit}",
            visit=visit, channel_id="c", arrived_at=at(0),
        )  # fmt: skip
        row = TraceRow(seq=visit, label=f"step{visit}", kind="menu", at=at(2), pressed=str(visit))
        lived += [
            facts.PositionFact(authority_id=TOWN, position=position, at=at(2)),
            facts.TraceFact(authority_id=TOWN, call_id=call_id, row=row),
        ]
    waited, rung, left, ended, again = told
    if waited:
        lived += [
            facts.QueueEnteredFact(authority_id=TOWN, entry=entry),
            facts.QueueLeftFact(authority_id=TOWN, entry_id=entry.entry_id, why="talked",
                                waited=3.0, at=at(7)),
        ]  # fmt: skip
    if rung:
        lived += [
            facts.OfferFact(authority_id=TOWN, offer=offer),
            facts.AlarmRaisedFact(authority_id=TOWN, alarm=f"a{number}", text="x", at=at(6)),
            facts.OfferEndedFact(
                authority_id=TOWN, offer_id=offer.offer_id, why="answered", at=at(7)
            ),
            facts.AlarmClearedFact(authority_id=TOWN, alarm=f"a{number}", at=at(7)),
        ]
    if left:
        lived.append(facts.MessageLeftFact(authority_id=TOWN, message=message))
    if ended:
        lived.append(
            facts.EndedFact(authority_id=TOWN, call_id=call_id, outcome="talked", at=at(9))
        )
    if again:
        lived.append(
            facts.EndedFact(authority_id=TOWN, call_id=call_id, outcome="failed", at=at(9))
        )
    return lived


@st.composite
def days(draw: st.DrawFn) -> list[list[Fact]]:
    """Draw the facts of a few calls, run through one another, cut into batches."""
    lives = [
        life(number, draw(st.lists(st.booleans(), min_size=5, max_size=5)),
             draw(st.lists(st.integers(0, 3), max_size=4)))
        for number in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    mixed: list[Fact] = []
    while any(lives):
        chosen = draw(st.sampled_from([one for one in lives if one]))
        mixed.append(chosen.pop(0))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(mixed) - 1)), max_size=3)))
    return [mixed[a:b] for a, b in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]


@cache
def engine() -> Any:
    opened = open_engine(f"sqlite:///{Path(mkdtemp())}/db", 1, read_only=False)
    with opened.connect() as connection, connection.begin():
        migrate.upgrade(connection)
    return opened


def kept(batches: list[list[Fact]]) -> dict[str, list[dict[str, Any]]]:
    """Return what stands in the tables after *batches*, without the numbers the database gives."""
    writer = FactWriter(DrivenClock(), WANTED)
    with engine().connect() as connection:
        for batch in batches:
            with connection.begin():
                writer.write(connection, batch)
        with connection.begin():
            found = {table.name: rows(connection, table) for table in COMPARED}
            for table in [*COMPARED, tables.journal_facts]:
                connection.execute(delete(table))
    return found


def rows(connection: Connection, table: Any) -> list[dict[str, Any]]:
    numbered = {"item_id", "alarm_id"}
    found = [
        {name: value for name, value in row.items() if name not in numbered}
        for row in connection.execute(select(table)).mappings()
    ]
    return sorted(found, key=repr)


@settings(max_examples=60, deadline=None)
@given(days())
def test_batches_come_to_the_same_as_one_by_one(batches: list[list[Fact]]) -> None:
    singly = [[fact] for batch in batches for fact in batch]
    assert kept(batches) == kept(singly)


@settings(max_examples=20, deadline=None)
@given(days())
def test_told_again_nothing_changes(batches: list[list[Fact]]) -> None:
    assert kept([*batches, *batches]) == kept(batches)


def test_every_kind_of_fact_is_written_somewhere() -> None:
    written = {kind for group in GROUPS for kind in group.kinds}
    assert written == set(AnyFact.__args__)
