"""What each agent's desk shows of the call in hand; the page gets it again after a reload."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from ivr.crm import ScreenPop
from ivr.events import OfferMade
from ivr.ids import AgentId, CallId, OfferId

K = TypeVar("K")
_REMEMBERED = 1000  # ended offers, so that a pop that comes late is known to be late


@dataclass(frozen=True, slots=True)
class Card:
    """A call on a desk. ``complete``: what is known of the caller has been looked up."""

    pop: ScreenPop
    phase: str  # ringing, talking, wrap_up
    since: datetime
    complete: bool = False
    recording: str = ""


class DeskCards:
    """One card an agent at most; ringing ones go when the ring moves on."""

    def __init__(self) -> None:
        self._cards: dict[AgentId, Card] = {}
        self._ended: OrderedDict[OfferId, str] = OrderedDict()
        self._recorded: OrderedDict[CallId, str] = OrderedDict()

    def of(self, agent_id: AgentId | None) -> Card | None:
        return self._cards.get(agent_id) if agent_id else None

    def offered(self, event: OfferMade) -> Card:
        """Show at once what the offer itself says; the rest follows with the screen-pop."""
        pop = ScreenPop(
            authority_id=event.authority_id,
            offer_id=event.offer_id,
            call_id=event.call_id,
            agent_id=event.agent_id,
            line=event.line,
            queue=event.queue,
            caller_number=event.caller_number,
            choices=event.choices,
            waited=event.waited,
            offered_at=event.at,
        )
        return self.put(Card(pop, "ringing", event.at))

    def shown(self, pop: ScreenPop) -> Card | None:
        """Fill the card in; ``None`` when that ring is over and nobody needs it."""
        why = self._ended.get(pop.offer_id)
        card = self._cards.get(pop.agent_id)
        if card is not None and card.pop.call_id == pop.call_id:
            return self.put(replace(card, pop=pop, complete=True))
        if why is not None:
            return None
        return self.put(Card(pop, "ringing", pop.offered_at, complete=True))

    def ended(self, agent_id: AgentId, offer_id: OfferId, why: str) -> bool:
        """Note the end of a ring; say whether its card is gone from the desk."""
        _remember(self._ended, offer_id, why)
        card = self._cards.get(agent_id)
        if why == "answered" or card is None or card.phase != "ringing":
            return False
        if card.pop.offer_id != offer_id:
            return False
        del self._cards[agent_id]
        return True

    def phase(self, agent_id: AgentId, call_id: CallId, phase: str, at: datetime) -> Card | None:
        """Move the card of that call to *phase*."""
        card = self._cards.get(agent_id)
        if card is None or card.pop.call_id != call_id:
            return None
        return self.put(replace(card, phase=phase, since=at))

    def agent_of(self, call_id: CallId) -> AgentId | None:
        for agent_id, card in self._cards.items():
            if card.pop.call_id == call_id:
                return agent_id
        return None

    def recording(self, call_id: CallId, state: str) -> Card | None:
        """Note whether the call is recorded; its card may be recalled only later."""
        _remember(self._recorded, call_id, state)
        agent_id = self.agent_of(call_id)
        return self.put(self._cards[agent_id]) if agent_id else None

    def clear(self, agent_id: AgentId) -> None:
        """The agent is free again: the card has done its work."""
        card = self._cards.get(agent_id)
        if card is not None and card.phase == "wrap_up":
            del self._cards[agent_id]

    def put(self, card: Card) -> Card:
        """Lay *card* on its agent's desk, with what is known of the recording."""
        recording = self._recorded.get(card.pop.call_id, card.recording)
        card = replace(card, recording=recording)
        self._cards[card.pop.agent_id] = card
        return card


def _remember(kept: OrderedDict[K, str], key: K, value: str) -> None:
    kept[key] = value
    while len(kept) > _REMEMBERED:
        kept.popitem(last=False)
