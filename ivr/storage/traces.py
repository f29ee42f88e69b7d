"""Traces: what each call went through, step by step."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from ivr.ids import AuthorityId, CallId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import TraceRow
from ivr.storage.rows import put_rows, record_of, values_of


class Traces:
    """The steps of calls; written once, read in order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, authority_id: AuthorityId, call_id: CallId, row: TraceRow) -> None:
        """Keep a step; the same ``seq`` again replaces it (a step that was resumed)."""
        await self._database.transact(
            lambda connection: append_traces(connection, [(authority_id, call_id, row)])
        )

    async def of(self, call_id: CallId) -> list[TraceRow]:
        row = tables.call_traces.c
        wanted = select(tables.call_traces).where(row.call_id == call_id).order_by(row.seq)
        return await self._database.read(
            lambda connection: [
                record_of(TraceRow, found) for found in connection.execute(wanted).mappings()
            ]
        )


def append_traces(connection: Connection, rows: Sequence[tuple[str, str, TraceRow]]) -> None:
    """Keep steps, each with its authority and call."""
    values = [
        {"authority_id": authority_id, "call_id": call_id, **values_of(row)}
        for authority_id, call_id, row in rows
    ]
    put_rows(connection, tables.call_traces, values)
