"""``StepContext`` for the proof: every operation ends in each of its ways, in some run."""

from collections import UserDict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

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
from ivr.dialplan.proof.ways import ANSWERED, Choices, Event, Progress
from ivr.dialplan.step import Step
from ivr.errors import StepFailed
from ivr.ids import CallId, Label

# Worst durations in seconds of what the plan itself does not limit.
BUSY_TOLD = 3.0
UNREACHABLE_TOLD = 8.0  # every trunk was tried
CONFIRMING = 8.0  # after the prompt, for pressing 1
LOOKING_UP = 2.0
WRITING = 0.3
VALUE_SPOKEN = 8.0  # ten digits
OUTSIDE_SCRIPT = 60.0
SURVEY = 60.0
UNKNOWN_VALUE = "0" * 10  # stands for whatever a variable may hold

T = TypeVar("T")
_MOST_WAITING = 3  # callers in a queue: none, some, many


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the proof knows of the house: how long prompts and queues take, what counts."""

    length: Callable[[str, str], float]  # language, prompt → seconds
    queue_wait: Callable[[str], float]  # a queue's own limit, seconds
    variables: tuple[str, ...]
    numbers: tuple[str, ...]
    site_values: Mapping[str, str]
    languages: Mapping[str, tuple[str, ...]]  # of each line in the plan, its default first


class Notes(UserDict[str, str]):
    """The call's variables: unknown before the step, and noted where the step writes them."""

    def __init__(self, names: Iterable[str], progress: Progress) -> None:
        super().__init__()
        self.data = dict.fromkeys(names, UNKNOWN_VALUE)
        self._progress = progress
        self.typed: set[str] = set()  # what stands for any number that a caller may type

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name, value)
        known = value not in self.typed and UNKNOWN_VALUE not in value
        self._progress.wrote[name] = value if known else None

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        self._progress.wrote[name] = ""


class Anything(Mapping[str, str]):
    """What a look-up found: something, whatever is asked for."""

    def __getitem__(self, name: str) -> str:
        return UNKNOWN_VALUE

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


