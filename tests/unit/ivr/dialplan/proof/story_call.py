"""A call on which happens what a counterexample says, and nothing else: to see that it is real."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from ivr.dialplan import expressions
from ivr.dialplan.conditions import holds_on
from ivr.dialplan.context import Speech
from ivr.dialplan.outcomes import (
    AgiOutcome,
    CallbackOutcome,
    DayKind,
    DialOutcome,
    LookedUp,
    LookupOutcome,
    MessageOutcome,
    PayOutcome,
    QueueOutcome,
    Reached,
    SendOutcome,
    SurveyOutcome,
)
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.prove import Counterexample, Happening
from ivr.dialplan.proof.tried_call import CONFIRMING
from ivr.errors import CallerHungUp, StepFailed
from ivr.ids import QueueName
from tests.fakes.caller import FakeCall
from tests.unit.ivr.dialplan.proof.proving import SITE, day_kind, length

WORDS = {"true": True, "false": False, "failing": None}


class StoryOver(CallerHungUp):
    """The story has been told to its end, and the caller is still there."""


FOUND = "found"  # whatever a source knows


class Found(defaultdict[str, str]):
    """What a source knows: something, whatever is asked for."""

    def __init__(self) -> None:
        super().__init__(lambda: FOUND)

    def get(self, name: str, default: object = None) -> str:
        return FOUND


@dataclass
class StoryCall(FakeCall):
    """Asks the story for each outcome, and compares with it what the house can say itself."""

    ahead: deque[Happening] = field(default_factory=deque)
    clock: float = 0.0
    until: float = 0.0  # how long the story is
    answered: bool = False
    reached: Reached | None = None
    reached_at: float | None = None
    asked_at: float | None = None  # when a person was first asked for
    longest_speech: float = 0.0
    unsure: set[str] = field(default_factory=set)  # texts that stand for any
    switched: bool = False
    held: dict[tuple[int, str], str] = field(default_factory=dict)  # of each visit of a step

    @classmethod
    def of(cls, example: Counterexample, plan: Dialplan) -> Self:
        return cls(
            moment=example.moment,
            emergency=example.emergency,
            called_number=plan.numbers[0],
            counters=plan.counters,
            ahead=deque(example.story),
            until=sum(one.seconds for one in example.story),
            unsure={cls.caller_number, plan.numbers[0]},
        )

    def told(
        self, what: str, *, fact: str | None = None, least: float = 0.0, most: float = 0.0
    ) -> Happening:
        """Take the next thing of the story: it must be *what*, here and now, and agree with *fact*.

        *least*, *most*: seconds that it takes, as far as the house can say; most, if it is waited.
        """
        if not self.ahead:
            raise StoryOver
        told = self.ahead.popleft()
        assert (told.label, told.what) == (self.label, what), f"{told} at {self.label}: {what}"
        assert told.at < 0 or abs(told.at - self.clock) < 1, f"{told} after {self.clock} s"
        assert fact in {None, told.outcome}, f"{told}, but it is {fact}"
        assert least <= told.seconds, f"{told} takes {least} s"
        assert told.seconds <= max(least, most) or not most, f"{told} takes {most} s at most"
        self.clock += told.seconds
        return told

    def now(self) -> datetime:
        """The time of the house: it stands still where a story is told again and again."""
        return self.moment + timedelta(seconds=min(self.clock, self.until))

    def is_open(self, hours: str) -> bool:
        is_open = SITE.hours[hours].is_open(self.now())
        return self.told("hours", fact="open" if is_open else "closed").outcome == "open"

    def is_emergency(self) -> bool:
        is_on = self.told("emergency").outcome == "on"
        self._switch(is_on)
        return is_on

    def day_kind(self) -> DayKind:
        return DayKind(self.told("day", fact=day_kind(self.now())).outcome)

    def holds(self, condition: str) -> bool:
        """A step that asks the same again is told the same."""
        if (self.visit, condition) not in self.held:
            self._hear_of_emergency(condition)
            fact = self._found(condition) if self._decides(condition) else None
            self.held[self.visit, condition] = self.told("condition", fact=fact).outcome
        held = WORDS[self.held[self.visit, condition]]
        if held is None:
            raise StepFailed("as told")
        return held

    def _hear_of_emergency(self, condition: str) -> None:
        """Let emergency mode be switched here if the story goes on as if it were."""
        asked = self._decides(condition) and expressions.asks(condition, "is_emergency")
        if self.ahead and asked and self._found(condition) != self.ahead[0].outcome:
            self._switch(not self.emergency)

    def _decides(self, condition: str) -> bool:
        """Say whether this call knows what *condition* comes to, as well as the story does."""
        others = any(expressions.asks(condition, one) for one in ("is_staffed", "queue_waiting"))
        values = [self.variables.get(name, "") for name in expressions.variables_in(condition)]
        guessed = any(one and one in value for value in values for one in self.unsure)
        return not (others or guessed or expressions.names_callers(condition))

    def _found(self, condition: str) -> str:
        try:
            held = holds_on(_Facts(self), condition)  # type: ignore[arg-type]  # as far as asked
        except StepFailed:
            return "failing"
        return "true" if held else "false"

    def _switch(self, is_on: bool) -> None:
        assert is_on == self.emergency or not self.switched, "emergency was switched twice"
        self.switched |= is_on != self.emergency
        self.emergency = is_on

    async def play(self, *speech: Speech) -> None:
        self._hear(speech)

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
        self._hear(speech)
        told = self.told("pressed", least=wait)
        if digits > 1:
            self.unsure.add(told.name)
        return told.name

    async def enqueue(self, queue: str, *, wait: float | None) -> QueueOutcome:
        self.answered = True
        began = self.clock
        limit = SITE.queues[QueueName(queue)].wait if wait is None else wait
        outcome = QueueOutcome(self.told("queue", most=limit).outcome)
        if outcome in {QueueOutcome.TALKED, QueueOutcome.NO_ANSWER}:
            self._ask_person(began)
        self._reach(Reached.PERSON if outcome is QueueOutcome.TALKED else None)
        return outcome

    async def dial(
        self, number: str, *, ring_for: float, confirm: str | None = None, record: bool = True
    ) -> DialOutcome:
        self.answered = True
        began = self.clock
        most = ring_for + (CONFIRMING + length(self.language, confirm) if confirm else 0.0)
        outcome = DialOutcome(self.told("dial", most=most).outcome)
        if outcome is not DialOutcome.UNREACHABLE:
            self._ask_person(began)
        self._reach(Reached.PERSON if outcome is DialOutcome.TALKED else None)
        return outcome

    async def open_ticket(self, *, subject: str, text: str, department: str) -> str:
        if self.told("ticket").outcome == "impossible":
            raise StepFailed("as told")
        self._reach(Reached.TICKET)
        self.unsure.add("1042")
        return "1042"

    async def take_message(self, box: str, *, longest: float, finish: str = "#") -> MessageOutcome:
        self.answered = True
        self._ask_person(self.clock)
        outcome = MessageOutcome(self.told("message").outcome)
        self._reach(Reached.MESSAGE if outcome is MessageOutcome.ACCEPTED else None)
        return outcome

    async def look_up(self, source: str, about: str) -> LookedUp:
        outcome = LookupOutcome(self.told("lookup").outcome)
        self.unsure.add(FOUND)
        return LookedUp(outcome, Found() if outcome is LookupOutcome.FOUND else {})

    async def pay(self, account: str) -> PayOutcome:
        self.answered = True
        outcome = PayOutcome(self.told("pay").outcome)
        self._reach(Reached.PAID if outcome is PayOutcome.PAID else None)
        return outcome

    async def send_message(self, template: str, number: str) -> SendOutcome:
        return SendOutcome(self.told("send").outcome)

    async def survey(self, name: str) -> SurveyOutcome:
        self.answered = True
        return SurveyOutcome(self.told("survey").outcome)

    async def promise_callback(self, queue: str) -> CallbackOutcome:
        self.answered = True
        outcome = CallbackOutcome(self.told("callback").outcome)
        self._reach(Reached.CALLBACK if outcome is CallbackOutcome.PROMISED else None)
        return outcome

    async def run_agi(self, script: str) -> AgiOutcome:
        self.answered = True
        return AgiOutcome(self.told("agi").outcome)

    async def answer(self) -> None:
        self.answered = True
        self.told("answer")

    def hand_over(self, line: str) -> None:
        self.language = self.told("hand_over").outcome

    async def refuse(self, cause: int) -> None:
        if self.ahead and self.ahead[0].what == "answered":
            self.told("answered", fact="yes" if self.answered else "no")
        self.told("refuse")
        self._reach(None if self.answered else Reached.REFUSED)

    async def hang_up(self, *, allowed: str = "") -> None:
        self.told("hang_up")
        self._reach(Reached.REFUSED if allowed else None)

    def _hear(self, speech: tuple[Speech, ...]) -> None:
        self.answered = True
        texts = [one for one in speech if isinstance(one, str)]
        told = self.told("heard", least=sum(length(self.language, one) for one in texts))
        assert all(one in told.name for one in texts) or not told.name
        self.longest_speech = max(self.longest_speech, told.seconds)

    def _ask_person(self, at: float) -> None:
        if self.asked_at is None:
            self.asked_at = at

    def _reach(self, what: Reached | None) -> None:
        if what and self.reached is None:
            self.reached, self.reached_at = what, self.clock


@dataclass
class _Facts:
    """What a condition can ask, without a story to be told: the house as it stands."""

    call: StoryCall

    def __post_init__(self) -> None:
        self.variables = self.call.variables
        self.caller_number = self.call.caller_number
        self.called_number = self.call.called_number
        self.language = self.call.language
        self.site_values = self.call.site_values

    def is_open(self, hours: str) -> bool:
        return SITE.hours[hours].is_open(self.call.now())

    def is_staffed(self, queue: str) -> bool:
        raise AssertionError(f"nobody knows whether {queue} is staffed")

    def queue_waiting(self, queue: str) -> int:
        raise AssertionError(f"nobody knows how many wait in {queue}")

    def is_emergency(self) -> bool:
        return self.call.emergency

    def day_kind(self) -> DayKind:
        return day_kind(self.call.now())
