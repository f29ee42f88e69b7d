"""The database: queries run in threads of its own, in one transaction each, plain values out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import sqlalchemy
import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from twisted.internet.defer import TimeoutError as DeferredTimeout

from ivr.errors import StorageUnavailable
from ivr.storage import migrate
from ivr.storage.engines import WITHIN, is_sqlite, open_engine
from ivr.storage.threads import PoolThreads, Threads

log = structlog.get_logger(__name__)
T = TypeVar("T")

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
        writers = 1 if is_sqlite(url) else _POSTGRESQL_WRITERS
        self._writers = build("storage-write", writers)
        self._readers = build("storage-read", _READERS)
        self._write_engine = open_engine(url, writers, read_only=False)
        self._read_engine = open_engine(url, _READERS, read_only=True)

    async def start(self, *, revision: str = migrate.HEAD) -> None:
        """Bring the schema up to date.

        Raises:
            StorageUnavailable: the database cannot be reached.
        """
        self._writers.start()
        self._readers.start()
        if revision == migrate.HEAD and await self._is_newest():
            return
        migrating = self._write_engine.execution_options(migrating=True)
        upgrade = partial(migrate.upgrade, revision=revision)
        await self._run(self._writers, migrating, upgrade, _START_WITHIN)
        self._write_engine.dispose()  # that connection does not check foreign keys

    async def _is_newest(self) -> bool:
        """Look without a lock: a restart does not wait for somebody else who writes."""
        found = await self.read(migrate.revision_of, within=_START_WITHIN)
        return found == migrate.newest()

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
    with engine.connect().execution_options(within=within) as connection:
        with connection.begin() as transaction:
            result = query(connection)
            if attempt.given_up:
                transaction.rollback()
                raise StorageUnavailable("given up before it was committed")
        return result
