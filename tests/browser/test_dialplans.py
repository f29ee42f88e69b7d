"""The dialplan editor in a browser: one text in two views, by mouse, by keyboard, by two people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from ivr.storage.positions import Positions
from ivr.storage.records import Position
from tests.browser.conftest import House, sign_in
from tests.fakes.console import AUTHORITY, CALL

pytestmark = pytest.mark.browser

COMMENT = "record: false             # talks with the external centre are not recorded"


@pytest.fixture
def editor(page: Page, house: House) -> Iterator[Page]:
    open_editor(page, house)
    yield page
    expect(page.get_by_test_id("editor")).to_have_attribute("data-dirty", "false")


def open_editor(page: Page, house: House, line: str = "billing") -> None:
    sign_in(page, house, "admin")
    page.goto(f"{house.url}/dialplans/{line}")
    page.get_by_test_id("editor").wait_for()


def draft(house: House, name: str = "billing.yaml") -> Path:
    return house.ports.dialplans.drafts.folder / name


def step(page: Page, label: str) -> Locator:
    return page.get_by_test_id(f"step-{label}")


def choose(page: Page, label: str) -> None:
    step(page, label).get_by_role("button").click()
    expect(page.locator("#step-label")).to_have_value(label)


def field(page: Page, *path: str) -> Locator:
    return page.locator(f"[id='{'-'.join(('field', 'steps', *path))}']")


def written(house: House, page: Page, text: str, name: str = "billing.yaml") -> None:
    """Wait until the draft on disk holds *text*."""
    file = draft(house, name)
    for _ in range(80):
        if text in file.read_text(encoding="utf-8"):
            break
        page.wait_for_timeout(100)
    assert text in file.read_text(encoding="utf-8")


def show_text(page: Page) -> Locator:
    page.get_by_role("tab", name="YAML").click()
    return page.get_by_test_id("yaml").locator(".cm-content")


def drag_exit(page: Page, label: str, exit_path: str, target: str) -> None:
    x, y = middle(step(page, label).locator(f"[data-handleid='{exit_path}']"))
    to_x, to_y = middle(step(page, target).locator("[data-handleid='in']"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x - 20, to_y, steps=8)
    page.mouse.move(to_x, to_y)
    page.mouse.up()


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


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


def test_of_two_editors_who_collide_neither_loses_text(
    editor: Page, house: House, context: BrowserContext
) -> None:
    other = context.new_page()
    other.goto(f"{house.url}/dialplans/billing")
    other.get_by_test_id("editor").wait_for()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    other.route("**/api/dialplans/drafts/*", hold)
    choose(other, "notice")
    with other.expect_request("**/api/dialplans/drafts/*"):
        field(other, "notice", "note").fill("from the other")
    choose(editor, "greeting")
    field(editor, "greeting", "note").fill("from the first")
    written(house, editor, "note: from the first")
    held[0].continue_()
    other.unroute("**/api/dialplans/drafts/*")
    collision = other.get_by_test_id("collision")
    expect(collision.get_by_test_id("theirs")).to_contain_text("note: from the first")
    expect(collision.get_by_test_id("mine")).to_contain_text("note: from the other")
    collision.get_by_role("button", name="הנוסח שלי").click()
    written(house, other, "note: from the other")
    other.get_by_role("button", name="ביטול השינוי").click()  # theirs is one undo away
    written(house, other, "note: from the first")
    assert "from the other" not in draft(house).read_text(encoding="utf-8")
    other.close()


def test_both_texts_are_brought_together_by_hand(editor: Page, house: House) -> None:
    choose(editor, "notice")
    text = draft(house).read_text(encoding="utf-8")
    field(editor, "notice", "note").fill("mine")
    draft(house).write_text(text + "# theirs\n", encoding="utf-8")
    collision = editor.get_by_test_id("collision")
    collision.get_by_role("button", name="איחוד ביד").click()
    merged = collision.get_by_label("הנוסח המאוחד")
    merged.fill(merged.input_value() + "# theirs\n")
    collision.get_by_role("button", name="שמירת הנוסח המאוחד").click()
    written(house, editor, "note: mine")
    written(house, editor, "# theirs\n")


def test_who_leaves_the_page_amid_a_collision_finds_both_texts_again(
    page: Page, house: House
) -> None:
    sign_in(page, house, "admin")
    page.goto(f"{house.url}/dialplans")
    page.get_by_test_id("lines").get_by_role("link", name="גבייה").click()
    choose(page, "notice")
    text = draft(house).read_text(encoding="utf-8")
    field(page, "notice", "note").fill("mine")
    draft(house).write_text(text + "# theirs\n", encoding="utf-8")
    page.get_by_test_id("collision").wait_for()
    page.go_back()
    page.get_by_test_id("lines").wait_for()
    page.go_forward()
    collision = page.get_by_test_id("collision")
    expect(collision.get_by_test_id("mine")).to_contain_text("note: mine")
    expect(collision.get_by_test_id("theirs")).to_contain_text("# theirs")
    collision.get_by_role("button", name="הנוסח שלי").click()
    written(house, page, "note: mine")


def publish(page: Page, note: str = "") -> None:
    page.get_by_test_id("publish").click()
    dialog = page.get_by_test_id("publish-dialog")
    if note:
        dialog.locator("#publish-note").fill(note)
    dialog.get_by_role("button", name=re.compile("פרסום עכשיו|Publish now")).click()


def test_a_change_is_published_and_rolled_back(editor: Page, house: House) -> None:
    choose(editor, "notice")
    field(editor, "notice", "note").fill("changed")
    editor.get_by_test_id("publish").click()
    dialog = editor.get_by_test_id("publish-dialog")
    expect(dialog.get_by_test_id("diff")).to_contain_text("+    note: changed")
    expect(dialog).to_contain_text("02-990-0200")
    expect(dialog).to_contain_text("תהיה גרסה 2")
    dialog.locator("#publish-note").fill("הערה חדשה")
    dialog.get_by_role("button", name="פרסום עכשיו").click()
    expect(dialog).to_have_count(0)
    editor.get_by_role("tab", name="גרסאות").click()
    expect(editor.get_by_test_id("version-2")).to_contain_text("הערה חדשה")
    expect(editor.get_by_test_id("version-2")).to_contain_text("Admin")
    old = editor.get_by_test_id("version-1")
    old.get_by_role("button", name="השוואה").click()
    expect(old.get_by_test_id("diff")).to_contain_text("+    note: changed")
    old.get_by_role("button", name="חזרה לגרסה הזאת").click()
    expect(editor.get_by_test_id("version-3")).to_be_visible()
    assert "note: changed" not in draft(house).read_text(encoding="utf-8")
    expect(editor.get_by_test_id("draft-state")).to_contain_text("זהה למה שפורסם")


def test_a_draft_with_problems_is_not_published_and_says_why(editor: Page, house: House) -> None:
    editor.get_by_test_id("palette").locator("[data-kind=play]").click()
    publish(editor)
    dialog = editor.get_by_test_id("publish-dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("לא פורסם")
    expect(dialog).to_contain_text("steps.play.prompt")
    dialog.get_by_role("button", name="ביטול").click()


class Lost:
    """What a proof says that finds a caller who is lost."""

    holds = False

    def to_json(self) -> str:
        return '{"holds": false, "told": ["Thursday 17:59, presses 2 → silence after 71 s"]}'


def test_a_failing_proof_is_told_and_overridden_only_with_a_written_reason(
    editor: Page, house: House
) -> None:
    publisher = house.ports.dialplans.publisher
    publisher._shop = replace(publisher._shop, prove=lambda _plan, _site: Lost())
    choose(editor, "notice")
    field(editor, "notice", "note").fill("changed")
    publish(editor)
    dialog = editor.get_by_test_id("publish-dialog")
    expect(dialog.get_by_test_id("proof")).to_contain_text("silence after 71 s")
    button = dialog.get_by_role("button", name="פרסום עכשיו")
    expect(button).to_be_disabled()
    dialog.locator("#override").fill("ראש הרשות ביקש")
    button.click()
    expect(dialog).to_have_count(0)
    editor.get_by_role("tab", name="גרסאות").click()
    expect(editor.get_by_test_id("version-2")).to_contain_text("ראש הרשות ביקש")


def test_a_publish_at_a_time_can_be_cancelled(editor: Page, house: House) -> None:
    choose(editor, "notice")
    field(editor, "notice", "note").fill("later")
    editor.get_by_test_id("publish").click()
    dialog = editor.get_by_test_id("publish-dialog")
    dialog.get_by_label("לפרסם במועד אחר").check()
    dialog.locator("#publish-at").fill("2099-01-01T08:00")
    dialog.get_by_role("button", name="קביעת הפרסום").click()
    expect(dialog).to_have_count(0)
    editor.get_by_role("tab", name="גרסאות").click()
    waiting = editor.get_by_test_id("waiting")
    expect(waiting).to_contain_text("Admin")
    waiting.get_by_role("button", name="ביטול הפרסום").click()
    expect(waiting).to_have_count(0)


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
