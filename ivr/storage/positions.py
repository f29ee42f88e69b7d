"""Positions: where each running call stands, so that another process can go on with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from ivr.clock import Clock
from ivr.ids import CallId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import Position
from ivr.storage.rows import put_rows, record_of, values_of


class Positions:
    """One position a call, replaced at each step, dropped at its end."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, position: Position) -> None:
        now = self._clock.now()
        await self._database.transact(
            lambda connection: put_positions(connection, [(position, now)])
        )

    async def all(self) -> list[Position]:
        wanted = select(tables.call_positions).order_by(tables.call_positions.c.arrived_at)
        return await self._database.read(
            lambda connection: [
                record_of(Position, found) for found in connection.execute(wanted).mappings()
            ]
        )

    async def drop(self, call_id: CallId) -> None:
        await self._database.transact(lambda connection: drop_positions(connection, [call_id]))


def put_positions(connection: Connection, positions: Sequence[tuple[Position, datetime]]) -> None:
    rows = [{**values_of(position), "stored_at": at} for position, at in positions]
    put_rows(connection, tables.call_positions, rows)


def drop_positions(connection: Connection, call_ids: Sequence[str]) -> None:
    table = tables.call_positions
    connection.execute(delete(table).where(table.c.call_id.in_(call_ids)))
