"""Calls: one row each, exactly one outcome, and who called before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from ivr import crm
from ivr.errors import RecordNotFound
from ivr.events import Outcome
from ivr.ids import AgentId, AuthorityId, CallId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.enqueue import Owed, Subscription, enqueue, release
from ivr.storage.records import CallRecord
from ivr.storage.rows import insert_new, record_of, values_of


@dataclass(frozen=True, slots=True)
class Ending:
    """How and when a call ended."""

    outcome: str
    at: datetime
    hangup_cause: int | None = None
    talked_with: str = ""
    talk_seconds: float = 0.0


class Calls:
    """The calls of all authorities."""

    def __init__(self, database: Database, wanted_by: Sequence[Subscription] = ()) -> None:
        self._database = database
        self._wanted_by = wanted_by

    async def arrived(self, record: CallRecord) -> None:
        """Keep a new call; telling it twice changes nothing."""
        await self._database.transact(lambda connection: insert_calls(connection, [record]))

    async def answered(self, call_id: CallId, at: datetime) -> None:
        await self._database.transact(lambda connection: mark_answered(connection, [(call_id, at)]))

    async def ended(
        self,
        call_id: CallId,
        outcome: Outcome,
        at: datetime,
        hangup_cause: int | None,
        talked_with: str = "",
    ) -> None:
        """Give the call its outcome; the first one stays."""

        def query(connection: Connection) -> None:
            ending = Ending(outcome, at, hangup_cause, talked_with)
            mark_ended(connection, self._wanted_by, call_id, ending)

        await self._database.transact(query)

    async def set_disposition(self, call_id: CallId, disposition: str) -> None:
        row = tables.calls
        change = update(row).where(row.c.call_id == call_id).values(disposition=disposition)
        await self._database.transact(lambda connection: connection.execute(change).close())

    async def get(self, call_id: CallId) -> CallRecord:
        """Return the call.

        Raises:
            RecordNotFound: there is none with this id (or it is not written yet).
        """

        def query(connection: Connection) -> CallRecord:
            wanted = select(tables.calls).where(tables.calls.c.call_id == call_id)
            row = connection.execute(wanted).mappings().first()
            if row is None:
                raise RecordNotFound(f"no call {call_id}")
            return record_of(CallRecord, row)

        return await self._database.read(query)

    async def recent(
        self, limit: int, line: str | None = None, outcome: str | None = None
    ) -> list[CallRecord]:
        """Return the newest calls first; *outcome* ``""`` means those that still run."""
        row = tables.calls.c
        wanted = select(tables.calls).order_by(row.arrived_at.desc(), row.call_id).limit(limit)
        if line is not None:
            wanted = wanted.where(row.line == line)
        if outcome is not None:
            wanted = wanted.where(row.outcome == outcome)
        return await self._database.read(
            lambda connection: [
                record_of(CallRecord, found) for found in connection.execute(wanted).mappings()
            ]
        )

    async def unfinished(self) -> list[CallRecord]:
        """Return the calls without an outcome, oldest first: what a restart has to settle."""
        row = tables.calls.c
        wanted = select(tables.calls).where(row.ended_at.is_(None)).order_by(row.arrived_at)
        return await self._database.read(
            lambda connection: [
                record_of(CallRecord, found) for found in connection.execute(wanted).mappings()
            ]
        )

    async def counts(self) -> dict[str, int]:
        """Return the number of calls by outcome, ``live`` for those without one, and ``calls``."""
        row = tables.calls.c
        wanted = select(row.outcome, func.count()).group_by(row.outcome)

        def query(connection: Connection) -> dict[str, int]:
            found = {outcome or "live": count for outcome, count in connection.execute(wanted)}
            return {"live": 0, **found, "calls": sum(found.values())}

        return await self._database.read(query)

    async def last_calls(
        self, authority_id: AuthorityId, number: str, limit: int
    ) -> list[crm.PastCall]:
        """Return this caller's last calls, newest first (``crm.CallHistory``)."""
        row = tables.calls.c
        wanted = (
            select(row.call_id, row.line, row.arrived_at, row.outcome, row.talked_with)
            .where(row.authority_id == authority_id, row.caller_number == number)
            .order_by(row.arrived_at.desc())
            .limit(limit)
        )

        def query(connection: Connection) -> list[crm.PastCall]:
            return [
                crm.PastCall(
                    call_id=CallId(found.call_id),
                    line=found.line,
                    at=found.arrived_at,
                    outcome=found.outcome,
                    agent_id=AgentId(found.talked_with) if found.talked_with else None,
                )
                for found in connection.execute(wanted)
            ]

        return await self._database.read(query) if number else []


def insert_calls(connection: Connection, records: Sequence[CallRecord]) -> None:
    insert_new(connection, tables.calls, [values_of(record) for record in records])


_ANSWERED = (
    update(tables.calls)
    .where(tables.calls.c.call_id == bindparam("call"), tables.calls.c.answered_at.is_(None))
    .values(answered_at=bindparam("at"))
)


def mark_answered(connection: Connection, answers: Sequence[tuple[str, datetime]]) -> None:
    """Write when each call was answered; the first moment stays."""
    connection.execute(_ANSWERED, [{"call": call_id, "at": at} for call_id, at in answers])


_ENDED = (
    update(tables.calls)
    .where(tables.calls.c.call_id == bindparam("call"), tables.calls.c.ended_at.is_(None))
    .values(
        outcome=bindparam("its_outcome"),
        ended_at=bindparam("at"),
        hangup_cause=bindparam("cause"),
        talked_with=bindparam("who"),
        talk_seconds=bindparam("seconds"),
    )
    .returning(*tables.calls.c)
)


def mark_ended(
    connection: Connection, wanted_by: Sequence[Subscription], call_id: str, ending: Ending
) -> None:
    """Write the outcome if there is none yet, and owe ``call_ended`` to who wants it."""
    values = {
        "call": call_id,
        "its_outcome": str(ending.outcome),
        "at": ending.at,
        "cause": ending.hangup_cause,
        "who": ending.talked_with,
        "seconds": ending.talk_seconds,
    }
    found = connection.execute(_ENDED, values).mappings().first()
    release(connection, call_id, ending.at)
    if found is not None:
        enqueue(connection, wanted_by, _owed(record_of(CallRecord, found), ending.at))


def _owed(call: CallRecord, at: datetime) -> Owed:
    return Owed(
        authority_id=call.authority_id,
        kind="call_ended",
        key=f"call_ended/{call.call_id}",
        order_by=call.call_id,
        at=at,
        payload={
            "call_id": call.call_id,
            "line": call.line,
            "caller_number": call.caller_number,
            "called_number": call.called_number,
            "arrived_at": call.arrived_at.isoformat(),
            "ended_at": at.isoformat(),
            "outcome": call.outcome,
            "talked_with": call.talked_with,
        },
    )
