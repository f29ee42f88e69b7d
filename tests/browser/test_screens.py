"""Every screen in Hebrew and English, light and dark: accessible, and kept as a picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import CHECKOUT, House, sign_in

pytestmark = pytest.mark.browser

AXE = CHECKOUT / "ivr" / "console" / "web" / "node_modules" / "axe-core" / "axe.min.js"


def _ringing(page: Page, house: House) -> None:
    house.state("available")
    house.ring()
    page.get_by_test_id("tickets").wait_for()


def _unknown(page: Page, house: House) -> None:
    house.state("available")
    house.ring("+972544445555", "call-9", choices=())
    page.get_by_test_id("contact-form").wait_for()


def _talking(page: Page, house: House) -> None:
    _ringing(page, house)
    house.answer()
    page.locator("[data-phase=talking]").wait_for()
    page.locator("#ticket-subject").fill("חיוב כפול בארנונה" if _he(page) else "Charged twice")


def _wrap_up(page: Page, house: House) -> None:
    _talking(page, house)
    house.hang_up()
    page.locator("[data-phase=wrap_up]").wait_for()


def _idle(page: Page, house: House) -> None:
    house.state("available")
    page.wait_for_timeout(300)


def _menu(page: Page, house: House) -> None:
    _idle(page, house)
    page.get_by_test_id("state").click()
    page.get_by_role("menu").wait_for()


def _lost(page: Page, house: House) -> None:
    _idle(page, house)
    house.thread.run(house.server.stop())
    page.get_by_role("alert").filter(has_text="השרת" if _he(page) else "server").wait_for()


def _nothing(page: Page, _house: House) -> None:
    page.locator("main h1").first.wait_for()


def _add_user(page: Page, house: House) -> None:
    _nothing(page, house)
    page.get_by_test_id("add-user").click()


def _he(page: Page) -> bool:
    return page.locator("html").get_attribute("lang") == "he"


SCREENS: dict[str, tuple[str, str, Callable[[Page, House], None]]] = {
    "desk-signed-out": ("agent", "/desk", _nothing),
    "desk-idle": ("agent", "/desk", _idle),
    "desk-menu": ("agent", "/desk", _menu),
    "desk-ringing": ("agent", "/desk", _ringing),
    "desk-unknown": ("agent", "/desk", _unknown),
    "desk-talking": ("agent", "/desk", _talking),
    "desk-wrap-up": ("agent", "/desk", _wrap_up),
    "desk-lost": ("agent", "/desk", _lost),
    "calls": ("lead", "/calls", _nothing),
    "call": ("lead", "/calls/call-1", _nothing),
    "work": ("agent", "/work", _nothing),
    "users": ("admin", "/settings/users", _nothing),
    "users-add": ("admin", "/settings/users", _add_user),
    "audit": ("auditor", "/settings/audit", _nothing),
    "not-found": ("agent", "/settings/users", _nothing),
    "sign-in": ("", "/sign-in", _nothing),
    "first-link": ("", "/first/the-link", _nothing),
}
LOOKS = [("he", "light"), ("en", "light"), ("he", "dark")]


@pytest.fixture(params=LOOKS, ids=["-".join(look) for look in LOOKS])
def look(request: pytest.FixtureRequest, context: BrowserContext) -> str:
    """Choose language and theme as a user's browser keeps them."""
    language, theme = request.param
    context.add_init_script(
        f"localStorage['moked.language'] = '{language}'; localStorage['moked.theme'] = '{theme}'"
    )
    return f"{language}-{theme}"


@pytest.mark.parametrize("name", SCREENS)
def test_screen_is_accessible(look: str, name: str, page: Page, house: House) -> None:
    user, path, prepare = SCREENS[name]
    if user:
        sign_in(page, house, user)
    page.goto(house.url + path)
    page.evaluate("document.fonts.ready")
    prepare(page, house)
    _keep_picture(page, f"{name}-{look}")
    assert _serious_problems(page) == []


def _serious_problems(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())  # the policy refuses foreign scripts; the debugger may
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def _keep_picture(page: Page, name: str) -> None:
    """Save a picture where ``PICTURES`` says, e.g. for the README."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")
