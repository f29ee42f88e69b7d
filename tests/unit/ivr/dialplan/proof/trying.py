"""Runs single steps as the proof does, and without its short cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ivr.dialplan.on_paper import result_of
from ivr.dialplan.proof.tried_call import Surroundings, TriedCall
from ivr.dialplan.proof.ways import Choices, Measures, Way, explore
from ivr.dialplan.step import Step
from ivr.errors import StepFailed
from ivr.ids import Label
from tests.unit.ivr.dialplan.proof.proving import length

AROUND = Surroundings(
    length=length,
    queue_wait=lambda _queue: 60.0,
    variables=("account", "address", "choice", "resident", "ticket", "topic"),
    numbers=("+97229900777",),
    site_values={},
    languages={"council": ("he", "en")},
)
Run = Callable[[Choices], Label | None]
Effects = dict[object, Measures]  # where to and what it did → the worst of each measure


def running(step: Step, around: Surroundings = AROUND) -> Run:
    def run(choices: Choices) -> Label | None:
        try:
            return result_of(step.run(TriedCall(step, Label("step"), "he", around, choices)))
        except StepFailed:
            return None

    return run


def ways_of(step: Step) -> list[Way]:
    return explore(running(step))


def effects(ways: Iterable[Way]) -> Effects:
    """Return what *ways* come to; which of them came first makes no difference."""
    found: Effects = {}
    for way in ways:
        key = (way.goes_to, way.progress.effect())
        new, old = way.progress.measures(), found.get(key, (0.0, 0.0, 0.0))
        found[key] = (max(new[0], old[0]), max(new[1], old[1]), max(new[2], old[2]))
    return found


class Unpruned(Choices):
    """Tries everything, however often it was there before."""

    def _look_whether_new(self) -> None:
        """Nothing is old."""


def all_ways(run: Run) -> Iterator[Way]:
    """Yield every way, one for each sequence of choices: the plain enumeration."""
    ahead: list[list[int]] = [[]]
    while ahead:
        script = ahead.pop()
        choices = Unpruned(script, {})
        yield Way(run(choices), choices.progress)
        for place in range(len(script), len(choices.taken)):
            ahead += [[*choices.taken[:place], one] for one in range(1, choices.widths[place])]
