"""Lists for people to read: calls with the caller's name, queue and wait; recordings; names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from ivr.ids import AgentId, AuthorityId, CallId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import CallRecord, OfferRecord, RecordingRecord
from ivr.storage.rows import record_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCall:
    """A call and what is shown beside it."""

    call: CallRecord
    caller_name: str = ""
    queue: str = ""  # the last one it waited in
    waited: float = 0.0  # seconds in all queues together


class CallLists:
    """Reads only; always for one authority."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(
        self,
        authority_id: AuthorityId,
        limit: int,
        *,
        number: str = "",
        before: datetime | None = None,
    ) -> list[ListedCall]:
        """Return calls newest first, of *number* only if given, arrived before *before*."""
        row = tables.calls.c
        wanted = _calls().where(row.authority_id == authority_id)
        if number:
            wanted = wanted.where(row.caller_number == number)
        if before is not None:
            wanted = wanted.where(row.arrived_at < before)
        wanted = wanted.order_by(row.arrived_at.desc(), row.call_id).limit(limit)
        return await self._database.read(lambda connection: _listed(connection, wanted))

    async def one(self, authority_id: AuthorityId, call_id: CallId) -> ListedCall | None:
        row = tables.calls.c
        wanted = _calls().where(row.authority_id == authority_id, row.call_id == call_id)
        found = await self._database.read(lambda connection: _listed(connection, wanted))
        return found[0] if found else None

    async def names(self, authority_id: AuthorityId, numbers: Iterable[str]) -> dict[str, str]:
        """Return the residents' names by number, of those that are known."""
        row = tables.contacts.c
        wanted = select(row.number, row.name).where(
            row.authority_id == authority_id, row.number.in_({n for n in numbers if n})
        )
        return await self._database.read(
            lambda connection: {found.number: found.name for found in connection.execute(wanted)}
        )

    async def last_answered(
        self, authority_id: AuthorityId, agent_id: AgentId
    ) -> OfferRecord | None:
        """Return the last offer that this agent took: the call in hand, or the one before."""
        row = tables.offers.c
        wanted = (
            select(tables.offers)
            .where(
                row.authority_id == authority_id, row.agent_id == agent_id, row.why == "answered"
            )
            .order_by(row.made_at.desc())
            .limit(1)
        )

        def query(connection: Connection) -> OfferRecord | None:
            found = connection.execute(wanted).mappings().first()
            return record_of(OfferRecord, found) if found else None

        return await self._database.read(query)

    async def offers_of(self, authority_id: AuthorityId, call_id: CallId) -> list[OfferRecord]:
        """Return whose phones rang for this call, in order."""
        row = tables.offers.c
        wanted = (
            select(tables.offers)
            .where(row.authority_id == authority_id, row.call_id == call_id)
            .order_by(row.made_at)
        )
        return await self._database.read(
            lambda connection: [
                record_of(OfferRecord, found) for found in connection.execute(wanted).mappings()
            ]
        )

    async def recordings(self, authority_id: AuthorityId, limit: int) -> list[RecordingRecord]:
        """Return the recordings that can be heard, newest first."""
        row = tables.recordings.c
        wanted = (
            select(tables.recordings)
            .where(
                row.authority_id == authority_id,
                row.state == "finished",
                row.deleted_at.is_(None),
            )
            .order_by(row.started_at.desc())
            .limit(limit)
        )
        return await self._database.read(
            lambda connection: [
                record_of(RecordingRecord, found) for found in connection.execute(wanted).mappings()
            ]
        )


def _calls() -> Select[Any]:
    call, contact = tables.calls, tables.contacts
    same = and_(
        contact.c.authority_id == call.c.authority_id,
        contact.c.number == call.c.caller_number,
        call.c.caller_number != "",
    )
    name = contact.c.name.label("caller_name")
    return select(call, name).select_from(call.outerjoin(contact, same))


def _listed(connection: Connection, wanted: Select[Any]) -> list[ListedCall]:
    rows = connection.execute(wanted).mappings().all()
    waits = _waits(connection, [row["call_id"] for row in rows])
    return [
        ListedCall(
            call=record_of(CallRecord, row),
            caller_name=row["caller_name"] or "",
            queue=waits.get(row["call_id"], ("", 0.0))[0],
            waited=waits.get(row["call_id"], ("", 0.0))[1],
        )
        for row in rows
    ]


def _waits(connection: Connection, call_ids: Sequence[str]) -> dict[str, tuple[str, float]]:
    """Return the last queue and the whole wait of each call."""
    entry = tables.queue_entries.c
    wanted = (
        select(entry.call_id, entry.queue, entry.waited)
        .where(entry.call_id.in_(call_ids))
        .order_by(entry.entered_at)
    )
    waits: dict[str, tuple[str, float]] = {}
    for call_id, queue, waited in connection.execute(wanted):
        waits[call_id] = (queue, waits.get(call_id, ("", 0.0))[1] + waited)
    return waits
