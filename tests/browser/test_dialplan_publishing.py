"""The dialplan editor: two people at one draft, what is published, refused, and rolled back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import House, sign_in
from tests.browser.dialplan_editor import choose, draft, field, publish, written

pytestmark = pytest.mark.browser


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
