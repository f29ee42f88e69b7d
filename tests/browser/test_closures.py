"""The page of closures: staff enter them, everybody reads them, a refusal is told at its field."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import House, sign_in

pytestmark = pytest.mark.browser


def day(house: House, days: int = 0) -> str:
    book = house.ports.opening_hours
    return (book.day_of(house.ports.clock.now()) + timedelta(days=days)).isoformat()


def open_form(page: Page, house: House, who: str = "lead") -> Locator:
    sign_in(page, house, who)
    page.locator("nav").get_by_role("link", name="סגירות").click()
    page.get_by_test_id("add-closure").click()
    return page.get_by_test_id("closure-form")


def enter(form: Locator) -> None:
    form.get_by_role("button", name="שמירה").click()


def listed(page: Page) -> Locator:
    return page.get_by_test_id("closures").get_by_role("listitem")


def test_a_closure_is_entered_listed_taken_back_and_entered_again(page: Page, house: House) -> None:
    form = open_form(page, house)
    form.locator("#closure-last").fill(day(house, 2))
    form.locator("#closure-why").fill("שיפוצים")
    enter(form)
    expect(listed(page)).to_have_count(1)
    expect(listed(page)).to_contain_text("מחלקת הגבייה: סגור")
    expect(listed(page)).to_contain_text("בתוקף עכשיו")
    [entered] = house.ports.opening_hours.entered
    assert (entered.hours, entered.times, entered.why) == ("billing_department", [], "שיפוצים")
    assert [entered.first_day.isoformat(), entered.last_day.isoformat()] == [
        day(house),
        day(house, 2),
    ]
    page.get_by_role("button", name="ביטול הסגירה: שיפוצים").click()
    expect(listed(page)).to_have_count(0)
    assert house.ports.opening_hours.entered == []
    page.get_by_role("button", name="החזרה").click()
    expect(listed(page)).to_contain_text("שיפוצים")
    [again] = house.ports.opening_hours.entered
    assert (again.first_day, again.last_day) == (entered.first_day, entered.last_day)


def test_other_times_are_entered_by_keyboard_and_wait_for_their_day(
    page: Page, house: House
) -> None:
    form = open_form(page, house, "admin")
    form.locator("#closure-first").fill(day(house, 5))  # the last day follows the first
    form.get_by_role("radio", name="סגור כל היום").focus()
    page.keyboard.press("ArrowDown")
    form.get_by_label("פתיחה, טווח 1").fill("08:00")
    form.get_by_label("סגירה, טווח 1").fill("10:30")
    form.locator("#closure-why").fill("כנס עובדים")
    page.keyboard.press("Enter")
    expect(listed(page)).to_contain_text("פתוח רק בשעות 08:00-10:30")
    expect(listed(page)).to_have_attribute("data-runs", "false")
    [entered] = house.ports.opening_hours.entered
    assert (entered.last_day.isoformat(), entered.times) == (day(house, 5), ["08:00-10:30"])


@pytest.mark.parametrize(
    ("days", "field", "said"),
    [
        ((5, 3), "last", "היום האחרון קודם ליום הראשון"),
        ((-9, -5), "last", "הימים האלה כבר עברו"),
        ((0, 400), "last", "סגירה נמשכת שנה לכל היותר"),
    ],
)
def test_days_that_are_refused_are_told_at_their_field(
    page: Page, house: House, days: tuple[int, int], field: str, said: str
) -> None:
    form = open_form(page, house)
    form.locator("#closure-why").fill("שיפוצים")
    form.locator("#closure-first").fill(day(house, days[0]))
    form.locator("#closure-last").fill(day(house, days[1]))
    enter(form)
    expect(form.locator(f"#closure-{field}-wrong")).to_contain_text(said)
    expect(form.locator(f"#closure-{field}")).to_have_attribute("aria-invalid", "true")
    assert house.ports.opening_hours.entered == []


def test_what_is_left_out_is_told_at_every_field_that_lacks_it(page: Page, house: House) -> None:
    form = open_form(page, house)
    form.get_by_role("radio", name="פתוח רק בשעות אלה").check()
    form.locator("#closure-last").fill("")
    enter(form)
    expect(form.locator("#closure-why-wrong")).to_contain_text("כתבו סיבה קצרה")
    expect(form.locator("#closure-times-wrong")).to_contain_text("שעת פתיחה ושעת סגירה")
    expect(form.locator("#closure-last-wrong")).to_contain_text("בחרו את היום האחרון")
    expect(form.locator("#closure-first-wrong")).to_be_empty()


def test_hours_that_are_gone_meanwhile_are_told_at_their_field(page: Page, house: House) -> None:
    form = open_form(page, house)
    form.locator("#closure-why").fill("שיפוצים")
    del house.ports.opening_hours.now["billing_department"]
    enter(form)
    expect(form.locator("#closure-hours-wrong")).to_contain_text("אין שעות פתיחה בשם הזה")


def test_a_lead_sees_whom_a_closure_is_for(page: Page, house: House) -> None:
    form = open_form(page, house)
    form.get_by_test_id("uses-hours-billing_department").click()
    expect(page.get_by_test_id("uses")).to_contain_text("גבייה · ")
    expect(page.get_by_test_id("uses").get_by_role("link")).to_have_count(0)  # no editor for leads
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("uses")).to_have_count(0)
    expect(form).to_be_visible()


def test_an_agent_reads_and_finds_no_form(page: Page, house: House) -> None:
    sign_in(page, house, "agent")
    page.goto(f"{house.url}/closures")
    expect(page.get_by_text("אין סגירות")).to_be_visible()
    expect(page.get_by_test_id("add-closure")).to_have_count(0)
