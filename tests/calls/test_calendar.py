"""The calendar, called for real: closed on holidays and by staff, and the way of the calendar step.

Nobody is signed in here, so whoever is led to a person ends at the phone of the person on call.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from ivr.dialplan.check import load_site
from tests.calls.house import CHECKOUT, House, Person, fresh_caller, running_house
from tests.calls.sipp_runner import RunningSipp

pytestmark = [pytest.mark.calls, pytest.mark.timeout(600)]

BILLING, BY_CALENDAR = "+97229900200", "+97229901015"
PASSWORD = "a long sentence of the lead"


@dataclass(frozen=True)
class Case:
    """One call at a pretended time, and the steps that must and must not be in its trace."""

    name: str
    number: str
    at: str
    steps: tuple[str, ...]
    never: str
    press: str = ""


SITE = load_site(CHECKOUT / "dialplans").site


def _next_two_workdays() -> tuple[date, date]:
    """Return two days in a row on which the department is open: staff close days to come."""
    day = date.today() + timedelta(days=1)  # noqa: DTZ011 - any day from here on will do
    while not (_is_open(day) and _is_open(day + timedelta(days=1))):
        day += timedelta(days=1)
    return day, day + timedelta(days=1)


def _is_open(day: date) -> bool:
    half_past_ten = datetime.combine(day, time(10, 30), tzinfo=SITE.authority.timezone)
    return SITE.hours["billing_department"].is_open(half_past_ten)


CLOSED_DAY, OPEN_DAY = _next_two_workdays()
CLOSED = ("department_hours", "tell_closed", "centre.on_call")
OPEN = ("department_hours", "department_staffed", "tell_no_answer", "centre.on_call")
CASES = (
    Case("Yom Kippur", BILLING, "202609211030", CLOSED, "department_staffed", "4"),
    Case("the day after", BILLING, "202609221030", OPEN, "tell_closed", "4"),
    Case("eve, in its hours", BILLING, "202609201130", OPEN, "tell_closed", "4"),
    Case("eve, after them", BILLING, "202609201230", CLOSED, "department_staffed", "4"),
    Case("closed by staff", BILLING, f"{CLOSED_DAY:%Y%m%d}1030", CLOSED, "department_staffed", "4"),
    Case("no more by then", BILLING, f"{OPEN_DAY:%Y%m%d}1030", OPEN, "tell_closed", "4"),
    Case("before the candles", BY_CALENDAR, "202611271550", ("today", "department"), "tell_closed"),
    Case("after the candles", BY_CALENDAR, "202611271600", ("today", "tell_closed"), "department"),
    Case("three stars", BY_CALENDAR, "202611281720", ("today", "department"), "tell_closed"),
)


@dataclass
class Year:
    """All calls of this module, made at once."""

    house: House
    running: dict[str, RunningSipp] = field(default_factory=dict)
    callers: dict[str, str] = field(default_factory=dict)

    def call(self, case: Case) -> None:
        presses = ((3.0, case.press),) if case.press else ()
        caller = self.callers[case.name] = fresh_caller()
        self.running[case.name] = self.house.farm.call(
            case.number, caller=caller, presses=presses, at=case.at, talk=60.0,
            echo=0.0 if presses else 1.0,
        )  # fmt: skip

    def trace(self, case: Case) -> dict[str, Any]:
        result = self.running[case.name].wait()
        assert result.ok, result.errors
        return self.house.call_of(self.callers[case.name])


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    with running_house(tmp_path_factory.mktemp("calendar"), _with_example) as house:
        administrator(house).post(
            "/api/closures",
            {"first_day": str(CLOSED_DAY), "last_day": str(CLOSED_DAY), "why": "השתלמות"},
        )
        made = Year(house)
        for case in CASES:
            made.call(case)
        yield made
        for running in made.running.values():
            running.wait()


def _with_example(site: Path) -> None:
    shutil.copy(CHECKOUT / "dialplans" / "examples" / "calendar.yaml", site / "dialplans")


def administrator(house: House) -> Person:
    """Return the first administrator, as the one-time link makes them."""
    answer = requests.post(
        f"{house.url}/first/{house.secret('first-link')}",
        json={"name": "admin", "password": PASSWORD},
        timeout=30,
    )
    answer.raise_for_status()
    return Person(house.url, "admin", PASSWORD)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_caller_goes_by_the_day_it_is(year: Year, case: Case) -> None:
    found = year.trace(case)
    labels = [row["label"] for row in found["trace"]]
    assert found["call"]["outcome"] == "talked", labels
    places = [labels.index(step) for step in case.steps]
    assert places == sorted(places), labels
    assert case.never not in labels
