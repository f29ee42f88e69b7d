"""Tickets: opened once, told to the connectors in the same transaction, found by number."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, update

from ivr import crm
from ivr.clock import Clock
from ivr.errors import RecordNotFound
from ivr.ids import AuthorityId, CallId, TicketId, new_id
from ivr.storage import tables
from ivr.storage.counters import next_number
from ivr.storage.database import Database
from ivr.storage.effects import once
from ivr.storage.enqueue import Owed, Subscription, enqueue
from ivr.storage.records import TicketRecord
from ivr.storage.references import reference
from ivr.storage.rows import record_of, values_of


class Tickets:
    """The tickets of all authorities (``crm.Tickets`` and what the desk needs)."""

    def __init__(
        self, database: Database, clock: Clock, wanted_by: Sequence[Subscription] = ()
    ) -> None:
        self._database = database
        self._clock = clock
        self._wanted_by = wanted_by

    async def open(self, ticket: crm.NewTicket) -> crm.Ticket:
        """Open it once: the same ``effect_key`` gives back the ticket that stands already."""

        def query(connection: Connection) -> TicketRecord:
            ticket_id = once(
                connection,
                authority_id=ticket.authority_id,
                key=f"ticket/{ticket.effect_key}",
                make=partial(self._insert, ticket=ticket),
                clock=self._clock,
            )
            return _one(connection, tables.tickets.c.ticket_id == ticket_id)

        return _as_told(await self._database.transact(query))

    async def open_for(self, authority_id: AuthorityId, number: str) -> list[crm.Ticket]:
        """Return the open tickets of this caller, newest first."""
        row = tables.tickets.c
        mine = (row.authority_id == authority_id) & (row.caller_number == number)
        found = await self._select(mine & (row.state == "open")) if number else []
        return [_as_told(ticket) for ticket in found]

    async def recent(self, limit: int, *, state: str | None = None) -> list[TicketRecord]:
        where = tables.tickets.c.state == state if state else tables.tickets.c.state != ""
        return await self._select(where, limit)

    async def by_call(self, call_id: CallId) -> list[TicketRecord]:
        return await self._select(tables.tickets.c.call_id == call_id)

    async def get(self, ticket_id: TicketId) -> TicketRecord:
        """Return the ticket.

        Raises:
            RecordNotFound: there is none with this id.
        """
        wanted = tables.tickets.c.ticket_id == ticket_id
        return await self._database.read(lambda connection: _one(connection, wanted))

    async def close(self, ticket_id: TicketId, by: str) -> TicketRecord:
        """Close it and owe ``ticket_closed``; closing twice changes nothing.

        Raises:
            RecordNotFound: there is none with this id.
        """
        now = self._clock.now()
        row = tables.tickets.c
        change = (
            update(tables.tickets)
            .where(row.ticket_id == ticket_id, row.state == "open")
            .values(state="closed", closed_at=now, closed_by=by)
        )

        def query(connection: Connection) -> TicketRecord:
            closed_now = connection.execute(change).rowcount == 1
            ticket = _one(connection, row.ticket_id == ticket_id)
            if closed_now:
                enqueue(connection, self._wanted_by, _owed("ticket_closed", ticket))
            return ticket

        return await self._database.transact(query)

    def _insert(self, connection: Connection, ticket: crm.NewTicket) -> str:
        record = TicketRecord(
            ticket_id=TicketId(new_id("ticket")),
            authority_id=ticket.authority_id,
            reference=reference(next_number(connection, ticket.authority_id, "tickets")),
            subject=ticket.subject,
            text=ticket.text,
            department=ticket.department,
            caller_number=ticket.caller_number,
            contact_name=ticket.contact_name,
            call_id=ticket.call_id,
            opened_by=ticket.opened_by,
            opened_at=self._clock.now(),
        )
        connection.execute(tables.tickets.insert().values(values_of(record)))
        enqueue(connection, self._wanted_by, _owed("ticket_opened", record))
        return record.ticket_id

    async def _select(self, where: Any, limit: int = 100) -> list[TicketRecord]:
        newest_first = tables.tickets.c.opened_at.desc()
        wanted = select(tables.tickets).where(where).order_by(newest_first).limit(limit)
        return await self._database.read(
            lambda connection: [
                record_of(TicketRecord, found) for found in connection.execute(wanted).mappings()
            ]
        )


def _one(connection: Connection, where: Any) -> TicketRecord:
    row = connection.execute(select(tables.tickets).where(where)).mappings().first()
    if row is None:
        raise RecordNotFound("no such ticket")
    return record_of(TicketRecord, row)


def _as_told(ticket: TicketRecord) -> crm.Ticket:
    return crm.Ticket(
        ticket_id=ticket.ticket_id,
        reference=ticket.reference,
        subject=ticket.subject,
        state=ticket.state,
        department=ticket.department,
        opened_at=ticket.opened_at,
        text=ticket.text,
        call_id=ticket.call_id,
    )


def _owed(kind: str, ticket: TicketRecord) -> Owed:
    moment = ticket.closed_at or ticket.opened_at
    return Owed(
        authority_id=ticket.authority_id,
        kind=kind,
        key=f"{kind}/{ticket.ticket_id}",
        order_by=ticket.call_id or ticket.ticket_id,
        at=moment,
        call_id=ticket.call_id,
        payload={
            "ticket_id": ticket.ticket_id,
            "reference": ticket.reference,
            "subject": ticket.subject,
            "text": ticket.text,
            "department": ticket.department,
            "caller_number": ticket.caller_number,
            "contact_name": ticket.contact_name,
            "call_id": ticket.call_id,
            "opened_by": ticket.opened_by,
            "at": moment.isoformat(),
        },
    )
