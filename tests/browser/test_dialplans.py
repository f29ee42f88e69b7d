"""The dialplan editor in a browser: one text in two views, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ivr.storage.positions import Positions
from ivr.storage.records import Position
from tests.browser.conftest import House, sign_in
from tests.browser.dialplan_editor import (
    choose,
    draft,
    drag_exit,
    field,
    open_editor,
    publish,
    show_text,
    step,
    written,
)
from tests.fakes.console import AUTHORITY, CALL

pytestmark = pytest.mark.browser

COMMENT = "record: false             # talks with the external centre are not recorded"


def test_a_menu_is_changed_by_mouse_and_the_text_keeps_its_comments(
    editor: Page, house: House
) -> None:
    before = draft(house).read_text(encoding="utf-8")
    choose(editor, "welcome")
    field(editor, "welcome", "digits", "1").select_option("person")
    editor.get_by_role("button", name="הוספה", exact=True).click()  # the next free key
    field(editor, "welcome", "digits", "5").select_option("ask_person")
    text = show_text(editor)
    expect(text).to_contain_text("'1': person")
    expect(text).to_contain_text("# The billing department")
    written(house, editor, "'0': person, '5': ask_person}")
    old, new = before.splitlines(), draft(house).read_text(encoding="utf-8").splitlines()
    assert [one for one in new if one not in old] == [
        "    digits: {'1': person, '2': pay_person, '3': ask_person, '4': department, "
        "'0': person, '5': ask_person}"
    ]
    assert len(new) == len(old)
    assert any(COMMENT in one for one in new)


def test_exits_are_connected_by_dragging(editor: Page, house: House) -> None:
    editor.get_by_role("button", name="הצגת הכול").click()
    editor.wait_for_timeout(400)  # the view glides there
    drag_exit(editor, "notice", "next", "welcome")
    written(house, editor, "prompt: recording_notice\n    next: welcome")


def test_a_step_is_dragged_from_the_palette_onto_an_exit(editor: Page, house: House) -> None:
    tile = editor.get_by_test_id("palette").locator("[data-kind=play]")
    tile.drag_to(step(editor, "notice").locator("[data-exit=next]"))
    expect(editor.locator("#step-label")).to_have_value("play")
    expect(step(editor, "play")).to_be_visible()
    written(
        house, editor, "next: play\n\n  play:\n    kind: play\n    prompt: ''\n    next: greeting"
    )
    expect(step(editor, "play")).to_have_attribute("data-problems", "1")  # no prompt chosen yet
    field(editor, "play", "prompt").select_option("goodbye")
    expect(step(editor, "play")).to_have_attribute("data-problems", "0")


def test_an_edit_of_the_text_changes_the_flow_and_one_history_undoes_both(
    editor: Page, house: House
) -> None:
    choose(editor, "notice")
    field(editor, "notice", "prompt").select_option("goodbye")
    text = show_text(editor)
    expect(text).to_contain_text("prompt: goodbye")
    text.get_by_text("next: greeting").click()
    editor.keyboard.press("End")
    editor.keyboard.type("s")
    expect(step(editor, "notice").locator("[data-exit=next]")).to_contain_text("greetings")
    editor.keyboard.press("Control+KeyZ")  # what was typed
    expect(step(editor, "notice").locator("[data-exit=next]")).not_to_contain_text("greetings")
    editor.keyboard.press("Control+KeyZ")  # what was chosen in the form
    expect(text).to_contain_text("prompt: recording_notice")
    editor.keyboard.press("Control+KeyY")
    expect(text).to_contain_text("prompt: goodbye")
    written(house, editor, "prompt: goodbye")


def test_a_text_that_cannot_be_read_says_so_and_the_flow_stays(editor: Page, house: House) -> None:
    text = show_text(editor)
    text.get_by_text("start: notice").click()
    editor.keyboard.press("End")
    editor.keyboard.type("\n[")
    expect(editor.get_by_role("alert")).to_contain_text("אי אפשר לקרוא את הטקסט")
    expect(step(editor, "welcome")).to_be_visible()
    expect(editor.get_by_test_id("problems")).to_contain_text("billing.yaml")
    editor.keyboard.press("Control+KeyZ")
    expect(editor.get_by_role("alert")).to_have_count(0)


def test_the_text_is_completed_from_the_language(editor: Page) -> None:
    text = show_text(editor)
    text.get_by_text("next: greeting").click()
    editor.keyboard.press("End")
    for _ in "greeting":
        editor.keyboard.press("Backspace")
    editor.keyboard.type("wel")
    offered = editor.get_by_test_id("yaml").get_by_role("option", name="welcome")
    expect(offered).to_be_visible()
    editor.wait_for_timeout(150)  # it is not taken in the first moment, lest Enter be lost
    editor.keyboard.press("Enter")
    expect(text).to_contain_text("next: welcome")


def test_a_problem_is_shown_at_its_step_and_along_the_bottom(editor: Page, house: House) -> None:
    text = draft(house).read_text(encoding="utf-8")
    draft(house).write_text(text.replace("queue: billing\n", "queue: billig\n"), encoding="utf-8")
    expect(step(editor, "department_queue")).to_have_attribute(
        "data-problems", "1", timeout=15_000
    )  # a file changed on disk is picked up as draft
    said = editor.get_by_test_id("problems").get_by_role("button")
    expect(said).to_contain_text("billig")
    said.click()
    expect(editor.locator("#step-label")).to_have_value("department_queue")
    field(editor, "department_queue", "queue").select_option("billing")
    expect(editor.get_by_test_id("problems")).to_contain_text("לא נמצאו בעיות", timeout=15_000)


def test_a_step_is_added_and_connected_by_keyboard_only(editor: Page, house: House) -> None:
    step(editor, "greeting").get_by_role("button").focus()
    editor.keyboard.press("Enter")
    expect(editor.locator("#step-label")).to_have_value("greeting")
    add = editor.get_by_role("button", name="שלב חדש אחרי: אחר כך")
    add.focus()
    editor.keyboard.press("Enter")
    editor.get_by_role("menuitem", name="השמעה").wait_for()
    editor.keyboard.press("ArrowDown")  # the first is chosen already
    editor.keyboard.press("Enter")
    expect(editor.locator("#step-label")).to_have_value("play")
    prompt = field(editor, "play", "prompt")
    prompt.focus()
    prompt.press_sequentially("goodbye")
    way = field(editor, "play", "next")
    way.focus()
    way.press_sequentially("department_hours")
    written(house, editor, "kind: play\n    prompt: goodbye\n    next: department_hours")
    written(house, editor, "prompt: welcome_billing\n    next: play")
    editor.keyboard.press("Control+KeyZ")
    expect(way).to_have_value("welcome")


def test_a_renamed_step_is_followed_by_whatever_leads_to_it(editor: Page, house: House) -> None:
    choose(editor, "welcome")
    name = editor.locator("#step-label")
    name.fill("greeting")
    name.press("Enter")
    expect(editor.get_by_text("השם תפוס")).to_be_visible()
    name.fill("main_menu")
    name.press("Enter")
    expect(step(editor, "main_menu")).to_be_visible()
    written(house, editor, "next: main_menu\n\n  main_menu:\n    kind: menu")
    expect(editor.get_by_test_id("problems")).to_contain_text("לא נמצאו בעיות", timeout=15_000)


def test_a_step_that_is_led_to_is_not_deleted_and_says_from_where(
    editor: Page, house: House
) -> None:
    choose(editor, "greeting")
    editor.get_by_role("button", name="מחיקת השלב").click()
    refused = editor.get_by_role("alert")
    expect(refused).to_contain_text("notice – אחר כך")
    refused.get_by_role("button").click()
    field(editor, "notice", "next").select_option("welcome")
    choose(editor, "greeting")
    editor.get_by_role("button", name="מחיקת השלב").click()
    expect(step(editor, "greeting")).to_have_count(0)
    written(house, editor, "next: welcome\n\n  welcome:")


def test_a_shared_dialplan_is_a_file_of_its_own(editor: Page, house: House) -> None:
    editor.get_by_role("button", name="הצגת הכול").click()
    editor.wait_for_timeout(400)
    choose(editor, "sorry_centre")
    editor.get_by_role("button", name="פתיחת התוכנית המשותפת centre").click()
    choose(editor, "centre_queue")
    field(editor, "centre_queue", "wait").fill("45")
    written(house, editor, "queue: centre\n    wait: 45\n", "centre.yaml")


def test_callers_are_counted_at_their_step(editor: Page, house: House) -> None:
    positions = Positions(house.ports.lists._database, house.ports.clock)
    here = Position(
        call_id=CALL,
        authority_id=AUTHORITY,
        line="billing",
        version=1,
        label="greeting",
        channel_id="channel-1",
        arrived_at=house.ports.clock.now(),
    )
    house.thread.run(positions.put(here))
    expect(step(editor, "greeting").get_by_test_id("callers")).to_contain_text(
        "1 עכשיו", timeout=15_000
    )


def test_in_english_the_flow_runs_from_the_left(page: Page, house: House) -> None:
    page.goto(house.url)
    page.evaluate("localStorage['moked.language'] = 'en'")
    open_editor(page, house)
    first, second = (step(page, label).bounding_box() for label in ("notice", "greeting"))
    assert first
    assert second
    assert first["x"] < second["x"]
    expect(step(page, "welcome")).to_contain_text("Key 1")
    choose(page, "notice")
    expect(page.get_by_test_id("form")).to_contain_text("Plays one prompt to its end.")
    field(page, "notice", "note").fill("in English")
    publish(page, "a note")
    page.get_by_role("tab", name="Versions").click()
    expect(page.get_by_test_id("version-2")).to_contain_text("a note")


def test_an_auditor_looks_and_changes_nothing(page: Page, house: House) -> None:
    sign_in(page, house, "auditor")
    page.goto(f"{house.url}/dialplans")
    page.get_by_test_id("lines").get_by_role("link", name="גבייה").click()
    choose(page, "notice")
    expect(field(page, "notice", "prompt")).to_be_disabled()
    expect(page.get_by_test_id("publish")).to_have_count(0)
    expect(page.get_by_test_id("palette")).to_have_count(0)


def test_the_site_is_edited_as_text(page: Page, house: House) -> None:
    open_editor(page, house, "site.yaml")
    text = page.get_by_test_id("yaml").locator(".cm-content")
    text.get_by_text("numbers:", exact=True).first.click()
    page.keyboard.press("End")
    page.keyboard.type("  # ours")
    written(house, page, "numbers:  # ours", "site.yaml")
