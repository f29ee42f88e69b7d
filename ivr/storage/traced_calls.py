"""Calls with their whole traces, many at a time: what a replay reads."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from ivr.ids import AuthorityId, CallId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import CallRecord, QueueEntry, TraceRow
from ivr.storage.rows import record_of

_WITHIN = 120.0  # seconds; a busy week is some 10,000 calls with 10 steps each


@dataclass(frozen=True, slots=True)
class TracedCall:
    """A call that is over, its steps and its waits in order."""

    call: CallRecord
    steps: tuple[TraceRow, ...]
    waits: tuple[QueueEntry, ...]


class TracedCalls:
    """Reads only; always for one authority."""

    def __init__(self, database: Database, authority_id: AuthorityId) -> None:
        self._database = database
        self._authority_id = authority_id

    async def since(self, moment: datetime, limit: int) -> list[TracedCall]:
        """Return the newest calls that arrived since *moment*, at most *limit*, oldest first."""
        row = tables.calls.c
        newest = (
            select(tables.calls)
            .where(
                row.authority_id == self._authority_id,
                row.arrived_at >= moment,
                row.ended_at.is_not(None),
            )
            .order_by(row.arrived_at.desc(), row.call_id)
            .limit(limit)
        )
        return await self._database.read(lambda found: _traced(found, newest), within=_WITHIN)


def _traced(connection: Connection, newest: Select[Any]) -> list[TracedCall]:
    calls = [record_of(CallRecord, row) for row in connection.execute(newest).mappings()]
    wanted = newest.with_only_columns(tables.calls.c.call_id).subquery()
    trace, entry = tables.call_traces, tables.queue_entries
    steps = _by_call(connection, trace, TraceRow, wanted.c.call_id, trace.c.seq)
    waits = _by_call(connection, entry, QueueEntry, wanted.c.call_id, entry.c.entered_at)
    return [
        TracedCall(call, tuple(steps[call.call_id]), tuple(waits[call.call_id]))
        for call in reversed(calls)
    ]


def _by_call(
    connection: Connection, table: Any, kind: Any, call_ids: Any, order: Any
) -> defaultdict[CallId, list[Any]]:
    found: defaultdict[CallId, list[Any]] = defaultdict(list)
    rows = select(table).where(table.c.call_id.in_(select(call_ids))).order_by(order)
    for row in connection.execute(rows).mappings():
        found[row["call_id"]].append(record_of(kind, row))
    return found
