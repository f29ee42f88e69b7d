"""Batches of facts into the database, where one that does not fit stops no other."""

from collections.abc import Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.errors import StorageUnavailable
from ivr.storage.alarm_edges import AlarmEdges
from ivr.storage.database import Database
from ivr.storage.fact_writer import FactWriter
from ivr.storage.facts import Fact
from ivr.storage.spool import Spool
from ivr.storage.threads import Threads

log = structlog.get_logger(__name__)


class FactStore:
    """The journal's way to the database."""

    def __init__(
        self,
        database: Database,
        writer: FactWriter,
        spool: Spool,
        threads: Threads,
        alarms: AlarmEdges,
    ) -> None:
        self._database = database
        self._writer = writer
        self._spool = spool
        self._threads = threads
        self._alarms = alarms

    async def write(self, batch: Sequence[Fact], within: float) -> bool:
        """Write *batch* in one transaction; ``False`` if the database is away."""
        try:
            await self._database.transact(
                lambda connection: self._writer.write(connection, batch), within=within
            )
        except StorageUnavailable:
            return False
        except (SQLAlchemyError, ValueError, TypeError) as error:
            log.error("facts refused as a batch", error=type(error).__name__, facts=len(batch))
            return await self._write_singly(batch)
        return True

    async def _write_singly(self, batch: Sequence[Fact]) -> bool:
        try:
            rejected = await self._database.transact(
                lambda connection: self._writer.write_singly(connection, batch)
            )
        except (StorageUnavailable, SQLAlchemyError):
            return False
        if rejected:
            for one in rejected:
                log.error("fact refused", fact=type(one.fact).__name__, error=one.error)
            facts = [one.fact for one in rejected]
            self._alarms.begin(
                "facts_rejected", f"{len(facts)} facts do not fit the database: db/rejected.jsonl"
            )
            try:
                await self._threads.run(lambda: self._spool.reject(facts))
            except OSError as error:
                log.error("refused facts not set aside", errno=error.errno, facts=len(facts))
        return True
