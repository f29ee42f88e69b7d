"""An administrator changes what callers hear and loses none of them: the whole story, for real.

A running instance, calls by SIPp, the console in Chromium and in Hebrew; the menu is changed by
mouse only. The pictures of the README are taken on the way (``MOKED_PICTURES=<folder>``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.dialplan_editor import choose, drag_exit, field, publish, step
from tests.calls.house import SLOW, House, fresh_caller, running_house, until
from tests.calls.sipp_runner import RunningSipp

pytestmark = [pytest.mark.browser, pytest.mark.calls, pytest.mark.timeout(300)]

MENU, KEY = "welcome", "4"
OLD_WAY, NEW_WAY, NO_WAY = "department", "person", "good_bye"  # where the key leads
LOST_WAY = ("notice", "greeting", MENU, NO_WAY)
AT_ONCE = (1.0, KEY)  # while the notice plays: the menu takes it when it comes
# Who hesitates hears the menu from second 11 on, asks for it again, and presses at second 36.
HESITATING = ((26.0, "9"), (8.0, KEY))
PLAYS = "audio => !audio.paused && audio.currentTime > 0.2"


class Way(NamedTuple):
    """Which version a call followed, where the menu led it, and when."""

    version: int
    target: str
    at: datetime


class Resident:
    """Somebody who calls the billing line, presses and soon hangs up."""

    def __init__(self, house: House, *presses: tuple[float, str], talk: float) -> None:
        self._house = house
        self._number = fresh_caller()
        self._call: RunningSipp = house.farm.call(
            "+97229900200", caller=self._number, presses=presses, talk=talk
        )

    def way(self) -> Way:
        """Wait until the call is over and return how it went."""
        result = self._call.wait()
        assert result.ok, result.errors
        found = self._house.call_of(self._number)
        labels = [row["label"] for row in found["trace"]]
        after = found["trace"][labels.index(MENU) + 1]
        at = datetime.fromisoformat(after["at"])
        return Way(found["call"]["plan_version"], after["label"], at)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("story")) as house:
        yield house


@pytest.fixture
def page(chromium: Browser, instance: House) -> Iterator[Page]:
    """The console as the first administrator has it; a script's error fails the test."""
    context = chromium.new_context(
        viewport={"width": 1366, "height": 768}, locale="he-IL", timezone_id="Asia/Jerusalem"
    )
    page = context.new_page()
    page.set_default_timeout(8000 * SLOW)
    expect.set_options(timeout=8000 * SLOW)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{instance.url}/first/{instance.secret('first-link')}")
    page.locator("#password").fill("a sentence to remember")
    page.locator("#again").fill("a sentence to remember")
    page.locator("button[type=submit]").click()
    page.locator("nav").wait_for()
    yield page
    context.close()
    expect.set_options(timeout=None)
    assert wrong == []


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("MOKED_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def lead_key(page: Page, *, to: str) -> None:
    """Drag the way out of the menu's key to another step, with all of the flow in view."""
    tab(page, "בעיות")  # the flow has more room beside it
    view = page.locator(".svelte-flow__viewport")
    before = str(view.get_attribute("style"))
    page.get_by_role("button", name="הצגת הכול").click()
    expect(view).not_to_have_attribute("style", before)
    expect(step(page, to)).to_be_in_viewport(ratio=0.9)
    choose(page, MENU)
    drag_exit(page, MENU, f"digits/{KEY}", to)
    expect(field(page, MENU, "digits", KEY)).to_have_value(to)


def lost_caller(page: Page) -> str:
    """Return the sentence about the one caller whom the draft would lose."""
    tab(page, "הוכחה")
    lost = page.get_by_test_id("lost")
    expect(lost).to_have_count(1)
    return lost.get_by_title("הצגת הדרך בתרשים").inner_text()


def be_refused(page: Page, *, with_words: str) -> None:
    publish(page, "באה מהר מדי")
    dialog = page.get_by_test_id("publish-dialog")
    expect(dialog.get_by_test_id("proof")).to_contain_text(with_words)
    dialog.get_by_role("button", name="ביטול").click()
    expect(dialog).to_have_count(0)


def listen(page: Page) -> None:
    """Hear the call of the caller who is lost, and jump to its end."""
    page.get_by_test_id("lost").get_by_role("button", name="השמעת השיחה").click()
    audio = page.locator("audio")
    until(lambda: audio.evaluate(PLAYS), 8, "a prompt to be heard")
    expect(step(page, LOST_WAY[0])).to_have_attribute("data-lit", "true")
    expect(step(page, NO_WAY)).to_have_attribute("data-lit", "false")  # it lights as it is heard
    page.get_by_role("list", name="מהלך השיחה").get_by_role("button").last.click()
    for label in LOST_WAY:
        expect(step(page, label)).to_have_attribute("data-lit", "true")
    expect(step(page, OLD_WAY)).to_have_attribute("data-lit", "false")
    expect(page.get_by_test_id("call-end")).to_contain_text("בלי מענה")
    expect(step(page, NO_WAY)).to_be_in_viewport()
    page.get_by_test_id("lost").scroll_into_view_if_needed()
    step(page, NO_WAY).hover(trial=True)  # the view has come to rest
    picture(page, "dialplan-lost-caller-he")


def publish_mended(page: Page, note: str) -> None:
    tab(page, "הוכחה")
    expect(page.get_by_test_id("proved")).to_have_text("כל פונה מקבל מענה.")
    callers = step(page, MENU).get_by_test_id("callers")
    expect(callers).to_contain_text("1 עכשיו")  # who hesitates is seen there
    publish(page, note)
    expect(page.get_by_test_id("publish-dialog")).to_have_count(0)
    tab(page, "גרסאות")
    expect(page.get_by_test_id("version-2")).to_contain_text(note)
    expect(page.get_by_test_id("version-2")).to_contain_text("ההוכחה עברה")


def roll_back(page: Page) -> None:
    first = page.get_by_test_id("version-1")
    first.get_by_role("button", name="חזרה לגרסה הזאת").click()
    expect(page.get_by_test_id("version-3")).to_be_visible()
    expect(page.get_by_test_id("draft-state")).to_contain_text("זהה למה שפורסם")


def published_at(house: House, version: int) -> datetime:
    versions = house.ask("/api/dialplans/lines/billing/versions")
    found = next(one for one in versions if one["version"] == version)
    return datetime.fromisoformat(found["published_at"])


def test_a_menu_is_changed_by_mouse_and_no_caller_is_lost(page: Page, instance: House) -> None:
    page.goto(f"{instance.url}/dialplans/billing")
    choose(page, MENU)
    picture(page, "dialplan-editor-he")
    lead_key(page, to=NO_WAY)
    sentence = lost_caller(page)
    assert f"מקיש {KEY}" in sentence
    assert "בלי שמישהו ענה" in sentence
    be_refused(page, with_words=sentence)
    listen(page)

    early = Resident(instance, *HESITATING, talk=3.0)
    lead_key(page, to=NEW_WAY)
    publish_mended(page, "מקש 4 אל אדם")
    late = Resident(instance, AT_ONCE, talk=13.0)
    assert late.way()[:2] == (2, NEW_WAY)
    hesitated = early.way()
    assert hesitated[:2] == (1, OLD_WAY)
    assert hesitated.at > published_at(instance, 2)  # the key came when version 2 was live

    roll_back(page)
    assert Resident(instance, AT_ONCE, talk=13.0).way()[:2] == (3, OLD_WAY)
