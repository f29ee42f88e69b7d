"""What Asterisk itself does with calls while our service is not there, from the same site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.dialplan.plan import Dialplan
from ivr.dialplan.site import Site
from ivr.dialplan.step import Step
from ivr.dialplan.steps.refuse import Refuse
from ivr.ids import Label, LineName, QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackLine:
    """One line: refused with a Q.850 cause (never answered), or taken to a person.

    ``outbound_number`` is shown by calls made for this line; message-only lines have none.
    """

    line: LineName
    numbers: tuple[str, ...]
    language: str
    refuse_cause: int | None
    outbound_number: str

    @property
    def message_only(self) -> bool:
        return self.refuse_cause is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackPlan:
    """Every line, and the one way to a person: apology, phones, number outside, message."""

    lines: tuple[FallbackLine, ...]
    prompt: str  # name of the apology
    queue: QueueName
    endpoints: tuple[str, ...]  # phones that ring
    ring_for: float  # seconds each round
    wait: float  # seconds in all, then the number
    number: str  # E.164
    box: str
    emergency_numbers: tuple[str, ...]
    emergency_caller: str  # E.164, one of our own


def fallback_plan(site: Site, plans: Mapping[LineName, Dialplan]) -> FallbackPlan:
    """Return what Asterisk must know to serve the callers of *plans* alone."""
    queue = site.queues[site.failsafe.queue]
    return FallbackPlan(
        lines=tuple(_line(plan) for plan in plans.values()),
        prompt=site.failsafe.prompt,
        queue=queue.name,
        endpoints=tuple(site.agents[agent].endpoint for agent in queue.agents),
        ring_for=queue.ring_for,
        wait=site.failsafe.wait,
        number=site.failsafe.number,
        box=site.failsafe.box,
        emergency_numbers=site.emergency_numbers,
        emergency_caller=own_number(plans[site.emergency_line].numbers),
    )


def is_answered(steps: Mapping[Label, Step], start: Label) -> bool:
    """Say whether calls are taken at all: a line that begins with ``refuse`` takes none."""
    return not isinstance(steps.get(start), Refuse)


def own_number(numbers: Iterable[str]) -> str:
    """Return the number a line's outgoing calls show, the first that is E.164; else ``""``."""
    return next((number for number in numbers if number.startswith("+")), "")


def _line(plan: Dialplan) -> FallbackLine:
    first = plan.steps[plan.start]
    cause = first.q850 if isinstance(first, Refuse) else None
    return FallbackLine(
        line=plan.line,
        numbers=plan.numbers,
        language=plan.language,
        refuse_cause=cause,
        outbound_number="" if cause is not None else own_number(plan.numbers),
    )
