"""Closures: opening hours other than usual from day to day, entered by staff; they end alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request

from ivr.aio import to_asyncio
from ivr.console.auditing import note
from ivr.console.bodies import ClosureBody
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.ports import ConsolePorts
from ivr.console.problems import Problem
from ivr.console.sign_in import Identity
from ivr.ids import new_id
from ivr.storage.records import ClosureRecord

router = APIRouter(route_class=GuardedRoute, tags=["opening hours"])

_LONGEST = timedelta(days=366)
_FARTHEST = timedelta(days=3 * 366)
_REMEMBERED = 50  # closures that are over


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClosure:
    """A closure as the console shows it; ``hours`` is empty for all opening hours."""

    closure_id: str
    hours: str
    first_day: date
    last_day: date
    times: list[str]
    why: str
    entered_at: datetime
    entered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClosures:
    """What is entered, and for which opening hours one can enter more."""

    today: date  # where the authority is, whatever the clock of the desk says
    hours: list[str]
    closures: list[ShownClosure]  # not over yet
    over: list[ShownClosure]


@router.get("/api/closures")
async def closures(who: Who, ports: Ports) -> ShownClosures:
    """Return the closures, those that begin first first; of those that are over, the last."""
    book = ports.opening_hours
    today = book.day_of(ports.clock.now())
    if not _is_here(who, ports):
        return ShownClosures(today=today, hours=[], closures=[], over=[])
    shown = [_shown(one) for one in book.entered]
    return ShownClosures(
        today=today,
        hours=sorted(book.now),
        closures=[one for one in shown if one.last_day >= today],
        over=[one for one in reversed(shown) if one.last_day < today][:_REMEMBERED],
    )


@router.post("/api/closures", status_code=201)
async def enter(request: Request, who: Who, ports: Ports, body: ClosureBody) -> ShownClosure:
    """Close from one day to another, or have other times; calls go by it at once."""
    if not _is_here(who, ports):
        raise Problem("not_found")
    _check(body, ports)
    closure = ClosureRecord(
        closure_id=new_id("closure"),
        authority_id=who.user.authority_id,
        hours=body.hours,
        first_day=body.first_day,
        last_day=body.last_day,
        times=list(body.times),
        why=body.why,
        entered_at=ports.clock.now(),
        entered_by=who.user.user_id,
    )
    await to_asyncio(ports.opening_hours.enter(closure))
    await to_asyncio(
        note(request, "closure_entered", closure.closure_id, **body.model_dump(mode="json"))
    )
    return _shown(closure)


@router.delete("/api/closures/{closure_id}", status_code=204)
async def take_back(
    request: Request,
    who: Who,
    ports: Ports,
    closure_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")],
) -> None:
    """Take a closure back: from now on the usual hours hold again."""
    if not _is_here(who, ports) or not await to_asyncio(ports.opening_hours.take_back(closure_id)):
        raise Problem("not_found")
    await to_asyncio(note(request, "closure_taken_back", closure_id))


def _check(body: ClosureBody, ports: ConsolePorts) -> None:
    """Refuse what no schedule should hold.

    Raises:
        Problem: which of it.
    """
    today = ports.opening_hours.day_of(ports.clock.now())
    if body.hours and body.hours not in ports.opening_hours.now:
        raise Problem("no_such_hours")
    if body.last_day < body.first_day:
        raise Problem("closure_backwards")
    if body.last_day < today:
        raise Problem("closure_over")
    if body.last_day - body.first_day > _LONGEST or body.first_day - today > _FARTHEST:
        raise Problem("closure_too_far")


def _is_here(who: Identity, ports: ConsolePorts) -> bool:
    return who.user.authority_id == ports.authority_id


def _shown(closure: ClosureRecord) -> ShownClosure:
    names = ShownClosure.__dataclass_fields__
    return ShownClosure(**{name: getattr(closure, name) for name in names})
