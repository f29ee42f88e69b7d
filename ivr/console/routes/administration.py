"""Users and the audit table: for administrators, and auditors who only read."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from ivr.aio import to_asyncio
from ivr.console.access import Role
from ivr.console.auditing import note
from ivr.console.bodies import ChangeUserBody, NewPasswordBody, NewUserBody
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.passwords import is_weak
from ivr.console.ports import ConsolePorts
from ivr.console.problems import Problem
from ivr.console.sign_in import Identity
from ivr.ids import AgentId, UserId, new_id
from ivr.storage.records import AuditEntry, User

router = APIRouter(route_class=GuardedRoute, tags=["administration"])

UserPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")]


@dataclass(frozen=True, slots=True)
class ShownUser:
    """A user as the console shows them: without the password's hash."""

    user_id: str
    name: str
    full_name: str
    role: str
    agent_id: str | None
    disabled: bool


def shown(user: User) -> ShownUser:
    names = ShownUser.__dataclass_fields__
    return ShownUser(**{name: getattr(user, name) for name in names})


@router.get("/api/audit")
async def audit(
    who: Who,
    ports: Ports,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    action: Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$")] = None,
) -> list[AuditEntry]:
    """Return the latest entries, newest first."""
    return await to_asyncio(ports.audit.recent(who.user.authority_id, limit, action=action))


@router.get("/api/users")
async def users(who: Who, ports: Ports) -> list[ShownUser]:
    return [shown(user) for user in await _all(who, ports)]


@router.post("/api/users", status_code=201)
async def add_user(request: Request, who: Who, ports: Ports, body: NewUserBody) -> ShownUser:
    if is_weak(body.password, body.name):
        raise Problem("weak_password")
    if await to_asyncio(ports.users.by_name(who.user.authority_id, body.name)):
        raise Problem("name_taken")
    now = ports.clock.now()
    user = User(
        user_id=UserId(new_id("user")),
        authority_id=who.user.authority_id,
        name=body.name,
        full_name=body.full_name,
        role=body.role,
        agent_id=AgentId(body.agent_id) if body.agent_id else None,
        password_hash=await to_asyncio(request.app.state.passwords.hash(body.password)),
        created_at=now,
        password_changed_at=now,
    )
    await to_asyncio(ports.users.add(user))
    await to_asyncio(note(request, "user_added", user.user_id, name=user.name, role=user.role))
    return shown(user)


@router.patch("/api/users/{user_id}")
async def change_user(
    request: Request, who: Who, ports: Ports, user_id: UserPath, body: ChangeUserBody
) -> ShownUser:
    """Change what is given; with another role or shut out, the user's sessions end."""
    user = await _found(who, ports, user_id)
    changed = replace(user, **body.model_dump(exclude_unset=True, exclude_none=True))
    await _keep_one_administrator(who, ports, user, changed)
    if changed.role != user.role:
        await to_asyncio(ports.users.set_role(user.user_id, changed.role))
    if changed.disabled != user.disabled:
        await to_asyncio(ports.users.set_disabled(user.user_id, disabled=changed.disabled))
    if (changed.role, changed.disabled) != (user.role, user.disabled):
        request.app.state.hub.close_user(user.user_id)
    fields = sorted(body.model_fields_set)
    await to_asyncio(note(request, "user_changed", user.user_id, changed=fields))
    return shown(changed)


@router.post("/api/users/{user_id}/password", status_code=204)
async def set_password(
    request: Request, who: Who, ports: Ports, user_id: UserPath, body: NewPasswordBody
) -> None:
    """Give a user a new password; their sessions end."""
    user = await _found(who, ports, user_id)
    if is_weak(body.password, user.name):
        raise Problem("weak_password")
    hashed = await to_asyncio(request.app.state.passwords.hash(body.password))
    await to_asyncio(ports.users.set_password(user.user_id, hashed))
    request.app.state.hub.close_user(user.user_id)
    await to_asyncio(note(request, "password_set", user.user_id))


async def _all(who: Identity, ports: ConsolePorts) -> list[User]:
    everybody = await to_asyncio(ports.users.all())
    return [user for user in everybody if user.authority_id == who.user.authority_id]


async def _found(who: Identity, ports: ConsolePorts, user_id: str) -> User:
    user = await to_asyncio(ports.users.get(UserId(user_id)))
    if user.authority_id != who.user.authority_id:
        raise Problem("not_found")
    return user


async def _keep_one_administrator(
    who: Identity, ports: ConsolePorts, before: User, after: User
) -> None:
    """Refuse a change that would leave nobody who can administer.

    Raises:
        Problem: ``last_administrator``.
    """
    if not _is_active_administrator(before) or _is_active_administrator(after):
        return
    others = [user for user in await _all(who, ports) if user.user_id != before.user_id]
    if not any(_is_active_administrator(user) for user in others):
        raise Problem("last_administrator")


def _is_active_administrator(user: User) -> bool:
    return user.role == Role.ADMINISTRATOR and not user.disabled
