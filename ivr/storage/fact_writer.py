"""Writes facts into the tables, each once, however often and after what failure it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.exc import SQLAlchemyError

from ivr.clock import Clock
from ivr.storage import tables
from ivr.storage.enqueue import Subscription
from ivr.storage.fact_kinds import GROUPS
from ivr.storage.facts import Fact

_APPLIED = select(tables.journal_facts.c.fact_id).where(
    tables.journal_facts.c.fact_id.in_(bindparam("told", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A fact that the tables do not take, and the kind of error."""

    fact: Fact
    error: str


class FactWriter:
    """Applies batches of facts; all methods run inside a transaction, in a thread."""

    def __init__(self, clock: Clock, wanted_by: Sequence[Subscription] = ()) -> None:
        self._clock = clock
        self._wanted_by = wanted_by

    def write(self, connection: Connection, batch: Sequence[Fact]) -> None:
        """Apply those of *batch* that were not applied before.

        Raises:
            sqlalchemy.exc.IntegrityError: another transaction applied one at this very moment.
        """
        new = self._new(connection, batch)
        self._mark(connection, new)
        self._apply(connection, new)

    def write_singly(self, connection: Connection, batch: Sequence[Fact]) -> list[Rejected]:
        """Apply each by itself, so that one the tables refuse takes no other with it."""
        rejected = []
        for fact in self._new(connection, batch):
            try:
                with connection.begin_nested():
                    self._mark(connection, [fact])
                    self._apply(connection, [fact])
            except (SQLAlchemyError, ValueError, TypeError) as error:
                rejected.append(Rejected(fact, type(error).__name__))
        return rejected

    def forget_before(self, connection: Connection, moment: datetime) -> None:
        """Forget which facts were applied before *moment*: none of them can come again."""
        table = tables.journal_facts
        connection.execute(delete(table).where(table.c.applied_at < moment))

    def _new(self, connection: Connection, batch: Sequence[Fact]) -> list[Fact]:
        told = {fact.fact_id: fact for fact in batch}
        for fact_id in connection.execute(_APPLIED, {"told": list(told)}).scalars():
            del told[fact_id]
        return list(told.values())

    def _mark(self, connection: Connection, batch: Sequence[Fact]) -> None:
        """Say that these are applied.

        No ON CONFLICT: a batch whose caller gave up may still be on its way to its commit while
        it is told again; the second then waits for the first, fails, and is looked at singly.
        """
        now = self._clock.now()
        if batch:
            rows = [
                {"fact_id": fact.fact_id, "authority_id": fact.authority_id, "applied_at": now}
                for fact in batch
            ]
            connection.execute(tables.journal_facts.insert(), rows)

    def _apply(self, connection: Connection, batch: Sequence[Fact]) -> None:
        """Apply kind by kind, each kind in the order told: what needs a row comes after it."""
        for group in GROUPS:
            facts = [fact for fact in batch if type(fact) in group.kinds]
            if facts:
                group.write(connection, facts, self._wanted_by)
