"""A draft is proved, played, tried, compared and tested in a browser, by mouse and by keyboard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from ivr.clock import SystemClock
from ivr.prompts.media import FORMATS
from tests.browser.conftest import House, sign_in
from tests.browser.dialplan_editor import draft, field, open_editor, step, written
from tests.browser.dialplan_editor import publish as press_publish
from tests.fakes.dialplans import prove_for_real

pytestmark = pytest.mark.browser

ASK_PERSON = "values: {topic: 'בירור תשלומים'}\n    next: "
PLACES = ("notice", "greeting", "welcome", "ask_person", "good_bye")


def lead_three(house: House, *, to: str) -> None:
    """Let who presses 3 be led *to* a step."""
    text = draft(house).read_text(encoding="utf-8")
    for old in ("tell_external", "good_bye"):
        text = text.replace(f"{ASK_PERSON}{old}", f"{ASK_PERSON}{to}")
    draft(house).write_text(text, encoding="utf-8")


def record_prompts(house: House, *names: str, seconds: float = 1.0) -> None:
    """Make prompts that are a tone, as set-up makes those that speak."""
    form = FORMATS[0]
    tone = (np.sin(np.arange(int(form.rate * seconds)) / 3) * 9000).astype(np.int16)
    folder = draft(house).parents[2] / "prompts" / "he"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.{form.suffix}").write_bytes(form.encode(tone))


def look_at(page: Page, house: House, tab: str = "", user: str = "admin") -> None:
    sign_in(page, house, user)
    page.goto(f"{house.url}/dialplans/billing/try")
    if tab:
        page.get_by_role("tab", name=tab).click()


def publish(page: Page) -> Any:
    """Publish as the editor's button does."""
    return page.evaluate("""async () => {
        const me = await (await fetch('/api/me')).json();
        const headers = {'Content-Type': 'application/json', 'X-Moked-CSRF': me.csrf};
        const body = JSON.stringify({lines: ['billing']});
        const answer = await fetch('/api/dialplans/publish', {method: 'POST', headers, body});
        return await answer.json();
    }""")


def choose(page: Page, label: str) -> None:
    """Choose a step wherever in the flow it lies, by key."""
    step(page, label).get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#step-label")).to_have_value(label)


def wait_until_heard(page: Page) -> None:
    """Wait until a prompt really plays; the policy of the page forbids to wait by a script."""
    audio = page.locator("audio")
    audio.wait_for(state="attached")
    for _ in range(80):
        if audio.evaluate("audio => !audio.paused && audio.currentTime > 0.2"):
            return
        page.wait_for_timeout(50)
    pytest.fail("no prompt was heard")


def lit(page: Page) -> list[str]:
    return page.get_by_test_id("lit").all_inner_texts()


def test_who_would_be_lost_is_named_heard_and_mended(page: Page, house: House) -> None:
    prove_for_real(house.ports.dialplans, SystemClock())
    lead_three(house, to="good_bye")
    record_prompts(house, "recording_notice", "welcome_billing", "billing_menu", "goodbye")
    look_at(page, house)
    lost = page.get_by_test_id("lost").filter(has_text="השיחה נגמרת")
    expect(lost).to_have_count(1)
    expect(lost).to_contain_text("מקיש 3")
    expect(lost).to_contain_text("בלי שמישהו ענה")
    refused = publish(page)
    assert refused["code"] == "publish_refused"
    assert refused["failing"]["billing"]["counterexamples"]

    lost.get_by_title("הצגת הדרך בתרשים").click()
    expect(page.get_by_test_id("lit").last).to_have_text("good_bye")
    assert tuple(lit(page)) == PLACES
    lost.get_by_role("button", name="השמעת השיחה").click()
    wait_until_heard(page)
    expect(page.get_by_test_id("player")).to_have_attribute("data-playing", "true")
    expect(page.get_by_test_id("lit").last).to_have_text("notice")
    expect(page.get_by_test_id("lit").last).to_have_text("good_bye", timeout=20_000)
    expect(page.get_by_test_id("call-end")).to_contain_text("בלי מענה")

    lead_three(house, to="tell_external")
    page.reload()
    expect(page.get_by_test_id("proved")).to_have_text("כל פונה מקבל מענה.")
    assert publish(page)["versions"] == []  # the draft is what is live again


def test_in_the_editor_a_refused_change_is_heard_mended_and_published(
    page: Page, house: House
) -> None:
    prove_for_real(house.ports.dialplans, SystemClock())
    record_prompts(house, "recording_notice", "welcome_billing", "billing_menu", "goodbye")
    open_editor(page, house)
    choose(page, "ask_person")
    field(page, "ask_person", "next").select_option("good_bye")
    written(house, page, f"{ASK_PERSON}good_bye")
    press_publish(page, "באה מהר מדי")
    dialog = page.get_by_test_id("publish-dialog")
    expect(dialog).to_contain_text("מקיש 3")
    expect(dialog).to_contain_text("בלי שמישהו ענה")
    page.keyboard.press("Escape")

    page.get_by_role("tab", name="הוכחה").click()
    lost = page.get_by_test_id("lost").filter(has_text="השיחה נגמרת")
    lost.get_by_role("button", name="השמעת השיחה").click()
    wait_until_heard(page)
    for label in PLACES:
        expect(step(page, label)).to_have_attribute("data-lit", "true", timeout=20_000)
    expect(step(page, "pay")).to_have_attribute("data-lit", "false")

    choose(page, "ask_person")
    field(page, "ask_person", "next").select_option("tell_external")
    written(house, page, f"{ASK_PERSON}tell_external")
    expect(page.get_by_test_id("proved")).to_be_visible()
    choose(page, "external_centre")
    field(page, "external_centre", "ring_for").fill("29")
    written(house, page, "ring_for: 29")
    press_publish(page, "שנייה פחות")
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("proved")).to_be_visible()


