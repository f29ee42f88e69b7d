"""Calls with their traces, as a replay reads them: in order, of one authority, those that ended."""

from __future__ import annotations

from datetime import timedelta

from ivr.calls.past_calls import past_calls, versions_of
from ivr.events import Outcome
from ivr.ids import AuthorityId, CallId, QueueName
from ivr.storage.calls import Calls
from ivr.storage.plans import Plans
from ivr.storage.queue_entries import QueueEntries
from ivr.storage.records import CallRecord, NewVersion, PublishOrder, QueueEntry, TraceRow
from ivr.storage.traced_calls import TracedCalls
from ivr.storage.traces import Traces
from tests.contracts.storage.conftest import TOWN, Storage


def call(storage: Storage, name: str, town: AuthorityId = TOWN, *, ends: bool = True) -> CallId:
    """Keep a call of four seconds with two steps and a wait."""
    storage.clock.advance(60)
    now, call_id = storage.clock.now(), CallId(name)
    record = CallRecord(
        call_id=call_id, authority_id=town, line="billing", plan_version=1, arrived_at=now
    )
    storage.run(Calls(storage.database).arrived(record))
    traces = Traces(storage.database)
    second = TraceRow(seq=2, label="queue", kind="queue", at=now + timedelta(seconds=3))
    first = TraceRow(seq=1, label="menu", kind="menu", at=now, pressed=" 2", went_to="queue")
    for row in (second, first):
        storage.run(traces.append(town, call_id, row))
    entries = QueueEntries(storage.database)
    entry = QueueEntry(
        entry_id=name, authority_id=town, call_id=call_id, queue=QueueName("b"), entered_at=now
    )
    storage.run(entries.entered(entry))
    storage.run(entries.left(name, "no_answer", 1.0, now))
    if ends:
        end = now + timedelta(seconds=4)
        storage.run(Calls(storage.database).ended(call_id, Outcome.ABANDONED, end, None))
    return call_id


def test_ended_calls_come_with_their_steps_and_waits_oldest_first(storage: Storage) -> None:
    before = storage.clock.now()
    call(storage, "call-1")
    began = storage.clock.now() + timedelta(seconds=1)
    for name in ("call-2", "call-3"):
        call(storage, name)
    call(storage, "call-4", AuthorityId("elsewhere"))
    call(storage, "call-5", ends=False)
    traced = TracedCalls(storage.database, TOWN)
    found = storage.run(traced.since(began, 10))
    assert [one.call.call_id for one in found] == ["call-2", "call-3"]
    assert [[row.label for row in one.steps] for one in found] == [["menu", "queue"]] * 2
    assert [[entry.why for entry in one.waits] for one in found] == [["no_answer"]] * 2
    newest = storage.run(traced.since(before, 2))
    assert [one.call.call_id for one in newest] == ["call-2", "call-3"]


def test_calls_as_a_replay_takes_them(storage: Storage) -> None:
    began = storage.clock.now()
    call(storage, "call-1")
    pretended = {"pretended": "2026-11-24T21:30:00+02:00"}
    at = storage.clock.now()
    late = TraceRow(seq=1, label="menu", kind="menu", at=at, went_to="queue", details=pretended)
    storage.run(Traces(storage.database).append(TOWN, CallId("call-1"), late))
    [one] = storage.run(past_calls(TracedCalls(storage.database, TOWN), began))
    assert [step.at.isoformat() for step in one.steps] == [
        "2026-11-24T19:30:00+00:00",
        "2026-11-24T19:30:03+00:00",
    ]
    assert (one.seconds, one.outcome, one.waits) == (4.0, "abandoned", ("no_answer",))


def test_versions_that_cannot_be_read_any_more_are_left_out(storage: Storage) -> None:
    began = storage.clock.now()
    call(storage, "call-1")
    plans = Plans(storage.database, storage.clock, TOWN)
    calls = storage.run(past_calls(TracedCalls(storage.database, TOWN), began))
    assert storage.run(versions_of(calls, plans)) == {}
    text = '{"line": "billing", "files": {"billing.yaml": "line: billing\\nkind: old"}}'
    new = NewVersion(line="billing", text=text)
    storage.run(plans.publish([new], PublishOrder(by="dana")))
    assert storage.run(versions_of(calls, plans)) == {}
