"""What day it is and why: when Shabbat and holidays begin and end, what councils keep besides."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ivr.routing.calendar import Calendar, Customs
from ivr.routing.day_kind import DayKind
from ivr.routing.sky import Sky

ZONE = ZoneInfo("Asia/Jerusalem")
JERUSALEM = Sky(zone=ZONE, latitude=31.778, longitude=35.235, candle_lighting=40)
HAIFA = Sky(zone=ZONE, latitude=32.794, longitude=34.989, candle_lighting=30)


def calendar(**customs: Any) -> Calendar:
    return Calendar(Customs(zone=ZONE, **{"sky": JERUSALEM, **customs}))


def on(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def english(found: Calendar, day: str) -> list[str]:
    return [names["en"] for names in found.day(on(day)).names]


# As printed in newspapers and guides of these years.
@pytest.mark.parametrize(
    ("sky", "day", "time"),
    [
        (JERUSALEM, "2011-12-02", "15:55"),
        (JERUSALEM, "2011-12-09", "15:55"),
        (JERUSALEM, "2011-12-16", "15:57"),
        (JERUSALEM, "2019-12-06", "15:55"),
        (JERUSALEM, "2024-10-04", "17:40"),
        (JERUSALEM, "2024-10-23", "17:18"),
        (HAIFA, "2024-10-02", "17:53"),
        (HAIFA, "2024-10-04", "17:50"),
        (HAIFA, "2025-09-22", "18:07"),
    ],
)
def test_candles_are_lit_when_calendars_say_so(sky: Sky, day: str, time: str) -> None:
    assert sky.candles(on(day)).astimezone(ZONE) == at(f"{day} {time}")


@pytest.mark.parametrize(
    ("sky", "day", "time"),
    [
        (JERUSALEM, "2019-12-07", "17:15"),
        (JERUSALEM, "2024-10-03", "18:57"),
        (JERUSALEM, "2024-10-05", "18:55"),
        (JERUSALEM, "2024-10-24", "18:34"),
        (JERUSALEM, "2025-09-23", "19:11"),
        (HAIFA, "2024-10-24", "18:34"),
        (HAIFA, "2025-09-23", "19:12"),
    ],
)
def test_it_is_night_when_calendars_say_so(sky: Sky, day: str, time: str) -> None:
    assert sky.nightfall(on(day)).astimezone(ZONE) == at(f"{day} {time}")


def test_nightfall_can_be_minutes_after_sunset() -> None:
    sky = Sky(zone=ZONE, latitude=31.778, longitude=35.235, nightfall_minutes=72)
    assert sky.nightfall(on("2026-11-28")).astimezone(ZONE) == at("2026-11-28 17:47")


KINDS = [
    ("2026-11-26 12:00", "workday", []),
    ("2026-11-27 00:00", "eve", ["Eve of Shabbat"]),
    ("2026-11-27 15:54", "eve", ["Eve of Shabbat"]),
    ("2026-11-27 15:55", "shabbat", ["Shabbat"]),  # candle lighting
    ("2026-11-28 17:13", "shabbat", ["Shabbat"]),
    ("2026-11-28 17:14", "workday", []),  # three stars
    # Rosh Hashana 5787 falls on Shabbat and Sunday
    ("2026-09-11 12:00", "eve", ["Eve of Rosh Hashana", "Eve of Shabbat"]),
    ("2026-09-11 18:30", "holiday", ["Rosh Hashana", "Shabbat"]),
    ("2026-09-12 23:00", "holiday", ["Rosh Hashana"]),
    ("2026-09-13 19:30", "workday", []),
    ("2026-09-14 12:00", "workday", ["Fast of Gedaliah"]),
    # Sukkot 5787 begins on a Shabbat, its night is Chol HaMoed; the last day of it is an eve
    ("2026-09-26 18:00", "holiday", ["Sukkot", "Shabbat"]),
    ("2026-09-26 23:00", "chol_hamoed", ["Chol HaMoed Sukkot"]),
    ("2026-09-28 12:00", "chol_hamoed", ["Chol HaMoed Sukkot"]),
    ("2026-10-02 12:00", "eve", [
        "Eve of Simchat Torah", "Eve of Shabbat", "Chol HaMoed Sukkot"]),
    # Friday is the seventh day of Passover, then Shabbat comes in by daylight
    ("2025-04-19 12:00", "holiday", ["Seventh day of Passover", "Shabbat"]),
    ("2027-04-23 12:00", "eve", ["Eve of Shabbat", "Chol HaMoed Passover"]),
    # Memorial Day passes into Independence Day at nightfall
    ("2026-04-21 12:00", "memorial", ["Memorial Day", "Eve of Independence Day"]),
    ("2026-04-21 20:30", "holiday", ["Independence Day"]),
    ("2026-04-22 20:30", "workday", []),
    ("2026-07-23 12:00", "memorial", ["Tisha B'Av"]),
    ("2026-03-03 12:00", "workday", ["Purim"]),
]  # fmt: skip


@pytest.mark.parametrize(("moment", "kind", "names"), KINDS)
def test_what_day_it_is_and_why(moment: str, kind: str, names: list[str]) -> None:
    found = calendar().at(at(moment))
    assert (found.kind, [name["en"] for name in found.names]) == (kind, names)
    assert all(name["he"] for name in found.names)


def test_a_friday_holiday_gives_way_to_shabbat_at_candle_lighting() -> None:
    ours = calendar()
    holiday, shabbat = ours.rest(on("2026-05-22")), ours.rest(on("2026-05-23"))  # Shavuot
    assert holiday is not None
    assert shabbat is not None
    assert shabbat[0] < holiday[1]
    assert ours.at(shabbat[0]).kind == "shabbat"


def test_the_second_day_begins_at_the_nightfall_of_the_first() -> None:
    ours = calendar()
    first, second = ours.rest(on("2026-09-12")), ours.rest(on("2026-09-13"))
    assert first is not None
    assert second is not None
    assert first[1] == second[0]


@pytest.mark.parametrize(
    ("feast", "days"),
    [
        # Real dates, with the moves that keep them away from Shabbat
        ("Holocaust Memorial Day", "2024-05-06 2025-04-24 2026-04-14 2027-05-04 2028-04-24"),
        ("Memorial Day", "2023-04-25 2024-05-13 2025-04-30 2026-04-21 2027-05-11 2028-05-01"),
        ("Independence Day", "2023-04-26 2024-05-14 2025-05-01 2026-04-22 2027-05-12"),
        ("Tisha B'Av", "2022-08-07 2023-07-27 2025-08-03 2026-07-23 2029-07-22"),
    ],
)
def test_days_of_memory_are_where_they_really_were(feast: str, days: str) -> None:
    assert all(feast in english(calendar(), day) for day in days.split())


def test_a_walled_town_has_purim_a_day_later() -> None:
    walled = calendar(walled=True)
    assert english(walled, "2026-03-03") == []
    assert english(walled, "2026-03-04") == ["Shushan Purim"]
    assert english(walled, "2025-03-16") == ["Shushan Purim"]  # in three parts: the feast on Sunday
    assert english(calendar(), "2026-03-04") == []


def test_an_authority_says_itself_what_a_named_day_is_and_when_it_is_off() -> None:
    council = {"he": "יום המועצה", "en": "Council day"}
    own = calendar(kinds={"purim": DayKind.DAY_OFF}, days_off={on("2026-11-24"): council})
    assert own.day(on("2026-03-03")).kind == "day_off"
    assert own.day(on("2026-11-24")).names == (council,)
    assert own.at(at("2026-11-24 23:59")).kind == "day_off"


def test_who_keeps_no_shabbat_has_none() -> None:
    assert calendar(keeps=("druze",)).at(at("2026-11-28 12:00")).kind == "workday"
    assert calendar(keeps=()).day(on("2026-09-21")).kind == "workday"


@pytest.mark.parametrize(
    ("keeps", "day", "name"),
    [
        ("muslim", "2026-03-20", "Eid al-Fitr"),
        ("muslim", "2026-03-22", "Eid al-Fitr"),
        ("muslim", "2026-05-27", "Eid al-Adha"),
        ("muslim", "2026-06-16", "Hijri New Year"),
        ("muslim", "2026-08-25", "The Prophet's Birthday"),
        ("druze", "2026-05-30", "Eid al-Adha"),
        ("druze", "2026-04-25", "Nabi Shu'ayb"),
        ("druze", "2026-09-10", "Nabi Sabalan"),
        ("druze", "2026-01-25", "Nabi al-Khidr"),
        ("christian", "2026-12-26", "Christmas"),
        ("christian", "2026-04-03", "Good Friday"),
        ("christian", "2026-04-06", "Easter"),
        ("christian", "2026-05-14", "Ascension Day"),
        ("christian", "2026-05-25", "Pentecost"),
        ("orthodox", "2026-01-07", "Christmas"),
        ("orthodox", "2026-04-12", "Easter"),
        ("orthodox", "2027-05-02", "Easter"),
    ],
)
def test_towns_keep_their_own_days_from_midnight_to_midnight(
    keeps: str, day: str, name: str
) -> None:
    own = calendar(keeps=(keeps,))
    assert name in english(own, day)
    assert own.at(at(f"{day} 00:00")).kind == own.at(at(f"{day} 23:59")).kind == "holiday"
    assert own.rest(on(day)) == (at(f"{day} 00:00"), at(f"{on(day) + timedelta(days=1)} 00:00"))


def test_a_muslim_day_is_moved_when_the_moon_was_seen() -> None:
    seen = calendar(keeps=("muslim",), moved={"eid_al_fitr": (on("2026-03-21"),)})
    assert seen.day(on("2026-03-20")).kind == "eve"
    assert [seen.day(on(f"2026-03-{day}")).kind for day in (21, 23, 24)] == [
        "holiday", "holiday", "workday",
    ]  # fmt: skip
    assert english(seen, "2027-03-09") == ["Eid al-Fitr"]  # other years stay as reckoned


def test_a_year_with_the_same_muslim_feast_twice() -> None:
    own = calendar(keeps=("muslim",))
    days = [d for d in ("2033-01-02", "2033-12-23") if "Eid al-Fitr" in english(own, d)]
    assert days == ["2033-01-02", "2033-12-23"]


def test_mixed_towns_keep_several() -> None:
    mixed = calendar(keeps=("jewish", "christian"))
    assert mixed.day(on("2026-12-25")).kind == "holiday"
    assert english(mixed, "2026-12-26") == ["Christmas", "Shabbat"]
    assert mixed.rest(on("2026-12-26")) == (  # from the earlier beginning to the later end
        at("2026-12-25 16:01"), at("2026-12-27 00:00"),
    )  # fmt: skip
