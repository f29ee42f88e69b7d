"""Real calls of the last days through a plan: who would have ended elsewhere.

A replayed caller presses what they pressed and gives up where they gave up; queues and numbers
answer as they did. Where a plan comes to something that this call did not come to, it answers as it
did for the call nearest in time.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ivr.dialplan.interpreter import Place
from ivr.dialplan.outcomes import DayKind, QueueOutcome
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.recorded_call import (
    RecordedCall,
    RecordedStep,
    Remembered,
    can_be_replayed,
    end_of,
    remember,
)
from ivr.dialplan.scenario import FAILS, HANGS_UP, OUTCOMES, Answer, Press, Scenario, Service, usual
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulated_call import Length
from ivr.dialplan.simulation import End, Simulation
from ivr.dialplan.site import Site
from ivr.dialplan.step import Step
from ivr.ids import Label, LineName

PlanOf = Callable[[RecordedCall], Dialplan | None]  # the version a call ran on, if still known
Memory = tuple[Remembered, ...]


@dataclass(frozen=True, slots=True)
class EndsElsewhere:
    """A call that would have ended elsewhere, and how."""

    call: RecordedCall
    before: End
    after: Simulation


@dataclass(frozen=True, slots=True)
class Replay:
    """How many calls were replayed, which end elsewhere, how many could not be replayed."""

    calls: int
    changed: tuple[EndsElsewhere, ...]
    set_aside: int  # taken up by another process, ended by a fault of ours, or too old to read


def replay(
    calls: Iterable[RecordedCall],
    plans: Mapping[LineName, Dialplan],
    ran_on: PlanOf,
    site: Site,
    length: Length,
) -> Replay:
    """Let every caller of *calls* go through the plan of their line in *plans*."""
    told: list[tuple[RecordedCall, Dialplan, Memory]] = []
    aside = 0
    for call in calls:
        version = ran_on(call)
        if version is None or call.line not in plans or not can_be_replayed(call, version):
            aside += 1
        else:
            told.append((call, version, tuple(remember(call, version))))
    experience = Experience(memory for _, _, memory in told)
    changed: list[EndsElsewhere] = []
    for call, version, memory in told:
        again = replayed(call, memory, plans[call.line], site, length, experience)
        before = end_of(call, version)
        if again.end != before:
            changed.append(EndsElsewhere(call, before, again))
    return Replay(len(told), tuple(changed), aside)


def replayed(
    call: RecordedCall,
    memory: Memory,
    plan: Dialplan,
    site: Site,
    length: Length,
    experience: "Experience",
) -> Simulation:
    """Let the caller of *call* go through *plan*."""
    scenario = Scenario(
        at=memory[0].at,
        caller_number=call.caller_number,
        called_number=call.called_number,
        language=plan.language,
    )
    return simulate(plan, site, scenario, length, RememberedWorld(call, memory, experience))


class Experience:
    """How queues and numbers answered, over all calls, by time."""

    def __init__(self, memories: Iterable[Memory]) -> None:
        seen: defaultdict[tuple[Service, str], list[tuple[float, Answer]]] = defaultdict(list)
        for memory in memories:
            for one in memory:
                if one.turned_to and one.answer and one.answer.outcome != HANGS_UP:
                    seen[one.turned_to].append((one.at.timestamp(), one.answer))
        self._seen = {what: sorted(given, key=lambda pair: pair[0]) for what, given in seen.items()}

    def nearest(self, turned_to: tuple[Service, str], at: float) -> Answer | None:
        """Return what was answered at the time nearest to *at*, ``None`` if nobody ever asked."""
        given = self._seen.get(turned_to, [])
        place = bisect_left(given, at, key=lambda pair: pair[0])
        near = sorted(given[max(0, place - 1) : place + 1], key=lambda pair: abs(pair[0] - at))
        return near[0][1] if near else None


class RememberedWorld:
    """The world of one recorded call: matched step by step where the plan goes the same way."""

    def __init__(self, call: RecordedCall, memory: Memory, experience: Experience) -> None:
        self._call = call
        self._memory = memory
        self._experience = experience
        self._visits: Counter[Label] = Counter()
        self._places = _places(call.steps)
        self._here: Remembered | None = None
        self._presses: list[str] = []
        self._unused = dict(enumerate(memory))
        self._true: dict[str, bool] = {}

    def at_step(self, place: Place, step: Step) -> float | None:
        self._visits[place.label] += 1
        found = self._places.get((place.label, self._visits[place.label]))
        self._here = None if found is None else self._unused.pop(found, None)
        if self._here is None:
            return None
        self._presses = list(self._here.pressed)
        self._true.update(self._here.true)
        return (self._here.at - self._memory[0].at).total_seconds()

    def hangs_up_after(self) -> float | None:
        """Leave where the caller left; on another way, when they had stayed as long as then."""
        if self._here is not None:
            talked = self._here.answer is not None
            return 0.0 if self._here.hung_up and not talked else None
        gave_up = self._memory[-1].hung_up and self._memory[-1].answer is None
        return self._call.seconds if gave_up else None

    def press(self) -> Press:
        if self._here is None and not self._presses:
            self._presses = self._next_presses()
        return Press(self._presses.pop(0) if self._presses else "")

    def answer(self, service: Service, name: str) -> Answer:
        if self._here is not None and self._here.turned_to in (None, (service, name)):
            given = self._here.answer
            if given is not None and given.outcome in {*OUTCOMES[service], FAILS, HANGS_UP}:
                return given
        for place, one in self._unused.items():
            if one.turned_to == (service, name) and one.answer is not None:
                return self._unused.pop(place).answer or usual(service)
        return self._experience.nearest((service, name), self._now()) or usual(service)

    def is_staffed(self, queue: str) -> bool:
        known = self._true.get(f"is_staffed('{queue}')")
        if known is not None:
            return known
        turned_to = (Service.QUEUE, queue)
        own = [one.answer for one in self._memory if one.turned_to == turned_to and one.answer]
        given = own[0] if own else self._experience.nearest(turned_to, self._now())
        return given is not None and given.outcome != QueueOutcome.EMPTY

    def queue_waiting(self, queue: str) -> int:
        return 0

    def is_emergency(self) -> bool:
        return False

    def day_kind(self) -> DayKind | None:
        return self._here.day if self._here else None

    def is_open(self, hours: str) -> bool | None:
        return self._here.open.get(hours) if self._here else None

    def holds(self, condition: str) -> bool | None:
        return self._here.true.get(condition) if self._here else None

    def _now(self) -> float:
        return (self._here or self._memory[0]).at.timestamp()

    def _next_presses(self) -> list[str]:
        """Take the keys of the next question that the caller had answered and was not asked yet."""
        for place, one in self._unused.items():
            if any(one.pressed):
                return list(self._unused.pop(place).pressed)
        return []


def _places(steps: Sequence[RecordedStep]) -> dict[tuple[Label, int], int]:
    """Return where in the trace each visit of each step is, counted by label from 1."""
    visits: Counter[Label] = Counter()
    places: dict[tuple[Label, int], int] = {}
    for place, step in enumerate(steps):
        label = step.label
        visits[label] += 1
        places[label, visits[label]] = place
    return places
