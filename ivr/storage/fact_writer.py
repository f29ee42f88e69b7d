"""Writes facts into the tables, each once, however often and after what failure it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatchmethod

from sqlalchemy import Connection, delete
from sqlalchemy.exc import SQLAlchemyError

from ivr.clock import Clock
from ivr.storage import facts, tables
from ivr.storage.agents import set_agent_state
from ivr.storage.alarms import clear_alarm, raise_alarm
from ivr.storage.audit import add_entry
from ivr.storage.calls import insert_call, mark_answered, mark_ended
from ivr.storage.enqueue import Subscription
from ivr.storage.facts import Fact
from ivr.storage.messages import leave_message
from ivr.storage.offers import end_offer, insert_offer
from ivr.storage.positions import drop_position, put_position
from ivr.storage.queue_entries import end_entry, insert_entry
from ivr.storage.recordings import finish_recording, insert_recording
from ivr.storage.refusals import add_refusal
from ivr.storage.rows import insert_into
from ivr.storage.traces import append_trace
from ivr.storage.work_items import add_work_item


@dataclass(frozen=True, slots=True)
class Rejected:
    """A fact that the tables do not take, and the kind of error."""

    fact: Fact
    error: str


class FactWriter:
    """Applies facts in the order given; all methods run inside a transaction, in a thread."""

    def __init__(self, clock: Clock, wanted_by: Sequence[Subscription] = ()) -> None:
        self._clock = clock
        self._wanted_by = wanted_by

    def write(self, connection: Connection, batch: Sequence[Fact]) -> None:
        """Apply those of *batch* that were not applied before."""
        for fact in self._new(connection, batch):
            self._apply(fact, connection)

    def write_singly(self, connection: Connection, batch: Sequence[Fact]) -> list[Rejected]:
        """Apply each by itself, so that one the tables refuse takes no other with it."""
        rejected = []
        for fact in self._new(connection, batch):
            try:
                with connection.begin_nested():
                    self._apply(fact, connection)
            except (SQLAlchemyError, ValueError, TypeError) as error:
                rejected.append(Rejected(fact, type(error).__name__))
        return rejected

    def forget_before(self, connection: Connection, moment: datetime) -> None:
        """Forget which facts were applied before *moment*: none of them can come again."""
        table = tables.journal_facts
        connection.execute(delete(table).where(table.c.applied_at < moment))

    def _new(self, connection: Connection, batch: Sequence[Fact]) -> list[Fact]:
        now = self._clock.now()
        told = {fact.fact_id: fact for fact in batch}
        rows = [
            {"fact_id": fact_id, "authority_id": fact.authority_id, "applied_at": now}
            for fact_id, fact in told.items()
        ]
        mark = insert_into(connection, tables.journal_facts).values(rows)
        marked = connection.execute(
            mark.on_conflict_do_nothing().returning(tables.journal_facts.c.fact_id)
        )
        new = set(marked.scalars())
        return [fact for fact_id, fact in told.items() if fact_id in new]

    @singledispatchmethod
    def _apply(self, fact: Fact, connection: Connection) -> None:
        raise TypeError(f"nothing is known about {type(fact).__name__}")

    @_apply.register
    def _(self, fact: facts.CallArrivedFact, connection: Connection) -> None:
        insert_call(connection, fact.call)

    @_apply.register
    def _(self, fact: facts.AnsweredFact, connection: Connection) -> None:
        mark_answered(connection, fact.call_id, fact.at)

    @_apply.register
    def _(self, fact: facts.EndedFact, connection: Connection) -> None:
        ending = {
            "hangup_cause": fact.hangup_cause,
            "talked_with": fact.talked_with,
            "talk_seconds": fact.talk_seconds,
        }
        mark_ended(connection, self._wanted_by, fact.call_id, fact.outcome, fact.at, ending)
        drop_position(connection, fact.call_id)

    @_apply.register
    def _(self, fact: facts.TraceFact, connection: Connection) -> None:
        append_trace(connection, fact.authority_id, fact.call_id, fact.row)

    @_apply.register
    def _(self, fact: facts.PositionFact, connection: Connection) -> None:
        put_position(connection, fact.position, fact.at)

    @_apply.register
    def _(self, fact: facts.PositionDropFact, connection: Connection) -> None:
        drop_position(connection, fact.call_id)

    @_apply.register
    def _(self, fact: facts.OfferFact, connection: Connection) -> None:
        insert_offer(connection, fact.offer)

    @_apply.register
    def _(self, fact: facts.OfferEndedFact, connection: Connection) -> None:
        end_offer(connection, fact.offer_id, fact.why, fact.at)

    @_apply.register
    def _(self, fact: facts.QueueEnteredFact, connection: Connection) -> None:
        insert_entry(connection, fact.entry)

    @_apply.register
    def _(self, fact: facts.QueueLeftFact, connection: Connection) -> None:
        end_entry(connection, fact.entry_id, fact.why, fact.waited, fact.at)

    @_apply.register
    def _(self, fact: facts.RecordingStartedFact, connection: Connection) -> None:
        insert_recording(connection, fact.recording)

    @_apply.register
    def _(self, fact: facts.RecordingFinishedFact, connection: Connection) -> None:
        finish_recording(connection, fact.recording)

    @_apply.register
    def _(self, fact: facts.MessageLeftFact, connection: Connection) -> None:
        leave_message(connection, self._wanted_by, fact.message)

    @_apply.register
    def _(self, fact: facts.RefusedFact, connection: Connection) -> None:
        add_refusal(connection, fact.authority_id, fact.line, fact.caller_number, fact.at)

    @_apply.register
    def _(self, fact: facts.AgentStateFact, connection: Connection) -> None:
        names = set(fact.__struct_fields__) - {"fact_id", "authority_id", "agent_id", "version"}
        values = {name: getattr(fact, name) for name in names}
        set_agent_state(connection, fact.agent_id, fact.version, values)

    @_apply.register
    def _(self, fact: facts.WorkItemFact, connection: Connection) -> None:
        add_work_item(connection, fact.item)

    @_apply.register
    def _(self, fact: facts.AuditFact, connection: Connection) -> None:
        add_entry(connection, fact.entry)

    @_apply.register
    def _(self, fact: facts.AlarmRaisedFact, connection: Connection) -> None:
        raise_alarm(connection, fact.authority_id, fact.alarm, fact.text, fact.at)

    @_apply.register
    def _(self, fact: facts.AlarmClearedFact, connection: Connection) -> None:
        clear_alarm(connection, fact.authority_id, fact.alarm, fact.at)
