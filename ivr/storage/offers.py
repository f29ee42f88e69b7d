"""Offers: each time one agent's phone rang with one call, and how the ring ended."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.ids import CallId, OfferId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import OfferRecord
from ivr.storage.rows import insert_into, record_of, values_of


class Offers:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def made(self, offer: OfferRecord) -> None:
        await self._database.transact(lambda connection: insert_offer(connection, offer))

    async def ended(self, offer_id: OfferId, why: str, at: datetime) -> None:
        """Say how it ended; the first ending stays."""
        await self._database.transact(lambda connection: end_offer(connection, offer_id, why, at))

    async def of(self, call_id: CallId) -> list[OfferRecord]:
        row = tables.offers.c
        wanted = select(tables.offers).where(row.call_id == call_id).order_by(row.made_at)
        return await self._database.read(
            lambda connection: [
                record_of(OfferRecord, found) for found in connection.execute(wanted).mappings()
            ]
        )


def insert_offer(connection: Connection, offer: OfferRecord) -> None:
    row = insert_into(connection, tables.offers).values(values_of(offer))
    connection.execute(row.on_conflict_do_nothing())


def end_offer(connection: Connection, offer_id: str, why: str, at: datetime) -> None:
    row = tables.offers.c
    connection.execute(
        update(tables.offers)
        .where(row.offer_id == offer_id, row.ended_at.is_(None))
        .values(ended_at=at, why=why)
    )
