"""Proves a plan: every caller of every world is served in time, or one is named who is not."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ivr.dialplan.expressions import variables_in
from ivr.dialplan.on_paper import result_of
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.graph_order import Road
from ivr.dialplan.proof.knowing import asks_house, guards_of
from ivr.dialplan.proof.rules import Breach, Budgets, Rule, breaches
from ivr.dialplan.proof.tried_call import Surroundings, TriedCall
from ivr.dialplan.proof.walk import Walk
from ivr.dialplan.proof.ways import Choices, Guard, Way, explore
from ivr.dialplan.proof.worlds import World, worlds_of
from ivr.dialplan.site import Site
from ivr.errors import StepFailed
from ivr.ids import Label, LineName, QueueName


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing on the way of a caller; *at* in seconds since the answer."""

    at: float
    label: Label
    what: str
    name: str
    outcome: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A caller who is not served: when they call, in which language, and all that happens."""

    rule: Rule
    label: Label
    moment: datetime
    emergency: bool
    language: str
    seconds: float
    story: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of proving one line's plan; it holds if no caller was found who is not served."""

    line: LineName
    version_hash: str
    counterexamples: tuple[Counterexample, ...]
    worlds: int
    states: int
    took: float  # seconds of our own work

    @property
    def holds(self) -> bool:
        return not self.counterexamples


@dataclass(frozen=True, slots=True, kw_only=True)
class Prover:
    """Proves plans of one site. *length* tells how long a prompt is: (language, name) → seconds."""

    site: Site
    length: Callable[[str, str], float]
    day_kind: Callable[[datetime], DayKind]
    now: datetime  # aware; worlds are looked for from here on
    budgets: Budgets = field(default_factory=Budgets)

    def prove(self, plan: Dialplan) -> Proof:
        """Return the proof of *plan*, with one caller for each rule broken at each step."""
        began = time.perf_counter()
        ways = _Ways(plan, self._around(plan))
        walk = Walk(plan, ways.of, {name: self.site.values.get(name, "") for name in ways.read()})
        worlds = worlds_of(ways.guards(), self.site.hours, self.day_kind, self.now)
        found: dict[tuple[Rule, Label], Counterexample] = {}
        turned: dict[tuple[Rule, Label], bool] = {}
        states = 0
        for world in worlds:
            graph = walk.graph(world)
            states += len(graph.arcs)
            for breach in breaches(graph, self.budgets):
                key = (breach.rule, breach.state.label)
                if key not in found or (turned[key] and not breach.after_a_turn):
                    found[key] = _counterexample(breach, world)
                    turned[key] = breach.after_a_turn
        took = time.perf_counter() - began
        return Proof(
            plan.line, plan.version_hash, _sorted(found.values()), len(worlds), states, took
        )

    def _around(self, plan: Dialplan) -> Surroundings:
        written = {name for step in plan.steps.values() for name in step.writes()}
        return Surroundings(
            length=self.length,
            queue_wait=lambda queue: self.site.queues[QueueName(queue)].wait,
            variables=tuple(sorted(written)),
            numbers=plan.numbers,
            site_values=self.site.values,
            languages=plan.languages,
        )


class _Ways:
    """The ways through each step of a plan, explored once for each language."""

    def __init__(self, plan: Dialplan, around: Surroundings) -> None:
        self._plan = plan
        self._around = around
        self._known: dict[tuple[Label, str], list[Way]] = {}

    def of(self, label: Label, language: str) -> list[Way]:
        if (label, language) not in self._known:
            self._known[label, language] = self._explore(label, language)
        return self._known[label, language]

    def guards(self) -> set[Guard]:
        """Return everything of the world that any step asks for."""
        asked = {guard for way in self._all() for guard in way.progress.guards}
        return asked | guards_of({one for way in self._all() for one in way.progress.conditions})

    def read(self) -> set[str]:
        """Return the variables that any condition reads."""
        conditions = {one for way in self._all() for one in way.progress.conditions}
        return {name for condition in conditions for name in variables_in(condition)}

    def _all(self) -> Iterator[Way]:
        for label in self._plan.steps:
            yield from self.of(label, self._plan.language)

    def _explore(self, label: Label, language: str) -> list[Way]:
        step = self._plan.steps[label]

        def run(choices: Choices) -> Label | None:
            try:
                return result_of(step.run(TriedCall(step, label, language, self._around, choices)))
            except StepFailed:
                return None

        return explore(run)


def _counterexample(breach: Breach, world: World) -> Counterexample:
    road = [*breach.road, *([(breach.state, breach.arc)] if breach.arc else [])]
    return Counterexample(
        breach.rule,
        breach.state.label,
        _called_at(road, world),
        world.is_emergency,
        breach.state.language,
        round(breach.seconds, 1),
        tuple(_happenings(road)),
    )


def _called_at(road: Road, world: World) -> datetime:
    """Return when the caller calls: a turn of the world falls between the steps that notice it."""
    gone = asked = 0.0  # seconds since the answer: in all, and when the world was last asked for
    for state, arc in road:
        done = arc.way.progress
        if arc.turn != state.turn:
            turned = world.turns[arc.turn - 1].moment
            return turned - timedelta(seconds=(asked + gone) / 2) if turned else world.moment
        if done.guards or any(map(asks_house, done.conditions)):
            asked = gone
        gone += sum(event.seconds for event in done.events)
    return world.moment


def _happenings(road: Road) -> Iterator[Happening]:
    at = 0.0
    for state, arc in road:
        for event in arc.way.progress.events:
            yield Happening(
                at=round(at, 1),
                label=state.label,
                what=event.what,
                name=event.name,
                outcome=event.outcome,
                seconds=event.seconds,
            )
            at += event.seconds


def _sorted(found: Iterable[Counterexample]) -> tuple[Counterexample, ...]:
    worst = list(Rule)
    return tuple(sorted(found, key=lambda one: (worst.index(one.rule), one.label)))
