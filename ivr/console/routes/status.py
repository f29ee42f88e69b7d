"""Is the house well? A flag for everybody, the rest for those who are signed in."""

from typing import Any

from fastapi import APIRouter

from ivr.console.guard import GuardedRoute, Ports, Who

router = APIRouter(route_class=GuardedRoute, tags=["status"])


@router.get("/api/health")
async def health(ports: Ports) -> dict[str, bool]:
    return {"ready": bool(ports.status().get("ready"))}


@router.get("/api/status")
async def status(_who: Who, ports: Ports) -> dict[str, Any]:
    return ports.status()
