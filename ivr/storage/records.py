"""What the storage hands out and takes in: plain frozen values, never rows."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ivr.ids import (
    AgentId,
    AuthorityId,
    CallId,
    OfferId,
    QueueName,
    RecordingName,
    TicketId,
    UserId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call, arrival to end; ``outcome`` is ``""`` while it runs."""

    call_id: CallId
    authority_id: AuthorityId
    line: str
    plan_version: int = 0
    caller_number: str = ""  # E.164 where it could be read
    caller_received: str = ""  # as it came
    called_number: str = ""
    language: str = "he"
    arrived_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    hangup_cause: int | None = None
    talked_with: str = ""  # an agent's id, or an outside number
    talk_seconds: float = 0.0
    disposition: str = ""  # what the agent said it was about


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRow:
    """One step of a call; ``pressed`` is masked already where the step is secret."""

    seq: int
    label: str
    kind: str
    at: datetime
    heard: list[str] = field(default_factory=list)
    pressed: str = ""
    went_to: str = ""
    error: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRecord:
    """An authority's emergency mode, and who switched it last."""

    authority_id: AuthorityId
    is_on: bool
    since: datetime
    switched_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a call stands, enough for another process to go on with it."""

    call_id: CallId
    authority_id: AuthorityId
    line: str
    version: int
    label: str
    visit: int = 0
    variables: dict[str, str] = field(default_factory=dict)
    channel_id: str
    caller_number: str = ""
    called_number: str = ""
    language: str = "he"
    arrived_at: datetime
    answered_at: datetime | None = None
    queue: str = ""
    queued_at: datetime | None = None
    state: dict[str, Any] = field(default_factory=dict)  # the interpreter's own: subplans, trace


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRecord:
    """One agent as all nodes see them; ``version`` moves with every change."""

    agent_id: AgentId
    authority_id: AuthorityId
    name: str
    endpoint: str
    queues: tuple[str, ...] = ()
    state: str = "signed_out"
    state_since: datetime
    previous: str = ""
    reason: str = ""
    version: int = 0
    reserved_by: OfferId | None = None
    reserved_until: datetime | None = None
    missed_in_a_row: int = 0
    signed_in_at: datetime | None = None
    idle_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRecord:
    offer_id: OfferId
    authority_id: AuthorityId
    call_id: CallId
    agent_id: AgentId
    queue: str
    made_at: datetime
    ended_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """One wait of one call in one queue; ``why`` says how it ended."""

    entry_id: str
    authority_id: AuthorityId
    call_id: CallId
    queue: QueueName
    entered_at: datetime
    left_at: datetime | None = None
    why: str = ""
    waited: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureRecord:
    """Other opening hours, or none, on each day from the first to the last; entered by staff."""

    closure_id: str
    authority_id: AuthorityId
    hours: str = ""  # the name of opening hours, "" for all
    first_day: date
    last_day: date
    times: list[str] = field(default_factory=list)  # "08:00-12:00"; none: closed
    why: str = ""
    entered_at: datetime
    entered_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRecord:
    """A recording and where its sealed file lies (``path`` is relative to the recordings)."""

    name: RecordingName
    authority_id: AuthorityId
    call_id: CallId
    queue: str = ""
    agent_id: str = ""
    kind: str = "talk"  # talk, message
    state: str = "running"  # running, finished, lost, deleted
    started_at: datetime
    seconds: float = 0.0
    size: int = 0  # bytes of the WAV, not of the sealed file
    checksum: str = ""  # SHA-256 of the WAV, hex
    path: str = ""
    wrapped_key: str = ""
    retain_until: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """A message left by a caller; it stays open until somebody has handled it."""

    message_id: str
    authority_id: AuthorityId
    box: str
    call_id: CallId
    recording: str
    caller_number: str = ""
    left_at: datetime
    seconds: float = 0.0
    owner: str = ""
    handled_at: datetime | None = None
    handled_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRecord:
    """A ticket with all that is known of it."""

    ticket_id: TicketId
    authority_id: AuthorityId
    reference: str
    subject: str
    text: str = ""
    state: str = "open"
    department: str = ""
    caller_number: str = ""
    contact_name: str = ""
    call_id: CallId | None = None
    opened_by: str = "machine"
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in; the password itself is never here."""

    user_id: UserId
    authority_id: AuthorityId
    name: str
    full_name: str = ""
    role: str = "agent"  # agent, shift_lead, administrator, auditor
    password_hash: str = field(default="", repr=False)
    agent_id: AgentId | None = None
    disabled: bool = False
    created_at: datetime
    password_changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in; only the SHA-256 of its token is kept."""

    token_hash: str = field(repr=False)
    authority_id: AuthorityId
    user_id: UserId
    csrf: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to what, when and from where; never changed, never deleted."""

    entry_id: int = 0
    authority_id: AuthorityId
    at: datetime
    who: str
    action: str
    subject: str = ""
    address: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """Something a person still has to do, e.g. call back who gave up waiting."""

    work_item_id: str
    authority_id: AuthorityId
    kind: str  # abandoned_call, ...
    call_id: str = ""
    line: str = ""
    caller_number: str = ""
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersion:
    """A published dialplan, or the site's own file under its name; a version never changes.

    *text* is ``""`` where the line was withdrawn. *based_on* is the version it was made from.
    """

    authority_id: AuthorityId
    line: str
    version: int
    text: str
    published_at: datetime
    published_by: str = ""
    note: str = ""
    proof: str = ""  # JSON: {"holds": …, and what else the proof has to say}
    override_reason: str = ""  # why it was published although the proof failed
    based_on: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What is to be published: *after* is the version that must be the newest until then."""

    line: str
    text: str
    after: int = 0
    based_on: int = 0
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOrder:
    """Who wants something published, from where, and what they say of it."""

    by: str
    address: str = ""
    note: str = ""
    override_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledPublish:
    """What will be published at a time; *texts* are as they were when it was ordered."""

    publish_id: str
    authority_id: AuthorityId
    due_at: datetime
    texts: dict[str, str]
    note: str = ""
    override_reason: str = ""
    made_by: str = ""
    made_at: datetime
    state: str = "waiting"  # waiting, published, refused, cancelled
    result: str = ""  # why it was refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    alarm_id: int = 0
    authority_id: AuthorityId
    alarm: str
    text: str = ""
    raised_at: datetime
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Something owed to a connector that will not be tried again by itself."""

    item_id: int
    authority_id: AuthorityId
    connector: str
    kind: str
    key: str
    attempts: int
    queued_at: datetime
    error: str
