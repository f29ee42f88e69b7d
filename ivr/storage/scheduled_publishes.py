"""What is to be published at a time: kept until it is done, refused or cancelled."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from ivr.errors import RecordNotFound
from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import ScheduledPublish
from ivr.storage.rows import record_of, values_of

WAITING = "waiting"


class ScheduledPublishes:
    def __init__(self, database: Database, authority_id: AuthorityId) -> None:
        self._database = database
        self._authority_id = authority_id

    async def add(self, scheduled: ScheduledPublish) -> None:
        insert = tables.scheduled_publishes.insert().values(values_of(scheduled))
        await self._database.transact(lambda connection: connection.execute(insert))

    async def recent(self, limit: int = 50) -> list[ScheduledPublish]:
        """Return the latest, waiting or over, the one that is due last first."""
        row = tables.scheduled_publishes.c
        wanted = (
            select(tables.scheduled_publishes)
            .where(row.authority_id == self._authority_id)
            .order_by(row.due_at.desc())
            .limit(limit)
        )
        return await self._database.read(lambda connection: _records(connection, wanted))

    async def waiting(self, until: datetime | None = None) -> list[ScheduledPublish]:
        """Return what waits (to be done by *until*), the next one first."""
        row = tables.scheduled_publishes.c
        wanted = (
            select(tables.scheduled_publishes)
            .where(row.authority_id == self._authority_id, row.state == WAITING)
            .order_by(row.due_at, row.made_at)
        )
        if until is not None:
            wanted = wanted.where(row.due_at <= until)
        return await self._database.read(lambda connection: _records(connection, wanted))

    async def settle(self, publish_id: str, state: str, result: str = "") -> None:
        """Say how one that waits came to its end.

        Raises:
            RecordNotFound: none of that id waits.
        """
        row = tables.scheduled_publishes.c
        change = (
            update(tables.scheduled_publishes)
            .where(
                row.authority_id == self._authority_id,
                row.publish_id == publish_id,
                row.state == WAITING,
            )
            .values(state=state, result=result)
        )

        def query(connection: Connection) -> None:
            if connection.execute(change).rowcount != 1:
                raise RecordNotFound(f"no publish {publish_id} waits")

        await self._database.transact(query)


def _records(connection: Connection, wanted: Select[Any]) -> list[ScheduledPublish]:
    rows = connection.execute(wanted).mappings()
    return [record_of(ScheduledPublish, found) for found in rows]
