"""What Asterisk itself can do with a call while our service is away: a step's native operations.

A step's ``native`` gives these in place of ``run``. Each operation says with ``do`` what it means,
in terms of the same context that ``run`` sees: so the path proof walks the native form like any
plan, and tests compare the two. Into Asterisk's words they are put by ``ivr.app.native_lines``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ivr.dialplan.context import StepContext
from ivr.dialplan.outcomes import DialOutcome, MessageOutcome, QueueOutcome
from ivr.ids import Label

PERSON = Label("(person)")  # the fail-safe's own way to a person: phones, number, message
OVER = Label("end")  # the call is over, in order
OFFERED = "native_offered"  # the variable that says that the caller could leave a message

Fact = tuple[str, str]  # kind and name: ("hours", "department"), ("variable", "topic"), …
Spot = Label  # where an operation goes: a step, or a ``Mark`` of the same step in brackets


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeContext:
    """What a step must know of its place in the plan to say what it is natively."""

    to: Callable[[Label], Label]  # one of the step's exits → the step it means
    failed: Callable[[], Label]  # where a failure leads
    counters: Mapping[str, int]
    languages: Mapping[str, tuple[str, ...]]  # of each line in the plan, its default first


@dataclass(slots=True)
class Memory:
    """What is remembered while one step runs."""

    keys: str = ""
    counts: dict[str, int] = field(default_factory=dict)


class Operation(Protocol):
    """One native operation."""

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        """Do it and return where to go; ``None``: on to the next operation."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a step that operations of the same step go to."""

    spot: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        return None


@dataclass(frozen=True, slots=True)
class Go:
    """Go there."""

    to: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        return self.to


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the call; natively it always is by then."""

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        await call.answer()
        return None


@dataclass(frozen=True, slots=True)
class Say:
    """Play prompts to the end."""

    prompts: tuple[str, ...]

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        await call.play(*self.prompts)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Play prompts and take keys; what was pressed before is not known natively."""

    prompts: tuple[str, ...]
    wait: float
    digits: int = 1
    between: float = 3.0
    finish: str = ""
    barge_in: bool = True

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        memory.keys = await call.ask(
            *self.prompts,
            digits=self.digits,
            wait=self.wait,
            between=self.between,
            finish=self.finish,
            barge_in=self.barge_in,
            secret=True,
        )
        return None


@dataclass(frozen=True, slots=True)
class OnKeys:
    """Go there if exactly *keys* were pressed; ``""`` is silence."""

    keys: str
    go: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        return self.go if memory.keys == self.keys else None


@dataclass(frozen=True, slots=True)
class OnNumber:
    """Go there if a number of at least *shortest* digits was pressed."""

    shortest: int
    go: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        enough = memory.keys.isdecimal() and len(memory.keys) >= self.shortest
        return self.go if enough else None


@dataclass(frozen=True, slots=True)
class Count:
    """Add one to a counter of this step; go there when it comes to *limit*."""

    counter: str
    limit: int
    go: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        memory.counts[self.counter] = memory.counts.get(self.counter, 0) + 1
        return self.go if memory.counts[self.counter] >= self.limit else None


@dataclass(frozen=True, slots=True)
class Tally:
    """Add one to a counter of the plan, which stays at *most*."""

    counter: str
    most: int

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        call.count(self.counter)
        return None


@dataclass(frozen=True, slots=True)
class Note:
    """Keep a text under a name; ``None``: a text that nobody knows before the call."""

    variable: str
    text: str | None

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        if self.text is not None:
            call.variables[self.variable] = self.text
        return None


@dataclass(frozen=True, slots=True)
class Speak:
    """The caller has chosen a language."""

    language: str

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        call.speak(self.language)
        return None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Go on in *spoken[0]*, unless the caller chose one of *spoken*."""

    line: str
    spoken: tuple[str, ...]

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        call.hand_over(self.line)
        return None


@dataclass(frozen=True, slots=True)
class If:
    """Go there if a fact has that value."""

    fact: Fact
    value: str
    go: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        return self.go if _is(call, self.fact, self.value) else None


@dataclass(frozen=True, slots=True)
class Decide:
    """Go there if *condition* holds, to *failed* if it fails; compiled to ``If`` operations."""

    condition: str
    go: Spot
    failed: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        return self.go if call.holds(self.condition) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Call outside; who talked is served, and the call is over."""

    number: str
    ring_for: float
    confirm: str | None = None
    busy: Spot
    no_answer: Spot
    rejected: Spot
    unreachable: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        outcome = await call.dial(
            self.number, ring_for=self.ring_for, confirm=self.confirm, record=False
        )
        ways = {
            DialOutcome.TALKED: OVER,
            DialOutcome.BUSY: self.busy,
            DialOutcome.NO_ANSWER: self.no_answer,
            DialOutcome.REJECTED: self.rejected,
            DialOutcome.UNREACHABLE: self.unreachable,
        }
        return ways[outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Ring the phones of a queue; ``wait`` ``None``: as long as the queue's own limit."""

    queue: str
    wait: float | None
    no_answer: Spot
    empty: Spot
    full: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        outcome = await call.enqueue(self.queue, wait=self.wait)
        ways = {
            QueueOutcome.TALKED: OVER,
            QueueOutcome.NO_ANSWER: self.no_answer,
            QueueOutcome.EMPTY: self.empty,
            QueueOutcome.FULL: self.full,
        }
        return ways[outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMessage:
    """Record a message; that it could not be kept looks to Asterisk as if nothing was said."""

    box: str
    longest: float
    accepted: Spot
    empty: Spot

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        outcome = await call.take_message(self.box, longest=self.longest)
        call.variables[OFFERED] = "1"
        return self.accepted if outcome is MessageOutcome.ACCEPTED else self.empty


@dataclass(frozen=True, slots=True)
class End:
    """Hang up: with a Q.850 *cause* to refuse the call, else because that is *allowed*."""

    cause: int = 16
    allowed: str = ""

    async def do(self, call: StepContext, memory: Memory) -> Spot | None:
        if self.cause != 16:
            await call.refuse(self.cause)
        else:
            await call.hang_up(allowed=self.allowed)
        return OVER


Operations = Sequence[Operation]
_SPOTS = (
    "to", "go", "failed", "busy", "no_answer", "rejected", "unreachable", "empty", "full",
    "accepted",
)  # fmt: skip


def spots_of(operation: Operation) -> tuple[Spot, ...]:
    """Return everywhere that *operation* can go."""
    return tuple(getattr(operation, name) for name in _SPOTS if hasattr(operation, name))


def if_not_served() -> If:
    """Lead whoever would be hung up on, and could not even leave a message, to a person."""
    return If(("variable", OFFERED), "", PERSON)


def _is(call: StepContext, fact: Fact, value: str) -> bool:
    kind, name = fact
    if kind == "variable":
        return call.holds(f"vars.{name} == '{_in_quotes(value)}'")
    asked: dict[str, Callable[[], str]] = {
        "hours": lambda: "open" if call.is_open(name) else "closed",
        "emergency": lambda: "on" if call.is_emergency() else "off",
        "staffed": lambda: "yes" if call.is_staffed(name) else "no",
        "day": lambda: str(call.day_kind()),
        "language": lambda: call.language,
    }
    return asked[kind]() == value


def _in_quotes(text: str) -> str:
    """Return *text* as it is written in a condition, whatever is in it."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08x}" for c in text)
