"""Screen-pops: what an agent should see while the phone rings, at once, then with all we know."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

import structlog
from twisted.internet.defer import CancelledError, Deferred

from ivr.background import Background
from ivr.crm import CallHistory, Contacts, ScreenPop, ScreenPopSink, Tickets
from ivr.events import EventBus, OfferEnded, OfferMade
from ivr.ids import OfferId

log = structlog.get_logger(__name__)
T = TypeVar("T")

BUDGET = 0.2  # seconds the sources have before the agent gets what is there
PAST_CALLS = 5
_OPEN_TICKETS = 10


class ScreenPops:
    """Shows a pop for each offer and withdraws it when the ring moves on.

    The first ``show`` carries what the offer itself says. The second follows when contact, last
    calls and open tickets are all there, or when the budget is over; a source that is late adds
    itself in a third. A source that fails is left out: the pop never waits for it.
    """

    def __init__(  # noqa: PLR0913 - three sources, a sink, and what drives them
        self,
        bus: EventBus,
        contacts: Contacts,
        history: CallHistory,
        tickets: Tickets,
        sink: ScreenPopSink,
        background: Background,
        reactor: Any,
    ) -> None:
        self._contacts = contacts
        self._history = history
        self._tickets = tickets
        self._sink = sink
        self._background = background
        self._reactor = reactor
        self._showing: dict[OfferId, ScreenPop] = {}
        bus.subscribe(OfferMade, self._offer_made)
        bus.subscribe(OfferEnded, self._offer_ended)

    def _offer_made(self, offer: OfferMade) -> None:
        pop = ScreenPop(
            authority_id=offer.authority_id,
            offer_id=offer.offer_id,
            call_id=offer.call_id,
            agent_id=offer.agent_id,
            line=offer.line,
            queue=offer.queue,
            caller_number=offer.caller_number,
            choices=offer.choices,
            waited=offer.waited,
            offered_at=offer.at,
        )
        self._showing[offer.offer_id] = pop
        self._sink.show(pop)
        self._background.start("screen-pop", self._enrich(offer))

    def _offer_ended(self, offer: OfferEnded) -> None:
        if self._showing.pop(offer.offer_id, None) is not None:
            self._sink.withdraw(offer.agent_id, offer.offer_id, offer.why)

    async def _enrich(self, offer: OfferMade) -> None:
        """Ask every source at once; show once in the budget, once more if some are late."""
        who, number = offer.authority_id, offer.caller_number
        asked = [
            self._ask(offer, self._contacts.find(who, number), _with_contact),
            self._ask(offer, self._past_calls(offer), _with_last_calls),
            self._ask(offer, self._tickets.open_for(who, number), _with_open_tickets),
        ]
        answers = [answer for answer in asked if not answer.called]
        if answers and not await self._within_budget(answers):
            self._show(offer.offer_id)
            for answer in answers:
                await answer
        self._show(offer.offer_id)

    async def _within_budget(self, answers: "list[Deferred[None]]") -> bool:
        """Wait for *answers*, at most the budget; say whether all came."""
        over: Deferred[bool] = Deferred()
        limit = self._reactor.callLater(BUDGET, over.callback, False)
        missing = len(answers)

        def came(result: None) -> None:
            nonlocal missing
            missing -= 1
            if missing == 0 and limit.active():
                limit.cancel()
                over.callback(True)
            return result

        for answer in answers:
            answer.addCallback(came)
        return await over

    def _ask(
        self,
        offer: OfferMade,
        question: "Coroutine[Deferred[Any], Any, T]",
        add: Callable[[ScreenPop, T], ScreenPop],
    ) -> "Deferred[None]":
        """Put the answer into the pop when it comes; a failure is logged, not passed on."""

        async def answer() -> None:
            try:
                found = await question
            except CancelledError:
                raise  # we are shutting down
            except Exception as error:
                log.warning("screen-pop source failed", error=type(error).__name__)
                return
            if (pop := self._showing.get(offer.offer_id)) is not None:
                self._showing[offer.offer_id] = add(pop, found)

        return Deferred.fromCoroutine(answer())

    async def _past_calls(self, offer: OfferMade) -> list[Any]:
        """Return the caller's last calls, without the one that rings now."""
        found = await self._history.last_calls(
            offer.authority_id, offer.caller_number, PAST_CALLS + 1
        )
        return [call for call in found if call.call_id != offer.call_id][:PAST_CALLS]

    def _show(self, offer_id: OfferId) -> None:
        if (pop := self._showing.get(offer_id)) is not None:
            self._sink.show(pop)


def _with_contact(pop: ScreenPop, contact: Any) -> ScreenPop:
    return replace(pop, contact=contact)


def _with_last_calls(pop: ScreenPop, calls: list[Any]) -> ScreenPop:
    return replace(pop, last_calls=tuple(calls))


def _with_open_tickets(pop: ScreenPop, tickets: list[Any]) -> ScreenPop:
    return replace(pop, open_tickets=tuple(tickets[:_OPEN_TICKETS]))
