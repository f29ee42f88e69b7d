"""Emergency mode: one row an authority, as it was last switched."""

from sqlalchemy import select

from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import EmergencyRecord
from ivr.storage.rows import put_rows, record_of, values_of


class Emergencies:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, authority_id: AuthorityId) -> EmergencyRecord | None:
        """Return how it stands; ``None``: it was never switched."""
        row = tables.emergency
        wanted = select(row).where(row.c.authority_id == authority_id)
        found = await self._database.read(
            lambda connection: connection.execute(wanted).mappings().first()
        )
        return record_of(EmergencyRecord, found) if found else None

    async def put(self, record: EmergencyRecord) -> None:
        await self._database.transact(
            lambda connection: put_rows(connection, tables.emergency, [values_of(record)])
        )
