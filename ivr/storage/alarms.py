"""Alarms: what an administrator or shift lead must see, from raised to cleared."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import Alarm
from ivr.storage.rows import record_of


class Alarms:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def raised(self, authority_id: AuthorityId, alarm: str, text: str, at: datetime) -> None:
        """Keep it; while it is open, raising it again changes only its text."""
        await self._database.transact(
            lambda connection: raise_alarm(connection, authority_id, alarm, text, at)
        )

    async def cleared(self, authority_id: AuthorityId, alarm: str, at: datetime) -> None:
        await self._database.transact(
            lambda connection: clear_alarm(connection, authority_id, alarm, at)
        )

    async def open(self) -> list[Alarm]:
        return await self._select(only_open=True)

    async def recent(self, limit: int = 100) -> list[Alarm]:
        return await self._select(only_open=False, limit=limit)

    async def _select(self, *, only_open: bool, limit: int = 1000) -> list[Alarm]:
        row = tables.alarms.c
        wanted = select(tables.alarms).order_by(row.alarm_id.desc()).limit(limit)
        if only_open:
            wanted = wanted.where(row.cleared_at.is_(None))
        return await self._database.read(
            lambda connection: [
                record_of(Alarm, found) for found in connection.execute(wanted).mappings()
            ]
        )


def raise_alarm(
    connection: Connection, authority_id: str, alarm: str, text: str, at: datetime
) -> None:
    row = tables.alarms.c
    open_one = (row.authority_id == authority_id) & (row.alarm == alarm) & row.cleared_at.is_(None)
    if connection.execute(update(tables.alarms).where(open_one).values(text=text)).rowcount:
        return
    connection.execute(
        tables.alarms.insert().values(
            authority_id=authority_id, alarm=alarm, text=text, raised_at=at
        )
    )


def clear_alarm(connection: Connection, authority_id: str, alarm: str, at: datetime) -> None:
    row = tables.alarms.c
    connection.execute(
        update(tables.alarms)
        .where(row.authority_id == authority_id, row.alarm == alarm, row.cleared_at.is_(None))
        .values(cleared_at=at)
    )
