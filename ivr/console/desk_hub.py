"""Pushes to the desks what happens: the sink of screen-pops and a subscriber of events."""

from collections.abc import Callable
from typing import Any

from twisted.internet.task import LoopingCall

from ivr.console.access import Role
from ivr.console.desk_cards import Card, DeskCards
from ivr.console.desk_socket import GOING_AWAY, SESSION_OVER, DeskConnection, encode
from ivr.console.ports import ConsolePorts
from ivr.console.sign_in import Identity
from ivr.crm import ScreenPop
from ivr.events import (
    AgentStateChanged,
    AlarmCleared,
    AlarmRaised,
    CallLeftQueue,
    CallQueued,
    Event,
    EventBus,
    OfferEnded,
    OfferMade,
    RecordingStateChanged,
    TalkEnded,
    TalkStarted,
    TicketOpened,
)
from ivr.ids import AgentId, AuthorityId, CallId, OfferId, UserId

BEAT = 5.0  # seconds; a page that hears nothing for 12 s says that the connection is lost
_SETTLE = 0.15  # seconds in which several changes of the queues become one message
_FREE = frozenset({"available", "paused", "signed_out"})


class DeskHub:
    """Every open desk, and what each is to be shown. Implements ``ivr.crm.ScreenPopSink``."""

    def __init__(self, reactor: Any, ports: ConsolePorts, bus: EventBus) -> None:
        self._reactor = reactor
        self._ports = ports
        self._connections: set[DeskConnection] = set()
        self._cards = DeskCards()
        self._alarms: dict[tuple[AuthorityId, str], AlarmRaised] = {}
        self._settling = False
        self._beat = LoopingCall(self._on_beat)
        self._beat.clock = reactor
        self._subscribe(bus)

    def start(self) -> None:
        self._beat.start(BEAT, now=False)

    def stop(self) -> None:
        if self._beat.running:
            self._beat.stop()
        for connection in list(self._connections):
            connection.close(GOING_AWAY)

    # Connections

    async def join(self, connection: DeskConnection) -> None:
        """Send the whole state, then every change: nothing in between is lost."""
        self._connections.add(connection)
        connection.send(await self._snapshot(connection.who))

    def leave(self, connection: DeskConnection) -> None:
        self._connections.discard(connection)

    def close_user(self, user_id: UserId) -> None:
        """End the live connections of a user who signed out, was disabled or changed."""
        for connection in list(self._connections):
            if connection.who.user.user_id == user_id:
                connection.close(SESSION_OVER)

    def close_session(self, token: str) -> None:
        for connection in list(self._connections):
            if connection.who.token == token:
                connection.close(SESSION_OVER)

    def agent_of(self, call_id: CallId) -> AgentId | None:
        """Return the agent on whose desk that call is."""
        return self._cards.agent_of(call_id)

    # ScreenPopSink

    def show(self, pop: ScreenPop) -> None:
        card = self._cards.shown(pop)
        if card is not None:
            self._send_card(card)

    def withdraw(self, agent_id: AgentId, offer_id: OfferId, why: str) -> None:
        if self._cards.ended(agent_id, offer_id, why):
            gone = encode("pop_withdrawn", offer_id=offer_id, why=why, at=self._now())
            self._to_agent(agent_id, gone)

    # What happens

    def _subscribe(self, bus: EventBus) -> None:
        bus.subscribe(OfferMade, self._on_offer)
        bus.subscribe(OfferEnded, lambda e: self.withdraw(e.agent_id, e.offer_id, e.why))
        bus.subscribe(TalkStarted, self._on_talk_started)
        bus.subscribe(TalkEnded, self._on_talk_ended)
        bus.subscribe(AgentStateChanged, self._on_agent)
        bus.subscribe(RecordingStateChanged, self._on_recording)
        bus.subscribe(AlarmRaised, self._on_alarm)
        bus.subscribe(AlarmCleared, self._on_alarm_cleared)
        bus.subscribe(TicketOpened, self._on_ticket)
        for kind in (CallQueued, CallLeftQueue, AgentStateChanged):
            bus.subscribe(kind, self._queues_changed)

    def _on_offer(self, event: OfferMade) -> None:
        self._send_card(self._cards.offered(event))

    def _on_talk_started(self, event: TalkStarted) -> None:
        self._on_phase(event.agent_id, event.call_id, "talking", event)

    def _on_talk_ended(self, event: TalkEnded) -> None:
        self._on_phase(event.agent_id, event.call_id, "wrap_up", event)

    def _on_phase(
        self, agent_id: AgentId | None, call_id: CallId, phase: str, event: Event
    ) -> None:
        if agent_id is None:
            return
        self._cards.phase(agent_id, call_id, phase, event.at)
        self._to_agent(agent_id, encode("talk", call_id=call_id, phase=phase, at=event.at))

    def _on_agent(self, event: AgentStateChanged) -> None:
        if event.state in _FREE:
            self._cards.clear(event.agent_id)
        message = encode(
            "agent",
            agent_id=event.agent_id,
            state=event.state,
            reason=event.reason,
            since=event.at,
            at=event.at,
        )
        self._send(
            message,
            lambda who: (
                who.user.authority_id == event.authority_id
                and (who.user.agent_id == event.agent_id or who.role is not Role.AGENT)
            ),
        )

    def _on_recording(self, event: RecordingStateChanged) -> None:
        card = self._cards.recording(event.call_id, event.state)
        if card is not None:
            message = encode("recording", call_id=event.call_id, state=event.state, at=event.at)
            self._to_agent(card.pop.agent_id, message)

    def _on_alarm(self, event: AlarmRaised) -> None:
        self._alarms[event.authority_id, event.alarm] = event
        self._to_authority(event, encode("alarm", alarm=event.alarm, text=event.text, up=True))

    def _on_alarm_cleared(self, event: AlarmCleared) -> None:
        self._alarms.pop((event.authority_id, event.alarm), None)
        self._to_authority(event, encode("alarm", alarm=event.alarm, text="", up=False))

    def _on_ticket(self, event: TicketOpened) -> None:
        ticket = encode("ticket", ticket_id=event.ticket_id, reference=event.reference,
                        call_id=event.call_id, subject=event.subject, at=event.at)  # fmt: skip
        self._to_authority(event, ticket)

    def _queues_changed(self, _event: Event) -> None:
        if not self._settling:
            self._settling = True
            self._reactor.callLater(_SETTLE, self._send_queues)

    # Sending

    def _send_queues(self) -> None:
        self._settling = False
        message = encode("queues", queues=self._ports.desk.queues(), at=self._now())
        self._send(message, lambda who: who.user.authority_id == self._ports.authority_id)

    def _send_card(self, card: Card) -> None:
        self._to_agent(card.pop.agent_id, encode("pop", card=card, at=self._now()))

    def _to_agent(self, agent_id: AgentId, message: bytes) -> None:
        self._send(message, lambda who: who.user.agent_id == agent_id)

    def _to_authority(self, event: Event, message: bytes) -> None:
        self._send(message, lambda who: who.user.authority_id == event.authority_id)

    def _send(self, message: bytes, to: Callable[[Identity], bool]) -> None:
        for connection in list(self._connections):
            if to(connection.who):
                connection.send(message)

    async def _snapshot(self, who: Identity) -> bytes:
        ours = who.user.authority_id == self._ports.authority_id
        agent = who.user.agent_id
        view = await self._ports.desk.state(agent) if agent and ours else None
        alarms = [a for (authority, _), a in self._alarms.items()
                  if authority == who.user.authority_id]  # fmt: skip
        return encode(
            "snapshot",
            agent=view,
            queues=self._ports.desk.queues() if ours else [],
            card=self._cards.of(agent),
            alarms=[{"alarm": a.alarm, "text": a.text} for a in alarms],
            at=self._now(),
        )

    def _on_beat(self) -> None:
        self._send(encode("beat", at=self._now()), lambda _who: True)
        now = self._now()
        for connection in list(self._connections):
            ends_at = connection.who.ends_at
            if ends_at is not None and now >= ends_at:
                connection.close(SESSION_OVER)

    def _now(self) -> Any:
        return self._ports.clock.now()
