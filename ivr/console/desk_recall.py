"""Finds the call in an agent's hand again after this process was started anew."""

from ivr.console.desk_cards import Card
from ivr.console.ports import AgentView, ConsolePorts
from ivr.crm import PastCall, ScreenPop
from ivr.errors import StorageUnavailable
from ivr.ids import AgentId, CallId
from ivr.storage.call_lists import ListedCall
from ivr.storage.records import OfferRecord, TraceRow

_PHASES = {"on_call": "talking", "wrap_up": "wrap_up"}
_LAST = 5


class DeskRecall:
    """Builds a card from what is stored; the talk itself went on in Asterisk."""

    def __init__(self, ports: ConsolePorts) -> None:
        self._ports = ports

    async def card_of(self, agent: AgentView) -> Card | None:
        """Return the card, ``None`` when there is no call in hand or it cannot be read now."""
        phase = _PHASES.get(agent.state)
        if phase is None:
            return None
        try:
            offer = await self._ports.lists.last_answered(self._ports.authority_id, agent.agent_id)
            pop = await self._pop(agent, offer) if offer else None
            recording = await self._recording(pop.call_id) if pop else ""
        except StorageUnavailable:
            return None  # the desk shows its state without the call; the next connection asks again
        if pop is None:
            return None
        return Card(pop, phase, agent.since, complete=True, recording=recording)

    async def _pop(self, agent: AgentView, offer: OfferRecord) -> ScreenPop | None:
        authority = self._ports.authority_id
        listed = await self._ports.lists.one(authority, offer.call_id)
        if listed is None:
            return None
        number = listed.call.caller_number
        past = await self._ports.lists.latest(authority, _LAST + 1, number=number) if number else []
        return ScreenPop(
            authority_id=authority,
            offer_id=offer.offer_id,
            call_id=offer.call_id,
            agent_id=agent.agent_id,
            line=listed.call.line,
            queue=offer.queue,
            caller_number=number,
            choices=await self._choices(offer.call_id),
            waited=listed.waited,
            offered_at=offer.made_at,
            contact=await self._ports.contacts.find(authority, number),
            last_calls=tuple(_past(one) for one in past if one.call.call_id != offer.call_id),
            open_tickets=tuple(await self._ports.tickets.open_for(authority, number)),
        )

    async def _choices(self, call_id: CallId) -> tuple[str, ...]:
        rows = await self._ports.traces.of(call_id)
        return tuple(f"{_asked(row)}:{row.pressed}" for row in rows if row.pressed)

    async def _recording(self, call_id: CallId) -> str:
        found = await self._ports.recordings.for_call(call_id)
        return "recording" if any(one.state == "running" for one in found) else ""


def _asked(row: TraceRow) -> str:
    """Return the prompt that asked, in whatever language it was heard (``en/name``)."""
    return row.heard[-1].rpartition("/")[2] if row.heard else row.label


def _past(listed: ListedCall) -> PastCall:
    call = listed.call
    agent = AgentId(call.talked_with) if call.talked_with else None
    return PastCall(call.call_id, call.line, call.arrived_at, call.outcome, agent)
