"""The work list: missed calls and messages, each owed to a resident until somebody closes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request

from ivr.aio import to_asyncio
from ivr.console.auditing import note
from ivr.console.bodies import CloseBody
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.ports import ConsolePorts
from ivr.console.problems import Problem
from ivr.ids import AuthorityId

router = APIRouter(route_class=GuardedRoute, tags=["work"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One thing a person owes a resident; ``kind`` is ``message`` or a work item's kind."""

    item_id: str
    kind: str
    at: datetime
    caller_number: str
    caller_name: str = ""
    line: str = ""
    call_id: str = ""
    recording: str = ""
    seconds: float = 0.0
    note: str = ""


@router.get("/api/work")
async def open_items(who: Who, ports: Ports) -> list[Work]:
    return await to_asyncio(_open(ports, who.user.authority_id))


@router.post("/api/work/{item_id}/close", status_code=204)
async def close(
    request: Request,
    who: Who,
    ports: Ports,
    item_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")],
    body: CloseBody,
) -> None:
    """Say that it is done; what somebody else closed already counts as not there."""
    found = {one.item_id: one for one in await to_asyncio(_open(ports, who.user.authority_id))}
    if item_id not in found:
        raise Problem("not_found")
    if found[item_id].kind == "message":
        await to_asyncio(ports.messages.handled(item_id, who.user.user_id))
    else:
        await to_asyncio(ports.work_items.close(item_id, who.user.user_id, body.note))
    await to_asyncio(note(request, "work_closed", item_id))
    request.app.state.hub.news.lists_changed()


async def _open(ports: ConsolePorts, authority: AuthorityId) -> list[Work]:
    """Return both kinds, oldest first, with the residents' names."""
    items = [one for one in await ports.work_items.open() if one.authority_id == authority]
    messages = [one for one in await ports.messages.open() if one.authority_id == authority]
    numbers = {one.caller_number for one in items} | {one.caller_number for one in messages}
    names = await ports.lists.names(authority, numbers)
    missed = [
        Work(
            item_id=one.work_item_id,
            kind=one.kind,
            at=one.opened_at,
            caller_number=one.caller_number,
            caller_name=names.get(one.caller_number, ""),
            line=one.line,
            call_id=one.call_id,
            note=one.note,
        )
        for one in items
    ]
    left = [
        Work(
            item_id=one.message_id,
            kind="message",
            at=one.left_at,
            caller_number=one.caller_number,
            caller_name=names.get(one.caller_number, ""),
            line=one.box,
            call_id=one.call_id,
            recording=one.recording,
            seconds=one.seconds,
        )
        for one in messages
    ]
    return sorted([*missed, *left], key=lambda one: one.at)
