"""Every kind of caller that a plan can meet: each key, each answer of the world, each opening time.

Callers who come to the same step in the same state go on alike: only the first of them goes on in
all ways, so that their number grows with the plan and not with the ways through it.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ivr.dialplan.choices import Choices, Explored, explore
from ivr.dialplan.interpreter import Place, run_dialplan
from ivr.dialplan.on_paper import result_of
from ivr.dialplan.outcomes import DayKind, QueueOutcome
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.scenario import FAILS, OUTCOMES, Answer, Press, Scenario, Service
from ivr.dialplan.simulated_call import Length, SimulatedCall
from ivr.dialplan.site import Site
from ivr.dialplan.step import END, Step
from ivr.dialplan.steps.branch import Branch
from ivr.ids import Label

MOST_CALLERS = 5000
_CROWD = 10  # callers who wait where a plan asks how many, if any do
_WEEK = timedelta(days=7)

Question = tuple[str, str]  # what is asked, of which name
_DAY: Question = ("day", "")


class ChosenWorld:
    """A world in which everything is chosen when it is first asked for, and then stays."""

    def __init__(self, choices: Choices, scenario: Scenario) -> None:
        self._choices = choices
        self._scenario = scenario
        self._presses: list[Press] = []
        self._asked_here: list[str] = []  # keys pressed in this visit of the step
        self._inputs: tuple[str, ...] = ()
        self._answers: defaultdict[tuple[Service, str], list[Answer]] = defaultdict(list)
        self._facts: dict[Question, object] = {}

    def facts(self, ahead: AbstractSet[Question]) -> frozenset[tuple[Question, object]]:
        """Return what is known of this world and may be asked again *ahead*."""
        known = self._facts.items()
        return frozenset(fact for fact in known if not fact[0][1] or fact[0] in ahead)

    def scenario(self) -> Scenario:
        """Return the caller and the world that were chosen, to be gone through once more."""
        facts = self._facts
        return replace(
            self._scenario,
            presses=tuple(self._presses),
            answers={asked: tuple(given) for asked, given in self._answers.items()},
            staffed={name: bool(is_so) for (what, name), is_so in facts.items() if what == "staff"},
            waiting={
                name: _CROWD if many else 0
                for (what, name), many in facts.items()
                if what == "crowd"
            },
            emergency=bool(facts.get(("emergency", ""))),
            day=self._day(),
        )

    def at_step(self, place: Place, step: Step) -> float | None:
        self._inputs = step.inputs() or ("1",)
        self._asked_here.clear()
        return None

    def hangs_up_after(self) -> float | None:
        return None

    def press(self) -> Press:
        """Press each key, or nothing; who is asked again does the same again, or gives in."""
        again = (self._asked_here[-1], self._inputs[0]) if self._asked_here else self._inputs
        keys = self._choices.choose(tuple(dict.fromkeys((*again, ""))))
        self._asked_here.append(keys)
        self._presses.append(Press(keys))
        return self._presses[-1]

    def answer(self, service: Service, name: str) -> Answer:
        options: list[str] = list(OUTCOMES[service])
        if service is Service.QUEUE:
            staffed = self.is_staffed(name)
            options = [one for one in options if (one != QueueOutcome.EMPTY) == staffed]
        failed = ("failed", "")
        outcome = self._choices.choose(options if failed in self._facts else [*options, FAILS])
        if outcome == FAILS:
            self._facts[failed] = True  # once in a call: where it leads is the same each time
        self._answers[service, name].append(Answer(outcome))
        return self._answers[service, name][-1]

    def is_staffed(self, queue: str) -> bool:
        return bool(self._fact("staff", queue, (True, False)))

    def queue_waiting(self, queue: str) -> int:
        return _CROWD if self._fact("crowd", queue, (False, True)) else 0

    def is_emergency(self) -> bool:
        return bool(self._fact("emergency", "", (False, True)))

    def day_kind(self) -> DayKind | None:
        self._fact(*_DAY, tuple(DayKind))
        return self._day()

    def is_open(self, hours: str) -> bool | None:
        return None

    def holds(self, condition: str) -> bool | None:
        return None

    def _day(self) -> DayKind | None:
        known = self._facts.get(_DAY)
        return known if isinstance(known, DayKind) else None

    def _fact(self, what: str, name: str, options: Sequence[object]) -> object:
        if (what, name) not in self._facts:
            self._facts[what, name] = self._choices.choose(options)
        return self._facts[what, name]


def callers(
    plan: Dialplan, site: Site, length: Length, moments: Sequence[datetime], most: int
) -> Explored[Scenario]:
    """Return a caller for each way through *plan*, called at each of *moments*."""
    ahead = questions_ahead(plan)

    def run(choices: Choices) -> Scenario:
        scenario = Scenario(at=choices.choose(moments))
        world = ChosenWorld(choices, scenario)
        call = SimulatedCall(plan, site, scenario, world, length)

        def at_step(place: Place) -> None:
            call.at_step(place)
            asked = ahead[place.label]
            known = tuple(call.variables.get(name, "") for what, name in asked if what == "var")
            moment = scenario.at if any(what == "hours" for what, _ in asked) else None
            choices.at((place.label, moment, known, call.state, world.facts(asked)))

        result_of(run_dialplan(plan, call, call.trace, at_step=at_step))
        return world.scenario()

    return explore(run, most)


def questions_ahead(plan: Dialplan) -> dict[Label, frozenset[Question]]:
    """Return what may still be asked from each step on; all else makes no difference there."""
    deciding = deciding_variables(plan)
    ahead = {label: set(_questions(step, deciding)) for label, step in plan.steps.items()}
    before: defaultdict[Label, set[Label]] = defaultdict(set)
    for label, step in plan.steps.items():
        targets = {plan.target(label, target) for target in step.exits().values()}
        for target in {*targets, plan.on_error, plan.entries.get(label, plan.on_error)} - {END}:
            before[target].add(label)
    spread = deque(plan.steps)
    while spread:
        label = spread.popleft()
        for earlier in before[label]:
            if not ahead[label] <= ahead[earlier]:
                ahead[earlier] |= ahead[label]
                spread.append(earlier)
    return {label: frozenset(asked) for label, asked in ahead.items()}


def _questions(step: Step, deciding: AbstractSet[str]) -> Iterator[Question]:
    yield from (("hours", name) for name in step.uses().get("hours", ()))
    for queue in step.uses().get("queue", ()):
        yield from (("staff", queue), ("crowd", queue))
    yield from (("var", name) for name in {*step.reads(), *step.counters()} & deciding)


def deciding_variables(plan: Dialplan) -> frozenset[str]:
    """Return the variables that a condition reads, or that such a one is made of."""
    steps = plan.steps.values()
    deciding = {name for step in steps if isinstance(step, Branch) for name in step.reads()}
    before: set[str] = set()
    while before != deciding:
        before = set(deciding)
        deciding |= {name for step in steps if deciding & {*step.writes()} for name in step.reads()}
    return frozenset(deciding | set(plan.counters))


def telling_moments(plans: Iterable[Dialplan], site: Site, after: datetime) -> list[datetime]:
    """Return a moment of the next week for each way in which the hours of *plans* can stand."""
    steps = [step for plan in plans for step in plan.steps.values()]
    used = sorted({name for step in steps for name in step.uses().get("hours", ())})
    zone = site.authority.timezone
    moments: dict[tuple[bool, ...], datetime] = {}
    for moment in sorted({at for name in used for at in _changes(site, name, after)} or {after}):
        stand = tuple(site.hours[name].is_open(moment) for name in used)
        moments.setdefault(stand, moment.astimezone(zone))
    return list(moments.values())


def _changes(site: Site, hours: str, after: datetime) -> Iterable[datetime]:
    moment: datetime | None = after.astimezone(UTC)
    while moment is not None and moment < after + _WEEK:
        moment = site.hours[hours].next_change(moment)
        if moment is not None:
            yield moment
