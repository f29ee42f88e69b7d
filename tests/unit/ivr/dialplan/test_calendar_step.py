"""The ``calendar`` step, and what conditions and call contexts make of the kind of day."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from ivr.calls.context import CallContext
from ivr.dialplan.check import load_site
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.steps.calendar import Calendar
from ivr.ids import Label
from tests.fakes.caller import FakeCall
from tests.results import result_of
from tests.unit.ivr.dialplan.test_site_file import SHIPPED

NAMES = [str(kind) for kind in DayKind]
FULL = Calendar.model_validate({name: f"to_{name}" for name in NAMES})
ONE = Calendar(workday=Label("menu"), shabbat=Label("closed"))
JERUSALEM = ZoneInfo("Asia/Jerusalem")


@pytest.mark.parametrize("kind", list(DayKind))
def test_each_kind_of_day_has_its_way(kind: DayKind) -> None:
    assert result_of(FULL.run(FakeCall(day=kind))) == f"to_{kind}"
    assert result_of(ONE.run(FakeCall(day=kind))) == ("closed" if kind == "shabbat" else "menu")


def test_only_the_ways_that_are_written_are_exits() -> None:
    assert list(FULL.exits()) == NAMES
    assert ONE.exits() == {"workday": "menu", "shabbat": "closed"}


@pytest.mark.parametrize("kind", list(DayKind))
def test_a_condition_knows_when_offices_rest(kind: DayKind) -> None:
    rests = kind in {DayKind.SHABBAT, DayKind.HOLIDAY, DayKind.DAY_OFF}
    assert FakeCall(day=kind).holds("holiday()") is rests


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        ("2026-11-24 10:30", "workday"),
        ("2026-11-27 15:00", "eve"),
        ("2026-11-28 12:00", "shabbat"),
        ("2026-09-21 10:30", "holiday"),
    ],
)
def test_a_call_knows_what_day_it_is_at_its_own_time(at: str, kind: str) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    pretended = datetime.fromisoformat(at).replace(tzinfo=JERUSALEM) - now
    visit: Any = SimpleNamespace(time_shift=pretended)
    house: Any = SimpleNamespace(
        clock=SimpleNamespace(now=lambda: now),
        timezone=JERUSALEM,
        calendar=load_site(SHIPPED).site.calendar,
    )
    assert pretended != timedelta(0)
    assert CallContext(cast("Any", visit), house).day_kind() == kind
