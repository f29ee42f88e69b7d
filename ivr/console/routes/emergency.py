"""Emergency mode: everybody sees it; shift leads and administrators switch it."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request

from ivr.aio import to_asyncio
from ivr.console.auditing import note
from ivr.console.bodies import EmergencyBody
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.ports import ConsolePorts
from ivr.console.problems import Problem
from ivr.console.sign_in import Identity

router = APIRouter(route_class=GuardedRoute, tags=["emergency"])


@dataclass(frozen=True, slots=True)
class EmergencyState:
    """On or off, and since when; ``None``: never switched."""

    is_on: bool
    since: datetime | None


@router.get("/api/emergency")
async def emergency(who: Who, ports: Ports) -> EmergencyState:
    return _state(who, ports)


@router.put("/api/emergency")
async def switch_emergency(
    request: Request, who: Who, ports: Ports, body: EmergencyBody
) -> EmergencyState:
    """Switch it; calls go the other way from their next ``emergency`` step on."""
    if who.user.authority_id != ports.authority_id:
        raise Problem("not_allowed")
    await to_asyncio(ports.emergency.switch(on=body.is_on, who=who.user.user_id))
    action = "emergency_on" if body.is_on else "emergency_off"
    await to_asyncio(note(request, action, ports.authority_id))
    return _state(who, ports)


def _state(who: Identity, ports: ConsolePorts) -> EmergencyState:
    if who.user.authority_id != ports.authority_id:
        return EmergencyState(is_on=False, since=None)
    return EmergencyState(ports.emergency.is_on, ports.emergency.since)
