"""Every route × nobody, each role, the other authority: nothing is allowed by accident."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute

from ivr.console.access import ACCESS, OPEN, Role, may
from ivr.console.guard import GuardedRoute
from ivr.console.pages import PAGES
from ivr.ids import UserId
from ivr.settings import CHECKOUT
from ivr.storage.records import User
from tests.fakes.asgi import Browser
from tests.fakes.console import OTHER, PASSWORD, user
from tests.results import result_of
from tests.unit.ivr.console.conftest import House

ROUTES = sorted(ACCESS)
HTTP = [route for route in ROUTES if not route.startswith("WS ")]
PARTS = {
    "{call_id}": "call-1",
    "{ticket_id}": "ticket-1",
    "{agent_id}": "201",
    "{item_id}": "work-mateh-yehuda",
    "{closure_id}": "closure-1",
    "{name}": "rec-1",
    "{file}": "billing.yaml",
    "{line}": "billing",
    "{version}": "1",
    "{language}": "he",
    "{publish_id}": "publish-1",
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


def _served(house: House) -> Iterator[tuple[str, APIRoute]]:
    for route in _flat(house.app.routes):
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                yield f"{method} {route.path_format}", route


def _flat(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from _flat(inner.routes) if inner is not None else [route]


def test_every_route_served_is_in_the_table_or_open_or_a_page(house: House) -> None:
    pages = {f"GET {path}" for path in PAGES} | {"GET /assets/{path}", "GET /favicon.svg"}
    served = dict(_served(house))
    assert set(served) - pages == (set(ACCESS) | OPEN) - {"WS /ws/desk"}


def test_every_route_that_is_no_page_stands_behind_the_guard(house: House) -> None:
    for name, route in _served(house):
        if name in ACCESS or name in OPEN:
            assert isinstance(route, GuardedRoute), name


@pytest.mark.parametrize("route", HTTP)
def test_nobody_gets_401_whatever_is_sent(house: House, route: str) -> None:
    method, path = _real(route)
    browser = house.browser()
    assert browser.send(method, path, {}).status == 401
    assert browser.send(method, path, b"\xff not json").status == 401


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("route", HTTP)
def test_a_role_is_refused_exactly_where_the_table_says_so(
    house: House, route: str, role: Role
) -> None:
    method, path = _real(route)
    answer = house.browser(NAMES[role]).send(method, path + _query(route), {})
    refused = not may(role, route) or (role is Role.AGENT and "/audio" in path)  # rec-1: a talk
    assert (answer.status == 403) is refused, answer.body


@pytest.mark.parametrize("route", HTTP)
def test_another_authority_sees_and_changes_nothing_of_ours(house: House, route: str) -> None:
    """Signed in by a session of the other authority, with the strongest roles."""
    for role in (Role.ADMINISTRATOR, Role.SHIFT_LEAD):
        stranger = user("stranger", role, authority=OTHER, agent="201")
        browser = _browser_of(house, stranger, role)
        method, path = _real(route)
        answer = browser.send(method, path + _query(route), _body(route))
        assert answer.status < 500
        for ours in (
            b"call-1",
            b"rec-1",
            b"external_payment_centre",
            b"user-mateh-yehuda-agent",
            "רות לוי".encode(),
        ):
            assert ours not in answer.body
    assert house.desk.commands == []
    drafted = result_of(house.ports.dialplans.views.file("billing.yaml")).text
    assert drafted == (CHECKOUT / "dialplans" / "billing.yaml").read_text()


def _browser_of(house: House, stranger: User, role: Role) -> Browser:
    user_id = UserId(f"{stranger.user_id}-{role}")
    stranger = replace(stranger, user_id=user_id, name=f"stranger-{role.replace('_', '-')}")
    result_of(house.ports.users.add(stranger))
    browser = house.browser()
    who = result_of(house.ports.sessions.begin(stranger, timedelta(hours=1)))
    browser.cookies["moked"] = who.token
    browser.csrf = who.session.csrf
    return browser


def _query(route: str) -> str:
    queries = {
        "GET /api/contacts": "?number=0500000101",
        "GET /api/tickets": "?number=0500000101",
        "GET /api/recordings/{name}/audio": "?reason=test",
        "GET /api/dialplans/uses": "?what=queue&name=billing",
        "GET /api/dialplans/lines/{line}/difference": "?old=1",
        "DELETE /api/dialplans/drafts/{file}": f"?revision={'0' * 24}",
    }
    return queries.get(route, "")


def _body(route: str) -> dict[str, Any]:
    bodies: dict[str, dict[str, Any]] = {
        "POST /api/sign-out": {},
        "PUT /api/dialplans/drafts/{file}": {"text": "line: billing"},
        "POST /api/dialplans/scheduled": {"at": "2027-01-01T08:00:00Z"},
        "POST /api/dialplans/lines/{line}/roll-back": {"version": 1},
        "POST /api/me/password": {"old": PASSWORD, "new": "another long one"},
        "POST /api/users/{user_id}/password": {"password": "another long one"},
        "PATCH /api/users/{user_id}": {"disabled": True},
    }
    return bodies.get(route, {"reason": "x"} if "pause" in route else {})


def test_an_agent_commands_only_the_own_phone(house: House) -> None:
    browser = house.browser("agent")
    assert browser.post("/api/agents/202/sign-in").status == 403
    assert browser.post("/api/agents/201/sign-in").status == 200
    assert house.desk.commands == [("available", "201")]


def test_a_shift_lead_commands_others(house: House) -> None:
    assert house.browser("lead").post("/api/agents/202/sign-in").status == 200


def test_an_agent_touches_only_the_own_call(house: House) -> None:
    assert house.browser("agent").post("/api/calls/call-1/hang-up").status == 204
    assert house.browser("colleague").post("/api/calls/call-1/hang-up").status == 403


def test_the_service_token_reads_and_changes_nothing(house: House) -> None:
    local = house.browser(address="127.0.0.1")
    token = {"X-Moked-Service": house.ports.service_token}
    assert local.send("GET", "/api/calls/call-1", None, token).status == 200
    assert local.send("POST", "/api/tickets", {}, token).status == 403
    assert local.send("PUT", "/api/dialplans/drafts/billing.yaml", {}, token).status == 403
    far = house.browser(address="10.0.0.7")
    assert far.send("GET", "/api/calls", None, token).status == 401
    wrong = {"X-Moked-Service": "x" * 32}
    assert local.send("GET", "/api/calls", None, wrong).status == 401
