"""The same storage on both engines: SQLite in a file, PostgreSQL in a server of the tests' own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import make_url
from twisted.internet.defer import Deferred

from ivr.ids import AuthorityId
from ivr.storage.database import Database
from tests.calls.postgres import Postgres, programs
from tests.reactor import ReactorThread, reactor

T = TypeVar("T")
__all__ = ["reactor"]

TOWN = AuthorityId("mateh-yehuda")


class TestClock:
    """A clock that stands still until it is told to go on."""

    __test__ = False

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
        self.seconds = 100.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.seconds += seconds


class Storage:
    """A started database and the means to use it from a plain test."""

    def __init__(self, database: Database, url: str, reactor: ReactorThread) -> None:
        self.database = database
        self.url = url
        self.reactor = reactor
        self.clock = TestClock()

    def run(self, work: Coroutine[Deferred[Any], Any, T]) -> T:
        return self.reactor.run(work)

    def run_all(self, *works: Coroutine[Deferred[Any], Any, T]) -> list[T | Exception]:
        """Run all at the same time; return results and failures in order."""
        from twisted.internet.defer import DeferredList

        async def together() -> list[T | Exception]:
            running = [Deferred.fromCoroutine(work) for work in works]
            ended: Any = await DeferredList(running, consumeErrors=True)
            return [value if fine else value.value for fine, value in ended]

        return self.reactor.run(together())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if programs() is None:
        pytest.skip("no PostgreSQL server installed (Debian: postgresql)")
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/moked.sqlite3"
    server: Postgres = request.getfixturevalue("postgres")
    return server.url(f"test_{os.getpid()}")


@pytest.fixture(scope="session")
def migrated_file(reactor: ReactorThread, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the newest schema, to be copied: migrating takes a while."""
    file = tmp_path_factory.mktemp("migrated") / "moked.sqlite3"
    with started(f"sqlite:///{file}", reactor)():
        return file


@pytest.fixture(scope="session")
def migrated_name(postgres: Postgres, reactor: ReactorThread) -> str:
    """The name of a PostgreSQL database with the newest schema."""
    with started(postgres.url("migrated"), reactor)():
        return "migrated"


@pytest.fixture
def storage(request: pytest.FixtureRequest, url: str, reactor: ReactorThread) -> Iterator[Storage]:
    """A started database with nothing in it."""
    if url.startswith("sqlite"):
        shutil.copy(request.getfixturevalue("migrated_file"), url.removeprefix("sqlite:///"))
    else:
        server: Postgres = request.getfixturevalue("postgres")
        server.url(make_url(url).database or "", like=request.getfixturevalue("migrated_name"))
    with started(url, reactor)() as ready:
        yield ready


def started(url: str, reactor: ReactorThread) -> Callable[[], Any]:
    """Return a context manager for a started storage."""
    from contextlib import contextmanager

    @contextmanager
    def context() -> Iterator[Storage]:
        database = Database(url, reactor.reactor)
        reactor.run(database.start())
        try:
            yield Storage(database, url, reactor)
        finally:
            reactor.run(database.stop())

    return context
