"""Publishing dialplans, now or at a time; their versions, what changed, and the way back."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from ivr.aio import to_asyncio
from ivr.calls.publishing import Publication
from ivr.console.bodies import PublishBody, RollBackBody, ScheduleBody
from ivr.console.guard import GuardedRoute, Who
from ivr.console.plan_access import Dialplans, UnitPath, order_of
from ivr.dialplan.bundle import files_of
from ivr.storage.records import PlanVersion, ScheduledPublish

router = APIRouter(route_class=GuardedRoute, tags=["dialplans"])

Number = Annotated[int, Path(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """A published version; its texts are asked for by number."""

    line: str
    version: int
    published_at: datetime
    published_by: str
    note: str
    proof: dict[str, Any] | None
    override_reason: str
    based_on: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Texts:
    """All files of a version."""

    version: ShownVersion
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """What was published, and what somebody still has to know."""

    versions: list[ShownVersion]
    remarks: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSchedule:
    """A publish that waits for its time, or how it ended."""

    publish_id: str
    due_at: datetime
    lines: list[str]
    note: str
    override_reason: str
    made_by: str
    state: str
    result: str


@router.post("/api/dialplans/publish")
async def publish(request: Request, who: Who, plans: Dialplans, body: PublishBody) -> Published:
    """Publish drafts; calls that start from now on follow them.

    Refused if there are problems, or if a proof fails and ``override`` gives no reason.
    """
    order = order_of(request, who, body)
    return _published(await to_asyncio(plans.publisher.publish(body.lines, order)))


@router.get("/api/dialplans/scheduled")
async def scheduled(plans: Dialplans) -> list[ShownSchedule]:
    return [_schedule(one) for one in await to_asyncio(plans.scheduled.recent())]


@router.post("/api/dialplans/scheduled", status_code=201)
async def schedule(
    request: Request, who: Who, plans: Dialplans, body: ScheduleBody
) -> ShownSchedule:
    """Let the drafts, as they are now, be published at a time."""
    order = order_of(request, who, body)
    made = plans.publisher.schedule(body.lines, order, body.at)
    return _schedule(await to_asyncio(made))


@router.delete("/api/dialplans/scheduled/{publish_id}", status_code=204)
async def cancel(
    request: Request,
    who: Who,
    plans: Dialplans,
    publish_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")],
) -> None:
    await to_asyncio(plans.publisher.cancel(publish_id, order_of(request, who)))


@router.get("/api/dialplans/lines/{line}/versions")
async def versions(plans: Dialplans, line: UnitPath) -> list[ShownVersion]:
    """Return every version, the newest first."""
    return [_version(one) for one in await to_asyncio(plans.views.versions(line))]


@router.get("/api/dialplans/lines/{line}/versions/{version}")
async def version_texts(plans: Dialplans, line: UnitPath, version: Number) -> Texts:
    found = await to_asyncio(plans.views.version(line, version))
    return Texts(_version(found), files_of(found.text))


@router.get("/api/dialplans/lines/{line}/difference")
async def difference(
    plans: Dialplans,
    line: UnitPath,
    old: Annotated[int, Query(ge=1, le=1_000_000)],
    new: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> dict[str, str]:
    """Return ``{"diff": …}``, unified, of two versions, or of one and the draft."""
    return {"diff": await to_asyncio(plans.views.difference(line, old, new))}


@router.post("/api/dialplans/lines/{line}/roll-back")
async def roll_back(
    request: Request, who: Who, plans: Dialplans, line: UnitPath, body: RollBackBody
) -> Published:
    """Publish an old text as the next version and put it into the draft."""
    order = order_of(request, who, body)
    return _published(await to_asyncio(plans.publisher.roll_back(line, body.version, order)))


def _published(done: Publication) -> Published:
    return Published([_version(one) for one in done.versions], done.remarks)


def _version(one: PlanVersion) -> ShownVersion:
    return ShownVersion(
        line=one.line,
        version=one.version,
        published_at=one.published_at,
        published_by=one.published_by,
        note=one.note,
        proof=json.loads(one.proof) if one.proof else None,
        override_reason=one.override_reason,
        based_on=one.based_on,
        withdrawn=not one.text,
    )


def _schedule(one: ScheduledPublish) -> ShownSchedule:
    return ShownSchedule(
        publish_id=one.publish_id,
        due_at=one.due_at,
        lines=sorted(one.texts),
        note=one.note,
        override_reason=one.override_reason,
        made_by=one.made_by,
        state=one.state,
        result=one.result,
    )
