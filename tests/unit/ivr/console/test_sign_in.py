"""Signing in: sessions, their limits, the first link, and what keeps strangers out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.console.passwords import is_weak
from tests.fakes.asgi import Browser
from tests.fakes.console import AUTHORITY, PASSWORD, USERS
from tests.results import result_of
from tests.unit.ivr.console.conftest import House

NEW = {"name": "admin", "password": "another long one"}


def test_a_right_password_gives_a_cookie_that_scripts_cannot_read(house: House) -> None:
    answer = house.browser().sign_in("agent", PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert answer.json()["agent_id"] == "201"
    assert answer.json()["home"] == "/desk"


def test_behind_tls_the_cookie_is_bound_to_the_host(make_house: Callable[..., House]) -> None:
    answer = make_house(secure_cookies=True).browser().sign_in("agent", PASSWORD)
    assert answer.headers["set-cookie"].startswith("__Host-moked=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age=" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(("name", "password"), [("agent", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_say_the_same(
    house: House, name: str, password: str
) -> None:
    answer = house.browser().sign_in(name, password)
    assert (answer.status, answer.json()["code"]) == (401, "wrong_password")
    assert "שפת המקלדת" in answer.json()["message"]


def test_the_sixth_try_in_a_minute_must_wait_even_with_the_right_password(house: House) -> None:
    browser = house.browser()
    for _ in range(5):
        browser.sign_in("agent", "wrong")
    answer = browser.sign_in("agent", PASSWORD)
    assert (answer.status, answer.headers["retry-after"]) == (429, "60")
    assert house.browser(address="10.0.0.8").sign_in("agent", PASSWORD).status == 200
    house.clock.move(61)
    assert browser.sign_in("agent", PASSWORD).status == 200


def test_an_address_that_tries_many_names_must_wait_too(house: House) -> None:
    browser = house.browser()
    statuses = [browser.sign_in(f"name{n}", "wrong").status for n in range(31)]
    assert statuses[29:] == [401, 429]


def test_each_sign_in_is_a_new_session_and_ends_the_one_before(house: House) -> None:
    browser = house.browser("agent")
    before = browser.cookies["moked"]
    browser.sign_in("agent", PASSWORD)
    assert browser.cookies["moked"] != before
    assert Browser(house.app, cookies={"moked": before}).get("/api/me").status == 401


def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    browser = house.browser("agent")
    kept = dict(browser.cookies)
    assert browser.post("/api/sign-out").status == 204
    assert Browser(house.app, cookies=kept).get("/api/me").status == 401


@pytest.mark.parametrize(
    ("name", "hours", "status"), [("agent", 11.9, 200), ("agent", 12.1, 401), ("admin", 0.6, 401)]
)
def test_a_session_ends_after_a_shift_and_an_administrators_after_half_an_hour(
    house: House, name: str, hours: float, status: int
) -> None:
    browser = house.browser(name)
    house.clock.move(hours * 3600)
    assert browser.get("/api/me").status == status


def test_work_keeps_an_administrators_session_alive(house: House) -> None:
    browser = house.browser("admin")
    for _ in range(4):
        house.clock.move(20 * 60)
        assert browser.get("/api/me").status == 200


def test_a_request_from_another_site_is_refused(house: House) -> None:
    browser = house.browser("agent")
    answer = browser.post("/api/agents/201/sign-in", origin="http://evil.test")
    assert (answer.status, answer.json()["code"]) == (403, "wrong_origin")
    signing_in = house.browser().send(
        "POST",
        "/api/sign-in",
        {"name": "agent", "password": PASSWORD},
        {"origin": "http://evil.test"},
    )
    assert signing_in.status == 403


@pytest.mark.parametrize("csrf", ["", "0" * 64, "זיוף"])
def test_a_change_without_the_sessions_own_token_is_refused(house: House, csrf: str) -> None:
    browser = house.browser("agent")
    browser.csrf = csrf.encode().decode("latin-1")
    assert browser.post("/api/agents/201/sign-in").status == 403
    assert house.desk.commands == []


def test_a_disabled_user_is_out_at_once_and_stays_out(house: House) -> None:
    agent = house.browser("agent")
    admin = house.browser("admin", "10.0.0.9")
    path = f"/api/users/{USERS[0].user_id}"
    assert admin.send("PATCH", path, {"disabled": True}).status == 200
    assert agent.get("/api/me").status == 401
    assert house.browser(address="10.0.0.10").sign_in("agent", PASSWORD).status == 401


def test_a_new_role_ends_the_sessions_of_the_old_one(house: House) -> None:
    agent = house.browser("agent")
    admin = house.browser("admin", "10.0.0.9")
    path = f"/api/users/{USERS[0].user_id}"
    assert admin.send("PATCH", path, {"role": "auditor"}).json()["role"] == "auditor"
    assert agent.get("/api/me").status == 401


def test_the_only_administrator_cannot_step_down(house: House) -> None:
    admin = house.browser("admin")
    path = f"/api/users/{USERS[3].user_id}"
    answer = admin.send("PATCH", path, {"role": "agent"})
    assert (answer.status, answer.json()["code"]) == (409, "last_administrator")
    assert admin.send("PATCH", path, {"disabled": True}).status == 409


def test_a_changed_password_gives_a_new_session_and_ends_the_others(house: House) -> None:
    here, there = house.browser("agent"), house.browser("agent", "10.0.0.8")
    body = {"old": PASSWORD, "new": "another long one"}
    assert here.post("/api/me/password", {**body, "old": "wrong"}).status == 401
    assert here.post("/api/me/password", {**body, "new": "short"}).status == 422
    assert here.post("/api/me/password", body).status == 200
    assert (here.get("/api/me").status, there.get("/api/me").status) == (200, 401)


def test_the_first_link_works_once(house: House) -> None:
    browser = house.browser()
    assert browser.post("/first/guess", NEW).json()["code"] == "link_used"
    assert browser.post("/first/the-link", {**NEW, "password": "short"}).status == 422
    answer = browser.post("/first/the-link", NEW)
    assert (answer.status, answer.json()["role"]) == (200, "administrator")
    assert browser.get("/api/users").status == 200
    assert house.browser().post("/first/the-link", NEW).status == 410
    assert house.browser(address="10.0.0.8").sign_in("admin", NEW["password"]).status == 200


def test_the_first_link_makes_the_administrator_of_a_new_house(house: House) -> None:
    answer = house.browser().post("/first/the-link", {**NEW, "name": "ruth"})
    assert (answer.json()["name"], answer.json()["authority_id"]) == ("ruth", AUTHORITY)


def test_the_first_link_never_makes_an_agent_an_administrator(house: House) -> None:
    answer = house.browser().post("/first/the-link", {**NEW, "name": "agent"})
    assert answer.json()["code"] == "name_taken"
    assert house.browser().post("/first/the-link", NEW).status == 200  # the link is not spent


def test_guesses_of_the_first_link_are_limited(house: House) -> None:
    browser = house.browser()
    statuses = [browser.post(f"/first/guess{n}", NEW).status for n in range(6)]
    assert statuses == [410] * 5 + [429]


def test_signing_in_and_its_failures_are_audited(house: House) -> None:
    house.browser().sign_in("agent", "wrong")
    house.browser("agent", "10.0.0.9")
    entries = result_of(house.ports.audit.recent(AUTHORITY, 10))
    assert [(e.action, e.subject, e.address) for e in entries] == [
        ("signed_in", "agent", "10.0.0.9"),
        ("sign_in_failed", "agent", "10.0.0.7"),
    ]


@pytest.mark.parametrize(
    "password", ["short", "1234567890", "aaaaaaaaaaaa", "ruthlevi12", "Password123", "x" * 129]
)
def test_easy_passwords_are_refused(password: str) -> None:
    assert is_weak(password, "ruthlevi")


@pytest.mark.parametrize(
    "password", ["חתול על גג חם", "correct horse battery", "ruthlevi likes tea"]
)
def test_a_sentence_is_a_good_password(password: str) -> None:
    assert not is_weak(password, "ruthlevi")
