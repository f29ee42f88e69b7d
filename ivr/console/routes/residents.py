"""Residents: contacts and tickets by telephone number."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from ivr.aio import to_asyncio
from ivr.console.auditing import note
from ivr.console.bodies import ContactBody, TicketBody
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.numbers import number_of_call, typed_number
from ivr.console.problems import Problem
from ivr.crm import Contact, NewTicket, Ticket
from ivr.ids import CallId, TicketId, new_id

router = APIRouter(route_class=GuardedRoute, tags=["residents"])

NumberQuery = Annotated[str, Query(min_length=1, max_length=32)]


@router.get("/api/contacts")
async def contact(who: Who, ports: Ports, number: NumberQuery) -> dict[str, Any]:
    """Return what is known of a number: the contact or null, calls, open tickets."""
    authority, found = who.user.authority_id, typed_number(number)
    return {
        "contact": await to_asyncio(ports.contacts.find(authority, found)),
        "calls": await to_asyncio(ports.lists.latest(authority, 5, number=found)),
        "tickets": await to_asyncio(ports.tickets.open_for(authority, found)),
    }


@router.put("/api/contacts")
async def save_contact(request: Request, who: Who, ports: Ports, body: ContactBody) -> Contact:
    """Keep who the resident at this number is."""
    given = Contact(
        contact_id=new_id("contact"),
        name=body.name,
        number=typed_number(body.number),
        address=body.address,
        language=body.language,
        note=body.note,
    )
    authority = who.user.authority_id
    await to_asyncio(ports.contacts.put(authority, given))
    saved = await to_asyncio(ports.contacts.find(authority, given.number)) or given
    await to_asyncio(note(request, "contact_saved", saved.contact_id))
    return saved


@router.get("/api/tickets")
async def tickets(who: Who, ports: Ports, number: NumberQuery) -> list[Ticket]:
    return await to_asyncio(ports.tickets.open_for(who.user.authority_id, typed_number(number)))


@router.post("/api/tickets", status_code=201)
async def open_ticket(request: Request, who: Who, ports: Ports, body: TicketBody) -> Ticket:
    """Open a ticket; the same ``key`` sent again gives back the ticket that stands already."""
    opened = await to_asyncio(
        ports.tickets.open(
            NewTicket(
                authority_id=who.user.authority_id,
                effect_key=f"desk/{who.user.user_id}/{body.key}",
                subject=body.subject,
                text=body.text,
                department=body.department,
                caller_number=number_of_call(body.number),
                contact_name=body.contact_name,
                call_id=CallId(body.call_id) if body.call_id else None,
                opened_by=who.user.user_id,
            )
        )
    )
    await to_asyncio(note(request, "ticket_opened", opened.ticket_id))
    request.app.state.hub.news.lists_changed()
    return opened


@router.post("/api/tickets/{ticket_id}/close", status_code=204)
async def close_ticket(
    request: Request,
    who: Who,
    ports: Ports,
    ticket_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")],
) -> None:
    ticket = TicketId(ticket_id)
    known = await to_asyncio(ports.tickets.get(ticket))
    if known.authority_id != who.user.authority_id:
        raise Problem("not_found")
    await to_asyncio(ports.tickets.close(ticket, who.user.user_id))
    await to_asyncio(note(request, "ticket_closed", ticket))
