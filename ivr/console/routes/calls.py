"""Calls: the list, one with its trace, and what an agent does to the call in hand."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime

from ivr.aio import to_asyncio
from ivr.console.access import Role
from ivr.console.auditing import note
from ivr.console.bodies import ReasonBody
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.numbers import typed_number
from ivr.console.ports import ConsolePorts
from ivr.console.problems import Problem
from ivr.console.routes.recordings import HeardRecording, heard
from ivr.console.sign_in import Identity
from ivr.ids import CallId
from ivr.storage.call_lists import ListedCall

router = APIRouter(route_class=GuardedRoute, tags=["calls"])

CallPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
Limit = Annotated[int, Query(ge=1, le=200)]
NumberQuery = Annotated[str, Query(max_length=32, pattern=r"^[+0-9*# ()-]*$")]


@router.get("/api/calls")
async def latest(
    who: Who,
    ports: Ports,
    limit: Limit = 50,
    number: NumberQuery = "",
    before: AwareDatetime | None = None,
) -> list[ListedCall]:
    """Return the latest calls, newest first; *before* goes on where the last page ended."""
    return await to_asyncio(
        ports.lists.latest(
            who.user.authority_id,
            limit,
            number=typed_number(number) if number else "",
            before=before,
        )
    )


@router.get("/api/calls/{call_id}")
async def one(who: Who, ports: Ports, call_id: CallPath) -> dict[str, Any]:
    """Return a call, its trace, and the recordings that this user may hear."""
    authority, call = who.user.authority_id, CallId(call_id)
    row = await to_asyncio(ports.lists.one(authority, call))
    if row is None:
        raise Problem("not_found")
    return {
        **_fields(row),
        "trace": await to_asyncio(ports.traces.of(call)),
        "offers": await to_asyncio(ports.lists.offers_of(authority, call)),
        "tickets": await to_asyncio(ports.tickets.by_call(call)),
        "recordings": await _recordings(who, ports, call),
    }


def _fields(row: ListedCall) -> dict[str, Any]:
    return {
        "call": row.call,
        "caller_name": row.caller_name,
        "queue": row.queue,
        "waited": row.waited,
    }


async def _recordings(who: Identity, ports: ConsolePorts, call: CallId) -> list[HeardRecording]:
    """Return what this user may hear: agents hear none."""
    if who.role is Role.AGENT:
        return []
    found = await to_asyncio(ports.recordings.for_call(call))
    return [heard(one) for one in found if one.state == "finished"]


@router.post("/api/calls/{call_id}/recording/pause", status_code=204)
async def pause_recording(
    request: Request, who: Who, ports: Ports, call_id: CallPath, body: ReasonBody
) -> None:
    call = await _in_hand(request, who, ports, call_id)
    await to_asyncio(ports.desk.pause_recording(call, body.reason))
    await to_asyncio(note(request, "recording_paused", call, reason=body.reason))


@router.post("/api/calls/{call_id}/recording/resume", status_code=204)
async def resume_recording(request: Request, who: Who, ports: Ports, call_id: CallPath) -> None:
    call = await _in_hand(request, who, ports, call_id)
    await to_asyncio(ports.desk.resume_recording(call))
    await to_asyncio(note(request, "recording_resumed", call))


@router.post("/api/calls/{call_id}/hang-up", status_code=204)
async def hang_up(request: Request, who: Who, ports: Ports, call_id: CallPath) -> None:
    call = await _in_hand(request, who, ports, call_id)
    await to_asyncio(ports.desk.hang_up(call))
    await to_asyncio(note(request, "call_hung_up", call))


async def _in_hand(request: Request, who: Identity, ports: ConsolePorts, call_id: str) -> CallId:
    """Return the call if it is this agent's own, or of a shift lead's authority."""
    call = CallId(call_id)
    row = await to_asyncio(ports.lists.one(who.user.authority_id, call))
    if row is None:
        raise Problem("not_found")
    agent = who.user.agent_id
    own = agent is not None and agent in (
        request.app.state.hub.agent_of(call),
        row.call.talked_with,
    )
    if who.role is Role.AGENT and not own:
        raise Problem("not_allowed")
    return call
