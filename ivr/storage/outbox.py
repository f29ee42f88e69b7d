"""The outbox: what is owed to other systems, claimed under leases, kept until it is settled."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, true, update
from sqlalchemy.engine import RowMapping

from ivr import crm
from ivr.clock import Clock
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import DeadLetter
from ivr.storage.rows import record_of

_ERROR_LENGTH = 500


class Outbox:
    """``crm.Outbox`` for several relays and processes at once (``SKIP LOCKED`` or one writer)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def claim(
        self, limit: int, lease: float, *, connector: str | None = None
    ) -> list[crm.OutboxItem]:
        """Take due items, oldest first, one per ``order_by`` at a time, for *lease* seconds.

        A claim that is not settled within its lease may be claimed again by anybody.
        """
        now = self._clock.now()
        until = now + timedelta(seconds=lease)
        return await self._database.transact(
            lambda connection: _claim(connection, limit, now, until, connector)
        )

    async def delivered(self, item_id: int) -> None:
        await self._settle(item_id, {"state": "delivered", "ended_at": self._clock.now()})

    async def retry_later(self, item_id: int, wait: float, error: str) -> None:
        """Give the item back, due again in *wait* seconds."""
        due = self._clock.now() + timedelta(seconds=wait)
        await self._settle(item_id, {"due_at": due, "error": error[:_ERROR_LENGTH]})

    async def give_up(self, item_id: int, error: str) -> None:
        """Dead letter: kept, listed, never tried again by itself; what follows it goes on."""
        await self._settle(
            item_id,
            {"state": "dead", "error": error[:_ERROR_LENGTH], "ended_at": self._clock.now()},
        )

    async def next_due(self, *, connector: str | None = None) -> float | None:
        """Seconds until the next item may be claimed (0 = now), ``None`` with nothing waiting."""
        row = tables.outbox.c
        waiting = (row.state == "waiting") & _for(connector)
        free = select(row.due_at).where(waiting, row.leased_until.is_(None), _first())
        leased = select(func.min(row.leased_until)).where(waiting, row.leased_until.is_not(None))

        def query(connection: Connection) -> list[datetime]:
            moments = [
                connection.execute(free.order_by(row.due_at).limit(1)).scalar(),
                connection.execute(leased).scalar(),
            ]
            return [moment for moment in moments if moment is not None]

        due = await self._database.read(query)
        return max(0.0, (min(due) - self._clock.now()).total_seconds()) if due else None

    async def release_leases(self) -> int:
        """Give back every claim: for the start of the only process that delivers."""
        row = tables.outbox.c
        free = update(tables.outbox).where(row.leased_until.is_not(None), row.state == "waiting")
        return await self._database.transact(
            lambda connection: int(connection.execute(free.values(leased_until=None)).rowcount)
        )

    async def counts(self) -> dict[str, int]:
        """Return how many wait, were delivered and are dead."""
        row = tables.outbox.c
        wanted = select(row.state, func.count()).group_by(row.state)
        return await self._database.read(
            lambda connection: {
                "waiting": 0,
                "delivered": 0,
                "dead": 0,
                **dict(connection.execute(wanted).all()),
            }
        )

    async def dead(self, limit: int = 200) -> list[DeadLetter]:
        row = tables.outbox.c
        wanted = select(tables.outbox).where(row.state == "dead").order_by(row.item_id).limit(limit)
        return await self._database.read(
            lambda connection: [
                record_of(DeadLetter, found) for found in connection.execute(wanted).mappings()
            ]
        )

    async def replay(self, item_id: int) -> bool:
        """Try a dead letter again from now on; ``False`` if it is not dead."""
        now = self._clock.now()
        row = tables.outbox.c
        again = (
            update(tables.outbox)
            .where(row.item_id == item_id, row.state == "dead")
            .values(state="waiting", due_at=now, queued_at=now, attempts=0, ended_at=None)
        )
        return await self._database.transact(
            lambda connection: connection.execute(again).rowcount == 1
        )

    async def _settle(self, item_id: int, values: dict[str, Any]) -> None:
        row = tables.outbox.c
        change = (
            update(tables.outbox)
            .where(row.item_id == item_id, row.state == "waiting")
            .values(leased_until=None, **values)
        )
        await self._database.transact(lambda connection: connection.execute(change).close())


def _claim(
    connection: Connection, limit: int, now: datetime, until: datetime, connector: str | None
) -> list[crm.OutboxItem]:
    row = tables.outbox.c
    due = and_(
        row.state == "waiting",
        row.due_at <= now,
        or_(row.leased_until.is_(None), row.leased_until <= now),
        _for(connector),
        _first(),
    )
    # Ordered as the index is: the search ends with the last row that is taken.
    wanted = select(tables.outbox).where(due).order_by(row.due_at, row.item_id).limit(limit)
    if connection.dialect.name == "postgresql":
        wanted = wanted.with_for_update(skip_locked=True)
    found = list(connection.execute(wanted).mappings())
    if found:
        connection.execute(
            update(tables.outbox)
            .where(row.item_id.in_([item["item_id"] for item in found]))
            .values(leased_until=until, attempts=row.attempts + 1)
        )
    return [_item(item) for item in found]


def _first() -> Any:
    """Only the oldest unsettled item of an order may go to its connector."""
    row = tables.outbox.c
    before = tables.outbox.alias("before")
    return ~exists().where(
        before.c.connector == row.connector,
        before.c.order_by == row.order_by,
        before.c.state == "waiting",
        before.c.item_id < row.item_id,
    )


def _for(connector: str | None) -> ColumnElement[bool]:
    return tables.outbox.c.connector == connector if connector is not None else true()


def _item(row: RowMapping) -> crm.OutboxItem:
    return crm.OutboxItem(
        item_id=row["item_id"],
        authority_id=row["authority_id"],
        connector=row["connector"],
        kind=row["kind"],
        key=row["key"],
        order_by=row["order_by"],
        payload=row["payload"],
        attempts=row["attempts"] + 1,
        queued_at=row["queued_at"],
    )
