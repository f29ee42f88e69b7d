"""Is the house well? A flag for everybody, the rest for those who are signed in."""

from typing import Any

from fastapi import APIRouter

from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.ports import SiteNames

router = APIRouter(route_class=GuardedRoute, tags=["status"])


@router.get("/api/health")
async def health(ports: Ports) -> dict[str, bool]:
    return {"ready": bool(ports.status().get("ready"))}


@router.get("/api/site")
async def site(who: Who, ports: Ports) -> SiteNames:
    """Return what people call lines, queues and departments; nothing of another authority's."""
    return ports.site() if who.user.authority_id == ports.authority_id else SiteNames()


@router.get("/api/status")
async def status(_who: Who, ports: Ports) -> dict[str, Any]:
    return ports.status()
