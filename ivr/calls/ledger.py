"""What a call leaves behind: rows by the journal, events by the bus; no caller waits for it."""

from datetime import datetime, timedelta
from typing import Any

from ivr.calls.visit import Visit
from ivr.clock import Clock
from ivr.dialplan.template import storable
from ivr.dialplan.trace import TraceEntry
from ivr.events import (
    AlarmCleared,
    AlarmRaised,
    CallArrived,
    CallEnded,
    CallLeftQueue,
    CallQueued,
    EventBus,
    OfferEnded,
    OfferMade,
    Outcome,
    VoiceRefused,
)
from ivr.ids import CallId, new_id
from ivr.routing.queues import Entry
from ivr.storage.facts import (
    AlarmClearedFact,
    AlarmRaisedFact,
    AnsweredFact,
    CallArrivedFact,
    EndedFact,
    OfferEndedFact,
    OfferFact,
    PositionFact,
    QueueEnteredFact,
    QueueLeftFact,
    RefusedFact,
    TraceFact,
    WorkItemFact,
)
from ivr.storage.journal import Journal
from ivr.storage.records import (
    CallRecord,
    OfferRecord,
    Position,
    QueueEntry,
    TraceRow,
    WorkItem,
)

PRETENDED = "pretended"  # in a trace row's details: the time that schedules saw on a demo call


class Ledger:
    """Writes down what happens to calls; every method returns at once."""

    def __init__(self, clock: Clock, journal: Journal, bus: EventBus) -> None:
        self._clock = clock
        self._journal = journal
        self._bus = bus
        self._entries: dict[tuple[CallId, str], str] = {}
        self._traced: dict[CallId, int] = {}
        self.positions: dict[CallId, Position] = {}  # as they will stand in the database
        bus.subscribe(OfferMade, self._offer_made)
        bus.subscribe(OfferEnded, self._offer_ended)
        bus.subscribe(VoiceRefused, self._refused)
        bus.subscribe(AlarmRaised, self._alarm_raised)
        bus.subscribe(AlarmCleared, self._alarm_cleared)

    def arrived(self, visit: Visit) -> None:
        record = CallRecord(
            call_id=visit.call_id,
            authority_id=visit.authority_id,
            line=visit.line,
            plan_version=visit.plan_version,
            caller_number=visit.caller_number,
            caller_received=visit.caller_received,
            called_number=visit.called_number,
            language=visit.language,
            arrived_at=visit.arrived_at,
        )
        self._journal.put(CallArrivedFact(authority_id=visit.authority_id, call=record))
        self._bus.publish(
            CallArrived(
                authority_id=visit.authority_id,
                at=visit.arrived_at,
                call_id=visit.call_id,
                line=visit.line,
                caller_number=visit.caller_number,
                called_number=visit.called_number,
            )
        )

    def answered(self, visit: Visit) -> None:
        at = visit.answered_at or self._clock.now()
        self._journal.put(
            AnsweredFact(authority_id=visit.authority_id, call_id=visit.call_id, at=at)
        )

    def steps_over(self, visit: Visit) -> None:
        """Write the trace of every step so far: the next one has not begun."""
        self._trace(visit, upto=len(visit.trace.entries))

    def position(self, visit: Visit) -> None:
        """Note where the call stands, so that another process can go on from here."""
        entries = {key[1]: entry for key, entry in self._entries.items() if key[0] == visit.call_id}
        position = _position(visit, entries)
        self.positions[visit.call_id] = position
        self._journal.put(
            PositionFact(authority_id=visit.authority_id, position=position, at=self._clock.now())
        )

    def taken_up(self, position: Position) -> None:
        """Go on with a call after we lost sight of it: a new trace, the same place in queues."""
        self._traced.pop(position.call_id, None)
        for queue, entry_id in position.state.get("entries", {}).items():
            self._entries[position.call_id, queue] = entry_id

    def queued(self, visit: Visit, entry: Entry) -> None:
        at = self._clock.now()
        if (visit.call_id, entry.queue) not in self._entries:
            self._entered(visit, entry, at)
        self.position(visit)
        self._bus.publish(
            CallQueued(
                authority_id=visit.authority_id, at=at, call_id=visit.call_id, queue=entry.queue
            )
        )

    def _entered(self, visit: Visit, entry: Entry, at: datetime) -> None:
        entry_id = new_id("wait")
        self._entries[visit.call_id, entry.queue] = entry_id
        row = QueueEntry(
            entry_id=entry_id,
            authority_id=visit.authority_id,
            call_id=visit.call_id,
            queue=entry.queue,
            entered_at=at,
        )
        self._journal.put(QueueEnteredFact(authority_id=visit.authority_id, entry=row))

    def _leave_queues(self, visit: Visit, at: datetime) -> None:
        """Close what the caller waited in when they left while we were away."""
        for key in [key for key in self._entries if key[0] == visit.call_id]:
            waited = max(0.0, at.timestamp() - visit.queued_at.get(key[1], at.timestamp()))
            self._journal.put(
                QueueLeftFact(
                    authority_id=visit.authority_id,
                    entry_id=self._entries.pop(key),
                    why="hung_up",
                    waited=waited,
                    at=at,
                )
            )

    def left_queue(self, visit: Visit, entry: Entry, why: str) -> None:
        at = self._clock.now()
        waited = max(0.0, at.timestamp() - entry.entered_at)
        entry_id = self._entries.pop((visit.call_id, entry.queue), "")
        self._journal.put(
            QueueLeftFact(
                authority_id=visit.authority_id, entry_id=entry_id, why=why, waited=waited, at=at
            )
        )
        self._bus.publish(
            CallLeftQueue(
                authority_id=visit.authority_id,
                at=at,
                call_id=visit.call_id,
                queue=entry.queue,
                waited=waited,
                why=why,
            )
        )

    def ended(self, visit: Visit, outcome: Outcome, hangup_cause: int | None) -> None:
        """Give the call its one outcome; an abandoned one becomes work for somebody."""
        at = self._clock.now()
        self.steps_over(visit)
        self._leave_queues(visit, at)
        self._traced.pop(visit.call_id, None)
        self.positions.pop(visit.call_id, None)
        self._journal.put(
            EndedFact(
                authority_id=visit.authority_id,
                call_id=visit.call_id,
                outcome=outcome.value,
                at=at,
                hangup_cause=hangup_cause,
                talked_with=visit.talked_with,
                talk_seconds=visit.talk_seconds,
            )
        )
        if outcome is Outcome.ABANDONED:
            self._abandoned(visit)
        self._bus.publish(
            CallEnded(
                authority_id=visit.authority_id,
                at=at,
                call_id=visit.call_id,
                line=visit.line,
                outcome=outcome,
                seconds=(at - visit.arrived_at).total_seconds(),
            )
        )

    def forget(self, position: Position) -> None:
        """End a call of which nothing but its position can be read."""
        self.positions.pop(position.call_id, None)
        self._journal.put(
            EndedFact(
                authority_id=position.authority_id,
                call_id=position.call_id,
                outcome=Outcome.FAILED.value,
                at=self._clock.now(),
            )
        )

    def _abandoned(self, visit: Visit) -> None:
        item = WorkItem(
            work_item_id=new_id("work"),
            authority_id=visit.authority_id,
            kind="abandoned_call",
            call_id=visit.call_id,
            line=visit.line,
            caller_number=visit.caller_number,
            opened_at=self._clock.now(),
        )
        self._journal.put(WorkItemFact(authority_id=visit.authority_id, item=item))

    def _trace(self, visit: Visit, upto: int) -> None:
        done = self._traced.get(visit.call_id, 0)
        for number in range(done, upto):
            row = _trace_row(visit.trace.entries[number], visit.time_shift)
            fact = TraceFact(authority_id=visit.authority_id, call_id=visit.call_id, row=row)
            self._journal.put(fact)
        self._traced[visit.call_id] = upto

    def _offer_made(self, event: OfferMade) -> None:
        offer = OfferRecord(
            offer_id=event.offer_id,
            authority_id=event.authority_id,
            call_id=event.call_id,
            agent_id=event.agent_id,
            queue=event.queue,
            made_at=event.at,
        )
        self._journal.put(OfferFact(authority_id=event.authority_id, offer=offer))

    def _offer_ended(self, event: OfferEnded) -> None:
        self._journal.put(
            OfferEndedFact(
                authority_id=event.authority_id,
                offer_id=event.offer_id,
                why=event.why,
                at=event.at,
            )
        )

    def _alarm_raised(self, event: AlarmRaised) -> None:
        self._journal.put(
            AlarmRaisedFact(
                authority_id=event.authority_id, alarm=event.alarm, text=event.text, at=event.at
            )
        )

    def _alarm_cleared(self, event: AlarmCleared) -> None:
        self._journal.put(
            AlarmClearedFact(authority_id=event.authority_id, alarm=event.alarm, at=event.at)
        )

    def _refused(self, event: VoiceRefused) -> None:
        self._journal.put(
            RefusedFact(
                authority_id=event.authority_id,
                line=event.line,
                caller_number=event.caller_number,
                at=event.at,
            )
        )


