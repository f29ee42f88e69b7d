"""The desk in a real browser: pops, talk, wrap-up, ticket, reload, lost connection."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, sign_in

pytestmark = pytest.mark.browser


def test_a_ringing_call_shows_who_calls(page: Page, house: House):
    sign_in(page, house)
    expect(page).to_have_url(re.compile("/desk$"))
    house.state("available")
    house.ring()
    call = page.get_by_test_id("call")
    expect(call).to_have_attribute("data-phase", "ringing")
    expect(page.get_by_test_id("caller-name")).to_have_text("רות לוי")
    expect(page.get_by_test_id("caller-number")).to_have_text("050-000-0101")
    expect(call).to_contain_text("תפריט גבייה")
    expect(page.get_by_test_id("tickets")).to_contain_text("חיוב כפול במים")
    assert page.title().startswith("☎") or page.title() == "מוקד"
