"""The database: an answer in time or a clear no, and nothing half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from twisted.internet.defer import Deferred

from ivr.errors import StorageUnavailable
from ivr.storage.database import Database
from tests.fakes.driven_clock import DrivenClock
from tests.fakes.same_thread import SameThread
from tests.results import result_of

T = TypeVar("T")


class SlowThread(SameThread):
    """A thread that begins its work only when the test says so."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(name, size)
        self.slow = False
        self.begin: Callable[[], None] = lambda: None

    def run(self, work: Callable[[], T]) -> Deferred[T]:
        if not self.slow:
            return super().run(work)
        result: Deferred[T] = Deferred()

        def begin() -> None:
            try:
                result.callback(work())
            except Exception as error:
                result.errback(error)

        self.begin = begin
        return result


class World:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "db"
        self.clock = DrivenClock()
        self.threads: dict[str, SlowThread] = {}
        self.database = Database(f"sqlite:///{self.file}", self.clock, threads=self.thread)
        result_of(self.database.start())

    def thread(self, name: str, size: int) -> SlowThread:
        self.threads[name] = SlowThread(name, size)
        return self.threads[name]

    def rows(self) -> int:
        def query(connection: Connection) -> int:
            return int(connection.execute(text("SELECT count(*) FROM counters")).scalar_one())

        return result_of(self.database.read(query))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    result_of(world.database.stop())


def insert(connection: Connection) -> None:
    connection.execute(text("INSERT INTO counters (authority_id, name) VALUES ('town', 'x')"))


def test_what_is_committed_is_there(world: World) -> None:
    result_of(world.database.transact(insert))
    assert world.rows() == 1


def test_a_query_that_fails_leaves_nothing(world: World) -> None:
    def query(connection: Connection) -> None:
        insert(connection)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        result_of(world.database.transact(query))
    assert world.rows() == 0


def test_a_locked_database_is_unavailable(world: World) -> None:
    other = sqlite3.connect(world.file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageUnavailable):
        result_of(world.database.transact(insert, within=0.05))
    assert world.rows() == 0  # reading goes on: WAL
    other.execute("ROLLBACK")
    other.close()
    result_of(world.database.transact(insert, within=0.05))
    assert world.rows() == 1


def test_a_query_nobody_waits_for_any_more_never_begins(world: World) -> None:
    thread = world.threads["storage-write"]
    thread.slow = True
    asked: list[Any] = []
    Deferred.fromCoroutine(world.database.transact(insert, within=0.3)).addBoth(asked.append)
    world.clock.advance(0.2)
    assert asked == []
    world.clock.advance(0.1)
    assert asked[0].check(StorageUnavailable)
    thread.begin()
    assert world.rows() == 0


def test_a_query_that_outlives_its_caller_is_rolled_back(world: World) -> None:
    thread = world.threads["storage-write"]
    thread.slow = True
    asked: list[Any] = []

    def query(connection: Connection) -> None:
        insert(connection)
        world.clock.advance(1)  # its caller gives up meanwhile

    Deferred.fromCoroutine(world.database.transact(query, within=0.3)).addBoth(asked.append)
    thread.begin()
    assert asked[0].check(StorageUnavailable)
    assert world.rows() == 0


def test_reading_cannot_write(world: World) -> None:
    with pytest.raises((StorageUnavailable, OperationalError)):
        result_of(world.database.read(insert))
    assert world.rows() == 0
