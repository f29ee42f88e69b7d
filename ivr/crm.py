"""Ports to what is known of callers and owed to other systems; implemented in ``ivr.storage``."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ivr.ids import AgentId, AuthorityId, CallId, OfferId, TicketId


@dataclass(frozen=True, slots=True)
class Contact:
    """A resident as the council knows them."""

    contact_id: str
    name: str
    number: str  # E.164
    address: str = ""
    language: str = "he"
    note: str = ""


@dataclass(frozen=True, slots=True)
class PastCall:
    call_id: CallId
    line: str
    at: datetime
    outcome: str  # "" while the call still runs
    agent_id: AgentId | None = None


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a ticket is opened with; ``effect_key`` makes opening it happen once."""

    authority_id: AuthorityId
    effect_key: str  # e.g. "<call_id>/<label>/<visit>" or "desk/<random>"
    subject: str
    text: str
    department: str
    caller_number: str
    contact_name: str = ""
    call_id: CallId | None = None
    opened_by: str = "machine"  # or a user id


@dataclass(frozen=True, slots=True)
class Ticket:
    ticket_id: TicketId
    reference: str  # what callers are told: digits only
    subject: str
    state: str  # open, closed
    department: str
    opened_at: datetime
    text: str = ""
    call_id: CallId | None = None


@dataclass(frozen=True, slots=True)
class ScreenPop:
    """All an agent sees before speaking."""

    authority_id: AuthorityId
    offer_id: OfferId
    call_id: CallId
    agent_id: AgentId
    line: str
    queue: str
    caller_number: str
    choices: tuple[str, ...]
    waited: float
    offered_at: datetime
    contact: Contact | None = None
    last_calls: tuple[PastCall, ...] = ()
    open_tickets: tuple[Ticket, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing owed to one connector, delivered at least once under a stable key."""

    item_id: int
    authority_id: AuthorityId
    connector: str
    kind: str  # "ticket_opened", "call_ended", "message_left", ...
    key: str  # idempotency key, same at every try
    order_by: str  # items of one call are delivered in order
    payload: dict[str, object] = field(default_factory=dict)
    attempts: int = 0
    queued_at: datetime | None = None


class Contacts(Protocol):
    async def find(self, authority_id: AuthorityId, number: str) -> Contact | None: ...


class CallHistory(Protocol):
    async def last_calls(
        self, authority_id: AuthorityId, number: str, limit: int
    ) -> list[PastCall]: ...


class Tickets(Protocol):
    async def open(self, ticket: NewTicket) -> Ticket:
        """Open it once: the same ``effect_key`` gives back the ticket that stands already."""
        ...

    async def open_for(self, authority_id: AuthorityId, number: str) -> list[Ticket]: ...


class Outbox(Protocol):
    async def claim(
        self, limit: int, lease: float, *, connector: str | None = None
    ) -> list[OutboxItem]:
        """Take due items, oldest first, one per ``order_by`` at a time, for *lease* seconds."""
        ...

    async def delivered(self, item_id: int) -> None: ...

    async def retry_later(self, item_id: int, wait: float, error: str) -> None: ...

    async def give_up(self, item_id: int, error: str) -> None:
        """Dead letter: kept, listed, never tried again by itself."""
        ...

    async def next_due(self, *, connector: str | None = None) -> float | None:
        """Seconds until the next item is due (0 = now), ``None`` with nothing waiting."""
        ...


class ScreenPopSink(Protocol):
    """Where screen-pops go: the desks' live connection."""

    def show(self, pop: ScreenPop) -> None: ...

    def withdraw(self, agent_id: AgentId, offer_id: OfferId, why: str) -> None: ...
