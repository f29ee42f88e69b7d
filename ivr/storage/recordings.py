"""Recordings: what was recorded, where its sealed file lies, and until when it may be kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from ivr.errors import RecordNotFound
from ivr.ids import CallId, RecordingName
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import RecordingRecord
from ivr.storage.rows import insert_into, record_of, values_of


class Recordings:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def started(self, recording: RecordingRecord) -> None:
        await self._database.transact(lambda connection: insert_recording(connection, recording))

    async def finished(self, recording: RecordingRecord) -> None:
        """Keep length, checksum, path and key of a recording that is sealed now."""
        await self._database.transact(lambda connection: finish_recording(connection, recording))

    async def get(self, name: RecordingName) -> RecordingRecord:
        """Return the recording.

        Raises:
            RecordNotFound: there is none of this name.
        """
        found = await self._select(tables.recordings.c.name == name)
        if not found:
            raise RecordNotFound(f"no recording {name}")
        return found[0]

    async def for_call(self, call_id: CallId) -> list[RecordingRecord]:
        return await self._select(tables.recordings.c.call_id == call_id)

    async def unsealed(self) -> list[RecordingRecord]:
        """Return those begun and not finished: a restart looks for their files."""
        return await self._select(tables.recordings.c.state == "running")

    async def expired(self, now: datetime) -> list[RecordingRecord]:
        """Return those kept past their day, oldest first."""
        row = tables.recordings.c
        return await self._select((row.retain_until <= now) & row.deleted_at.is_(None))

    async def kept(self) -> list[RecordingRecord]:
        """Return all whose file should exist."""
        return await self._select(tables.recordings.c.deleted_at.is_(None))

    async def deleted(self, name: RecordingName, at: datetime) -> None:
        """Say that the file is gone; its key is forgotten with it."""
        await self._change(
            name, {"deleted_at": at, "state": "deleted", "wrapped_key": "", "path": ""}
        )

    async def lost(self, name: RecordingName) -> None:
        """Say that no file was found for a recording that was begun."""
        await self._change(name, {"state": "lost"})

    async def _change(self, name: str, values: dict[str, Any]) -> None:
        change = update(tables.recordings).where(tables.recordings.c.name == name).values(**values)
        await self._database.transact(lambda connection: connection.execute(change).close())

    async def _select(self, where: Any) -> list[RecordingRecord]:
        wanted = select(tables.recordings).where(where).order_by(tables.recordings.c.started_at)
        return await self._database.read(
            lambda connection: [
                record_of(RecordingRecord, found) for found in connection.execute(wanted).mappings()
            ]
        )


def insert_recording(connection: Connection, recording: RecordingRecord) -> None:
    row = insert_into(connection, tables.recordings).values(values_of(recording))
    connection.execute(row.on_conflict_do_nothing())


def finish_recording(connection: Connection, recording: RecordingRecord) -> None:
    values = values_of(recording)
    row = insert_into(connection, tables.recordings).values(values)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
