"""A console on real SQLite, with nothing that needs a reactor."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock

from ivr.console import passwords
from ivr.console.desk_hub import DeskHub
from ivr.console.ports import ConsolePorts
from ivr.console.web_app import create_app
from ivr.events import EventBus
from ivr.storage.database import Database
from tests.fakes.asgi import Browser
from tests.fakes.console import PASSWORD, QUICK_HASH, MemoryDesk, SetClock, fill, ports_on
from tests.fakes.same_thread import SameThread
from tests.results import result_of


class House:
    """A console and what it stands on."""

    def __init__(self, ports: ConsolePorts, clock: SetClock, bus: EventBus) -> None:
        self.reactor = Clock()
        self.ports = ports
        self.clock = clock
        self.bus = bus
        self.hub = DeskHub(self.reactor, ports, bus)
        self.app = create_app(ports, self.hub)

    @property
    def desk(self) -> MemoryDesk:
        assert isinstance(self.ports.desk, MemoryDesk)
        return self.ports.desk

    def browser(self, name: str = "", address: str = "10.0.0.7") -> Browser:
        """Return a browser, signed in as *name* if given."""
        browser = Browser(self.app, address)
        if name:
            assert browser.sign_in(name, PASSWORD).status == 200
        return browser


def at_once(function: Callable[..., Any], *arguments: Any) -> Deferred[Any]:
    return maybeDeferred(function, *arguments)


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the database once: migrating and filling takes longer than most tests."""
    folder = tmp_path_factory.mktemp("filled")
    database = _database(folder / "db")
    result_of(database.start())
    ports = ports_on(database, SetClock(), EventBus(), at_once, folder, folder / "home")
    result_of(fill(ports, database))
    result_of(database.stop())
    return folder / "db"


def _database(file: Path) -> Database:
    return Database(f"sqlite:///{file}", Clock(), threads=SameThread)


@pytest.fixture
def make_house(
    tmp_path: Path, filled_database: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., House]]:
    """Build a house; keywords replace ports."""
    monkeypatch.setattr(passwords, "PasswordHasher", lambda: QUICK_HASH)
    shutil.copy(filled_database, tmp_path / "db")
    database = _database(tmp_path / "db")
    clock, bus = SetClock(), EventBus()
    ports = ports_on(database, clock, bus, at_once, tmp_path / "web", tmp_path / "home")
    yield lambda **changes: House(replace(ports, **changes), clock, bus)
    result_of(database.stop())


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    return make_house()
