"""The database: queries run in threads of its own, in one transaction each, plain values out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import sqlalchemy
import structlog
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from twisted.internet.defer import TimeoutError as DeferredTimeout

from ivr.errors import StorageUnavailable
from ivr.storage import migrate
from ivr.storage.threads import PoolThreads, Threads

log = structlog.get_logger(__name__)
T = TypeVar("T")

WITHIN = 5.0  # seconds a query may take when its caller names no limit
_START_WITHIN = 120.0
_READERS = 3
_POSTGRESQL_WRITERS = 4


@dataclass(slots=True)
class _Attempt:
    """One try of one query; once given up by its caller it must not commit any more."""

    given_up: bool = False


class Database:
    """SQLite (one writer, several readers, WAL) or PostgreSQL, off the reactor's thread.

    *threads* builds a pool from a name and a size; tests give one that works at once.
    """

    def __init__(
        self, url: str, reactor: Any, *, threads: Callable[[str, int], Threads] | None = None
    ) -> None:
        self._reactor = reactor
        build = threads or partial(PoolThreads, reactor)
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        writers = 1 if self.is_sqlite else _POSTGRESQL_WRITERS
        self._writers = build("storage-write", writers)
        self._readers = build("storage-read", _READERS)
        self._write_engine = _engine(url, writers, read_only=False)
        self._read_engine = _engine(url, _READERS, read_only=True)

    async def start(self, *, revision: str = migrate.HEAD) -> None:
        """Bring the schema up to date and open the connections.

        Raises:
            StorageUnavailable: the database cannot be reached.
        """
        self._writers.start()
        self._readers.start()
        migrating = self._write_engine.execution_options(moked_migrating=True)
        upgrade = partial(migrate.upgrade, revision=revision)
        await self._run(self._writers, migrating, upgrade, _START_WITHIN)
        self._write_engine.dispose()  # that connection does not check foreign keys
        for _ in range(_READERS):
            await self.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar())

    async def stop(self) -> None:
        """Let what runs end, then close every connection."""
        await self._writers.stop()
        await self._readers.stop()
        self._write_engine.dispose()
        self._read_engine.dispose()

    async def transact(self, query: Callable[[Connection], T], *, within: float | None = None) -> T:
        """Run *query* in one transaction and commit it.

        *within* seconds later the caller is told no, and a query that has not reached its commit
        by then is rolled back.

        Raises:
            StorageUnavailable: the database is locked, slow, gone or refused the connection.
        """
        return await self._run(self._writers, self._write_engine, query, within)

    async def read(self, query: Callable[[Connection], T], *, within: float | None = None) -> T:
        """Run *query*, which must not write.

        Raises:
            StorageUnavailable: as for ``transact``.
        """
        return await self._run(self._readers, self._read_engine, query, within)

    async def _run(
        self,
        threads: Threads,
        engine: Engine,
        query: Callable[[Connection], T],
        within: float | None,
    ) -> T:
        limit = WITHIN if within is None else within
        attempt = _Attempt()
        working = threads.run(partial(_transaction, engine, query, limit, attempt))
        working.addTimeout(limit, self._reactor)
        try:
            return await working
        except DeferredTimeout as error:
            raise StorageUnavailable(f"the database did not answer in {limit} s") from error
        except (OperationalError, InterfaceError, sqlalchemy.exc.TimeoutError) as error:
            raise StorageUnavailable(f"the database failed: {type(error.__cause__)}") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StorageUnavailable("the connection to the database was lost") from error
            raise
        finally:
            attempt.given_up = True  # nobody waits any more, whatever the reason


def _transaction(
    engine: Engine, query: Callable[[Connection], T], within: float, attempt: _Attempt
) -> T:
    """Run in a thread: one transaction, not begun and not committed once it is given up."""
    if attempt.given_up:
        raise StorageUnavailable("given up before it began")
    with engine.connect().execution_options(moked_within=within) as connection:
        with connection.begin() as transaction:
            result = query(connection)
            if attempt.given_up:
                transaction.rollback()
                raise StorageUnavailable("given up before it was committed")
        return result


def _engine(url: str, size: int, *, read_only: bool) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, pool_size=size, max_overflow=0, pool_timeout=WITHIN)
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_read if read_only else _sqlite_write)
        return engine
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=WITHIN,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3},
    )
    event.listen(engine, "begin", _postgresql_read if read_only else _postgresql_write)
    return engine


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver begins too late
    connection.execute(f"PRAGMA busy_timeout = {int(WITHIN * 1000)}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # NORMAL may lose commits at power loss
    connection.execute("PRAGMA foreign_keys = ON")


def _sqlite_write(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(connection)}")
    if connection.get_execution_options().get("moked_migrating"):
        # A table is rebuilt by dropping it, which would delete the rows that refer to it.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _sqlite_read(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(connection)}")
    connection.exec_driver_sql("PRAGMA query_only = ON")
    connection.exec_driver_sql("BEGIN")


def _postgresql_write(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_milliseconds(connection)}")


def _postgresql_read(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    _postgresql_write(connection)


def _milliseconds(connection: Connection) -> int:
    within: float = connection.get_execution_options().get("moked_within", WITHIN)
    return max(1, int(within * 1000))
