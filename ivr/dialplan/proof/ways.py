"""All the ways through one step: the step itself is run, once for each sequence of outcomes."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import ge, itemgetter
from typing import TypeVar

from ivr.dialplan.on_paper import result_of
from ivr.dialplan.outcomes import Reached
from ivr.ids import Label

T = TypeVar("T")

LONGEST_SCRIPT = 60  # choices in one step
MOST_RUNS = 20_000  # of one step


class StepTooWide(ValueError):
    """A step has more ways than can be tried; none of ours does."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens to the caller, and how many *seconds* it takes at most."""

    what: str  # "heard", "pressed", "queue", "dial", …: as ``StepContext`` calls it
    name: str
    outcome: str = ""
    seconds: float = 0.0


Guard = tuple[str, str]  # what must be so for a way to be open, e.g. ("hours", "department")
ANSWERED: Guard = ("answered", "")  # of the call, not of the house
Measures = tuple[float, float, float]  # seconds, those until a person, longest speech of a question


@dataclass(slots=True)
class Progress:
    """What has happened so far on the way that is being tried."""

    seconds: float = 0.0
    events: list[Event] = field(default_factory=list)
    guards: dict[Guard, object] = field(default_factory=dict)
    conditions: dict[str, bool | None] = field(default_factory=dict)  # → true, false or failed
    answered: bool = False
    reached: Reached | None = None
    asked_at: float | None = None  # seconds until a person was first asked for
    longest_speech: float = 0.0  # of a question
    questions: int = 0
    faults: int = 0
    mistaken: bool = False  # the caller erred, was silent or wanted to hear it again
    silent: bool = True  # pressed nothing, wherever asked
    language: str | None = None
    wrote: dict[str, str | None] = field(default_factory=dict)  # variable → text, if it is known
    counted: list[str] = field(default_factory=list)  # counters, each time one was added

    def happened(self, event: Event) -> None:
        if self.reached is None:
            self.seconds += event.seconds
        self.events.append(event)

    def reach(self, what: Reached) -> None:
        if self.reached is None:
            self.reached = what

    def ask_person(self) -> None:
        if self.asked_at is None:
            self.asked_at = self.seconds

    def effect(self) -> tuple[object, ...]:
        """Return everything in which two ways differ for what comes after them."""
        return (
            frozenset(self.guards.items()),
            self.answered,
            self.reached,
            self.asked_at is not None,
            self.faults,
            self.mistaken,
            self.silent,
            self.language,
            frozenset(self.conditions.items()),
            frozenset(self.wrote.items()),
            tuple(self.counted),
        )

    def measures(self) -> Measures:
        """Return what the budgets limit; of two ways of one effect the greater is the worse."""
        return self.seconds, self.asked_at or 0.0, self.longest_speech


@dataclass(frozen=True, slots=True)
class Way:
    """One way through a step; ``goes_to`` is ``None`` if the step failed on it."""

    goes_to: Label | None
    progress: Progress


class Pruned(Exception):
    """This way came to where another one was already, and is worse in nothing."""


class Choices:
    """A script of choices: replays its beginning, then takes the first option each time.

    A run that comes to a choice with the step in a state in which it was before, no later than
    then, is given up: a step's local variables are all that it remembers, so nothing new can come.
    So a step keeps what an operation told it in a variable before it asks for the next; that each
    kind does is tested with its example.
    """

    def __init__(self, script: Sequence[int], seen: dict[object, list[Measures]]) -> None:
        self._script = script
        self._seen = seen
        self.progress = Progress()
        self.taken: list[int] = []
        self.widths: list[int] = []

    def choose(self, options: Sequence[T]) -> T:
        """Return one of *options*: each of them is the one in some run."""
        place = len(self.taken)
        if place >= len(self._script):
            self._look_whether_new()
        if place > LONGEST_SCRIPT:
            raise StepTooWide("a step asks too often")
        pick = self._script[place] if place < len(self._script) else 0
        self.taken.append(pick)
        self.widths.append(len(options))
        return options[pick]

    def _look_whether_new(self) -> None:
        before = self._seen.setdefault((_state_of_step(), self.progress.effect()), [])
        now = self.progress.measures()
        if any(all(map(ge, earlier, now)) for earlier in before):
            raise Pruned
        before.append(now)


def _state_of_step() -> tuple[object, ...]:
    """Return where the step's code stands, helpers of it too, and what its local variables are."""
    state: list[object] = []
    frame = inspect.currentframe()
    while frame is not None and frame.f_code is not result_of.__code__:
        if not frame.f_globals["__name__"].startswith(__package__):
            values = sorted((name, repr(value)) for name, value in frame.f_locals.items())
            state.append((frame.f_code, frame.f_lasti, tuple(values)))
        frame = frame.f_back
    return tuple(state)


def explore(run: Callable[[Choices], Label | None]) -> list[Way]:
    """Return the ways through a step, each effect with its worst measures.

    *run* runs the step with the given choices and returns where it goes, ``None`` if it fails.
    """
    found: dict[object, list[Way]] = {}
    seen: dict[object, list[Measures]] = {}
    ahead: list[list[int]] = [[]]
    runs = 0
    while ahead:
        runs += 1
        if runs > MOST_RUNS:
            raise StepTooWide("a step has too many ways")
        script = ahead.pop()
        choices = Choices(script, seen)
        try:
            way = Way(run(choices), choices.progress)
        except Pruned:
            way = None
        ahead.extend(_neighbours(choices, len(script)))
        if way is not None:
            key = (way.goes_to, way.progress.effect())
            found[key] = _worst([*found.get(key, []), way])
    return [way for ways in found.values() for way in ways]


def _neighbours(choices: Choices, from_place: int) -> Iterator[list[int]]:
    for place in range(from_place, len(choices.taken)):
        for pick in range(1, choices.widths[place]):
            yield [*choices.taken[:place], pick]


def _worst(ways: Sequence[Way]) -> list[Way]:
    """Keep for each measure the way that is worst in it; often one is in all of them."""
    measured = [way.progress.measures() for way in ways]
    worst = {measured.index(max(measured, key=itemgetter(one))) for one in range(len(measured[0]))}
    return [ways[place] for place in sorted(worst)]
