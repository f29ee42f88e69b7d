"""Every table of the database; each has ``authority_id``, so that councils can share one house."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from ivr.storage.columns import CivilDay, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *columns: Any) -> Table:
    return Table(name, metadata, *columns)


def _authority() -> Column[str]:
    return Column("authority_id", String, nullable=False)


def _key(name: str) -> Column[str]:
    return Column(name, String, primary_key=True)


def _number(name: str) -> Column[int]:
    """A key that the database gives, counting up."""
    return Column(name, Integer, primary_key=True, autoincrement=True)


def _text(name: str, *more: Any) -> Column[str]:
    return Column(name, String, *more, nullable=False, server_default="")


def _maybe(name: str) -> Column[str]:
    return Column(name, String, nullable=True)


def _count(name: str, start: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text(str(start)))


def _seconds(name: str) -> Column[float]:
    return Column(name, Float, nullable=False, server_default=text("0"))


def _at(name: str) -> Column[Any]:
    return Column(name, Moment, nullable=False)


def _at_last(name: str) -> Column[Any]:
    """A moment that may not have come yet."""
    return Column(name, Moment, nullable=True)


def _json(name: str) -> Column[Any]:
    return Column(name, JSON, nullable=False)


# What a site is and who works with it

authorities = _table("authorities", _key("authority_id"), _text("name"), _at("created_at"))

users = _table(
    "users",
    _key("user_id"), _authority(), _text("name"), _text("full_name"), _text("role"),
    _text("password_hash"), _maybe("agent_id"),
    Column("disabled", Boolean(create_constraint=False), nullable=False),
    _at("created_at"), _at("password_changed_at"),
    UniqueConstraint("authority_id", "name"),
)  # fmt: skip

sessions = _table(
    "sessions",
    _key("token_hash"), _authority(),
    Column("user_id", String, ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False),
    _text("csrf"), _at("created_at"), _at("seen_at"), _at("expires_at"), _text("address"),
    Index(None, "user_id"),
)  # fmt: skip

audit = _table(
    "audit",
    _number("entry_id"), _authority(), _at("at"), _text("who"), _text("action"), _text("subject"),
    _text("address"), _json("details"),
    Index(None, "authority_id", "at"),
)  # fmt: skip

contacts = _table(
    "contacts",
    _key("contact_id"), _authority(), _text("number"), _text("name"), _text("address"),
    _text("language"), _text("note"), _at("updated_at"),
    UniqueConstraint("authority_id", "number"),
)  # fmt: skip

plan_versions = _table(
    "plan_versions",
    Column("authority_id", String, primary_key=True), _key("line"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _text("text"), _at("published_at"), _text("published_by"), _text("note"), _text("proof"),
    _text("override_reason"), _count("based_on"),
)  # fmt: skip

scheduled_publishes = _table(
    "scheduled_publishes",
    _key("publish_id"), _authority(), _at("due_at"), _json("texts"), _text("note"),
    _text("override_reason"), _text("made_by"), _at("made_at"), _text("state"), _text("result"),
    Index(None, "authority_id", "state", "due_at"),
)  # fmt: skip

# Calls

calls = _table(
    "calls",
    _key("call_id"), _authority(), _text("line"), _count("plan_version"),
    _text("caller_number"), _text("caller_received"), _text("called_number"), _text("language"),
    _at("arrived_at"), _at_last("answered_at"), _at_last("ended_at"), _text("outcome"),
    Column("hangup_cause", Integer, nullable=True), _text("talked_with"),
    _seconds("talk_seconds"), _text("disposition"),
    Index(None, "authority_id", "arrived_at"), Index(None, "authority_id", "caller_number"),
    Index(None, "ended_at"),
)  # fmt: skip

call_traces = _table(
    "call_traces",
    _key("call_id"), Column("seq", Integer, primary_key=True, autoincrement=False), _authority(),
    _text("label"), _text("kind"), _at("at"), _json("heard"), _text("pressed"), _text("went_to"),
    _text("error"), _json("details"),
)  # fmt: skip

call_positions = _table(
    "call_positions",
    _key("call_id"), _authority(), _text("line"), _count("version"), _text("label"),
    _count("visit"), _json("variables"), _text("channel_id"), _text("caller_number"),
    _text("called_number"), _text("language"), _at("arrived_at"), _at_last("answered_at"),
    _text("queue"), _at_last("queued_at"), _json("state"), _at("stored_at"),
)  # fmt: skip

effects = _table("effects", _key("effect_key"), _authority(), _text("result"), _at("at"))

refusals = _table(
    "refusals",
    _number("refusal_id"), _authority(), _text("line"), _text("caller_number"), _at("at"),
    Index(None, "authority_id", "line"),
)  # fmt: skip

# Queues and agents

agents = _table(
    "agents",
    _key("agent_id"), _authority(), _text("name"), _text("endpoint"), _text("state"),
    _at("state_since"), _text("reason"), _count("version"), _maybe("reserved_by"),
    _at_last("reserved_until"), _count("missed_in_a_row"), _at_last("signed_in_at"),
    _at_last("idle_since"), _text("previous"),
)  # fmt: skip

agent_queues = _table(
    "agent_queues",
    Column("agent_id", String, ForeignKey("agents.agent_id", ondelete="CASCADE"), primary_key=True),
    _key("queue"), _authority(), _count("rank"),
)  # fmt: skip

offers = _table(
    "offers",
    _key("offer_id"), _authority(), _text("call_id"), _text("agent_id"), _text("queue"),
    _at("made_at"), _at_last("ended_at"), _text("why"),
    Index(None, "call_id"), Index(None, "agent_id", "made_at"),
)  # fmt: skip

queue_entries = _table(
    "queue_entries",
    _key("entry_id"), _authority(), _text("call_id"), _text("queue"), _at("entered_at"),
    _at_last("left_at"), _text("why"), _seconds("waited"),
    Index(None, "call_id"), Index(None, "authority_id", "queue", "entered_at"),
)  # fmt: skip

closures = _table(
    "closures",
    _key("closure_id"), _authority(), _text("hours"),
    Column("first_day", CivilDay, nullable=False), Column("last_day", CivilDay, nullable=False),
    _json("times"), _text("why"), _at("entered_at"), _text("entered_by"),
    Index(None, "authority_id", "last_day"),
)  # fmt: skip

# Recordings and messages

recordings = _table(
    "recordings",
    _key("name"), _authority(), _text("call_id"), _text("queue"), _text("agent_id"),
    _text("kind"), _text("state"), _at("started_at"), _seconds("seconds"), _count("size"),
    _text("checksum"), _text("path"), _text("wrapped_key"), _at("retain_until"),
    _at_last("deleted_at"),
    Index(None, "call_id"), Index(None, "retain_until"),
)  # fmt: skip

messages = _table(
    "messages",
    _key("message_id"), _authority(), _text("box"), _text("call_id"), _text("recording"),
    _text("caller_number"), _at("left_at"), _seconds("seconds"), _text("owner"),
    _at_last("handled_at"), _text("handled_by"),
    Index(None, "authority_id", "box"),
)  # fmt: skip

# Tickets and what is owed

tickets = _table(
    "tickets",
    _key("ticket_id"), _authority(), _text("reference"), _text("subject"), _text("text"),
    _text("state"), _text("department"), _text("caller_number"), _text("contact_name"),
    _maybe("call_id"), _text("opened_by"), _at("opened_at"), _at_last("closed_at"),
    _text("closed_by"),
    UniqueConstraint("authority_id", "reference"),
    Index(None, "authority_id", "caller_number"), Index(None, "call_id"),
)  # fmt: skip

outbox = _table(
    "outbox",
    _number("item_id"), _authority(), _text("connector"), _text("kind"), _text("key"),
    _text("order_by"), _json("payload"), _text("state"), _count("attempts"), _at("queued_at"),
    _at("due_at"), _at_last("leased_until"), _maybe("held_for"), _text("error"),
    _at_last("ended_at"),
    UniqueConstraint("connector", "key"),
    Index(None, "state", "connector", "due_at"), Index(None, "connector", "order_by"),
    Index(None, "held_for"),
)  # fmt: skip

work_items = _table(
    "work_items",
    _key("work_item_id"), _authority(), _text("kind"), _text("call_id"), _text("line"),
    _text("caller_number"), _at("opened_at"), _at_last("closed_at"), _text("closed_by"),
    _text("note"),
    UniqueConstraint("kind", "call_id"),
)  # fmt: skip

# The house itself

alarms = _table(
    "alarms",
    _number("alarm_id"), _authority(), _text("alarm"), _text("text"), _at("raised_at"),
    _at_last("cleared_at"),
    Index(None, "authority_id", "alarm"),
)  # fmt: skip

emergency = _table(
    "emergency",
    _key("authority_id"), Column("is_on", Boolean(create_constraint=False), nullable=False),
    _at("since"), _text("switched_by"),
)  # fmt: skip

counters = _table(
    "counters",
    Column("authority_id", String, primary_key=True), _key("name"), _count("value"),
)  # fmt: skip

journal_facts = _table(
    "journal_facts",
    _key("fact_id"), _authority(), _at("applied_at"), Index(None, "applied_at"),
)  # fmt: skip
