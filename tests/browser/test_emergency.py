"""Emergency mode: one click for who leads, a bar that everybody sees."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ivr.clock import SystemClock
from ivr.events import AlarmCleared, AlarmRaised
from tests.browser.conftest import House, sign_in
from tests.fakes.console import AUTHORITY

pytestmark = pytest.mark.browser

MODE = "emergency_mode"


def tell(house: House, *, on: bool) -> None:
    now = SystemClock().now()
    raised = AlarmRaised(authority_id=AUTHORITY, at=now, alarm=MODE, text="on")
    cleared = AlarmCleared(authority_id=AUTHORITY, at=now, alarm=MODE)
    house.publish(raised if on else cleared)


def test_a_shift_lead_switches_it_with_one_click(house: House, page: Page) -> None:
    sign_in(page, house, "lead")
    button = page.get_by_role("button", name="חירום")
    for on in (True, False):
        with page.expect_response("**/api/emergency") as answer:
            button.click()
        assert answer.value.json()["is_on"] is house.ports.emergency.is_on is on
        tell(house, on=on)
        expect(button).to_have_attribute("aria-pressed", str(on).lower())
        expect(page.get_by_test_id("alarm")).to_have_count(int(on))


def test_an_agent_sees_it_and_has_no_switch(house: House, page: Page) -> None:
    sign_in(page, house)
    tell(house, on=True)
    expect(page.get_by_test_id("alarm")).to_contain_text("מצב חירום פועל")
    expect(page.get_by_role("button", name="חירום")).to_have_count(0)
