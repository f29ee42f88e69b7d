"""Closures: from-to changes of the opening hours, as staff entered them."""

from sqlalchemy import delete, select

from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import ClosureRecord
from ivr.storage.rows import record_of, values_of


class Closures:
    """The closures of one authority; who took one back stands in the audit."""

    def __init__(self, database: Database, authority_id: AuthorityId) -> None:
        self._database = database
        self._authority_id = authority_id

    async def add(self, closure: ClosureRecord) -> None:
        row = tables.closures.insert().values(values_of(closure))
        await self._database.transact(lambda connection: connection.execute(row))

    async def remove(self, closure_id: str) -> bool:
        """Take it back; ``False`` if it is not there."""
        row = tables.closures.c
        gone = delete(tables.closures).where(
            row.closure_id == closure_id, row.authority_id == self._authority_id
        )
        return await self._database.transact(
            lambda connection: connection.execute(gone).rowcount == 1
        )

    async def all(self) -> list[ClosureRecord]:
        """Return those that were, are and will be, in the order of their first days."""
        row = tables.closures.c
        wanted = (
            select(tables.closures)
            .where(row.authority_id == self._authority_id)
            .order_by(row.first_day, row.entered_at)
        )
        return await self._database.read(
            lambda connection: [
                record_of(ClosureRecord, found) for found in connection.execute(wanted).mappings()
            ]
        )
