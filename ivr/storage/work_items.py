"""Work items: what a person still has to do, such as calling back who gave up waiting."""

from sqlalchemy import Connection, select, update

from ivr.clock import Clock
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import WorkItem
from ivr.storage.rows import insert_into, record_of, values_of


class WorkItems:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, item: WorkItem) -> None:
        """Keep it; a second one of the same kind for the same call is the same one."""
        await self._database.transact(lambda connection: add_work_item(connection, item))

    async def open(self, limit: int = 200) -> list[WorkItem]:
        """Return what is not done yet, oldest first."""
        row = tables.work_items.c
        wanted = select(tables.work_items).where(row.closed_at.is_(None))
        return await self._database.read(
            lambda connection: [
                record_of(WorkItem, found)
                for found in connection.execute(
                    wanted.order_by(row.opened_at).limit(limit)
                ).mappings()
            ]
        )

    async def close(self, work_item_id: str, by: str, note: str = "") -> bool:
        """Say that it is done; ``False`` if somebody said so before."""
        row = tables.work_items.c
        change = (
            update(tables.work_items)
            .where(row.work_item_id == work_item_id, row.closed_at.is_(None))
            .values(closed_at=self._clock.now(), closed_by=by, note=note)
        )
        return await self._database.transact(
            lambda connection: connection.execute(change).rowcount == 1
        )


def add_work_item(connection: Connection, item: WorkItem) -> None:
    row = insert_into(connection, tables.work_items).values(values_of(item))
    connection.execute(row.on_conflict_do_nothing())
