"""Contacts: the residents the council knows, found by their number."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from ivr import crm
from ivr.clock import Clock
from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.demo_residents import DEMO_RESIDENTS
from ivr.storage.rows import insert_into, record_of, values_of


class Contacts:
    """Residents by number (``crm.Contacts`` and keeping them)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, authority_id: AuthorityId, number: str) -> crm.Contact | None:
        row = tables.contacts.c
        wanted = select(tables.contacts).where(
            row.authority_id == authority_id, row.number == number
        )

        def query(connection: Connection) -> crm.Contact | None:
            found = connection.execute(wanted).mappings().first()
            return record_of(crm.Contact, found) if found else None

        return await self._database.read(query) if number else None

    async def put(self, authority_id: AuthorityId, *contacts: crm.Contact) -> None:
        """Keep these residents; who has the number already gets the new name and address."""
        await self._database.transact(
            lambda connection: self._put(connection, authority_id, contacts)
        )

    async def import_demo(self, authority_id: AuthorityId) -> None:
        """Add the invented residents of a site that has no trunk."""
        residents = (
            replace(resident, contact_id=f"{authority_id}/{resident.contact_id}")
            for resident in DEMO_RESIDENTS
        )
        await self.put(authority_id, *residents)

    async def all(self, authority_id: AuthorityId, limit: int = 1000) -> list[crm.Contact]:
        row = tables.contacts.c
        wanted = select(tables.contacts).where(row.authority_id == authority_id)
        return await self._database.read(
            lambda connection: [
                record_of(crm.Contact, found)
                for found in connection.execute(wanted.order_by(row.name).limit(limit)).mappings()
            ]
        )

    def _put(
        self, connection: Connection, authority_id: AuthorityId, contacts: Sequence[crm.Contact]
    ) -> None:
        now = self._clock.now()
        for contact in contacts:
            values = {**values_of(contact), "authority_id": authority_id, "updated_at": now}
            described = {name: values[name] for name in values if name != "contact_id"}
            row = insert_into(connection, tables.contacts).values(values)
            connection.execute(
                row.on_conflict_do_update(index_elements=["authority_id", "number"], set_=described)
            )
