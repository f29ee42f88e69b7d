"""Agents: who stands where, and their own commands; a shift lead may give them for others."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from ivr.aio import to_asyncio
from ivr.console.access import Role
from ivr.console.auditing import note
from ivr.console.bodies import ReasonBody
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.ports import AgentView, ConsolePorts, QueueView
from ivr.console.problems import Problem
from ivr.console.sign_in import Identity
from ivr.ids import AgentId

router = APIRouter(route_class=GuardedRoute, tags=["agents"])

AgentPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,40}$")]


@router.get("/api/agents")
async def agents(who: Who, ports: Ports) -> list[AgentView]:
    return await to_asyncio(ports.desk.agents()) if _is_here(who, ports) else []


@router.get("/api/queues")
async def queues(who: Who, ports: Ports) -> list[QueueView]:
    return ports.desk.queues() if _is_here(who, ports) else []


@router.get("/api/agents/{agent_id}")
async def agent(who: Who, ports: Ports, agent_id: AgentPath) -> AgentView:
    if not _is_here(who, ports):
        raise Problem("not_found")
    return await to_asyncio(ports.desk.state(AgentId(agent_id)))


@router.post("/api/agents/{agent_id}/sign-in")
async def sign_in(request: Request, who: Who, ports: Ports, agent_id: AgentPath) -> AgentView:
    """Begin to take calls on the agent's phone."""
    agent = _commanded(who, ports, agent_id)
    await to_asyncio(ports.desk.sign_in(agent))
    return await _after(request, ports, agent, "agent_signed_in")


@router.post("/api/agents/{agent_id}/sign-out")
async def sign_out(request: Request, who: Who, ports: Ports, agent_id: AgentPath) -> AgentView:
    agent = _commanded(who, ports, agent_id)
    await to_asyncio(ports.desk.sign_out(agent))
    return await _after(request, ports, agent, "agent_signed_out")


@router.post("/api/agents/{agent_id}/pause")
async def pause(
    request: Request, who: Who, ports: Ports, agent_id: AgentPath, body: ReasonBody
) -> AgentView:
    agent = _commanded(who, ports, agent_id)
    await to_asyncio(ports.desk.pause(agent, body.reason))
    return await _after(request, ports, agent, "agent_paused")


@router.post("/api/agents/{agent_id}/resume")
async def resume(request: Request, who: Who, ports: Ports, agent_id: AgentPath) -> AgentView:
    agent = _commanded(who, ports, agent_id)
    await to_asyncio(ports.desk.resume(agent))
    return await _after(request, ports, agent, "agent_resumed")


@router.post("/api/agents/{agent_id}/finish-wrap-up")
async def finish_wrap_up(
    request: Request, who: Who, ports: Ports, agent_id: AgentPath
) -> AgentView:
    agent = _commanded(who, ports, agent_id)
    await to_asyncio(ports.desk.finish_wrap_up(agent))
    return await _after(request, ports, agent, "wrap_up_finished")


def _is_here(who: Identity, ports: ConsolePorts) -> bool:
    """Agents and queues of this house are those of its authority."""
    return who.user.authority_id == ports.authority_id


def _commanded(who: Identity, ports: ConsolePorts, agent_id: str) -> AgentId:
    """Return the agent if this user may command it: oneself, or anybody for a shift lead."""
    if not _is_here(who, ports):
        raise Problem("not_found")
    if who.role is Role.AGENT and who.user.agent_id != agent_id:
        raise Problem("not_allowed")
    return AgentId(agent_id)


async def _after(request: Request, ports: ConsolePorts, agent: AgentId, action: str) -> AgentView:
    await to_asyncio(note(request, action, agent))
    return await to_asyncio(ports.desk.state(agent))
