"""How many callers are at each step of a line now, and were today."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database


class StepCounts:
    """Reads only, one aggregate query each; a call counts once a step, however often it came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def now(self, authority_id: AuthorityId, line: str) -> dict[str, int]:
        row = tables.call_positions.c
        wanted = (
            select(row.label, func.count())
            .where(row.authority_id == authority_id, row.line == line)
            .group_by(row.label)
        )
        return await self._counted(wanted)

    async def since(self, authority_id: AuthorityId, line: str, began: datetime) -> dict[str, int]:
        """Count the calls that arrived since *began*."""
        calls, traces = tables.calls.c, tables.call_traces.c
        wanted = (
            select(traces.label, func.count(traces.call_id.distinct()))
            .join_from(tables.calls, tables.call_traces, calls.call_id == traces.call_id)
            .where(
                calls.authority_id == authority_id,
                calls.arrived_at >= began,
                calls.line == line,
            )
            .group_by(traces.label)
        )
        return await self._counted(wanted)

    async def _counted(self, wanted: Select[Any]) -> dict[str, int]:
        return await self._database.read(
            lambda connection: {row[0]: row[1] for row in connection.execute(wanted)}
        )
