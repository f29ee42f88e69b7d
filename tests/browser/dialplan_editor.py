"""What tests of the dialplan editor do in it, and what they look at."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import House, sign_in


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


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag_exit(page: Page, label: str, exit_path: str, target: str) -> None:
    x, y = middle(step(page, label).locator(f"[data-handleid='{exit_path}']"))
    to_x, to_y = middle(step(page, target).locator("[data-handleid='in']"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x - 20, to_y, steps=8)
    page.mouse.move(to_x, to_y)
    page.mouse.up()


def publish(page: Page, note: str = "") -> None:
    page.get_by_test_id("publish").click()
    dialog = page.get_by_test_id("publish-dialog")
    if note:
        dialog.locator("#publish-note").fill(note)
    dialog.get_by_role("button", name=re.compile("פרסום עכשיו|Publish now")).click()
