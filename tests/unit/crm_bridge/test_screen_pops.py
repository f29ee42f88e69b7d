"""Screen-pops: at once, then with all that came in time; withdrawn when the ring moves on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from twisted.internet.defer import Deferred

from crm_bridge.screen_pops import BUDGET, PAST_CALLS, ScreenPops
from ivr.background import Background
from ivr.crm import Contact, NewTicket, PastCall, ScreenPop, Ticket
from ivr.errors import StorageUnavailable
from ivr.events import EventBus, OfferEnded, OfferMade
from ivr.ids import AgentId, AuthorityId, CallId, LineName, OfferId, QueueName, TicketId
from tests.fakes.driven_clock import DrivenClock
from tests.results import result_of

TOWN = AuthorityId("mateh-yehuda")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
RUTH = Contact("c-1", "רות לוי", "+972501112233")
CALLS = [PastCall(CallId(f"call-{number}"), "billing", NOW, "talked") for number in range(7)]
TICKET = Ticket(TicketId("t"), "10019", "ארנונה", "open", "billing", NOW)


class Sources:
    """Contacts, history and tickets that answer when the test lets them."""

    def __init__(self) -> None:
        self.contact: Deferred[Contact | None] = Deferred()
        self.calls: Deferred[list[PastCall]] = Deferred()
        self.tickets: Deferred[list[Ticket]] = Deferred()

    async def find(self, _authority_id: AuthorityId, _number: str) -> Contact | None:
        return await self.contact

    async def last_calls(
        self, _authority_id: AuthorityId, _number: str, limit: int
    ) -> list[PastCall]:
        return (await self.calls)[:limit]

    async def open(self, ticket: NewTicket) -> Ticket:
        raise NotImplementedError(ticket)

    async def open_for(self, _authority_id: AuthorityId, _number: str) -> list[Ticket]:
        return await self.tickets


class Desk:
    """What the agent's page was told, in order."""

    def __init__(self) -> None:
        self.shown: list[ScreenPop] = []
        self.withdrawn: list[tuple[AgentId, OfferId, str]] = []

    def show(self, pop: ScreenPop) -> None:
        self.shown.append(pop)

    def withdraw(self, agent_id: AgentId, offer_id: OfferId, why: str) -> None:
        self.withdrawn.append((agent_id, offer_id, why))


class World:
    def __init__(self) -> None:
        self.clock = DrivenClock()
        self.bus = EventBus()
        self.sources = Sources()
        self.desk = Desk()
        self.background = Background()
        sources = self.sources
        self.pops = ScreenPops(
            self.bus, sources, sources, sources, self.desk, self.background, self.clock
        )

    def offer(self) -> None:
        self.bus.publish(
            OfferMade(
                authority_id=TOWN, at=NOW, offer_id=OfferId("offer-1"), call_id=CallId("call-0"),
                agent_id=AgentId("201"), queue=QueueName("billing"), line=LineName("billing"),
                caller_number="+972501112233", choices=("billing_menu:4",), waited=12.0,
            )
        )  # fmt: skip

    def end(self, why: str) -> None:
        self.bus.publish(
            OfferEnded(
                authority_id=TOWN, at=NOW, offer_id=OfferId("offer-1"), call_id=CallId("call-0"),
                agent_id=AgentId("201"), why=why,
            )
        )  # fmt: skip

    def answer_all(self) -> None:
        self.sources.contact.callback(RUTH)
        self.sources.calls.callback(CALLS)
        self.sources.tickets.callback([TICKET])


@pytest.fixture
def world() -> World:
    return World()


def test_the_agent_sees_the_offer_before_any_source_has_answered(world: World) -> None:
    world.offer()
    pop = world.desk.shown[0]
    assert (pop.caller_number, pop.choices, pop.waited) == (
        "+972501112233", ("billing_menu:4",), 12.0,
    )  # fmt: skip
    assert (pop.contact, pop.last_calls, pop.open_tickets) == (None, (), ())


def test_all_that_is_known_follows_in_one_piece(world: World) -> None:
    world.offer()
    world.clock.advance(0.05)
    world.sources.contact.callback(RUTH)
    world.sources.tickets.callback([TICKET])
    assert len(world.desk.shown) == 1
    world.sources.calls.callback(CALLS)
    assert len(world.desk.shown) == 2
    pop = world.desk.shown[1]
    assert (pop.contact, pop.open_tickets) == (RUTH, (TICKET,))
    assert [call.call_id for call in pop.last_calls] == [f"call-{n}" for n in range(1, 6)]
    assert len(pop.last_calls) == PAST_CALLS
    assert world.clock.getDelayedCalls() == []


def test_answers_that_are_there_already_need_no_waiting(world: World) -> None:
    world.answer_all()
    world.offer()
    assert len(world.desk.shown) == 2
    assert world.desk.shown[1].contact == RUTH


def test_after_the_budget_the_agent_gets_what_is_there_and_the_rest_when_it_comes(
    world: World,
) -> None:
    world.offer()
    world.sources.contact.callback(RUTH)
    world.clock.advance(BUDGET)
    assert [pop.contact for pop in world.desk.shown] == [None, RUTH]
    world.sources.calls.callback(CALLS)
    world.sources.tickets.callback([TICKET])
    assert len(world.desk.shown) == 3
    assert world.desk.shown[2].open_tickets == (TICKET,)


def test_a_source_that_fails_is_left_out(world: World) -> None:
    world.offer()
    world.sources.calls.errback(StorageUnavailable("locked"))
    world.sources.contact.callback(RUTH)
    world.sources.tickets.callback([])
    assert len(world.desk.shown) == 2
    assert (world.desk.shown[1].contact, world.desk.shown[1].last_calls) == (RUTH, ())
    assert world.background.running == []


@pytest.mark.parametrize("why", ["answered", "no_answer", "caller_gone", "elsewhere"])
def test_the_pop_is_withdrawn_when_the_ring_ends_and_stays_away(world: World, why: str) -> None:
    world.offer()
    world.end(why)
    world.end(why)
    assert world.desk.withdrawn == [("201", "offer-1", why)]
    world.answer_all()
    world.clock.advance(1)
    assert len(world.desk.shown) == 1


def test_a_shutdown_in_the_middle_leaves_nothing_running(world: World) -> None:
    world.offer()
    world.clock.advance(BUDGET)
    result_of(world.background.stop())
    assert world.background.running == []
