"""Closures in the console: who may enter them, that they hold at once, that nonsense is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ivr.console.access import Role
from ivr.routing.opening_hours import OpeningHours
from ivr.storage.closures import Closures
from ivr.storage.records import User
from tests.fakes.asgi import Browser
from tests.fakes.console import AUTHORITY, HOURS, JERUSALEM, NOON, OTHER, user
from tests.results import result_of
from tests.unit.ivr.console.conftest import House

CLOSURE = {
    "hours": "billing_department",
    "first_day": "2026-11-23",
    "last_day": "2026-11-24",
    "why": "שיפוצים",
}
TOMORROW = NOON + timedelta(days=1)


def is_open(house: House, days: int = 1) -> bool:
    hours = house.ports.opening_hours.now["billing_department"]
    return hours.is_open(NOON + timedelta(days=days))


def test_a_closure_holds_at_once_and_ends_by_itself(house: House) -> None:
    assert is_open(house)
    answer = house.browser("lead").post("/api/closures", CLOSURE)
    assert answer.status == 201
    assert answer.json()["entered_by"] == "user-mateh-yehuda-lead"
    assert [is_open(house, days) for days in (0, 1, 2, 3)] == [True, False, False, True]


def test_a_closure_without_a_name_is_for_all_hours_and_may_have_times(house: House) -> None:
    body = {**CLOSURE, "hours": "", "times": ["08:00-10:00", "12:30-14:00"]}  # NOON is 12:00 there
    assert house.browser("admin").post("/api/closures", body).status == 201
    assert not is_open(house)
    hours = house.ports.opening_hours.now["billing_department"]
    assert hours.is_open(TOMORROW + timedelta(hours=1))


def test_everybody_sees_what_is_not_over_and_what_can_be_closed(house: House) -> None:
    house.browser("lead").post("/api/closures", CLOSURE)
    seen = house.browser("agent").get("/api/closures").json()
    assert (seen["today"], seen["hours"]) == ("2026-11-22", ["billing_department"])
    assert [(one["first_day"], one["why"]) for one in seen["closures"]] == [
        ("2026-11-23", "שיפוצים")
    ]
    house.clock.move(3 * 86400)
    seen = house.browser("auditor").get("/api/closures").json()
    assert seen["closures"] == []
    assert [one["why"] for one in seen["over"]] == ["שיפוצים"]


def test_a_closure_is_taken_back_once(house: House) -> None:
    browser = house.browser("lead")
    path = f"/api/closures/{browser.post('/api/closures', CLOSURE).json()['closure_id']}"
    assert [browser.send("DELETE", path).status for _ in range(2)] == [204, 404]
    assert is_open(house)


def test_both_are_audited_with_what_was_entered(house: House) -> None:
    browser = house.browser("lead")
    closure_id = browser.post("/api/closures", CLOSURE).json()["closure_id"]
    browser.send("DELETE", f"/api/closures/{closure_id}")
    gone, entered = result_of(house.ports.audit.recent(AUTHORITY, 2))
    assert (gone.action, gone.subject) == ("closure_taken_back", closure_id)
    assert (entered.action, entered.who) == ("closure_entered", "user-mateh-yehuda-lead")
    assert entered.details == {**CLOSURE, "times": []}


def test_a_restarted_service_knows_what_was_entered(house: House) -> None:
    house.browser("lead").post("/api/closures", CLOSURE)
    database = house.ports.lists._database
    again = OpeningHours(HOURS, JERUSALEM, Closures(database, AUTHORITY))
    assert again.now["billing_department"].is_open(TOMORROW)
    result_of(again.load())
    assert not again.now["billing_department"].is_open(TOMORROW)


def test_closures_hold_for_the_hours_of_a_site_that_is_published_later(house: House) -> None:
    house.browser("lead").post("/api/closures", {**CLOSURE, "hours": ""})
    before = house.ports.opening_hours.now
    new = {"summer": HOURS["billing_department"]}
    house.ports.opening_hours.follow(new, JERUSALEM)
    assert set(house.ports.opening_hours.now) == {"summer"}
    assert not house.ports.opening_hours.now["summer"].is_open(TOMORROW)
    assert not before["billing_department"].is_open(TOMORROW)  # a call that runs keeps its hours


@pytest.mark.parametrize("name", ["agent", "auditor"])
def test_agents_and_auditors_only_read(house: House, name: str) -> None:
    browser = house.browser(name)
    assert browser.post("/api/closures", CLOSURE).status == 403
    assert browser.send("DELETE", "/api/closures/closure-1").status == 403
    assert is_open(house)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"hours": "no_such"}, "no_such_hours"),
        ({"first_day": "2026-11-25"}, "closure_backwards"),
        ({"first_day": "2026-11-01", "last_day": "2026-11-21"}, "closure_over"),
        ({"last_day": "2027-11-25"}, "closure_too_far"),
        ({"first_day": "2206-11-23", "last_day": "2206-11-24"}, "closure_too_far"),
        ({"first_day": 0}, "bad_input"),
        ({"first_day": "2026-02-30"}, "bad_input"),
        ({"first_day": "20261123"}, "bad_input"),
        ({"first_day": "٢٠٢٦-١١-٢٣"}, "bad_input"),
        ({"times": ["8-12"]}, "bad_input"),
        ({"times": ["08:00-25:00"]}, "bad_input"),
        ({"times": ["08:00-12:00"] * 9}, "bad_input"),
        ({"times": "08:00-12:00"}, "bad_input"),
        ({"hours": "../../etc"}, "bad_input"),
        ({"why": ""}, "bad_input"),
        ({"why": "a\0b"}, "bad_input"),
        ({"why": "x" * 121}, "bad_input"),
        ({"entered_by": "somebody"}, "bad_input"),
    ],
)
def test_nonsense_is_refused_in_a_sentence_and_changes_nothing(
    house: House, change: dict[str, Any], code: str
) -> None:
    answer = house.browser("lead").post("/api/closures", {**CLOSURE, **change})
    assert (answer.status, answer.json()["code"]) == (422, code)
    assert answer.json()["message"]
    assert house.ports.opening_hours.entered == []
    assert is_open(house)


def test_another_authority_enters_and_takes_back_nothing_here(house: House) -> None:
    closure_id = house.browser("lead").post("/api/closures", CLOSURE).json()["closure_id"]
    stranger = browser_of(house, user("stranger", Role.ADMINISTRATOR, authority=OTHER))
    seen = stranger.get("/api/closures").json()
    assert (seen["hours"], seen["closures"], seen["over"]) == ([], [], [])
    assert stranger.post("/api/closures", CLOSURE).status == 404
    assert stranger.send("DELETE", f"/api/closures/{closure_id}").status == 404
    assert [one.closure_id for one in house.ports.opening_hours.entered] == [closure_id]


def browser_of(house: House, stranger: User) -> Browser:
    result_of(house.ports.users.add(stranger))
    who = result_of(house.ports.sessions.begin(stranger, timedelta(hours=1)))
    browser = house.browser()
    browser.cookies["moked"], browser.csrf = who.token, who.session.csrf
    return browser
