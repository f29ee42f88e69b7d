"""What each kind of fact does to the tables, and in which order the kinds of a batch are done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ivr.storage import facts
from ivr.storage.agents import set_agent_state
from ivr.storage.alarms import clear_alarm, raise_alarm
from ivr.storage.audit import add_entry
from ivr.storage.calls import Ending, insert_calls, mark_answered, mark_ended
from ivr.storage.enqueue import Subscription
from ivr.storage.facts import Fact
from ivr.storage.messages import leave_message
from ivr.storage.offers import end_offer, insert_offer
from ivr.storage.positions import drop_positions, put_positions
from ivr.storage.queue_entries import end_entry, insert_entry
from ivr.storage.recordings import finish_recording, insert_recording
from ivr.storage.refusals import add_refusals
from ivr.storage.traces import append_traces
from ivr.storage.work_items import add_work_item

WantedBy = Sequence[Subscription]
Write = Callable[[Connection, list[Any], WantedBy], None]


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds of facts that are written together, in the order told."""

    kinds: frozenset[type[Fact]]
    write: Write


def _calls(connection: Connection, told: list[facts.CallArrivedFact], _wanted: WantedBy) -> None:
    insert_calls(connection, [fact.call for fact in told])


def _answered(connection: Connection, told: list[facts.AnsweredFact], _wanted: WantedBy) -> None:
    mark_answered(connection, [(fact.call_id, fact.at) for fact in told])


def _traces(connection: Connection, told: list[facts.TraceFact], _wanted: WantedBy) -> None:
    append_traces(connection, [(fact.authority_id, fact.call_id, fact.row) for fact in told])


def _positions(connection: Connection, told: list[Any], _wanted: WantedBy) -> None:
    """Write only where each call stands after the whole batch."""
    last: dict[str, facts.PositionFact | None] = {}
    for fact in told:
        if isinstance(fact, facts.PositionFact):
            last[fact.position.call_id] = fact
        else:
            last[fact.call_id] = None
    if stand := [(fact.position, fact.at) for fact in last.values() if fact is not None]:
        put_positions(connection, stand)
    if gone := [call_id for call_id, fact in last.items() if fact is None]:
        drop_positions(connection, gone)


def _refusals(connection: Connection, told: list[facts.RefusedFact], _wanted: WantedBy) -> None:
    add_refusals(connection, [
        {"authority_id": fact.authority_id, "line": fact.line,
         "caller_number": fact.caller_number, "at": fact.at}
        for fact in told
    ])  # fmt: skip


def _ended(connection: Connection, told: list[facts.EndedFact], wanted_by: WantedBy) -> None:
    for fact in told:
        ending = Ending(
            fact.outcome, fact.at, fact.hangup_cause, fact.talked_with, fact.talk_seconds
        )
        mark_ended(connection, wanted_by, fact.call_id, ending)


def _messages(
    connection: Connection, told: list[facts.MessageLeftFact], wanted_by: WantedBy
) -> None:
    for fact in told:
        leave_message(connection, wanted_by, fact.message)


def _agents(connection: Connection, told: list[facts.AgentStateFact], _wanted: WantedBy) -> None:
    names = set(facts.AgentStateFact.__struct_fields__) - {
        "fact_id", "authority_id", "agent_id", "version",
    }  # fmt: skip
    for fact in told:
        values = {name: getattr(fact, name) for name in names}
        set_agent_state(connection, fact.agent_id, fact.version, values)


def _alarms(connection: Connection, told: list[Any], _wanted: WantedBy) -> None:
    for fact in told:
        if isinstance(fact, facts.AlarmRaisedFact):
            raise_alarm(connection, fact.authority_id, fact.alarm, fact.text, fact.at)
        else:
            clear_alarm(connection, fact.authority_id, fact.alarm, fact.at)


def _each(write: Callable[[Connection, Any], None]) -> Write:
    """Return a writer that does *write* for one fact after the other."""

    def write_all(connection: Connection, told: list[Any], _wanted: WantedBy) -> None:
        for fact in told:
            write(connection, fact)

    return write_all


def _group(write: Write, *kinds: type[Fact]) -> Group:
    return Group(frozenset(kinds), write)


GROUPS = (
    _group(_calls, facts.CallArrivedFact),
    _group(_answered, facts.AnsweredFact),
    _group(_traces, facts.TraceFact),
    _group(_each(lambda c, f: insert_entry(c, f.entry)), facts.QueueEnteredFact),
    _group(_each(lambda c, f: insert_offer(c, f.offer)), facts.OfferFact),
    _group(_each(lambda c, f: end_offer(c, f.offer_id, f.why, f.at)), facts.OfferEndedFact),
    _group(
        _each(lambda c, f: end_entry(c, f.entry_id, f.why, f.waited, f.at)), facts.QueueLeftFact
    ),
    _group(_agents, facts.AgentStateFact),
    _group(_each(lambda c, f: insert_recording(c, f.recording)), facts.RecordingStartedFact),
    _group(_each(lambda c, f: finish_recording(c, f.recording)), facts.RecordingFinishedFact),
    _group(_messages, facts.MessageLeftFact),
    _group(_each(lambda c, f: add_work_item(c, f.item)), facts.WorkItemFact),
    _group(_refusals, facts.RefusedFact),
    _group(_ended, facts.EndedFact),
    _group(_positions, facts.PositionFact, facts.PositionDropFact, facts.EndedFact),
    _group(_each(lambda c, f: add_entry(c, f.entry)), facts.AuditFact),
    _group(_alarms, facts.AlarmRaisedFact, facts.AlarmClearedFact),
)
