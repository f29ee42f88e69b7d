"""Every route × nobody, each role, the other authority: nothing is allowed by accident."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from ivr.console.access import ACCESS, OPEN, Role, may
from ivr.console.guard import GuardedRoute
from ivr.console.pages import PAGES
from tests.fakes.console import PASSWORD, user
from tests.results import result_of

ROUTES = sorted(ACCESS)
HTTP = [route for route in ROUTES if not route.startswith("WS ")]
PARTS = {
    "{call_id}": "call-1",
    "{ticket_id}": "ticket-1",
    "{agent_id}": "201",
    "{item_id}": "work-mateh-yehuda",
    "{name}": "rec-1",
    "{user_id}": "user-mateh-yehuda-agent",
}
NAMES = {
    Role.AGENT: "agent",
    Role.SHIFT_LEAD: "lead",
    Role.ADMINISTRATOR: "admin",
    Role.AUDITOR: "auditor",
}


def _real(route: str) -> tuple[str, str]:
    method, path = route.split(" ")
    for template, value in PARTS.items():
        path = path.replace(template, value)
    return method, path


def _served(house) -> Iterator[tuple[str, APIRoute]]:
    for route in _flat(house.app.routes):
        if isinstance(route, APIRoute):
            for method in route.methods:
                yield f"{method} {route.path_format}", route


def _flat(routes):
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from _flat(inner.routes) if inner is not None else [route]


def test_every_route_served_is_in_the_table_or_open_or_a_page(house):
    pages = {f"GET {path}" for path in PAGES} | {"GET /assets/{path}", "GET /favicon.svg"}
    served = dict(_served(house))
    assert set(served) - pages == (set(ACCESS) | OPEN) - {"WS /ws/desk"}


def test_every_route_that_is_no_page_stands_behind_the_guard(house):
    for name, route in _served(house):
        if name in ACCESS or name in OPEN:
            assert isinstance(route, GuardedRoute), name


@pytest.mark.parametrize("route", HTTP)
def test_nobody_gets_401_whatever_is_sent(house, route):
    method, path = _real(route)
    browser = house.browser()
    assert browser.send(method, path, {}).status == 401
    assert browser.send(method, path, b"\xff not json").status == 401


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("route", HTTP)
def test_a_role_is_refused_exactly_where_the_table_says_so(house, route, role):
    method, path = _real(route)
    answer = house.browser(NAMES[role]).send(method, path + _query(route), {})
    refused = not may(role, route) or (role is Role.AGENT and "/audio" in path)  # rec-1: a talk
    assert (answer.status == 403) is refused, answer.body


@pytest.mark.parametrize("route", HTTP)
def test_another_authority_sees_and_changes_nothing_of_ours(house, route):
    """Signed in by a session of the other authority, with the strongest roles."""
    for role in (Role.ADMINISTRATOR, Role.SHIFT_LEAD):
        stranger = user("stranger", role, authority="elsewhere", agent="201")
        browser = _browser_of(house, stranger, role)
        method, path = _real(route)
        answer = browser.send(method, path + _query(route), _body(route))
        assert answer.status < 500
        for ours in (b"call-1", b"rec-1", b"user-mateh-yehuda-agent", "רות לוי".encode()):
            assert ours not in answer.body
    assert house.ports.desk.commands == []


def _browser_of(house, stranger, role):
    user_id = f"{stranger.user_id}-{role}"
    from dataclasses import replace

    stranger = replace(stranger, user_id=user_id, name=f"stranger-{role.replace('_', '-')}")
    result_of(house.ports.users.add(stranger))
    browser = house.browser()
    who = result_of(house.ports.sessions.begin(stranger, _LONG))
    browser.cookies["moked"] = who.token
    browser.csrf = who.session.csrf
    return browser


from datetime import timedelta  # noqa: E402

_LONG = timedelta(hours=1)


def _query(route: str) -> str:
    return {"GET /api/contacts": "?number=0500000101", "GET /api/tickets": "?number=0500000101",
            "GET /api/recordings/{name}/audio": "?reason=test"}.get(route, "")  # fmt: skip


def _body(route: str) -> dict:
    return {
        "POST /api/sign-out": {},
        "POST /api/me/password": {"old": PASSWORD, "new": "another long one"},
        "POST /api/users/{user_id}/password": {"password": "another long one"},
        "PATCH /api/users/{user_id}": {"disabled": True},
    }.get(route, {"reason": "x"} if "pause" in route else {})


def test_an_agent_commands_only_the_own_phone(house):
    browser = house.browser("agent")
    assert browser.post("/api/agents/202/sign-in").status == 403
    assert browser.post("/api/agents/201/sign-in").status == 200
    assert house.ports.desk.commands == [("available", "201")]


def test_a_shift_lead_commands_others(house):
    assert house.browser("lead").post("/api/agents/202/sign-in").status == 200


def test_an_agent_touches_only_the_own_call(house):
    assert house.browser("agent").post("/api/calls/call-1/hang-up").status == 204
    assert house.browser("colleague").post("/api/calls/call-1/hang-up").status == 403


def test_the_service_token_reads_and_changes_nothing(house):
    local = house.browser(address="127.0.0.1")
    token = {"X-Moked-Service": house.ports.service_token}
    assert local.send("GET", "/api/calls/call-1", None, token).status == 200
    assert local.send("POST", "/api/tickets", {}, token).status == 403
    far = house.browser(address="10.0.0.7")
    assert far.send("GET", "/api/calls", None, token).status == 401
    wrong = {"X-Moked-Service": "x" * 32}
    assert local.send("GET", "/api/calls", None, wrong).status == 401
