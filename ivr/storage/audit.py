"""The audit: who did what, when and from where; entries are added and never touched again."""

from sqlalchemy import Connection, select

from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import AuditEntry
from ivr.storage.rows import record_of, values_of


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, entry: AuditEntry) -> None:
        await self._database.transact(lambda connection: add_entry(connection, entry))

    async def recent(
        self,
        authority_id: AuthorityId,
        limit: int,
        *,
        action: str | None = None,
        subject: str | None = None,
    ) -> list[AuditEntry]:
        """Return the newest entries first."""
        row = tables.audit.c
        wanted = select(tables.audit).where(row.authority_id == authority_id)
        if action is not None:
            wanted = wanted.where(row.action == action)
        if subject is not None:
            wanted = wanted.where(row.subject == subject)
        wanted = wanted.order_by(row.entry_id.desc()).limit(limit)
        return await self._database.read(
            lambda connection: [
                record_of(AuditEntry, found) for found in connection.execute(wanted).mappings()
            ]
        )


def add_entry(connection: Connection, entry: AuditEntry) -> None:
    values = values_of(entry)
    del values["entry_id"]  # the database counts
    connection.execute(tables.audit.insert().values(values))
