"""Messages that callers left: each open until somebody has handled it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.clock import Clock
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.enqueue import Owed, Subscription, enqueue
from ivr.storage.records import MessageRecord
from ivr.storage.rows import insert_into, record_of, values_of


class Messages:
    def __init__(
        self, database: Database, clock: Clock, wanted_by: Sequence[Subscription] = ()
    ) -> None:
        self._database = database
        self._clock = clock
        self._wanted_by = wanted_by

    async def left(self, message: MessageRecord) -> None:
        """Keep a message and tell the connectors of it, in one transaction."""
        await self._database.transact(
            lambda connection: leave_message(connection, self._wanted_by, message)
        )

    async def open(self, box: str | None = None) -> list[MessageRecord]:
        """Return the messages nobody has handled, oldest first."""
        row = tables.messages.c
        wanted = select(tables.messages).where(row.handled_at.is_(None)).order_by(row.left_at)
        if box is not None:
            wanted = wanted.where(row.box == box)
        return await self._database.read(
            lambda connection: [
                record_of(MessageRecord, found) for found in connection.execute(wanted).mappings()
            ]
        )

    async def take(self, message_id: str, owner: str) -> bool:
        """Make *owner* responsible; ``False`` if the message is handled already."""
        return await self._change(message_id, {"owner": owner})

    async def handled(self, message_id: str, by: str) -> bool:
        """Close the message; ``False`` if somebody did so before."""
        return await self._change(message_id, {"handled_at": self._clock.now(), "handled_by": by})

    async def _change(self, message_id: str, values: dict[str, str | datetime]) -> bool:
        row = tables.messages.c
        change = (
            update(tables.messages)
            .where(row.message_id == message_id, row.handled_at.is_(None))
            .values(**values)
        )
        return await self._database.transact(
            lambda connection: connection.execute(change).rowcount == 1
        )


def leave_message(
    connection: Connection, wanted_by: Sequence[Subscription], message: MessageRecord
) -> None:
    row = insert_into(connection, tables.messages).values(values_of(message))
    connection.execute(row.on_conflict_do_nothing())
    owed = Owed(
        authority_id=message.authority_id,
        kind="message_left",
        key=f"message_left/{message.message_id}",
        order_by=message.call_id,
        at=message.left_at,
        call_id=message.call_id,
        payload={
            "message_id": message.message_id,
            "box": message.box,
            "call_id": message.call_id,
            "caller_number": message.caller_number,
            "recording": message.recording,
            "seconds": message.seconds,
            "left_at": message.left_at.isoformat(),
        },
    )
    enqueue(connection, wanted_by, owed)
