"""Calls as they were written down → calls as a replay takes them, each with the plan it ran on."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from ivr.calls.ledger import PRETENDED
from ivr.dialplan.loader import plan_of_text
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.problem import SiteInvalid
from ivr.dialplan.recorded_call import RecordedCall, RecordedStep
from ivr.errors import RecordNotFound
from ivr.ids import Label, LineName
from ivr.storage.plans import Plans
from ivr.storage.records import TraceRow
from ivr.storage.traced_calls import TracedCall, TracedCalls

MOST_CALLS = 20_000

Versions = Mapping[tuple[LineName, int], Dialplan]


async def past_calls(
    traced: TracedCalls, since: datetime, most: int = MOST_CALLS
) -> list[RecordedCall]:
    """Return the calls since *since* that have a trace, the newest *most*, oldest first."""
    found = await traced.since(since, most)
    return [recorded_call(one) for one in found if one.steps]


async def versions_of(calls: Iterable[RecordedCall], plans: Plans) -> Versions:
    """Return the plans that *calls* ran on; one that cannot be read any more is left out."""
    versions: dict[tuple[LineName, int], Dialplan] = {}
    for line, version in sorted({(call.line, call.version) for call in calls}):
        try:
            versions[line, version] = plan_of_text((await plans.get(line, version)).text)
        except (RecordNotFound, SiteInvalid):
            continue  # its calls are counted as set aside
    return versions


def recorded_call(one: TracedCall) -> RecordedCall:
    """Return what a replay needs of a call that is over and has a trace."""
    call, shift = one.call, _shift(one.steps[0])
    return RecordedCall(
        call_id=call.call_id,
        line=LineName(call.line),
        version=call.plan_version,
        at=call.arrived_at + shift,
        caller_number=call.caller_number,
        called_number=call.called_number,
        language=call.language,
        outcome=call.outcome,
        steps=tuple(_step(row, shift) for row in one.steps),
        ended_at=(call.ended_at or call.arrived_at) + shift,
        waits=tuple(entry.why for entry in one.waits),
    )


def _step(row: TraceRow, shift: timedelta) -> RecordedStep:
    return RecordedStep(
        label=Label(row.label),
        kind=row.kind,
        at=row.at + shift,
        pressed=tuple(row.pressed.split(" ")) if row.pressed else (),
        went_to=row.went_to,
        error=row.error,
    )


def _shift(first: TraceRow) -> timedelta:
    pretended = first.details.get(PRETENDED)
    return datetime.fromisoformat(pretended) - first.at if pretended else timedelta(0)
