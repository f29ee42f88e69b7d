"""Queue entries: each wait of a call in a queue, from entering to leaving."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.ids import CallId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import QueueEntry
from ivr.storage.rows import insert_into, record_of, values_of


class QueueEntries:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def entered(self, entry: QueueEntry) -> None:
        await self._database.transact(lambda connection: insert_entry(connection, entry))

    async def left(self, entry_id: str, why: str, waited: float, at: datetime) -> None:
        """Say how the wait ended after *waited* seconds; the first ending stays."""
        await self._database.transact(
            lambda connection: end_entry(connection, entry_id, why, waited, at)
        )

    async def of(self, call_id: CallId) -> list[QueueEntry]:
        row = tables.queue_entries.c
        wanted = select(tables.queue_entries).where(row.call_id == call_id).order_by(row.entered_at)
        return await self._database.read(
            lambda connection: [
                record_of(QueueEntry, found) for found in connection.execute(wanted).mappings()
            ]
        )


def insert_entry(connection: Connection, entry: QueueEntry) -> None:
    row = insert_into(connection, tables.queue_entries).values(values_of(entry))
    connection.execute(row.on_conflict_do_nothing())


def end_entry(connection: Connection, entry_id: str, why: str, waited: float, at: datetime) -> None:
    row = tables.queue_entries.c
    connection.execute(
        update(tables.queue_entries)
        .where(row.entry_id == entry_id, row.left_at.is_(None))
        .values(left_at=at, why=why, waited=waited)
    )