def _trace_row(entry: TraceEntry, time_shift: timedelta) -> TraceRow:
    return TraceRow(
        seq=entry.visit,
        label=entry.label,
        kind=entry.kind,
        at=entry.at - time_shift,
        heard=list(entry.heard),
        pressed=" ".join(entry.pressed),
        went_to=entry.went_to or "",
        error=entry.error,
        details={PRETENDED: entry.at.isoformat()} if time_shift else {},
    )


def _position(visit: Visit, entries: dict[str, str]) -> Position:
    state: dict[str, Any] = {
        "entries": entries,
        "choices": visit.choices,
        "queued_at": visit.queued_at,
        "own_number": visit.own_number,
        "voice": visit.caller.voice,
        "talked_with": visit.talked_with,
        "language_chosen": visit.language_chosen,
        "slow": visit.slow,
        "outcome": visit.outcome.value if visit.outcome else "",
    }
    if visit.talk is not None:
        state["talk"] = visit.talk
    if visit.time_shift:
        state["time_shift"] = visit.time_shift.total_seconds()
    place = visit.place
    return Position(
        call_id=visit.call_id,
        authority_id=visit.authority_id,
        line=visit.line,
        version=visit.plan_version,
        label=place.label if place else "",
        visit=place.visit if place else 0,
        variables=storable(visit.variables),
        channel_id=visit.channel.id,
        caller_number=visit.caller_number,
        called_number=visit.called_number,
        language=visit.language,
        arrived_at=visit.arrived_at,
        answered_at=visit.answered_at,
        state=state,
    )
