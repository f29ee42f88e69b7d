"""What happened: frozen facts, published once, and the bus that hands them on in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import structlog

from ivr.ids import AgentId, AuthorityId, CallId, LineName, OfferId, QueueName, TicketId

log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    """How a call ended for the caller; every call has exactly one."""

    TALKED = "talked"
    PAID = "paid"
    TICKET = "ticket"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    FAILSAFE = "failsafe"  # our service gave the call to Asterisk's own dialplan
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact of one authority at one moment (aware, UTC)."""

    authority_id: AuthorityId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(Event):
    call_id: CallId
    line: LineName
    caller_number: str
    called_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQueued(Event):
    call_id: CallId
    queue: QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLeftQueue(Event):
    call_id: CallId
    queue: QueueName
    waited: float
    why: str  # a QueueOutcome, or "hung_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade(Event):
    """An agent's phone starts to ring with a call: the moment of the screen-pop."""

    offer_id: OfferId
    call_id: CallId
    agent_id: AgentId
    queue: QueueName
    line: LineName
    caller_number: str
    choices: tuple[str, ...]  # prompts and keys so far, e.g. ("billing_menu:3",)
    waited: float  # seconds since the call was answered by the machine


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded(Event):
    """The ring stopped: answered, no_answer, rejected, caller_gone, elsewhere or failed."""

    offer_id: OfferId
    call_id: CallId
    agent_id: AgentId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkStarted(Event):
    call_id: CallId
    agent_id: AgentId | None  # None: an outside number
    queue: QueueName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnded(Event):
    call_id: CallId
    agent_id: AgentId | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateChanged(Event):
    agent_id: AgentId
    state: str
    previous: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened(Event):
    ticket_id: TicketId
    reference: str
    call_id: CallId | None
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Event):
    call_id: CallId
    line: LineName
    outcome: Outcome
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRefused(Event):
    """A voice call to a message-only number was refused before it was answered."""

    line: LineName
    caller_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStateChanged(Event):
    call_id: CallId
    state: str  # recording, paused, stopped, impossible
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised(Event):
    """Something an administrator or shift lead must see, e.g. ``recording_disk_full``."""

    alarm: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmCleared(Event):
    alarm: str


E = TypeVar("E", bound=Event)


class EventBus:
    """Hands each event to its subscribers at once, in order; one that fails stops none."""

    def __init__(self) -> None:
        self._subscribers: dict[type[Event], list[Callable[..., None]]] = {}

    def subscribe(self, kind: type[E], receive: Callable[[E], None]) -> None:
        """Call *receive* with every event of *kind* or of a class below it."""
        self._subscribers.setdefault(kind, []).append(receive)

    def publish(self, event: Event) -> None:
        for kind in type(event).__mro__:
            for receive in self._subscribers.get(kind, ()):
                try:
                    receive(event)
                except Exception as error:
                    log.error(
                        "subscriber failed",
                        event_kind=type(event).__name__,
                        error=type(error).__name__,
                    )
