"""Dialplans as they are drafted: lines and their state, files, problems, uses, callers per step."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from ivr.aio import to_asyncio
from ivr.calls.drafts import DraftFile
from ivr.calls.plan_views import LineState
from ivr.console.auditing import note
from ivr.console.bodies import DraftBody
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.plan_access import Dialplans, FilePath, UnitPath
from ivr.console.ports import ConsolePorts, DialplanPorts
from ivr.console.problems import Problem
from ivr.dialplan.loader import KINDS
from ivr.dialplan.problem import Problem as PlanProblem
from ivr.dialplan.schema import schema
from ivr.dialplan.usage import Use

router = APIRouter(route_class=GuardedRoute, tags=["dialplans"])

What = Literal["prompt", "queue", "hours", "number", "box", "department", "dialplan", "line"]


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft that was saved, whatever is wrong with it."""

    revision: str
    problems: list[PlanProblem]


@dataclass(frozen=True, slots=True)
class Language:
    """What an editor needs to help: the JSON Schema of a file, and what each step kind does."""

    schema: dict[str, Any]
    steps: dict[str, str]  # kind -> documentation


@dataclass(frozen=True, slots=True)
class Counts:
    """Callers by the label of a step; today, each call counts once a step."""

    now: dict[str, int]
    today: dict[str, int]


@router.get("/api/dialplans")
async def lines(plans: Dialplans) -> list[LineState]:
    """Return every line, and ``site.yaml``, with what is live and how the draft stands to it."""
    return await to_asyncio(plans.views.states())


@router.get("/api/dialplans/schema")
async def language(_who: Who) -> Language:
    return _language()


@router.get("/api/dialplans/names")
async def names(plans: Dialplans) -> dict[str, list[str]]:
    """Return what a step can name, by what it is (``prompt``, ``queue``, …), for pick lists."""
    return await to_asyncio(plans.views.names())


@router.get("/api/dialplans/problems")
async def problems(plans: Dialplans) -> list[PlanProblem]:
    """Return every problem of the draft as a whole."""
    return await to_asyncio(plans.views.problems())


@router.get("/api/dialplans/uses")
async def uses(
    plans: Dialplans,
    what: What,
    name: Annotated[str, Query(pattern=r"^([a-z]{2,3}/)?[a-z][a-z0-9_-]{0,63}$")],
) -> list[Use]:
    """Return who uses a prompt, queue, … in the draft, and in what is live."""
    return await to_asyncio(plans.views.uses(what, name))


@router.get("/api/dialplans/lines/{line}/draft")
async def draft_of_line(plans: Dialplans, line: UnitPath) -> list[DraftFile]:
    """Return the files that make the line's draft, its own first, then its sub-dialplans."""
    return await to_asyncio(plans.views.draft(line))


@router.get("/api/dialplans/lines/{line}/counts")
async def counts(who: Who, plans: Dialplans, line: UnitPath) -> Counts:
    """Return how many callers are at each step now, and were today."""
    authority_id, began = who.user.authority_id, plans.day_began()
    return Counts(
        await to_asyncio(plans.counts.now(authority_id, line)),
        await to_asyncio(plans.counts.since(authority_id, line, began)),
    )


@router.get("/api/dialplans/lines/{line}/tree.svg")
async def tree(ports: Ports, plans: Dialplans, line: UnitPath) -> Response:
    """Return what is live of a line as a page to print: its phone tree, SVG, right to left."""
    svg = await to_asyncio(_drawn(ports, plans, line))
    return Response(svg, media_type="image/svg+xml")


@router.get("/api/dialplans/drafts/{file}")
async def draft(plans: Dialplans, file: FilePath) -> DraftFile:
    return await to_asyncio(plans.views.file(file))


@router.put("/api/dialplans/drafts/{file}")
async def save(
    request: Request, ports: Ports, plans: Dialplans, file: FilePath, body: DraftBody
) -> Saved:
    """Save over the revision that the editor started from (``""``: a new file).

    It is saved with all its problems. Another revision is refused, with both texts.
    """
    revision = await to_asyncio(_save(ports, file, body.text, body.revision))
    changed = {"revision": revision, "before": body.revision}
    await to_asyncio(note(request, "draft_saved", file, **changed))
    return Saved(revision, await to_asyncio(plans.views.problems_of(file)))


@router.delete("/api/dialplans/drafts/{file}", status_code=204)
async def delete(
    request: Request,
    ports: Ports,
    plans: Dialplans,
    file: FilePath,
    revision: Annotated[str, Query(pattern=r"^[0-9a-f]{1,64}$")],
) -> None:
    """Delete a file of the draft; a line goes when that is published, what is used stays."""
    used = await to_asyncio(plans.views.uses("dialplan", file.removesuffix(".yaml")))
    if drafted := [use.file for use in used if not use.live]:
        raise Problem("in_use", more={"files": drafted})
    await to_asyncio(_save(ports, file, None, revision))
    await to_asyncio(note(request, "draft_deleted", file, before=revision))


async def _save(ports: ConsolePorts, file: str, text: str | None, revision: str) -> str:
    saved: str = await ports.in_thread(ports.dialplans.drafts.save, file, text, revision)
    return saved


async def _drawn(ports: ConsolePorts, plans: DialplanPorts, line: str) -> str:
    svg: str = await ports.in_thread(plans.tree, line)
    return svg


@cache
def _language() -> Language:
    return Language(schema(), {name: kind.documentation() for name, kind in KINDS.items()})
