"""Runs the tests that stand beside the plans; one that fails says what happened instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.dialplan.check import LoadedSite
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.plan_test_file import Goal, PlanTest, is_about, read_tests
from ivr.dialplan.problem import Problem
from ivr.dialplan.scenario import Service
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulated_call import Length
from ivr.dialplan.simulation import Kind, Simulation
from ivr.dialplan.site import Site
from ivr.dialplan.story import end_in_words
from ivr.dialplan.validate import KnownPrompts

_GOOD = {Service.QUEUE: "talked", Service.NUMBER: "talked", Service.BOX: "accepted"}


@dataclass(frozen=True, slots=True)
class TestResult:
    """What came of one test; no *failures*: it passed."""

    __test__ = False  # not one of pytest's

    test: PlanTest
    simulation: Simulation
    failures: tuple[str, ...]

    def __str__(self) -> str:
        told = "; ".join(self.failures) or "passed"
        return f"{self.test.file}:{self.test.line_number}: {self.test.name}: {told}"


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of all tests of one line; *problems*: in what is written of them."""

    results: tuple[TestResult, ...]
    problems: tuple[Problem, ...]

    @property
    def failed(self) -> tuple[TestResult, ...]:
        return tuple(result for result in self.results if result.failures)

    @property
    def passed(self) -> bool:
        return not (self.failed or self.problems)

    def told(self) -> list[str]:
        """Return a line for all that is wrong."""
        return [*map(str, self.problems), *map(str, self.failed)]


def run_tests_of(
    plan: Dialplan,
    site: Site,
    files: Mapping[str, str],
    length: Length,
    known_prompts: KnownPrompts | None = None,
) -> Tested:
    """Run the tests in *files* (name → text) that are about *plan*'s line, and no others."""
    loaded = LoadedSite(site, {plan.line: plan})
    results: list[TestResult] = []
    problems: list[Problem] = []
    for name, text in sorted(files.items()):
        if is_about(name, text, plan.line):
            tests, wrong = read_tests(name, text, site, loaded.plans, known_prompts)
            results.extend(run_test(test, loaded, length) for test in tests)
            problems.extend(wrong)
    return Tested(tuple(results), tuple(problems))


def run_test(test: PlanTest, loaded: LoadedSite, length: Length) -> TestResult:
    """Let the test's caller call."""
    simulation = simulate(loaded.plans[test.line], loaded.site, test.scenario, length)
    failures = (*_not_reached(test, simulation), *_not_heard(test, simulation))
    return TestResult(test, simulation, failures)


def moment_reached(simulation: Simulation, goal: Goal) -> float | None:
    """Return after how many seconds the caller came to *goal*, ``None`` if never."""
    if goal.what == "step":
        visits = zip(simulation.steps, simulation.began, strict=True)
        return next((began for step, began in visits if step.label == goal.name), None)
    if goal.what in list(Reached):
        return (
            simulation.seconds if simulation.end.reached == goal.what else _ticket(simulation, goal)
        )
    good = _GOOD[Service(goal.what)]
    for event in simulation.events:
        if (event.service, event.name, event.outcome) == (goal.what, goal.name, good):
            return event.at + event.seconds
    return None


def _ticket(simulation: Simulation, goal: Goal) -> float | None:
    """Return when a ticket was opened, also for a caller whom something better happened to."""
    opened = (
        event.at
        for event in simulation.events
        if event.service is Service.TICKET and event.outcome == "opened"
    )
    return next(opened, None) if goal.what == Reached.TICKET else None


def _not_reached(test: PlanTest, simulation: Simulation) -> Iterator[str]:
    if test.reaches is None:
        return
    at = moment_reached(simulation, test.reaches)
    if at is None:
        yield (
            f"should reach {test.reaches}, but ended after {simulation.seconds:.0f} s at"
            f" {simulation.ended_at}: {end_in_words(simulation.end)}"
            f" (by {', '.join(simulation.labels)})"
        )
    elif test.within is not None and at > test.within:
        yield f"should reach {test.reaches} within {test.within:g} s, but took {at:.0f} s"


def _not_heard(test: PlanTest, simulation: Simulation) -> Iterator[str]:
    heard = {event.name: event for event in reversed(simulation.events) if event.kind is Kind.HEARD}
    for name in test.hears:
        if name not in heard:
            yield f"should hear {name}, but heard {', '.join(reversed(heard)) or 'nothing'}"
    for name in test.never_hears:
        if name in heard:
            event = heard[name]
            yield f"should never hear {name}, but heard it after {event.at:.0f} s at {event.label}"
