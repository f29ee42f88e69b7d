"""Published dialplans: numbered per line, never changed after publishing."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from ivr.clock import Clock
from ivr.errors import IllegalTransition, RecordNotFound
from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.audit import add_entry
from ivr.storage.counters import next_number
from ivr.storage.database import Database
from ivr.storage.records import AuditEntry, NewVersion, PlanVersion, PublishOrder
from ivr.storage.rows import record_of, values_of


class Plans:
    def __init__(self, database: Database, clock: Clock, authority_id: AuthorityId) -> None:
        self._database = database
        self._clock = clock
        self._authority_id = authority_id

    async def publish(self, new: Sequence[NewVersion], order: PublishOrder) -> list[PlanVersion]:
        """Publish all of *new*, or nothing, each with its entry in the audit table.

        Raises:
            IllegalTransition: something else was published meanwhile.
        """
        return await self._database.transact(
            lambda connection: [self._publish(connection, one, order) for one in new]
        )

    async def latest(self) -> list[PlanVersion]:
        """Return the newest version of every line."""
        return await self._database.read(lambda connection: _latest(connection, self._authority_id))

    async def all_of(self, line: str) -> list[PlanVersion]:
        """Return every version of *line*, the newest first."""
        row = tables.plan_versions.c
        wanted = (
            select(tables.plan_versions)
            .where(row.authority_id == self._authority_id, row.line == line)
            .order_by(row.version.desc())
        )
        return await self._database.read(
            lambda connection: [
                record_of(PlanVersion, found) for found in connection.execute(wanted).mappings()
            ]
        )

    async def get(self, line: str, version: int) -> PlanVersion:
        """Return a version, also an old one: calls stay on the one they started with.

        Raises:
            RecordNotFound: it was never published.
        """
        row = tables.plan_versions.c
        wanted = select(tables.plan_versions).where(
            row.authority_id == self._authority_id, row.line == line, row.version == version
        )

        def query(connection: Connection) -> PlanVersion:
            found = connection.execute(wanted).mappings().first()
            if found is None:
                raise RecordNotFound(f"dialplan {line} has no version {version}")
            return record_of(PlanVersion, found)

        return await self._database.read(query)

    def _publish(self, connection: Connection, new: NewVersion, order: PublishOrder) -> PlanVersion:
        # Counting makes the next transaction wait, so nobody publishes between look and insert.
        number = next_number(connection, self._authority_id, f"plan/{new.line}")
        last = _latest(connection, self._authority_id, new.line)
        if (last[0].version if last else 0) != new.after:
            raise IllegalTransition(f"{new.line}: somebody else has published meanwhile")
        published = PlanVersion(
            authority_id=self._authority_id,
            line=new.line,
            version=number,
            text=new.text,
            published_at=self._clock.now(),
            published_by=order.by,
            note=order.note,
            proof=new.proof,
            override_reason=order.override_reason,
            based_on=new.based_on,
        )
        connection.execute(tables.plan_versions.insert().values(values_of(published)))
        add_entry(connection, _audited(published, order))
        return published


async def authority_of(database: Database, unit: str) -> AuthorityId | None:
    """Return whose *unit* was published last in this house; ``None`` before the first start."""
    row = tables.plan_versions.c
    wanted = (
        select(row.authority_id).where(row.line == unit).order_by(row.published_at.desc()).limit(1)
    )
    found = await database.read(lambda connection: connection.execute(wanted).scalar())
    return AuthorityId(found) if found else None


def _audited(published: PlanVersion, order: PublishOrder) -> AuditEntry:
    return AuditEntry(
        authority_id=published.authority_id,
        at=published.published_at,
        who=order.by,
        action="dialplan_published",
        subject=published.line,
        address=order.address,
        details={
            "version": published.version,
            "based_on": published.based_on,
            "note": published.note,
            "proof_holds": json.loads(published.proof)["holds"] if published.proof else None,
            "override_reason": published.override_reason,
            "withdrawn": not published.text,
        },
    )


def _latest(
    connection: Connection, authority_id: str, line: str | None = None
) -> list[PlanVersion]:
    row = tables.plan_versions.c
    newest = (
        select(row.line, func.max(row.version).label("version"))
        .where(row.authority_id == authority_id)
        .group_by(row.line)
        .subquery()
    )
    wanted = (
        select(tables.plan_versions)
        .join(newest, (newest.c.line == row.line) & (newest.c.version == row.version))
        .where(row.authority_id == authority_id)
        .order_by(row.line)
    )
    if line is not None:
        wanted = wanted.where(row.line == line)
    return [record_of(PlanVersion, found) for found in connection.execute(wanted).mappings()]
