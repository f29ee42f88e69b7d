"""``StepContext`` on a real call: what a step asks for, done by telephony, routing and storage."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from ivr.calls.emergency import EmergencyMode
from ivr.calls.ledger import Ledger
from ivr.calls.lookups import Lookups
from ivr.calls.messages import MessageTaker
from ivr.calls.outward import Outward
from ivr.calls.speech import Speaker
from ivr.calls.visit import Visit
from ivr.calls.waiting import WaitingRoom
from ivr.clock import Clock
from ivr.crm import NewTicket, Tickets
from ivr.dialplan.conditions import holds_on
from ivr.dialplan.context import Speech
from ivr.dialplan.interpreter import Place
from ivr.dialplan.outcomes import (
    AgiOutcome,
    CallbackOutcome,
    DayKind,
    DialOutcome,
    LookedUp,
    MessageOutcome,
    PayOutcome,
    QueueOutcome,
    SendOutcome,
    SurveyOutcome,
)
from ivr.errors import StepFailed, StorageUnavailable
from ivr.events import EventBus, Outcome, TicketOpened
from ivr.ids import CallId, Label, QueueName
from ivr.routing.calendar import Calendar
from ivr.routing.queues import Queues
from ivr.routing.schedule import Schedule
from ivr.telephony.caller import Question


@dataclass(frozen=True, slots=True)
class House:
    """What every call of this process uses."""

    clock: Clock
    timezone: ZoneInfo
    speaker: Speaker
    queues: Queues
    waiting: WaitingRoom
    outward: Outward
    messages: MessageTaker
    tickets: Tickets
    ledger: Ledger
    bus: EventBus
    hours: Mapping[str, Schedule]
    calendar: Calendar
    emergency: EmergencyMode
    lookups: Lookups
    values: Mapping[str, str]


class CallContext:
    """One call, as its steps see it."""

    def __init__(self, visit: Visit, house: House) -> None:
        self._visit = visit
        self._house = house

    def at_step(self, place: Place) -> None:
        """Note where the call stands, before the step does anything."""
        self._house.ledger.steps_over(self._visit)
        self._visit.place = place
        self._house.ledger.position(self._visit)

    @property
    def call_id(self) -> CallId:
        return self._visit.call_id

    @property
    def label(self) -> Label:
        return self._visit.place.label if self._visit.place else Label("")

    @property
    def caller_number(self) -> str:
        return self._visit.caller_number

    @property
    def called_number(self) -> str:
        return self._visit.called_number

    @property
    def language(self) -> str:
        return self._visit.language

    @property
    def variables(self) -> MutableMapping[str, str]:
        return self._visit.variables

    @property
    def site_values(self) -> Mapping[str, str]:
        return self._house.values

    def now(self) -> datetime:
        now = self._house.clock.now() + self._visit.time_shift
        return now.astimezone(self._house.timezone)

    def is_open(self, hours: str) -> bool:
        return self._house.hours[hours].is_open(self.now())

    def is_staffed(self, queue: str) -> bool:
        return self._house.queues.is_staffed(QueueName(queue))

    def queue_waiting(self, queue: str) -> int:
        return len(self._house.queues.waiting(QueueName(queue)))

    def is_emergency(self) -> bool:
        return self._house.emergency.is_on

    def day_kind(self) -> DayKind:
        return self._house.calendar.at(self.now()).kind

    def holds(self, condition: str) -> bool:
        return holds_on(self, condition)

    def count(self, counter: str) -> None:
        before = int(self.variables.get(counter) or 0)
        self.variables[counter] = str(min(before + 1, self._visit.plan.counters[counter]))

    def speak(self, language: str) -> None:
        self._visit.language = language
        self._visit.language_chosen = True

    def hand_over(self, line: str) -> None:
        spoken = self._visit.plan.languages[line]
        if not self._visit.language_chosen or self.language not in spoken:
            self._visit.language = spoken[0]

    def slow_down(self) -> None:
        self._visit.slow = True

    def forget_keys(self) -> None:
        self._visit.caller.forget_keys()

    async def answer(self) -> None:
        await self._answered()

    async def play(self, *speech: Speech) -> None:
        names = self._names(speech)
        await self._answered()
        media = self._house.speaker.media(self.language, names)
        await self._visit.caller.play(media, partial(self._visit.trace.heard, *names))

    async def ask(
        self,
        *speech: Speech,
        digits: int = 1,
        wait: float = 5.0,
        between: float = 3.0,
        finish: str = "",
        barge_in: bool = True,
        secret: bool = False,
    ) -> str:
        names = self._names(speech)
        await self._answered()
        question = Question(digits, wait, between, finish, barge_in)
        media = self._house.speaker.media(self.language, names)
        heard = partial(self._visit.trace.heard, *names)
        keys = await self._visit.caller.ask(media, question, heard)
        self._visit.trace.pressed(keys, secret=secret)
        if keys and not secret:
            asked = names[-1].rpartition("/")[2] if names else self.label
            self._visit.choices.append(f"{asked}:{keys}")
        return keys

    async def enqueue(self, queue: str, *, wait: float | None) -> QueueOutcome:
        await self._answered()
        return await self._house.waiting.wait(self._visit, QueueName(queue), wait)

    async def dial(
        self, number: str, *, ring_for: float, confirm: str | None = None, record: bool = True
    ) -> DialOutcome:
        await self._answered()
        return await self._house.outward.dial(
            self._visit, number, ring_for=ring_for, confirm=confirm, record=record
        )

    async def open_ticket(self, *, subject: str, text: str, department: str) -> str:
        visit = self._visit
        wanted = NewTicket(
            authority_id=visit.authority_id,
            effect_key=visit.effect_key(),
            subject=subject,
            text=text,
            department=department,
            caller_number=visit.caller_number,
            call_id=visit.call_id,
        )
        try:
            ticket = await self._house.tickets.open(wanted)
        except StorageUnavailable as error:
            raise StepFailed(str(error)) from error
        visit.reached(Outcome.TICKET)
        self._house.bus.publish(
            TicketOpened(
                authority_id=visit.authority_id,
                at=self._house.clock.now(),
                ticket_id=ticket.ticket_id,
                reference=ticket.reference,
                call_id=visit.call_id,
                subject=subject,
            )
        )
        return ticket.reference

    async def take_message(self, box: str, *, longest: float, finish: str = "#") -> MessageOutcome:
        await self._answered()
        return await self._house.messages.take(self._visit, box, longest=longest, finish=finish)

    async def look_up(self, source: str, about: str) -> LookedUp:
        return await self._house.lookups.ask(source, about)

    async def pay(self, account: str) -> PayOutcome:
        return PayOutcome.NOT_SET_UP

    async def send_message(self, template: str, number: str) -> SendOutcome:
        return SendOutcome.NOT_SET_UP

    async def survey(self, name: str) -> SurveyOutcome:
        return SurveyOutcome.NOT_SET_UP

    async def promise_callback(self, queue: str) -> CallbackOutcome:
        return CallbackOutcome.NOT_SET_UP

    async def run_agi(self, script: str) -> AgiOutcome:
        return AgiOutcome.NOT_SET_UP

    async def refuse(self, cause: int) -> None:
        if self._visit.answered_at is None:  # afterwards it is no refusal, but a caller hung up on
            self._visit.reached(Outcome.REFUSED)
        await self._visit.channel.hang_up(cause)

    async def hang_up(self, *, allowed: str = "") -> None:
        if allowed:
            self._visit.reached(Outcome.REFUSED)
        await self._visit.channel.hang_up()

    def _names(self, speech: Sequence[Speech]) -> list[str]:
        """Return the prompts that say *speech*; those of another language than the line's say so.

        The trace is read with the line's language in mind.
        """
        own, language = self._visit.plan.language, self.language
        names = self._house.speaker.names(language, speech)
        return [name if "/" in name or language == own else f"{language}/{name}" for name in names]

    async def _answered(self) -> None:
        """Answer before the first thing that is heard; later calls change nothing."""
        if self._visit.answered_at is None:
            await self._visit.channel.answer()
            self._visit.answered_at = self._house.clock.now()
            self._house.ledger.answered(self._visit)