def test_any_moment_of_a_call_can_be_jumped_to(page: Page, house: House) -> None:
    lead_three(house, to="good_bye")
    record_prompts(house, "recording_notice", "welcome_billing", "billing_menu", "goodbye")
    look_at(page, house)
    lost = page.get_by_test_id("lost").filter(has_text="השיחה נגמרת")
    lost.get_by_role("button", name="השמעת השיחה").click()
    events = page.get_by_role("list", name="מהלך השיחה").get_by_role("button")
    events.last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("lit").last).to_have_text("good_bye")
    slider = page.get_by_role("slider", name="הרגע בשיחה")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("lit")).to_have_count(1)


def test_a_caller_is_tried_with_the_keyboard_alone(page: Page, house: House) -> None:
    look_at(page, house, user="lead")
    page.get_by_role("tab").first.focus()
    page.keyboard.press("ArrowLeft")  # the next one: Hebrew goes from right to left
    expect(page.get_by_role("tab", name="ניסיון")).to_have_attribute("aria-selected", "true")
    page.locator("#try-at").fill("2026-11-24T10:30")
    page.keyboard.press("Enter")
    asks = page.get_by_test_id("asks")
    expect(asks).to_contain_text("הפונה נשאל")
    page.keyboard.press("4")
    expect(asks).to_contain_text("יש כרגע נציגים בתור גבייה?")
    page.keyboard.press("1")
    expect(asks).to_contain_text("מה קורה עכשיו?")
    expect(asks).to_contain_text("אף נציג בתור גבייה לא עונה")
    page.keyboard.press("2")
    expect(asks).to_contain_text("מוקד")
    page.keyboard.press("1")
    expect(page.get_by_test_id("call-end")).to_contain_text("נציג בתור מוקד")


def test_a_step_is_taken_back_and_another_key_pressed(page: Page, house: House) -> None:
    look_at(page, house, "ניסיון")
    page.get_by_role("button", name="התקשרות").click()
    page.get_by_role("button", name="7", exact=True).click()
    expect(page.get_by_text("מקיש 7")).to_be_visible()
    page.get_by_role("button", name="צעד אחורה").click()
    expect(page.get_by_text("מקיש 7")).to_have_count(0)
    page.get_by_role("button", name="לא מקישים").click()
    expect(page.get_by_text("לא מקיש דבר")).to_be_visible()


def test_what_changes_is_told_and_each_side_is_played(page: Page, house: House) -> None:
    lead_three(house, to="good_bye")
    look_at(page, house, "מה משתנה")
    expect(page.get_by_test_id("changes")).to_contain_text("מסיימים במקום אחר", timeout=30_000)
    row = page.get_by_test_id("changed").filter(has_text="מקיש 3").first
    expect(row).to_contain_text("מוקד התשלומים החיצוני")
    expect(row).to_contain_text("בלי מענה")
    row.get_by_role("button").first.click()
    expect(page.get_by_test_id("call-end")).to_contain_text("שיחה עם מוקד התשלומים החיצוני")
    row.get_by_role("button").last.click()
    expect(page.get_by_test_id("call-end")).to_contain_text("בלי מענה")
    page.get_by_role("button", name="בדיקת השיחות של 7 הימים האחרונים").click()
    expect(page.get_by_test_id("replayed")).to_contain_text("אף אחת לא הייתה מסתיימת אחרת")


def test_the_lines_tests_are_run_and_told(page: Page, house: House) -> None:
    look_at(page, house, "בדיקות")
    expect(page.get_by_test_id("tests")).to_contain_text("עברו")
    lead_three(house, to="good_bye")
    page.reload()
    page.get_by_role("tab", name="בדיקות").click()
    expect(page.get_by_test_id("tests")).to_contain_text("נכשלו")
    failed = page.get_by_test_id("test").filter(has_text="presses 3")
    expect(failed).to_contain_text("הייתה אמורה להגיע אל: שיחה עם מוקד התשלומים החיצוני")


def test_it_is_read_in_english_too(page: Page, house: House) -> None:
    lead_three(house, to="good_bye")
    sign_in(page, house, "admin")
    page.evaluate("localStorage['moked.language'] = 'en'")
    page.goto(f"{house.url}/dialplans/billing/try")
    lost = page.get_by_test_id("lost").filter(has_text="nobody was reached")
    expect(lost).to_contain_text("presses 3")
    expect(page.get_by_role("tab", name="What changes")).to_be_visible()
