"""Tickets and effects: once, with a reference that can be said, told in the same transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from ivr.crm import NewTicket
from ivr.errors import RecordNotFound
from ivr.events import Outcome
from ivr.ids import AuthorityId, CallId, TicketId
from ivr.storage.calls import Calls
from ivr.storage.effects import Effects
from ivr.storage.enqueue import Subscription
from ivr.storage.outbox import Outbox
from ivr.storage.records import CallRecord
from ivr.storage.references import is_reference
from ivr.storage.tickets import Tickets
from tests.contracts.storage.conftest import TOWN, Storage

CALLER = "+972501112233"
EVERYTHING = [
    Subscription("webhook", frozenset({"ticket_opened", "ticket_closed"})),
    Subscription("email", frozenset({"ticket_opened"}), after_call=True),
]


def new(key: str, *, town: AuthorityId = TOWN, call: str | None = None) -> NewTicket:
    call_id = CallId(call) if call else None
    return NewTicket(town, key, "ארנונה", "נא לחזור אליי", "billing", CALLER, "רות", call_id)


def test_a_ticket_is_opened_once_for_one_key(storage: Storage) -> None:
    tickets = Tickets(storage.database, storage.clock)
    first = storage.run(tickets.open(new("call-1/ticket/0")))
    again = storage.run(tickets.open(new("call-1/ticket/0")))
    other = storage.run(tickets.open(new("call-1/ticket/1")))
    assert again == first
    assert other.reference != first.reference
    assert is_reference(first.reference)
    assert len(first.reference) == 5


def test_one_key_asked_for_at_the_same_time_is_one_ticket(storage: Storage) -> None:
    tickets = Tickets(storage.database, storage.clock)
    opened = storage.run_all(*[tickets.open(new("call-1/ticket/0")) for _ in range(8)])
    assert len({getattr(ticket, "reference", ticket) for ticket in opened}) == 1
    assert len(storage.run(tickets.recent(20))) == 1


def test_references_never_repeat_under_load_and_are_per_authority(storage: Storage) -> None:
    tickets = Tickets(storage.database, storage.clock)
    opened = storage.run_all(*[tickets.open(new(f"key-{number}")) for number in range(40)])
    assert len({getattr(ticket, "reference", "") for ticket in opened}) == 40
    elsewhere = storage.run(tickets.open(new("elsewhere", town=AuthorityId("other"))))
    assert elsewhere.reference == "10019"


def test_open_tickets_are_found_by_number_until_they_are_closed(storage: Storage) -> None:
    tickets = Tickets(storage.database, storage.clock)
    first = storage.run(tickets.open(new("one", call="call-1")))
    storage.clock.advance(60)
    second = storage.run(tickets.open(new("two")))
    assert storage.run(tickets.open_for(TOWN, CALLER)) == [second, first]
    assert storage.run(tickets.open_for(AuthorityId("other"), CALLER)) == []
    assert storage.run(tickets.open_for(TOWN, "")) == []
    closed = storage.run(tickets.close(second.ticket_id, "dana"))
    assert (closed.state, closed.closed_by) == ("closed", "dana")
    assert storage.run(tickets.open_for(TOWN, CALLER)) == [first]
    assert [t.ticket_id for t in storage.run(tickets.by_call(CallId("call-1")))] == [
        first.ticket_id
    ]
    with pytest.raises(RecordNotFound):
        storage.run(tickets.get(TicketId("nothing")))


def test_a_ticket_is_owed_to_each_connector_once(storage: Storage) -> None:
    tickets = Tickets(storage.database, storage.clock, EVERYTHING)
    for _ in range(2):
        opened = storage.run(tickets.open(new("one")))
    for _ in range(2):
        storage.run(tickets.close(opened.ticket_id, "dana"))
    outbox = Outbox(storage.database, storage.clock)
    items = storage.run(outbox.claim(10, 30))
    told = [(item.connector, item.kind, item.payload["reference"]) for item in items]
    assert told == [("webhook", "ticket_opened", opened.reference),
                    ("email", "ticket_opened", opened.reference)]  # fmt: skip
    storage.run(outbox.delivered(items[0].item_id))
    assert [item.kind for item in storage.run(outbox.claim(10, 30))] == ["ticket_closed"]


def test_the_mail_about_a_call_is_held_until_the_caller_has_gone(storage: Storage) -> None:
    calls = Calls(storage.database, EVERYTHING)
    outbox = Outbox(storage.database, storage.clock)
    call = CallRecord(
        call_id=CallId("call-1"), authority_id=TOWN, line="billing", arrived_at=storage.clock.now()
    )
    storage.run(calls.arrived(call))
    storage.run(
        Tickets(storage.database, storage.clock, EVERYTHING).open(new("one", call="call-1"))
    )
    assert [item.connector for item in storage.run(outbox.claim(10, 600))] == ["webhook"]
    assert storage.run(outbox.next_due(connector="email")) == pytest.approx(4 * 3600)
    storage.clock.advance(90)
    storage.run(calls.ended(CallId("call-1"), Outcome.TALKED, storage.clock.now(), 16))
    assert [item.connector for item in storage.run(outbox.claim(10, 600))] == ["email"]


def test_an_effect_and_its_result_are_one_transaction(storage: Storage) -> None:
    effects = Effects(storage.database, storage.clock)
    made = []

    def make(_connection: Connection) -> str:
        made.append(1)
        if len(made) == 1:
            raise RuntimeError("killed in the middle")
        return f"result {len(made)}"

    with pytest.raises(RuntimeError):
        storage.run(effects.once(TOWN, "call-1/charge/0", make))
    results = [storage.run(effects.once(TOWN, "call-1/charge/0", make)) for _ in range(3)]
    assert results == ["result 2"] * 3
    count = storage.run(
        storage.database.read(lambda c: c.execute(text("SELECT count(*) FROM effects")).scalar())
    )
    assert count == 1
