"""Every open desk: the sink of screen-pops, and the way of each message to who may see it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from twisted.internet.task import LoopingCall

from ivr.console.desk_cards import Card, DeskCards
from ivr.console.desk_news import DeskNews
from ivr.console.desk_recall import DeskRecall
from ivr.console.desk_socket import GOING_AWAY, SESSION_OVER, DeskConnection, encode
from ivr.console.ports import AgentView, ConsolePorts
from ivr.console.sign_in import Identity
from ivr.crm import ScreenPop
from ivr.errors import RecordNotFound
from ivr.events import EventBus
from ivr.ids import AgentId, AuthorityId, CallId, OfferId, UserId

BEAT = 5.0  # seconds; a page that hears nothing for 12 s says that the connection is lost


class DeskHub:
    """Keeps who is connected and what is on each desk. Implements ``ivr.crm.ScreenPopSink``."""

    def __init__(self, reactor: Any, ports: ConsolePorts, bus: EventBus) -> None:
        self._ports = ports
        self._connections: set[DeskConnection] = set()
        self._recall = DeskRecall(ports)
        self.cards = DeskCards()
        self.news = DeskNews(reactor, ports, self)
        self.news.subscribe(bus)
        self._phones: dict[AgentId, bool] = {}
        self._beat = LoopingCall(self._on_beat)
        self._beat.clock = reactor

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

    def close_user(self, user_id: UserId, *, renewed: str = "") -> None:
        """End the live connections of a user who was shut out or changed.

        *renewed* is the token of a session that goes on under a new one: that page reconnects.
        """
        for connection in list(self._connections):
            if connection.who.user.user_id == user_id:
                again = renewed != "" and connection.who.token == renewed
                connection.close(GOING_AWAY if again else SESSION_OVER)

    def close_session(self, token: str) -> None:
        self._close(lambda who: who.token == token)

    def agent_of(self, call_id: CallId) -> AgentId | None:
        """Return the agent on whose desk that call is."""
        return self.cards.agent_of(call_id)

    # ScreenPopSink

    def show(self, pop: ScreenPop) -> None:
        card = self.cards.shown(pop)
        if card is not None:
            self.send_card(card)

    def withdraw(self, agent_id: AgentId, offer_id: OfferId, why: str) -> None:
        if self.cards.ended(agent_id, offer_id, why):
            gone = encode("pop_withdrawn", offer_id=offer_id, why=why, at=self.now())
            self.to_agent(agent_id, gone)

    # Sending

    def send_card(self, card: Card) -> None:
        self.to_agent(card.pop.agent_id, encode("pop", card=card, at=self.now()))

    def to_agent(self, agent_id: AgentId, message: bytes) -> None:
        """Send to the desks of one agent; agents are those of this house's authority."""
        self.send(
            message,
            lambda who: (
                who.user.agent_id == agent_id and who.user.authority_id == self._ports.authority_id
            ),
        )

    def to_authority(self, authority_id: AuthorityId, message: bytes) -> None:
        self.send(message, lambda who: who.user.authority_id == authority_id)

    def send(self, message: bytes, to: Callable[[Identity], bool]) -> None:
        for connection in list(self._connections):
            if to(connection.who):
                connection.send(message)

    def now(self) -> datetime:
        return self._ports.clock.now()

    # The whole state

    async def _snapshot(self, who: Identity) -> bytes:
        ours = who.user.authority_id == self._ports.authority_id
        agent = who.user.agent_id if ours else None
        view = await self._view(agent) if agent else None
        return encode(
            "snapshot",
            agent=view,
            queues=self._ports.desk.queues() if ours else [],
            card=await self._card(view) if view else None,
            alarms=self.news.alarms_of(who.user.authority_id),
            at=self.now(),
        )

    async def _view(self, agent_id: AgentId) -> AgentView | None:
        try:
            view = await self._ports.desk.state(agent_id)
        except RecordNotFound:
            return None  # the site does not name this agent any more: a desk without a phone
        self._phones[agent_id] = view.phone_registered
        return view

    async def _card(self, view: AgentView) -> Card | None:
        known = self.cards.of(view.agent_id)
        if known is None:
            known = await self._recall.card_of(view)
            if known is not None and self.cards.of(view.agent_id) is None:
                self.cards.put(known)
        return self.cards.of(view.agent_id)

    def _close(self, whose: Callable[[Identity], bool]) -> None:
        for connection in list(self._connections):
            if whose(connection.who):
                connection.close(SESSION_OVER)

    def _on_beat(self) -> None:
        now = self.now()
        self._close(lambda who: who.ends_at is not None and now >= who.ends_at)
        self.send(encode("beat", at=now), lambda _who: True)
        self._ports.background.start("look at the desks' phones", self._look_at_phones())

    async def _look_at_phones(self) -> None:
        """Tell an agent when the phone on the desk comes or goes."""
        agents = {c.who.user.agent_id for c in self._connections if c.who.user.agent_id}
        for agent_id in agents:
            before = self._phones.get(agent_id)
            view = await self._view(agent_id)
            if view is not None and view.phone_registered != before:
                registered = view.phone_registered
                self.to_agent(agent_id, encode("phone", agent_id=agent_id, registered=registered))
