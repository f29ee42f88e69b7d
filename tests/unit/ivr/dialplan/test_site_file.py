"""``site.yaml``: what is read of it, and its faults."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.dialplan.check import load_site
from ivr.dialplan.contacts import read_contacts
from ivr.dialplan.problem import SiteInvalid
from ivr.dialplan.site_file import read_site
from ivr.ids import AgentId, QueueName

SHIPPED = Path(__file__).parents[4] / "dialplans"
TEXT = (SHIPPED / "site.yaml").read_text(encoding="utf-8")
SITE = load_site(SHIPPED).site
JERUSALEM = ZoneInfo("Asia/Jerusalem")


def test_the_shipped_site_is_the_one_of_the_procedure() -> None:
    assert SITE.authority.authority_id == "mateh-yehuda"
    assert SITE.authority.languages == ("he", "en")
    assert SITE.number_of("external_payment_centre") == "+97239990300"
    assert SITE.number_of("+972501234567") == "+972501234567"
    assert set(SITE.numbers.values()) == SITE.demo_numbers
    assert SITE.queues[QueueName("billing")].agents == ("agent-201", "agent-202")
    assert SITE.queues[QueueName("centre")].wait == 90
    assert SITE.agents[AgentId("agent-301")].queues == ("centre",)
    assert SITE.agents[AgentId("agent-301")].endpoint == "agent-301"
    assert SITE.lookups["residents"].values == ("name", "address", "language", "note")
    assert SITE.values == {"site_centre_name": "מוקד 106"}
    assert all(queue.retention_days == 90 and queue.record for queue in SITE.queues.values())


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-22 07:59", False),  # Sunday
        ("2026-11-22 08:00", True),
        ("2026-11-22 15:59", True),
        ("2026-11-22 16:00", False),
        ("2026-11-24 18:59", True),  # Tuesday
        ("2026-11-24 19:00", False),
        ("2026-11-26 12:00", True),  # Thursday
        ("2026-11-27 12:00", False),  # Friday
        ("2026-11-28 12:00", False),  # Saturday
        ("2026-09-20 11:59", True),  # eve of Yom Kippur, a Sunday
        ("2026-09-20 12:00", False),
        ("2026-09-21 10:00", False),  # Yom Kippur
        ("2026-09-28 12:59", True),  # Chol HaMoed, a Monday
        ("2026-09-28 13:00", False),
    ],
)
def test_the_billing_department_is_open_as_the_issue_says(at: str, is_open: bool) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=JERUSALEM)
    assert SITE.hours["billing_department"].is_open(moment) is is_open


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("agents: [agent-201, agent-202]", "agents: [agent-200]", "no agent 'agent-200' (did you"),
        ("queue: centre", "queue: center", "failsafe.queue: no queue 'center' (did you"),
        ("number: fallback", "number: fall_back", "failsafe.number: no number 'fall_back'"),
        ("box: centre", "box: other", "failsafe.box: no box 'other'"),
        ("{department: centre}", "{department: other}", "no department 'other'"),
        ("Asia/Jerusalem", "Asia/Jerusalim", "is not a time zone"),
        ("Asia/Jerusalem", "../../etc/passwd", "is not a time zone"),
        ("'+97239990300'", "'039990300'", "is not a number in E.164"),
        ("'+97239990300'", "+97239990300", "must be text"),
        ("['08:00-16:00']", "['8:00-16:00']", "is not a time of day"),
        ("['08:00-16:00']", "['08:00']", "is not written like '08:00-16:00'"),
        ("['08:00-16:00']", "['08:00-25:00']", "00:00 to 24:00"),
        ("days: {}", "days: {2027-02-30: []}", "is not a day like"),
        ("yearly: {} ", "yearly: {'02-30': []} ", "yearly.02-30: '02-30' is not a month and day"),
        (
            "closures: [] ",
            "closures: [{from: '2027-08-14', to: '2027-08-01'}] ",
            "before it begins",
        ),
        ("closures: [] ", "closures: [{from: '2027-08-01', to: '2029-08-01'}] ", "than a year"),
        ("closures: [] ", "closures: [{from: '2027-08-01'}] ", "'to' is missing"),
        ("memorial: ['08:00-13:00']", "memorials: []", "did you mean 'memorial'?"),
        ("keeps: [jewish] ", "keeps: [jewisch] ", "keeps.0"),
        ("latitude: 31.7,", "latitude: 91.7,", "less than or equal to 50"),
        ("candle_lighting: 40", "candle_lighting: '40'", "candle_lighting: must be a whole number"),
        ("kinds: {} ", "kinds: {purrim: day_off} ", "no feast 'purrim' (did you mean 'purim'?)"),
        ("kinds: {} ", "kinds: {purim: party} ", "kinds.purim"),
        ("moved: {} ", "moved: {eid_al_fitr: ['2027-08-01']} ", "not begin within 15 days"),
        ("days_off: {} ", "days_off: {2027-02-30: {he: א}} ", "is not a day like"),
        ("wrap_up", "warp_up", "unknown key 'warp_up' (did you mean 'wrap_up'?)"),
        ("extension: '201'", "extension: 201", "must be text"),
        ("capacity: 20", "capacity: 0", "greater than or equal to 1"),
        ("sunday", "sonday", "did you mean 'sunday'?"),
        ("רונית לוי", '"a\\nb"', "must be one line of plain text"),
        ("{he: גבייה, en: Billing}", '{he: "a\\0b"}', "must be one line of plain text"),
        ("kind: contacts", "kind: contact", "'contacts'"),
        ("centre_name: מוקד 106", 'centre_name: "a\\nb"', "must be one line of plain text"),
        ("languages: [he, en]", "languages: []", "at least 1 item"),
    ],
)
def test_names_the_fault(old: str, new: str, words: str) -> None:
    assert old in TEXT
    site, problems = read_site("site.yaml", TEXT.replace(old, new))
    assert site is None
    assert any(words in str(problem) for problem in problems), problems
    assert all(problem.line for problem in problems), problems


def test_single_days_are_read() -> None:
    days = "days: {2026-11-22: [], '2026-11-27': ['09:00-10:00']}"
    site, problems = read_site("site.yaml", TEXT.replace("days: {}", days))
    assert problems == []
    assert site is not None
    hours = site.hours["billing_department"]
    assert not hours.is_open(datetime(2026, 11, 22, 12, tzinfo=JERUSALEM))
    assert hours.is_open(datetime(2026, 11, 27, 9, 30, tzinfo=JERUSALEM))


def test_a_site_without_a_calendar_keeps_shabbat_in_jerusalem() -> None:
    begin, end = TEXT.index("calendar:"), TEXT.index("numbers:")
    site, problems = read_site("site.yaml", TEXT[:begin] + TEXT[end:])
    assert (problems, site is not None) == ([], True)
    assert site is not None
    assert site.calendar.at(datetime(2026, 11, 27, 15, 55, tzinfo=JERUSALEM)).kind == "shabbat"
    assert site.calendar.at(datetime(2026, 11, 27, 15, 54, tzinfo=JERUSALEM)).kind == "eve"


def test_what_a_site_says_of_its_calendar_holds() -> None:
    text = TEXT.replace("keeps: [jewish] ", "keeps: [muslim] ")
    text = text.replace("days_off: {} ", "days_off: {'2027-05-30': {he: יום המועצה}} ")
    text = text.replace("moved: {} ", "moved: {eid_al_fitr: ['2027-03-10']} ")
    text = text.replace("closures: [] ", "closures: [{from: '2027-08-01', to: '2027-08-14'}] ")
    site, problems = read_site("site.yaml", text)
    assert problems == []
    assert site is not None
    kinds = [site.calendar.day(date(2027, *day)).kind for day in ((5, 30), (3, 9), (3, 10))]
    assert kinds == ["day_off", "eve", "holiday"]
    hours = site.hours["billing_department"]
    found = [hours.is_open(datetime(2027, 8, day, 10, tzinfo=JERUSALEM)) for day in (1, 12, 15)]
    assert found == [False, False, True]


def test_demo_residents_are_read() -> None:
    contacts = read_contacts(SHIPPED)
    assert len({contact.number for contact in contacts}) == len(contacts) >= 3
    assert contacts[0].name == "אבי ישראלי"


def test_a_site_without_demo_residents_has_none(tmp_path: Path) -> None:
    assert read_contacts(tmp_path) == ()


def test_faults_of_residents_are_named(tmp_path: Path) -> None:
    text = "contacts:\n  one: {name: A, number: '050'}\n"
    (tmp_path / "demo_contacts.yaml").write_text(text)
    with pytest.raises(
        SiteInvalid, match=r"demo_contacts.yaml:2: contacts.one.number: '050' is not"
    ):
        read_contacts(tmp_path)
