"""New lines and shared dialplans in a browser, and who uses what a step names."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import House, sign_in
from tests.browser.dialplan_editor import choose, draft, step

pytestmark = pytest.mark.browser


def begin(page: Page, house: House, what: str) -> Locator:
    sign_in(page, house, "admin")
    page.goto(f"{house.url}/dialplans")
    page.get_by_role("button", name=what, exact=True).click()
    return page.get_by_role("dialog")


def make(dialog: Locator, name: str, topic: str = "", number: str = "") -> None:
    dialog.locator("#plan-name").fill(name)
    dialog.locator("#plan-topic").fill(topic)
    if number:
        dialog.locator("#plan-number").fill(number)
    dialog.get_by_role("button", name="יצירה ופתיחה").click()


def test_a_new_line_opens_as_a_draft_that_serves_its_callers(page: Page, house: House) -> None:
    make(begin(page, house, "קו חדש"), "property_tax", 'ארנונה "דחופה" {1}', "02-990-0107")
    expect(step(page, "notice")).to_be_visible()
    expect(page.get_by_test_id("problems")).to_contain_text("לא נמצאו בעיות")
    assert "numbers: ['+97229900107']" in draft(house, "property_tax.yaml").read_text("utf-8")
    assert house.thread.run(house.ports.dialplans.views.problems()) == []
    page.get_by_role("tab", name="הוכחה").click()
    expect(page.get_by_test_id("proved")).to_be_visible()


def test_what_cannot_be_is_told_at_its_field(page: Page, house: House) -> None:
    dialog = begin(page, house, "קו חדש")
    make(dialog, "Property Tax", "", "12")
    expect(dialog.locator("#plan-name-wrong")).to_contain_text("אות אנגלית קטנה")
    expect(dialog.locator("#plan-topic-wrong")).to_contain_text("על מה מתקשרים")
    expect(dialog.locator("#plan-number-wrong")).to_contain_text("לא מספר טלפון")
    before = draft(house).read_text(encoding="utf-8")
    make(dialog, "billing", "גבייה", "02-990-0107")
    expect(dialog.locator("#plan-name-wrong")).to_contain_text("כבר יש תוכנית בשם הזה")
    assert draft(house).read_text(encoding="utf-8") == before


def test_a_new_shared_dialplan_is_edited_and_goes_live_with_its_lines(
    page: Page, house: House
) -> None:
    make(begin(page, house, "תוכנית משותפת חדשה"), "evening", "שעות הערב")
    expect(step(page, "centre")).to_be_visible()
    expect(page.get_by_test_id("problems")).to_contain_text("לא נמצאו בעיות")
    expect(page.get_by_test_id("publish")).to_have_count(0)
    assert house.thread.run(house.ports.dialplans.views.problems()) == []
    page.goto(f"{house.url}/dialplans")
    shared = page.get_by_test_id("shared")
    expect(shared.get_by_role("link", name="evening")).to_be_visible()
    shared.get_by_test_id("uses-dialplan-evening").click()
    expect(page.get_by_test_id("uses")).to_contain_text("אף קו אינו משתמש בזה")


def test_who_uses_a_prompt_leads_to_the_other_step(editor: Page) -> None:
    choose(editor, "notice")
    editor.get_by_test_id("uses-prompt-recording_notice").click()
    uses = editor.get_by_test_id("uses")
    expect(uses.get_by_role("link")).to_have_count(2)  # billing and council
    uses.get_by_role("link", name="מוקד המועצה").click()
    editor.wait_for_url("**/dialplans/council?step=notice")
    expect(editor.get_by_role("heading", name="מוקד המועצה")).to_be_visible()
    expect(editor.locator("#step-label")).to_have_value("notice")


def test_who_uses_a_shared_dialplan_is_shown_within_the_line(editor: Page) -> None:
    choose(editor, "sorry_centre")
    trigger = editor.get_by_test_id("uses-dialplan-centre")
    trigger.focus()
    editor.keyboard.press("Enter")
    editor.get_by_test_id("uses").get_by_role("link", name="– centre").first.click()
    expect(editor.get_by_test_id("uses")).to_have_count(0)
    expect(editor.locator("#step-label")).not_to_have_value("sorry_centre")
