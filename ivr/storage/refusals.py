"""Refusals: voice calls to message-only numbers, counted by line."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database


class Refusals:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, authority_id: AuthorityId, line: str, caller_number: str, at: datetime
    ) -> None:
        row = {
            "authority_id": authority_id,
            "line": line,
            "caller_number": caller_number,
            "at": at,
        }
        await self._database.transact(lambda connection: add_refusals(connection, [row]))

    async def counts(self) -> dict[str, int]:
        """Return the number of refused calls by line."""
        row = tables.refusals.c
        wanted = select(row.line, func.count()).group_by(row.line)
        return await self._database.read(
            lambda connection: {line: count for line, count in connection.execute(wanted)}  # noqa: C416 - rows are not pairs to mypy
        )


def add_refusals(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(tables.refusals.insert(), rows)
