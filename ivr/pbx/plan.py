"""What Asterisk must know of the call centre to take calls even while our service is dead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.pbx.contexts import PbxContext
from ivr.settings import Settings

ARI_USER = "moked"  # its password is the secret ARI_SECRET
ARI_SECRET = "ari"  # noqa: S105 - the name of a secret, not its value
AMI_USER = "moked"
AMI_SECRET = "ami"  # noqa: S105 - as above
CONTROLLER_FILTER = "^cc-[a-z0-9]+$"  # lanes are named cc-<instance>-lane<N> and never match
DEMO_TRUNK = "trunk-demo"
LEASE_SECONDS = 15
CLAIM_MILLISECONDS = 1200

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}|[1-9][0-9]{2,4}")
_ENDPOINT = re.compile(r"[a-z][a-z0-9]*-[a-z0-9-]{1,40}")
_OWN_CONTEXTS = frozenset({"moked-in", "moked-confirm"})
_REFUSAL_CAUSES = frozenset({1, 17, 18, 21, 22, 34})


class PlanRefused(ValueError):
    """A plan that must not become configuration; the text names every fault at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxLine:
    """One line: its numbers, and where its callers go when nobody of ours answers.

    ``numbers`` and ``fallback_numbers`` are E.164 with ``+`` or short codes of 3–5 digits.
    """

    name: str
    numbers: tuple[str, ...]
    message_only: bool = False
    refusal_cause: int = 21  # Q.850; chan_pjsip makes 403 of 21 (seen on 22.10.1)
    language: str = "he"
    queue: str = ""  # name of a FailsafeQueue
    fallback_numbers: tuple[str, ...] = ()
    outbound_number: str = ""  # shown when the fallback number is dialled
    plan_start: str = ""  # extension of its compiled plan, in the context ``moked-<name>``


@dataclass(frozen=True, slots=True, kw_only=True)
class FailsafeQueue:
    """A native queue: the phones (endpoint names) that ring when our own queues cannot."""

    name: str
    members: tuple[str, ...]
    ring_for: int = 20  # seconds each round
    wait: int = 45  # seconds in all, then the fallback number
    capacity: int = 0  # callers who wait; 0: any number


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxPlan:
    """All lines of the instance."""

    lines: tuple[PbxLine, ...]
    queues: tuple[FailsafeQueue, ...] = ()
    emergency_numbers: tuple[str, ...] = ("100", "101", "102")
    emergency_caller: str = ""  # number shown to the emergency services
    contexts: tuple[PbxContext, ...] = ()  # compiled plans and their tables

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise PlanRefused("; ".join(faults))

    @property
    def answered(self) -> tuple[PbxLine, ...]:
        return tuple(line for line in self.lines if not line.message_only)

    @property
    def refused(self) -> tuple[PbxLine, ...]:
        return tuple(line for line in self.lines if line.message_only)


def trunk_endpoints(settings: Settings, *, demo: bool) -> tuple[str, ...]:
    """Return the PJSIP endpoints calls may leave by, in the order they are tried."""
    if demo:
        return (DEMO_TRUNK,)  # numbers of the demo must never be dialled through a real trunk
    return tuple(f"trunk-{trunk.name}" for trunk in settings.trunks)


def _faults(plan: PbxPlan) -> Iterator[str]:
    yield from _line_faults(plan)
    yield from _queue_faults(plan)
    yield from _number_faults(plan)
    yield from _caller_faults(plan)
    yield from _context_faults(plan)


def _line_faults(plan: PbxPlan) -> Iterator[str]:
    queues = {queue.name for queue in plan.queues}
    for line in plan.lines:
        if not _NAME.fullmatch(line.name) or not re.fullmatch(r"[a-z]{2,3}", line.language):
            yield f"line {line.name!r}: name or language is not a plain lower-case word"
        if line.refusal_cause not in _REFUSAL_CAUSES:
            yield f"line {line.name!r}: {line.refusal_cause} is not a cause to refuse with"
        if line.queue and line.queue not in queues:
            yield f"line {line.name!r}: its fail-safe queue {line.queue!r} does not exist"
    if len({line.name for line in plan.lines}) != len(plan.lines):
        yield "two lines have the same name"


def _number_faults(plan: PbxPlan) -> Iterator[str]:
    owners: dict[str, str] = {}
    for line in plan.lines:
        for number in (*line.numbers, *line.fallback_numbers):
            if not _NUMBER.fullmatch(number):
                yield f"line {line.name!r}: {number!r} is neither E.164 nor a short code"
        for number in line.numbers:
            if owners.setdefault(number, line.name) != line.name:
                yield f"{number!r} belongs to {owners[number]!r} and to {line.name!r}"
    for number in plan.emergency_numbers:
        if not _NUMBER.fullmatch(number):
            yield f"emergency number {number!r} is not a number"


def _context_faults(plan: PbxPlan) -> Iterator[str]:
    names = {context.name for context in plan.contexts}
    if len(names) != len(plan.contexts) or names & _OWN_CONTEXTS:
        yield "two contexts have the same name"
    for line in plan.answered:
        if line.plan_start and f"moked-{line.name}" not in names:
            yield f"line {line.name!r}: its compiled plan is not there"


def _queue_faults(plan: PbxPlan) -> Iterator[str]:
    for queue in plan.queues:
        if not _NAME.fullmatch(queue.name):
            yield f"queue {queue.name!r}: its name is not a plain lower-case word"
        if not (5 <= queue.ring_for <= 60 and 5 <= queue.wait <= 600):
            yield f"queue {queue.name!r}: ring_for 5–60 and wait 5–600 seconds are possible"
        for member in queue.members:
            if not _ENDPOINT.fullmatch(member):
                yield f"queue {queue.name!r}: {member!r} is not the name of a phone"


def _caller_faults(plan: PbxPlan) -> Iterator[str]:
    """No outgoing call can ever show a message-only number, nor one that is not ours."""
    message_only = {number for line in plan.refused for number in line.numbers}
    ours = {number for line in plan.lines for number in line.numbers} - message_only
    shown = [(f"line {line.name!r}", line.outbound_number) for line in plan.answered]
    for place, number in [*shown, ("emergency calls", plan.emergency_caller)]:
        if number and number not in ours:
            yield f"{place}: outgoing calls cannot show {number!r}"
