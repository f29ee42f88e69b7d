"""Signing in and out, the first link, one's own account."""

from typing import Any

from fastapi import APIRouter, Request, Response

from ivr.aio import to_asyncio
from ivr.console.access import Role
from ivr.console.bodies import FirstLinkBody, PasswordBody, SignInBody
from ivr.console.guard import GuardedRoute, Ports, Who, address_of
from ivr.console.passwords import Passwords, is_weak
from ivr.console.problems import Problem
from ivr.console.sign_in import LONGEST, Identity, SignIn

router = APIRouter(route_class=GuardedRoute, tags=["account"])


def _me(who: Identity) -> dict[str, Any]:
    user = who.user
    return {
        "user_id": user.user_id,
        "authority_id": user.authority_id,
        "name": user.name,
        "full_name": user.full_name,
        "role": user.role,
        "agent_id": user.agent_id,
        "csrf": who.csrf,
        "home": home_of(who.role, has_desk=user.agent_id is not None),
    }


def home_of(role: Role, *, has_desk: bool) -> str:
    """Return the page that a user sees first."""
    if has_desk:
        return "/desk"
    return "/settings/users" if role is Role.ADMINISTRATOR else "/calls"


def _set_cookie(request: Request, response: Response, who: Identity) -> None:
    response.set_cookie(
        request.app.state.guard.cookie,
        who.token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.app.state.ports.secure_cookies,
    )


@router.post("/api/sign-in")
async def sign_in(request: Request, response: Response, body: SignInBody) -> dict[str, Any]:
    rules: SignIn = request.app.state.sign_in
    await _end_old_session(request, rules)
    who = await to_asyncio(rules.with_password(body.name, body.password, address_of(request)))
    _set_cookie(request, response, who)
    return _me(who)


@router.post("/first/{token}")
async def first_link(
    request: Request, response: Response, token: str, body: FirstLinkBody
) -> dict[str, Any]:
    """Set the first administrator's password; the link works once."""
    rules: SignIn = request.app.state.sign_in
    who = await to_asyncio(
        rules.with_first_link(token, body.name, body.password, address_of(request))
    )
    _set_cookie(request, response, who)
    return _me(who)


@router.post("/api/sign-out", status_code=204)
async def sign_out(request: Request, response: Response, who: Who) -> None:
    """End this session; an agent's queues are left by their own button, not by this one."""
    await to_asyncio(request.app.state.sign_in.end(who, address_of(request)))
    request.app.state.hub.close_session(who.token)
    response.delete_cookie(request.app.state.guard.cookie, path="/")


@router.get("/api/me")
async def me(who: Who) -> dict[str, Any]:
    return _me(who)


@router.post("/api/me/password")
async def change_password(
    request: Request, response: Response, who: Who, ports: Ports, body: PasswordBody
) -> dict[str, Any]:
    """Change one's own password; every session of this user ends but a new one here."""
    passwords: Passwords = request.app.state.passwords
    if not await to_asyncio(passwords.check(who.user.password_hash, body.old)):
        raise Problem("wrong_password")
    if is_weak(body.new, who.user.name):
        raise Problem("weak_password")
    hashed = await to_asyncio(passwords.hash(body.new))
    await to_asyncio(ports.users.set_password(who.user.user_id, hashed))
    again = await to_asyncio(request.app.state.sign_in.again(who.user, address_of(request)))
    request.app.state.hub.close_user(who.user.user_id, renewed=who.token)
    _set_cookie(request, response, again)
    return _me(again)


async def _end_old_session(request: Request, rules: SignIn) -> None:
    """A new sign-in never inherits a session that the browser had before."""
    old = request.cookies.get(request.app.state.guard.cookie, "")
    who = await to_asyncio(rules.identify(old)) if old else None
    if who is not None:
        await to_asyncio(rules.end(who, address_of(request)))
        request.app.state.hub.close_session(old)
