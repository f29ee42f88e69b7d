"""Runs the tests that stand beside the plans; one that fails says what happened instead."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.dialplan.check import LoadedSite
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.plan_test_file import Goal, PlanTest
from ivr.dialplan.scenario import Service
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulated_call import Length
from ivr.dialplan.simulation import Kind, Simulation
from ivr.dialplan.story import end_in_words

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
