"""The real console on a free port, in the reactor's thread, and Chromium to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from twisted.internet.threads import deferToThread

from ivr.app.published import ensure_published
from ivr.clock import SystemClock
from ivr.console.desk_hub import DeskHub
from ivr.console.ports import ConsolePorts
from ivr.console.server import ConsoleServer
from ivr.console.web_app import create_app
from ivr.crm import NewTicket, PastCall, ScreenPop
from ivr.events import Event, EventBus, OfferEnded, OfferMade, TalkEnded, TalkStarted
from ivr.ids import AgentId, CallId, LineName, OfferId, QueueName
from ivr.settings import Settings
from ivr.storage.database import Database
from tests.fakes.console import AUTHORITY, PASSWORD, MemoryDesk, fill, ports_on
from tests.reactor import ReactorThread, reactor

__all__ = ["reactor"]

CHECKOUT = Path(__file__).resolve().parents[2]
AGENT = AgentId("201")
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def built_pages() -> Path:
    """Return the front end that set-up built; ``PAGES`` names another, built by hand."""
    tools = Path(os.environ.get("MOKED_TOOLS", CHECKOUT / ".moked" / "tools"))
    pages = Path(os.environ.get("PAGES", tools / "web"))
    assert (pages / "index.html").exists(), f"no pages in {pages}: run ./moked up first"
    return pages


@dataclass
class House:
    """A running console, and what happens around it."""

    thread: ReactorThread
    ports: ConsolePorts
    hub: DeskHub
    bus: EventBus
    server: ConsoleServer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def desk(self) -> MemoryDesk:
        assert isinstance(self.ports.desk, MemoryDesk)
        return self.ports.desk

    def publish(self, *events: Event) -> None:
        for event in events:
            self.thread.call(self.bus.publish, event)

    def state(self, state: str, agent_id: AgentId = AGENT) -> None:
        self.thread.call(self.desk.put, agent_id, state)

    def ring(self, number: str = "+972500000101", call: str = "call-1", **more: Any) -> OfferId:
        """Let the agent's phone ring, as routing and crm_bridge do; return the offer."""
        offer = OfferId(f"offer-{call}")
        self.state("ringing")
        self.publish(
            OfferMade(
                authority_id=AUTHORITY,
                at=self.ports.clock.now(),
                offer_id=offer,
                call_id=CallId(call),
                agent_id=AGENT,
                queue=QueueName("billing"),
                line=LineName("billing"),
                caller_number=number,
                choices=more.get("choices", ("billing_menu:3",)),
                waited=more.get("waited", 62.0),
            )
        )
        if more.get("looked_up", True):
            self.thread.run(self._look_up(number, call, offer))
        return offer

    def answer(self, call: str = "call-1") -> None:
        at = self.ports.clock.now()
        offer = OfferId(f"offer-{call}")
        self.publish(
            OfferEnded(authority_id=AUTHORITY, at=at, offer_id=offer, call_id=CallId(call),
                       agent_id=AGENT, why="answered"),
            TalkStarted(authority_id=AUTHORITY, at=at, call_id=CallId(call), agent_id=AGENT,
                        queue=QueueName("billing")),
        )  # fmt: skip
        self.state("on_call")

    def hang_up(self, call: str = "call-1") -> None:
        at = self.ports.clock.now()
        self.publish(
            TalkEnded(
                authority_id=AUTHORITY, at=at, call_id=CallId(call), agent_id=AGENT, seconds=5.0
            )
        )
        self.state("wrap_up")

    async def _look_up(self, number: str, call: str, offer: OfferId) -> None:
        now = self.ports.clock.now()
        contact = await self.ports.contacts.find(AUTHORITY, number)
        past = [
            PastCall(CallId("call-1"), "billing", now - timedelta(days=1), "talked", AGENT),
            PastCall(CallId("call-0"), "council", now - timedelta(days=9), "abandoned"),
        ]
        self.hub.show(
            ScreenPop(
                authority_id=AUTHORITY,
                offer_id=offer,
                call_id=CallId(call),
                agent_id=AGENT,
                line="billing",
                queue="billing",
                caller_number=number,
                choices=("billing_menu:3",),
                waited=62.0,
                offered_at=now,
                contact=contact,
                last_calls=tuple(past) if contact else (),
                open_tickets=tuple(await self.ports.tickets.open_for(AUTHORITY, number)),
            )
        )


@pytest.fixture(scope="session")
def filled_database(reactor: ReactorThread, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the database once; each test gets a copy."""
    file = tmp_path_factory.mktemp("filled") / "db"
    database = Database(f"sqlite:///{file}", reactor.reactor)

    async def make() -> None:
        await database.start()
        ports = ports_on(
            database, SystemClock(), EventBus(), deferToThread, file.parent, file.parent / "home"
        )
        await fill(ports, database)
        await ensure_published(database, Settings(home=file.parent / "home"), SystemClock())
        await ports.tickets.open(_ticket())
        await database.stop()

    reactor.run(make(), 60)
    return file


@pytest.fixture
def house(reactor: ReactorThread, tmp_path: Path, filled_database: Path) -> Iterator[House]:
    shutil.copy(filled_database, tmp_path / "db")
    database = Database(f"sqlite:///{tmp_path}/db", reactor.reactor)
    clock, bus = SystemClock(), EventBus()

    def in_thread(function: Any, *arguments: Any) -> Any:
        return deferToThread(function, *arguments)

    async def start() -> House:
        await database.start()
        ports = ports_on(database, clock, bus, in_thread, built_pages(), tmp_path / "home")
        hub = DeskHub(reactor.reactor, ports, bus)
        server = ConsoleServer(create_app(ports, hub), "127.0.0.1", 0)
        hub.start()
        await server.start()
        return House(reactor, ports, hub, bus, server)

    async def stop(house: House) -> None:
        house.hub.stop()
        await house.server.stop()
        await house.ports.background.stop()
        await database.stop()

    running = reactor.run(start(), 60)
    yield running
    reactor.run(stop(running))


def _ticket() -> NewTicket:
    return NewTicket(
        authority_id=AUTHORITY,
        effect_key="demo/1",
        subject="חיוב כפול במים",
        text="",
        department="billing",
        caller_number="+972500000101",
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 1366, "height": 768}, locale="he-IL", timezone_id="Asia/Jerusalem"
    )
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, house: House) -> Iterator[Page]:
    """A page whose script errors and refused contents fail the test."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: _note(wrong, message))
    yield page
    assert wrong == []


def _note(wrong: list[str], message: Any) -> None:
    expected = "Failed to load resource", "WebSocket connection"
    if message.type == "error" and not message.text.startswith(expected):
        wrong.append(message.text)


def sign_in(page: Page, house: House, name: str = "agent") -> None:
    page.goto(f"{house.url}/sign-in")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.locator("nav").wait_for()


@pytest.fixture
def editor(page: Page, house: House) -> Iterator[Page]:
    """The billing line, opened by an administrator; whatever is done there is saved at the end."""
    sign_in(page, house, "admin")
    page.goto(f"{house.url}/dialplans/billing")
    page.get_by_test_id("editor").wait_for()
    yield page
    expect(page.get_by_test_id("editor")).to_have_attribute("data-dirty", "false")
