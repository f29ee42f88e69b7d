"""Every screen in Hebrew and English, light and dark: accessible, and kept as a picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from ivr.ids import new_id
from ivr.storage.records import ClosureRecord
from tests.browser.conftest import CHECKOUT, House, sign_in
from tests.fakes.console import AUTHORITY

pytestmark = pytest.mark.browser

LOOKS = [("he", "light"), ("en", "light"), ("he", "dark")]


def axe_source() -> str:
    """Return axe-core, from where set-up built the pages or from beside their sources."""
    tools = Path(os.environ.get("MOKED_TOOLS", CHECKOUT / ".moked" / "tools"))
    module = Path("node_modules") / "axe-core" / "axe.min.js"
    places = [*tools.glob(f"build/*/{module}"), CHECKOUT / "ivr" / "console" / "web" / module]
    return next(place for place in places if place.exists()).read_text(encoding="utf-8")


def nothing(_house: House) -> None:
    pass


def idle(house: House) -> None:
    house.state("available")


def ringing(house: House) -> None:
    house.ring()


def unknown(house: House) -> None:
    house.ring("+972544445555", "call-9", choices=())


def talking(house: House) -> None:
    house.ring()
    house.answer()


def wrap_up(house: House) -> None:
    talking(house)
    house.hang_up()


def shown(page: Page) -> None:
    page.locator("main .card, main .text-lg").first.wait_for()


def ringing_shown(page: Page) -> None:
    page.get_by_test_id("tickets").wait_for()


def typing(page: Page) -> None:
    ringing_shown(page)
    hebrew = page.locator("html").get_attribute("lang") == "he"
    page.locator("#ticket-subject").fill("חיוב כפול בארנונה" if hebrew else "Charged twice")


def menu_open(page: Page) -> None:
    page.get_by_test_id("state").click()
    page.get_by_role("menu").wait_for()


def adding(page: Page) -> None:
    shown(page)
    page.get_by_test_id("add-user").click()
    page.get_by_role("dialog").wait_for()


def drawn(page: Page) -> None:
    page.get_by_test_id("step-welcome").wait_for()


def step_chosen(page: Page) -> None:
    drawn(page)
    page.get_by_test_id("step-welcome").get_by_role("button").click()
    page.locator("#step-label").wait_for()


def as_text(page: Page) -> None:
    drawn(page)
    page.get_by_role("tab", name="YAML").click()
    page.get_by_test_id("yaml").get_by_text("recording_notice").wait_for()


def versions_shown(page: Page) -> None:
    drawn(page)
    page.get_by_role("tab").nth(2).click()
    page.get_by_test_id("version-1").wait_for()


def publishing(page: Page) -> None:
    drawn(page)
    page.get_by_test_id("publish").click()
    page.get_by_role("dialog").wait_for()


def loses(house: House) -> None:
    """Let the draft of the billing line lose whoever presses 3."""
    draft = house.ports.dialplans.drafts.folder / "billing.yaml"
    before = "values: {topic: 'בירור תשלומים'}\n    next: "
    text = draft.read_text(encoding="utf-8")
    draft.write_text(text.replace(f"{before}tell_external", f"{before}good_bye"), encoding="utf-8")


def proved(page: Page) -> None:
    page.get_by_test_id("lost").first.get_by_role("button").last.click()
    page.get_by_test_id("call-end").wait_for()


def tried(page: Page, tab: int = 1) -> None:
    page.get_by_role("tab").nth(tab).click()
    page.locator("button[type=submit]").click()
    page.get_by_test_id("asks").wait_for()


def proved_below(page: Page) -> None:
    drawn(page)
    page.get_by_role("tab").nth(4).click()
    proved(page)


def tried_below(page: Page) -> None:
    drawn(page)
    tried(page, 5)


def changed(page: Page) -> None:
    page.get_by_role("tab").nth(2).click()
    page.get_by_test_id("changed").first.wait_for()


def plan_tests(page: Page) -> None:
    page.get_by_role("tab").nth(3).click()
    page.get_by_test_id("test").first.wait_for()


def closures(house: House) -> None:
    """Two that are entered, one of which runs, and one that is over."""
    today = house.ports.clock.now().date()
    for first, last, times in ((-1, 2, ()), (20, 24, ("08:00-12:00",)), (-9, -7, ())):
        closure = ClosureRecord(
            closure_id=new_id("closure"),
            authority_id=AUTHORITY,
            hours="billing_department",
            first_day=today + timedelta(days=first),
            last_day=today + timedelta(days=last),
            times=list(times),
            why="שיפוצים",
            entered_at=house.ports.clock.now(),
            entered_by="user-mateh-yehuda-lead",
        )
        house.thread.run(house.ports.opening_hours.enter(closure))


def closing(page: Page) -> None:
    shown(page)
    page.get_by_test_id("add-closure").click()
    form = page.get_by_test_id("closure-form")
    form.get_by_role("radio").nth(1).check()
    form.locator("button[type=submit]").click()
    form.locator("#closure-why-wrong").and_(page.locator(":not(:empty)")).wait_for()


def new_line(page: Page) -> None:
    shown(page)
    page.get_by_test_id("new-line").click()
    page.get_by_role("dialog").wait_for()


def used(page: Page) -> None:
    step_chosen(page)
    page.get_by_test_id("uses-prompt-billing_menu").click()
    page.get_by_test_id("uses").get_by_role("link").first.wait_for()


@dataclass(frozen=True)
class Screen:
    """Who looks at which page, what happened before, and what is waited for and done there."""

    user: str
    path: str
    happens: Callable[[House], None] = nothing
    view: Callable[[Page], None] = shown


SCREENS = {
    "desk-signed-out": Screen("agent", "/desk"),
    "desk-idle": Screen("agent", "/desk", idle),
    "desk-menu": Screen("agent", "/desk", idle, menu_open),
    "desk-ringing": Screen("agent", "/desk", ringing, ringing_shown),
    "desk-unknown": Screen("agent", "/desk", unknown),
    "desk-talking": Screen("agent", "/desk", talking, typing),
    "desk-wrap-up": Screen("agent", "/desk", wrap_up, ringing_shown),
    "calls": Screen("lead", "/calls"),
    "call": Screen("lead", "/calls/call-1"),
    "work": Screen("agent", "/work"),
    "closures": Screen("agent", "/closures", closures),
    "closures-new": Screen("lead", "/closures", closures, closing),
    "users": Screen("admin", "/settings/users"),
    "users-add": Screen("admin", "/settings/users", nothing, adding),
    "dialplans": Screen("admin", "/dialplans"),
    "dialplans-new": Screen("admin", "/dialplans", nothing, new_line),
    "dialplan": Screen("admin", "/dialplans/billing", nothing, drawn),
    "dialplan-step": Screen("admin", "/dialplans/billing", nothing, step_chosen),
    "dialplan-uses": Screen("admin", "/dialplans/billing", nothing, used),
    "dialplan-text": Screen("admin", "/dialplans/billing", nothing, as_text),
    "dialplan-versions": Screen("auditor", "/dialplans/billing", nothing, versions_shown),
    "dialplan-publish": Screen("admin", "/dialplans/billing", nothing, publishing),
    "dialplan-proof": Screen("admin", "/dialplans/billing", loses, proved_below),
    "dialplan-try": Screen("admin", "/dialplans/billing", nothing, tried_below),
    "try-proof": Screen("lead", "/dialplans/billing/try", loses, proved),
    "try-call": Screen("lead", "/dialplans/billing/try", nothing, tried),
    "try-changes": Screen("lead", "/dialplans/billing/try", loses, changed),
    "try-tests": Screen("lead", "/dialplans/billing/try", loses, plan_tests),
    "audit": Screen("auditor", "/settings/audit"),
    "not-allowed": Screen("agent", "/settings/users"),
    "sign-in": Screen("", "/sign-in"),
    "first-link": Screen("", "/first/the-link"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen_is_accessible(name: str, page: Page, house: House) -> None:
    screen = SCREENS[name]
    if screen.user:
        sign_in(page, house, screen.user)
    else:
        page.goto(house.url)
    screen.happens(house)
    problems = []
    for language, theme in LOOKS:
        for what, value in (("language", language), ("theme", theme)):
            page.evaluate(f"localStorage['moked.{what}'] = '{value}'")
        page.goto(house.url + screen.path)
        screen.view(page)
        page.evaluate("document.fonts.ready")
        _keep_picture(page, f"{name}-{language}-{theme}")
        problems += [f"{language}, {theme}: {one}" for one in _serious_problems(page)]
    assert problems == []


def test_a_lost_connection_is_accessible(page: Page, house: House) -> None:
    sign_in(page, house)
    house.state("available")
    page.get_by_test_id("desk").and_(page.locator("[data-known=true]")).wait_for()
    house.thread.run(house.server.stop())
    page.get_by_text("השיחות בטלפון ממשיכות כרגיל").wait_for()
    _keep_picture(page, "desk-lost-he-light")
    assert _serious_problems(page) == []


def _serious_problems(page: Page) -> list[str]:
    page.evaluate(axe_source())  # the policy refuses foreign scripts; the debugger may
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def _keep_picture(page: Page, name: str) -> None:
    """Save a picture where ``PICTURES`` says, to look at every screen after a change."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")
