"""A call that exists only on paper: plays a caller and the world by script."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from ivr.dialplan.conditions import holds_on
from ivr.dialplan.context import Speech
from ivr.dialplan.interpreter import Place
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
    SendOutcome,
    SurveyOutcome,
)
from ivr.dialplan.trace import Trace
from ivr.errors import CallerHungUp, StepFailed
from ivr.ids import CallId, Label

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Jerusalem"))
T = TypeVar("T")


@dataclass
class FakeCall:
    """Implements ``StepContext``: *presses* answer the questions in order, then the caller leaves.

    Worlds are scripted by name: the outcomes of a queue or number are used up in order and the
    last one stays. What happened is in ``heard`` and ``happened``.
    """

    presses: Iterable[str] = ()
    open_hours: frozenset[str] = frozenset()
    staffed: frozenset[str] = frozenset()
    waiting: Mapping[str, int] = field(default_factory=dict)
    queues: Mapping[str, list[QueueOutcome]] = field(default_factory=dict)
    numbers: Mapping[str, list[DialOutcome]] = field(default_factory=dict)
    messages: list[MessageOutcome] = field(default_factory=lambda: [MessageOutcome.ACCEPTED])
    lookups: Mapping[str, LookedUp] = field(default_factory=dict)  # by source
    services: Mapping[str, StrEnum] = field(default_factory=dict)  # pay, survey … → how they end
    counters: Mapping[str, int] = field(default_factory=dict)
    emergency: bool = False
    site_values: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    day: DayKind = DayKind.WORKDAY
    fails: frozenset[str] = frozenset()  # operations that end in StepFailed
    leaves_at: Label | None = None  # the caller hangs up as soon as this step does anything
    caller_number: str = "+972501110001"
    called_number: str = "+97229900200"
    language: str = "he"
    moment: datetime = NOON
    variables: dict[str, str] = field(default_factory=dict)
    call_id: CallId = field(default_factory=lambda: CallId("call-1"))
    label: Label = field(default_factory=lambda: Label("start"))
    visit: int = 1
    trace: Trace = field(default_factory=Trace)
    heard: list[Speech] = field(default_factory=list)
    happened: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._presses = iter(self.presses)

    def at_step(self, place: Place) -> None:
        self.label, self.visit = place.label, place.visit

    def now(self) -> datetime:
        return self.moment

    def is_open(self, hours: str) -> bool:
        return hours in self.open_hours

    def is_staffed(self, queue: str) -> bool:
        return queue in self.staffed

    def queue_waiting(self, queue: str) -> int:
        return self.waiting.get(queue, 0)

    def is_emergency(self) -> bool:
        return self.emergency

    def day_kind(self) -> DayKind:
        return self.day

    def holds(self, condition: str) -> bool:
        return holds_on(self, condition)

    def count(self, counter: str) -> None:
        before = int(self.variables.get(counter) or 0)
        self.variables[counter] = str(min(before + 1, self.counters[counter]))

    def speak(self, language: str) -> None:
        self.language = language

    def hand_over(self, line: str) -> None:
        self._do("hand_over", line)

    def slow_down(self) -> None:
        self.slow = True

    def forget_keys(self) -> None:
        self.happened.append(("forget_keys",))

    async def answer(self) -> None:
        self._do("answer")

    async def play(self, *speech: Speech) -> None:
        self._do("play")
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
        self._do("ask")
        self._hear(speech)
        pressed = next(self._presses, None)
        if pressed is None:
            raise CallerHungUp
        pressed = pressed.partition(finish)[0] if finish else pressed
        pressed = pressed[:digits]
        self.trace.pressed(pressed, secret=secret)
        return pressed

    async def enqueue(self, queue: str, *, wait: float | None) -> QueueOutcome:
        self._do("enqueue", queue, str(wait))
        return _next(self.queues.get(queue, []), QueueOutcome.EMPTY)

    async def dial(
        self, number: str, *, ring_for: float, confirm: str | None = None, record: bool = True
    ) -> DialOutcome:
        self._do("dial", number, str(ring_for), str(confirm), str(record))
        return _next(self.numbers.get(number, []), DialOutcome.UNREACHABLE)

    async def open_ticket(self, *, subject: str, text: str, department: str) -> str:
        self._do("open_ticket", subject, text, department)
        return "1042"

    async def take_message(self, box: str, *, longest: float, finish: str = "#") -> MessageOutcome:
        self._do("take_message", box, str(longest))
        return _next(self.messages, MessageOutcome.IMPOSSIBLE)

    async def look_up(self, source: str, about: str) -> LookedUp:
        self._do("look_up", source, about)
        return self.lookups.get(source, LookedUp(LookupOutcome.UNKNOWN))

    async def pay(self, account: str) -> PayOutcome:
        return PayOutcome(self._service("pay", account))

    async def send_message(self, template: str, number: str) -> SendOutcome:
        return SendOutcome(self._service("message", template, number))

    async def survey(self, name: str) -> SurveyOutcome:
        return SurveyOutcome(self._service("survey", name))

    async def promise_callback(self, queue: str) -> CallbackOutcome:
        return CallbackOutcome(self._service("callback", queue))

    async def run_agi(self, script: str) -> AgiOutcome:
        return AgiOutcome(self._service("agi", script))

    async def refuse(self, cause: int) -> None:
        self._do("refuse", str(cause))

    async def hang_up(self, *, allowed: str = "") -> None:
        self._do("hang_up")

    @property
    def names(self) -> list[str]:
        """What was done, without the saying and asking."""
        return [" ".join(what[:2]) for what in self.happened if what[0] not in ("play", "ask")]

    def _do(self, operation: str, *details: str) -> None:
        if self.label == self.leaves_at:
            raise CallerHungUp
        if operation in self.fails:
            raise StepFailed(f"{operation} was told to fail")
        self.happened.append((operation, *details))

    def _service(self, name: str, *details: str) -> str:
        """Use a service that comes later; one that is not set up does nothing."""
        if name not in self.services:
            return "not_set_up"
        self._do(name, *details)
        return self.services[name].value

    def _hear(self, speech: tuple[Speech, ...]) -> None:
        self.heard.extend(speech)
        self.trace.heard(*(part if isinstance(part, str) else part.value for part in speech))


def _next(outcomes: list[T], otherwise: T) -> T:
    if not outcomes:
        return otherwise
    return outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]
