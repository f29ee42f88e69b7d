"""Calls, traces, positions: what the storage promises of them on every engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.errors import RecordNotFound
from ivr.events import Outcome
from ivr.ids import CallId
from ivr.storage.calls import Calls
from ivr.storage.enqueue import Subscription
from ivr.storage.outbox import Outbox
from ivr.storage.positions import Positions
from ivr.storage.records import CallRecord, Position, TraceRow
from ivr.storage.traces import Traces
from tests.contracts.storage.conftest import TOWN, Storage

CALLER = "+972501112233"


def call(storage: Storage, name: str = "call-1", **more: object) -> CallRecord:
    values = {"caller_number": CALLER, "arrived_at": storage.clock.now(), **more}
    return CallRecord(call_id=CallId(name), authority_id=TOWN, line="billing", **values)  # type: ignore[arg-type]


def test_a_call_comes_back_as_it_was_kept(storage: Storage) -> None:
    calls = Calls(storage.database)
    kept = call(storage, called_number="+97229900200", caller_received="0501112233")
    storage.run(calls.arrived(kept))
    assert storage.run(calls.get(kept.call_id)) == kept


def test_an_unknown_call_is_not_found(storage: Storage) -> None:
    with pytest.raises(RecordNotFound):
        storage.run(Calls(storage.database).get(CallId("nobody")))


def test_the_first_outcome_stays(storage: Storage) -> None:
    calls = Calls(storage.database)
    storage.run(calls.arrived(call(storage)))
    moment = storage.clock.now() + timedelta(seconds=7)
    storage.run(calls.answered(CallId("call-1"), storage.clock.now()))
    storage.run(calls.ended(CallId("call-1"), Outcome.TALKED, moment, 16, "agent-201"))
    storage.run(calls.ended(CallId("call-1"), Outcome.ABANDONED, moment, 16, ""))
    ended = storage.run(calls.get(CallId("call-1")))
    assert (ended.outcome, ended.ended_at, ended.talked_with) == ("talked", moment, "agent-201")
    assert storage.run(calls.counts()) == {"talked": 1, "live": 0, "calls": 1}
    assert storage.run(calls.unfinished()) == []


def test_counts_know_the_calls_that_still_run(storage: Storage) -> None:
    calls = Calls(storage.database)
    for name in ("call-1", "call-2", "call-3"):
        storage.run(calls.arrived(call(storage, name)))
    storage.run(calls.ended(CallId("call-2"), Outcome.FAILED, storage.clock.now(), None))
    assert storage.run(calls.counts()) == {"live": 2, "failed": 1, "calls": 3}
    running = storage.run(calls.unfinished())
    assert [found.call_id for found in running] == ["call-1", "call-3"]
    assert [c.call_id for c in storage.run(calls.recent(9, outcome="failed"))] == ["call-2"]
    assert storage.run(calls.recent(9, line="council")) == []


def test_last_calls_are_this_callers_newest_first(storage: Storage) -> None:
    calls = Calls(storage.database)
    for number in range(4):
        storage.clock.advance(60)
        storage.run(calls.arrived(call(storage, f"call-{number}")))
    storage.run(calls.arrived(call(storage, "other", caller_number="+972509999999")))
    found = storage.run(calls.last_calls(TOWN, CALLER, 3))
    assert [past.call_id for past in found] == ["call-3", "call-2", "call-1"]
    assert storage.run(calls.last_calls(TOWN, "", 3)) == []


def test_an_ended_call_is_owed_once_to_who_wants_it(storage: Storage) -> None:
    wanted = [
        Subscription("webhook", frozenset({"call_ended"})),
        Subscription("email", frozenset()),
    ]
    calls = Calls(storage.database, wanted)
    storage.run(calls.arrived(call(storage)))
    for _ in range(2):
        storage.run(calls.ended(CallId("call-1"), Outcome.TALKED, storage.clock.now(), 16))
    items = storage.run(Outbox(storage.database, storage.clock).claim(10, 30))
    assert [(item.connector, item.kind, item.payload["outcome"]) for item in items] == [
        ("webhook", "call_ended", "talked")
    ]


def test_a_trace_is_read_in_order_and_a_resumed_step_replaces_itself(storage: Storage) -> None:
    traces = Traces(storage.database)
    rows = [
        TraceRow(seq=2, label="pay", kind="dial", at=storage.clock.now(), error="cut off"),
        TraceRow(seq=1, label="welcome", kind="menu", at=storage.clock.now(),
                 heard=["ברוכים הבאים"], pressed="3", went_to="pay", details={"tries": 1}),
        TraceRow(seq=2, label="pay", kind="dial", at=storage.clock.now(), went_to="end"),
    ]  # fmt: skip
    for row in rows:
        storage.run(traces.append(TOWN, CallId("call-1"), row))
    assert storage.run(traces.of(CallId("call-1"))) == [rows[1], rows[2]]


def test_a_position_is_replaced_and_dropped(storage: Storage) -> None:
    positions = Positions(storage.database, storage.clock)
    first = Position(
        call_id=CallId("call-1"), authority_id=TOWN, line="billing", version=3, label="welcome",
        variables={"who": "מוקד"}, channel_id="chan-1", arrived_at=storage.clock.now(),
    )  # fmt: skip
    second = Position(
        call_id=CallId("call-1"), authority_id=TOWN, line="billing", version=3, label="department",
        visit=1, channel_id="chan-1", arrived_at=storage.clock.now(), queue="billing",
        queued_at=storage.clock.now(), state={"stack": ["welcome"]},
    )  # fmt: skip
    storage.run(positions.put(first))
    assert storage.run(positions.all()) == [first]
    storage.run(positions.put(second))
    assert storage.run(positions.all()) == [second]
    storage.run(positions.drop(CallId("call-1")))
    assert storage.run(positions.all()) == []
