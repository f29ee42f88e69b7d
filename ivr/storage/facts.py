"""Facts of the call path, as the journal keeps them until the database has them."""

from datetime import datetime
from typing import Any

import msgspec

from ivr.ids import new_id
from ivr.storage.records import (
    AuditEntry,
    CallRecord,
    MessageRecord,
    OfferRecord,
    Position,
    QueueEntry,
    RecordingRecord,
    TraceRow,
    WorkItem,
)


def _new_fact_id() -> str:
    return new_id("fact")


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something that happened; its ``fact_id`` makes it count once, however often it is told."""

    authority_id: str
    fact_id: str = msgspec.field(default_factory=_new_fact_id)


class CallArrivedFact(Fact, frozen=True, kw_only=True):
    call: CallRecord


class AnsweredFact(Fact, frozen=True, kw_only=True):
    call_id: str
    at: datetime


class EndedFact(Fact, frozen=True, kw_only=True):
    """The call's one outcome; its position goes with it."""

    call_id: str
    outcome: str
    at: datetime
    hangup_cause: int | None = None
    talked_with: str = ""
    talk_seconds: float = 0.0


class TraceFact(Fact, frozen=True, kw_only=True):
    call_id: str
    row: TraceRow


class PositionFact(Fact, frozen=True, kw_only=True):
    position: Position
    at: datetime


class PositionDropFact(Fact, frozen=True, kw_only=True):
    call_id: str


class OfferFact(Fact, frozen=True, kw_only=True):
    offer: OfferRecord


class OfferEndedFact(Fact, frozen=True, kw_only=True):
    offer_id: str
    why: str
    at: datetime


class QueueEnteredFact(Fact, frozen=True, kw_only=True):
    entry: QueueEntry


class QueueLeftFact(Fact, frozen=True, kw_only=True):
    entry_id: str
    why: str
    waited: float
    at: datetime


class RecordingStartedFact(Fact, frozen=True, kw_only=True):
    recording: RecordingRecord


class RecordingFinishedFact(Fact, frozen=True, kw_only=True):
    recording: RecordingRecord


class MessageLeftFact(Fact, frozen=True, kw_only=True):
    message: MessageRecord


class RefusedFact(Fact, frozen=True, kw_only=True):
    line: str
    caller_number: str
    at: datetime


class AgentStateFact(Fact, frozen=True, kw_only=True):
    """An agent's state that was made in memory, with the version it is."""

    agent_id: str
    version: int
    state: str
    state_since: datetime
    previous: str = ""
    reason: str = ""
    reserved_by: str | None = None
    reserved_until: datetime | None = None
    missed_in_a_row: int = 0
    signed_in_at: datetime | None = None
    idle_since: datetime | None = None


class WorkItemFact(Fact, frozen=True, kw_only=True):
    item: WorkItem


class AuditFact(Fact, frozen=True, kw_only=True):
    entry: AuditEntry


class AlarmRaisedFact(Fact, frozen=True, kw_only=True):
    alarm: str
    text: str
    at: datetime


class AlarmClearedFact(Fact, frozen=True, kw_only=True):
    alarm: str
    at: datetime


AnyFact = (
    CallArrivedFact
    | AnsweredFact
    | EndedFact
    | TraceFact
    | PositionFact
    | PositionDropFact
    | OfferFact
    | OfferEndedFact
    | QueueEnteredFact
    | QueueLeftFact
    | RecordingStartedFact
    | RecordingFinishedFact
    | MessageLeftFact
    | RefusedFact
    | AgentStateFact
    | WorkItemFact
    | AuditFact
    | AlarmRaisedFact
    | AlarmClearedFact
)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(AnyFact)


def encode(fact: Fact) -> bytes:
    """Return *fact* as one line of JSON, without the line end."""
    return _encoder.encode(fact)


def decode(line: bytes) -> Fact:
    """Read what ``encode`` made.

    Raises:
        msgspec.MsgspecError: the line is not a fact.
    """
    fact: Fact = _decoder.decode(line)
    return fact
