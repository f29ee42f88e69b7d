"""Follows a dialplan with one call, step by step, and always comes to an end."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ivr.dialplan.context import StepContext
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.step import END
from ivr.dialplan.trace import Trace
from ivr.errors import CallerHungUp, StepFailed
from ivr.ids import Label

MAX_STEPS = 500
MAX_FAILURES = 3  # of steps, in one run


class Ending(StrEnum):
    """How a run ended; after ``FAILED`` and ``LOOPED`` the caller is owed the fail-safe."""

    FINISHED = "finished"
    CALLER_HUNG_UP = "caller_hung_up"
    FAILED = "failed"
    LOOPED = "looped"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands: the step, and the how-manieth step of this call it is, from 1.

    The number is part of the key under which effects happen once: it is the same again when the
    step is run again after a restart, and differs when a loop comes back to the label.
    """

    label: Label
    visit: int = 1


def nothing(_place: Place) -> None:
    """Tell nobody."""


async def run_dialplan(
    plan: Dialplan,
    call: StepContext,
    trace: Trace,
    *,
    start: Place | None = None,
    at_step: Callable[[Place], None] = nothing,
) -> Ending:
    """Follow *plan* from *start*, else from its first step, until it ends or the caller leaves.

    *at_step* is told before each step; from then on ``call.label`` must be that step. Counters
    stand at 0 before they count, so that conditions can ask for them anywhere.
    """
    for counter in plan.counters:
        call.variables.setdefault(counter, "0")
    place = start or Place(plan.start)
    failures = 0
    while place.visit <= MAX_STEPS:
        if place.label == END:
            return Ending.FINISHED
        at_step(place)
        try:
            label = await _run_step(plan, call, trace, place)
        except CallerHungUp:
            return Ending.CALLER_HUNG_UP
        except StepFailed:
            failures += 1
            label = plan.on_error_at(place.label)
            if failures == MAX_FAILURES or place.label == label:
                return Ending.FAILED
        place = Place(label, place.visit + 1)
    return Ending.LOOPED


async def _run_step(plan: Dialplan, call: StepContext, trace: Trace, place: Place) -> Label:
    step = plan.steps[place.label]
    with trace.step(place.label, step.kind, place.visit, call.now()) as entry:
        entry.went_to = plan.target(place.label, await step.run(call))
    return entry.went_to