class TriedCall:
    """One caller on one way through one step."""

    def __init__(
        self, step: Step, label: Label, language: str, around: Surroundings, choices: Choices
    ) -> None:
        self._step = step
        self._label = label
        self._language = language
        self._around = around
        self._choices = choices
        self._on_the_way = choices.progress
        self._variables = Notes(around.variables, choices.progress)

    def __repr__(self) -> str:
        return "call"  # the same on every way: what differs is in its progress

    @property
    def call_id(self) -> CallId:
        return CallId("proof")

    @property
    def label(self) -> Label:
        return self._label

    @property
    def caller_number(self) -> str:
        return f"+{UNKNOWN_VALUE}"

    @property
    def called_number(self) -> str:
        """One of the line's numbers; which of several, nobody knows."""
        numbers = self._around.numbers
        return numbers[0] if len(numbers) == 1 else f"+{UNKNOWN_VALUE}"

    @property
    def language(self) -> str:
        return self._language

    @property
    def variables(self) -> MutableMapping[str, str]:
        return self._variables

    @property
    def site_values(self) -> Mapping[str, str]:
        return self._around.site_values

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def is_open(self, hours: str) -> bool:
        return bool(self._fact("hours", hours, {"open": True, "closed": False}))

    def is_staffed(self, queue: str) -> bool:
        return bool(self._happens("staffed", queue, {"yes": True, "no": False}))

    def queue_waiting(self, queue: str) -> int:
        many = {str(number): number for number in (0, _MOST_WAITING, 100)}
        return int(self._happens("waiting", queue, many))

    def is_emergency(self) -> bool:
        return bool(self._fact("emergency", "", {"off": False, "on": True}))

    def day_kind(self) -> DayKind:
        return DayKind(str(self._fact("day", "", {kind.value: kind for kind in DayKind})))

    def holds(self, condition: str) -> bool:
        """Go every way here; whoever walks the plan knows which ways a caller's values leave."""
        ways: dict[str, bool | None] = {"true": True, "false": False, "failing": None}
        decided = self._on_the_way.conditions
        if condition not in decided:
            decided[condition] = self._happens("condition", condition, ways)
        held = decided[condition]
        if held is None:
            raise StepFailed("a condition failed")
        return held

    def count(self, counter: str) -> None:
        self._on_the_way.counted.append(counter)

    def speak(self, language: str) -> None:
        self._language = self._on_the_way.language = language

    def hand_over(self, line: str) -> None:
        """Go both ways where the line speaks what is spoken now: it may have been chosen."""
        spoken = self._around.languages[line]
        kept = [self._language] if self._language in spoken else []
        languages = {language: language for language in (spoken[0], *kept)}
        self.speak(self._happens("hand_over", line, languages))

    def slow_down(self) -> None:
        """Nothing is slower yet."""

    def forget_keys(self) -> None:
        """Whoever pressed early is asked like everybody else."""

    async def answer(self) -> None:
        self._hears(Event("answer", ""))

    async def play(self, *speech: Speech) -> None:
        self._say(speech)

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
        progress = self._on_the_way
        progress.questions += 1
        progress.mistaken |= progress.questions > 1
        progress.longest_speech = max(progress.longest_speech, self._say(speech))
        inputs = {keys: keys for keys in self._step.inputs() if keys} | {"": ""}
        pressed = self._choices.choose(list(inputs))
        if digits > 1 and pressed:
            self._variables.typed.add(pressed)
        seconds = wait + between * (len(pressed) if digits > 1 else 0)
        progress.silent &= not pressed
        progress.mistaken |= not self._step.takes(pressed)
        self._hears(Event("pressed", pressed, seconds=seconds))
        return pressed

    async def enqueue(self, queue: str, *, wait: float | None) -> QueueOutcome:
        limit = self._around.queue_wait(queue) if wait is None else wait
        endings = {
            "talked": (QueueOutcome.TALKED, limit),
            "no_answer": (QueueOutcome.NO_ANSWER, limit),
            "empty": (QueueOutcome.EMPTY, 0.0),
            "full": (QueueOutcome.FULL, 0.0),
        }
        outcome, seconds = self._choices.choose(list(endings.values()))
        if outcome in {QueueOutcome.TALKED, QueueOutcome.NO_ANSWER}:
            self._on_the_way.ask_person()
        self._hears(Event("queue", queue, outcome.value, seconds))
        return self._talked(outcome, QueueOutcome.TALKED)

    async def dial(
        self, number: str, *, ring_for: float, confirm: str | None = None, record: bool = True
    ) -> DialOutcome:
        confirming = CONFIRMING + self._length(confirm) if confirm else 0.0
        endings = (
            (DialOutcome.TALKED, ring_for + confirming),
            (DialOutcome.BUSY, BUSY_TOLD),
            (DialOutcome.NO_ANSWER, ring_for),
            (DialOutcome.REJECTED, ring_for + confirming),
            (DialOutcome.UNREACHABLE, UNREACHABLE_TOLD),
        )
        outcome, seconds = self._choices.choose(endings)
        if outcome is not DialOutcome.UNREACHABLE:
            self._on_the_way.ask_person()
        self._hears(Event("dial", number, outcome.value, seconds))
        return self._talked(outcome, DialOutcome.TALKED)

    async def open_ticket(self, *, subject: str, text: str, department: str) -> str:
        opened = self._choices.choose((True, False))
        word = "opened" if opened else "impossible"
        self._on_the_way.happened(Event("ticket", department, word, WRITING))
        if not opened:
            self._on_the_way.faults += 1
            raise StepFailed("no ticket could be opened")
        self._on_the_way.reach(Reached.TICKET)
        return UNKNOWN_VALUE

    async def take_message(self, box: str, *, longest: float, finish: str = "#") -> MessageOutcome:
        """The time that a caller may speak, or keeps silent, is not time in which they wait."""
        outcome = MessageOutcome(self._choices.choose(tuple(MessageOutcome)))
        self._on_the_way.ask_person()  # whoever may speak to a department waits for nobody else
        if outcome is MessageOutcome.ACCEPTED:
            self._on_the_way.reach(Reached.MESSAGE)
        elif outcome is MessageOutcome.IMPOSSIBLE:
            self._on_the_way.faults += 1
        self._hears(Event("message", box, outcome.value))
        return outcome

    async def look_up(self, source: str, about: str) -> LookedUp:
        outcome = LookupOutcome(self._choices.choose(tuple(LookupOutcome)))
        self._on_the_way.happened(Event("lookup", source, outcome.value, LOOKING_UP))
        return LookedUp(outcome, Anything() if outcome is LookupOutcome.FOUND else {})

    async def pay(self, account: str) -> PayOutcome:
        """Time in which the caller pays is not time in which the caller waits."""
        outcome = PayOutcome(self._choices.choose(tuple(PayOutcome)))
        self._hears(Event("pay", "", outcome.value))
        if outcome is PayOutcome.PAID:
            self._on_the_way.reach(Reached.PAID)
        return outcome

    async def send_message(self, template: str, number: str) -> SendOutcome:
        outcome = SendOutcome(self._choices.choose(tuple(SendOutcome)))
        self._on_the_way.happened(Event("send", template, outcome.value, WRITING))
        return outcome

    async def survey(self, name: str) -> SurveyOutcome:
        outcome = SurveyOutcome(self._choices.choose(tuple(SurveyOutcome)))
        self._hears(Event("survey", name, outcome.value, SURVEY))
        return outcome

    async def promise_callback(self, queue: str) -> CallbackOutcome:
        outcome = CallbackOutcome(self._choices.choose(tuple(CallbackOutcome)))
        self._hears(Event("callback", queue, outcome.value, CONFIRMING))
        if outcome is CallbackOutcome.PROMISED:
            self._on_the_way.reach(Reached.CALLBACK)
        return outcome

    async def run_agi(self, script: str) -> AgiOutcome:
        outcome = AgiOutcome(self._choices.choose(tuple(AgiOutcome)))
        self._hears(Event("agi", script, outcome.value, OUTSIDE_SCRIPT))
        return outcome

    async def refuse(self, cause: int) -> None:
        """A call that was answered cannot be refused any more: its caller is hung up on."""
        answered = self._on_the_way.answered or self._fact(*ANSWERED, {"no": False, "yes": True})
        if not answered:
            self._on_the_way.reach(Reached.REFUSED)
        self._on_the_way.happened(Event("refuse", str(cause), "too_late" if answered else ""))

    async def hang_up(self, *, allowed: str = "") -> None:
        if allowed:
            self._on_the_way.reach(Reached.REFUSED)
        self._on_the_way.happened(Event("hang_up", allowed))

    def _talked(self, outcome: T, talked: T) -> T:
        if outcome is talked:
            self._on_the_way.reach(Reached.PERSON)
        return outcome

    def _say(self, speech: tuple[Speech, ...]) -> float:
        names = [part if isinstance(part, str) else part.kind for part in speech]
        seconds = sum(
            self._length(part) if isinstance(part, str) else VALUE_SPOKEN for part in speech
        )
        self._hears(Event("heard", ", ".join(names), seconds=seconds))
        return seconds

    def _hears(self, event: Event) -> None:
        """Note what a call must be answered for."""
        self._on_the_way.answered = True
        self._on_the_way.happened(event)

    def _length(self, prompt: str) -> float:
        language, _, name = prompt.rpartition("/")
        return self._around.length(language or self._language, name)

    def _fact(self, kind: str, name: str, ways: Mapping[str, object]) -> object:
        """Take something for granted: it stays so on the whole way."""
        guards = self._on_the_way.guards
        if (kind, name) not in guards:
            guards[kind, name] = self._happens(kind, name, ways)
        return guards[kind, name]

    def _happens(self, what: str, name: str, ways: Mapping[str, T]) -> T:
        word = str(self._choices.choose(list(ways)))
        self._on_the_way.happened(Event(what, name, word))
        return ways[word]
