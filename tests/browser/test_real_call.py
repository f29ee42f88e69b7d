"""A resident calls, for real, and the agent's page shows it: SIP by SIPp, the desk in Chromium.

The pictures of the README are taken here (``MOKED_PICTURES=<folder>``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.calls.house import SLOW, House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.calls, pytest.mark.timeout(300)]

RESIDENT = "+972501110001"  # of the demonstration's contacts
RING = 4.0  # seconds the phone rings before it is picked up
TALK = 6.0


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("desk")) as house:
        yield house


@pytest.fixture
def desk(chromium: Browser, instance: House) -> Iterator[Page]:
    """The desk of agent 301, signed in through the page itself, available for calls."""
    context = chromium.new_context(
        viewport={"width": 1366, "height": 768}, locale="he-IL", timezone_id="Asia/Jerusalem"
    )
    page = context.new_page()
    page.set_default_timeout(20_000 * SLOW)
    page.goto(f"{instance.url}/sign-in")
    page.locator("#name").fill("agent-301")
    page.locator("#password").fill(instance.secret("demo-user-agent-301"))
    page.locator("button[type=submit]").click()
    page.locator("nav").wait_for()
    yield page
    context.close()


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("MOKED_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_the_agent_sees_who_calls_before_answering(desk: Page, instance: House) -> None:
    phone = instance.phone("agent-301")
    answering = phone.answer(ring=RING, talk=60.0, wait=60.0)
    instance.agent("agent-301").do("sign-in")
    calling = instance.farm.call("+97229900106", caller=RESIDENT, talk=16.0 + RING + TALK)

    call = desk.get_by_test_id("call")
    expect(call).to_have_attribute("data-phase", "ringing", timeout=30_000 * SLOW)
    expect(desk.get_by_test_id("caller-number")).to_have_text("050-111-0001")
    expect(desk.get_by_test_id("caller-name")).to_have_text("אבי ישראלי")
    picture(desk, "desk-ringing-he")

    expect(call).to_have_attribute("data-phase", "talking", timeout=30_000 * SLOW)
    desk.wait_for_timeout(1000)  # the timer has begun to count
    picture(desk, "desk-talking-he")
    assert calling.wait().ok
    assert answering.wait().ok

    found = instance.call_of(RESIDENT)
    assert found["call"]["outcome"] == "talked"
    assert found["call"]["talked_with"] == "agent-301"


def test_the_trace_of_the_call_is_a_page(desk: Page, instance: House) -> None:
    found = instance.call_of(RESIDENT)
    desk.goto(f"{instance.url}/calls/{found['call']['call_id']}")
    expect(desk.get_by_test_id("timeline")).to_be_visible()
    picture(desk, "call-trace-he")
