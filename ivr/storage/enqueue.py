"""Puts what is owed to other systems into the outbox, in the transaction of the fact itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.rows import insert_into

# A call whose end is never written (a drill, a lost disk) must not hold its e-mail for ever.
_LONGEST_HOLD = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Which kinds of facts a connector is told; ``after_call``: only when the caller has gone."""

    connector: str
    kinds: frozenset[str]
    after_call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One fact that other systems may want to know."""

    authority_id: AuthorityId
    kind: str
    key: str  # the same fact has the same key, however often it is enqueued
    order_by: str
    payload: dict[str, Any]
    at: datetime
    call_id: str | None = None


def enqueue(connection: Connection, wanted_by: Sequence[Subscription], owed: Owed) -> None:
    """Add one outbox row for every connector that wants *owed*; repeating it adds nothing."""
    for subscription in wanted_by:
        if owed.kind not in subscription.kinds:
            continue
        held = subscription.after_call and _still_runs(connection, owed.call_id)
        row = insert_into(connection, tables.outbox).values(
            authority_id=owed.authority_id,
            connector=subscription.connector,
            kind=owed.kind,
            key=owed.key,
            order_by=owed.order_by,
            payload=owed.payload,
            state="waiting",
            queued_at=owed.at,
            due_at=owed.at + _LONGEST_HOLD if held else owed.at,
            held_for=owed.call_id if held else None,
        )
        connection.execute(row.on_conflict_do_nothing(index_elements=["connector", "key"]))


_RELEASE = (
    update(tables.outbox)
    .where(tables.outbox.c.held_for == bindparam("call"), tables.outbox.c.state == "waiting")
    .values(due_at=bindparam("at"), held_for=None)
)


def release(connection: Connection, call_id: str, at: datetime) -> None:
    """Make due what waited for the end of this call."""
    connection.execute(_RELEASE, {"call": call_id, "at": at})


def _still_runs(connection: Connection, call_id: str | None) -> bool:
    """Say whether the call has no end yet; one that is not written yet has just begun."""
    if call_id is None:
        return False
    row = tables.calls.c
    found = connection.execute(select(row.ended_at).where(row.call_id == call_id)).first()
    return found is None or found.ended_at is None
