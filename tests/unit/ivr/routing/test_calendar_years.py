"""Twenty years of feasts, day by day, against a second library that has its own tables."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from pyluach.dates import HebrewDate

from ivr.routing.calendar import Calendar, Customs
from ivr.routing.sky import Sky

ZONE = ZoneInfo("Asia/Jerusalem")
YEARS = range(2026, 2046)
SKY = Sky(zone=ZONE, latitude=31.778, longitude=35.235)
ISRAEL = holidays.country_holidays(
    "IL", years=YEARS, categories=("public", "optional", "school"), language="en_US"
)
SAME = {
    "Rosh Hashanah": "Rosh Hashana",
    "Yom Kippur": "Yom Kippur",
    "Sukkot": "Sukkot",
    "Sukkot holiday": "Chol HaMoed Sukkot",
    "Simchat Torah / Shemini Atzeret": "Simchat Torah",
    "Pesach": "Passover",
    "Pesach holiday": "Chol HaMoed Passover",
    "Seventh day of Pesach": "Seventh day of Passover",
    "Shavuot": "Shavuot",
    "Remembrance Day": "Memorial Day",
    "Independence Day": "Independence Day",
    "Jerusalem Day": "Jerusalem Day",
    "Tisha B'Av": "Tisha B'Av",
    "Purim": "Purim",
    "Ta'anit Ester": "Fast of Esther",
    "Lag BaOmer": "Lag BaOmer",
    "Hanukkah": "Hanukkah",
}


def every_day() -> list[date]:
    first, last = date(YEARS.start, 1, 1), date(YEARS.stop - 1, 12, 31)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_jewish_days_are_the_same_in_both_every_day_of_twenty_years() -> None:
    calendar = Calendar(Customs(zone=ZONE, sky=SKY))
    compared = 0
    for day in every_day():
        names = {name["en"] for name in calendar.day(day).names}
        ours = names & set(SAME.values())
        if "Eve of Simchat Torah" in names:
            ours.discard("Chol HaMoed Sukkot")  # theirs leaves Hoshana Rabba, its last day, out
        listed = {name.removesuffix(" (observed)") for name in ISRAEL.get_list(day)}
        theirs = {SAME[name] for name in listed if name in SAME}
        assert ours == theirs, day
        compared += len(ours)
    assert compared > 20 * 30


FASTS = {
    "Tzom Gedalia": "Fast of Gedaliah",
    "10 of Teves": "Fast of Tevet",
    "Taanis Esther": "Fast of Esther",
    "17 of Tamuz": "Fast of Tammuz",
    "9 of Av": "Tisha B'Av",
}


def test_fasts_move_as_in_the_second_library() -> None:
    """``holidays`` does not have all of them; pyluach has rules of its own for them."""
    calendar = Calendar(Customs(zone=ZONE, sky=SKY))
    for day in every_day():
        ours = {name["en"] for name in calendar.day(day).names} & set(FASTS.values())
        theirs = FASTS.get(HebrewDate.from_pydate(day).fast_day(), "")
        assert ours == ({theirs} if theirs else set()), day


def test_every_shabbat_and_holiday_of_twenty_years_has_a_beginning_and_an_end() -> None:
    calendar = Calendar(Customs(zone=ZONE, sky=SKY))
    minute = timedelta(minutes=1)
    for day in every_day():
        rest = calendar.rest(day)
        kind = calendar.day(day).kind
        assert (rest is not None) == (kind in {"shabbat", "holiday"}), day
        if rest is not None:
            assert timedelta(hours=23) < rest[1] - rest[0] < timedelta(hours=26), day
            assert calendar.at(rest[0]).kind == kind, day
            if calendar.rest(day - timedelta(days=1)) is None:
                assert calendar.at(rest[0] - minute).kind not in {"shabbat", "holiday"}, day
            if calendar.rest(day + timedelta(days=1)) is None:
                assert calendar.at(rest[1]).kind not in {"shabbat", "holiday"}, day


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("Eid al-Fitr", "Eid al-Fitr"), ("Eid al-Adha", "Eid al-Adha")],
)
def test_muslim_days_differ_by_no_more_than_the_moon_allows(theirs: str, ours: str) -> None:
    jordan = holidays.country_holidays("JO", years=YEARS, language="en_US")
    calendar = Calendar(Customs(zone=ZONE, sky=SKY, keeps=("muslim",)))
    one = timedelta(days=1)
    found = [day for day, name in jordan.items() if theirs in name]
    assert len(found) > 50
    for day in found:
        near = [calendar.day(day + n * one) for n in (-1, 0, 1)]
        assert any(ours == name["en"] for one_day in near for name in one_day.names), day
