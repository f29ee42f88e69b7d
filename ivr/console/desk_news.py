"""Turns events into messages for the desks; what comes in bursts is told once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ivr.console.access import Role
from ivr.console.desk_socket import encode
from ivr.console.ports import ConsolePorts
from ivr.events import (
    AgentStateChanged,
    AlarmCleared,
    AlarmRaised,
    CallEnded,
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
from ivr.ids import AgentId, AuthorityId, CallId

if TYPE_CHECKING:
    from ivr.console.desk_hub import DeskHub

_QUEUES_WITHIN = 0.15  # seconds
_LISTS_WITHIN = 2.0  # lists are asked for again by every open page: not at every call
_FREE = frozenset({"available", "paused", "signed_out"})


class DeskNews:
    """Subscribes to what desks show."""

    def __init__(self, reactor: Any, ports: ConsolePorts, hub: "DeskHub") -> None:
        self._reactor = reactor
        self._ports = ports
        self._hub = hub
        self._alarms: dict[tuple[AuthorityId, str], AlarmRaised] = {}
        self._soon: set[str] = set()

    def subscribe(self, bus: EventBus) -> None:
        bus.subscribe(OfferMade, self._on_offer)
        bus.subscribe(OfferEnded, self._on_offer_ended)
        bus.subscribe(TalkStarted, self._on_talk_started)
        bus.subscribe(TalkEnded, self._on_talk_ended)
        bus.subscribe(AgentStateChanged, self._on_agent)
        bus.subscribe(RecordingStateChanged, self._on_recording)
        bus.subscribe(AlarmRaised, self._on_alarm)
        bus.subscribe(AlarmCleared, self._on_alarm_cleared)
        bus.subscribe(TicketOpened, self._on_ticket)
        bus.subscribe(CallEnded, self.lists_changed)
        for kind in (CallQueued, CallLeftQueue, AgentStateChanged):
            bus.subscribe(kind, self._queues_changed)

    def alarms_of(self, authority_id: AuthorityId) -> list[dict[str, str]]:
        return [
            {"alarm": alarm.alarm, "text": alarm.text}
            for (authority, _), alarm in self._alarms.items()
            if authority == authority_id
        ]

    def lists_changed(self, _event: Event | None = None) -> None:
        """Let open pages ask for their lists again, at most every two seconds."""
        self._once("lists", _LISTS_WITHIN, lambda: encode("work", at=self._hub.now()))

    def _queues_changed(self, _event: Event) -> None:
        self._once(
            "queues",
            _QUEUES_WITHIN,
            lambda: encode("queues", queues=self._ports.desk.queues(), at=self._hub.now()),
        )

    def _once(self, what: str, within: float, message: Callable[[], bytes]) -> None:
        def tell() -> None:
            self._soon.discard(what)
            self._hub.to_authority(self._ports.authority_id, message())

        if what not in self._soon:
            self._soon.add(what)
            self._reactor.callLater(within, tell)

    def _on_offer(self, event: OfferMade) -> None:
        """Show at once what the offer says; names and tickets follow with the screen-pop."""
        self._hub.send_card(self._hub.cards.offered(event))

    def _on_offer_ended(self, event: OfferEnded) -> None:
        self._hub.withdraw(event.agent_id, event.offer_id, event.why)

    def _on_talk_started(self, event: TalkStarted) -> None:
        self._on_phase(event.agent_id, event.call_id, "talking", event)

    def _on_talk_ended(self, event: TalkEnded) -> None:
        self._on_phase(event.agent_id, event.call_id, "wrap_up", event)

    def _on_phase(self, agent: AgentId | None, call_id: CallId, phase: str, event: Event) -> None:
        if agent is not None:
            self._hub.cards.phase(agent, call_id, phase, event.at)
            message = encode("talk", call_id=call_id, phase=phase, at=event.at)
            self._hub.to_agent(agent, message)

    def _on_agent(self, event: AgentStateChanged) -> None:
        if event.state in _FREE:
            self._hub.cards.clear(event.agent_id)
        message = encode(
            "agent",
            agent_id=event.agent_id,
            state=event.state,
            reason=event.reason,
            since=event.at,
            at=event.at,
        )
        self._hub.send(
            message,
            lambda who: (
                who.user.authority_id == event.authority_id
                and (who.user.agent_id == event.agent_id or who.role is not Role.AGENT)
            ),
        )

    def _on_recording(self, event: RecordingStateChanged) -> None:
        card = self._hub.cards.recording(event.call_id, event.state)
        if card is not None:
            message = encode("recording", call_id=event.call_id, state=event.state, at=event.at)
            self._hub.to_agent(card.pop.agent_id, message)

    def _on_alarm(self, event: AlarmRaised) -> None:
        self._alarms[event.authority_id, event.alarm] = event
        message = encode("alarm", alarm=event.alarm, text=event.text, up=True, at=event.at)
        self._hub.to_authority(event.authority_id, message)

    def _on_alarm_cleared(self, event: AlarmCleared) -> None:
        self._alarms.pop((event.authority_id, event.alarm), None)
        message = encode("alarm", alarm=event.alarm, text="", up=False, at=event.at)
        self._hub.to_authority(event.authority_id, message)

    def _on_ticket(self, event: TicketOpened) -> None:
        message = encode(
            "ticket",
            ticket_id=event.ticket_id,
            reference=event.reference,
            call_id=event.call_id,
            subject=event.subject,
            at=event.at,
        )
        self._hub.to_authority(event.authority_id, message)
