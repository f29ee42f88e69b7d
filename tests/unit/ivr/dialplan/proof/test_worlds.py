"""The worlds of a house: each once, each with what can follow it."""

from __future__ import annotations

from datetime import datetime

import pytest

from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.proof.ways import Guard
from ivr.dialplan.proof.worlds import World, worlds_of
from tests.unit.ivr.dialplan.proof.proving import HOLIDAY, SITE, SUNDAY, ZONE, day_kind

OFFICE: Guard = ("hours", "office")
DEPARTMENT: Guard = ("hours", "billing_department")
DAY: Guard = ("day", "")
EMERGENCY: Guard = ("emergency", "")


def worlds(*guards: Guard) -> list[World]:
    return worlds_of(guards, SITE.hours, day_kind, SUNDAY)


def test_where_nothing_is_asked_there_is_one_world() -> None:
    assert worlds() == [World(SUNDAY, {})]


def test_hours_are_open_or_closed_and_each_can_follow_the_other() -> None:
    is_open, closed = worlds(OFFICE)
    assert (is_open.facts, closed.facts) == ({OFFICE: True}, {OFFICE: False})
    assert closed.moment == datetime(2026, 11, 22, 16, tzinfo=ZONE)
    assert [turn.facts for turn in is_open.turns] == [closed.facts]
    assert is_open.turns[0].moment == closed.moment
    assert closed.turns[0].moment == datetime(2026, 11, 23, 8, tzinfo=ZONE)


def test_hours_that_agree_give_no_world_in_which_they_do_not() -> None:
    met = {(one.facts[OFFICE], one.facts[DEPARTMENT]) for one in worlds(OFFICE, DEPARTMENT)}
    assert met == {(True, True), (False, False), (False, True)}


def test_only_what_really_follows_is_a_turn() -> None:
    evening = next(w for w in worlds(OFFICE, DEPARTMENT) if w.facts[OFFICE] != w.facts[DEPARTMENT])
    assert evening.moment == datetime(2026, 11, 24, 16, tzinfo=ZONE)  # a Tuesday
    assert [turn.facts for turn in evening.turns] == [{OFFICE: False, DEPARTMENT: False}]


def test_every_kind_of_day_is_met_within_the_minute_it_begins() -> None:
    found = {one.facts[DAY]: one.moment for one in worlds(DAY)}
    assert set(found) == {DayKind.WORKDAY, DayKind.EVE, DayKind.SHABBAT, DayKind.HOLIDAY}
    assert found[DayKind.HOLIDAY] == datetime(2026, 12, 9, tzinfo=ZONE)
    assert found[DayKind.HOLIDAY].date() == HOLIDAY
    assert found[DayKind.SHABBAT] == datetime(2026, 11, 27, 16, tzinfo=ZONE)


def test_an_emergency_can_begin_and_end_in_every_world() -> None:
    found = worlds(OFFICE, EMERGENCY)
    assert [(one.facts[OFFICE], one.is_emergency) for one in found] == [
        (True, False),
        (True, True),
        (False, False),
        (False, True),
    ]
    for one in found:
        switched = [turn for turn in one.turns if turn.moment is None]
        assert [turn.facts for turn in switched] == [{**one.facts, EMERGENCY: not one.is_emergency}]


def test_what_is_so_after_a_turn() -> None:
    is_open, closed = worlds(OFFICE)
    assert is_open.facts_after(0) == is_open.facts
    assert is_open.facts_after(1) == closed.facts


@pytest.mark.parametrize("unknown", [("hours", "nowhere"), ("answered", "")])
def test_what_the_house_does_not_know_makes_no_world(unknown: Guard) -> None:
    assert len(worlds(unknown)) == 1
