"""Published dialplans: numbered per line, never changed after publishing."""

from sqlalchemy import Connection, func, select

from ivr.clock import Clock
from ivr.errors import RecordNotFound
from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.counters import next_number
from ivr.storage.database import Database
from ivr.storage.records import PlanVersion
from ivr.storage.rows import record_of, values_of


class Plans:
    def __init__(self, database: Database, clock: Clock, authority_id: AuthorityId) -> None:
        self._database = database
        self._clock = clock
        self._authority_id = authority_id

    async def publish_next(self, line: str, text: str, by: str = "") -> PlanVersion:
        """Publish *text* as the line's next version; the same text as the last stays that one."""

        def query(connection: Connection) -> PlanVersion:
            last = _latest(connection, self._authority_id, line)
            if last and last[0].text == text:
                return last[0]
            number = next_number(connection, self._authority_id, f"plan/{line}")
            return self._insert(connection, line, number, text, by)

        return await self._database.transact(query)

    async def publish(self, line: str, version: int, text: str, by: str = "") -> PlanVersion:
        """Publish under a given number.

        Raises:
            sqlalchemy.exc.IntegrityError: this version of this line was published before.
        """
        return await self._database.transact(
            lambda connection: self._insert(connection, line, version, text, by)
        )

    async def latest(self) -> list[PlanVersion]:
        """Return the newest version of every line."""
        return await self._database.read(lambda connection: _latest(connection, self._authority_id))

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

    def _insert(
        self, connection: Connection, line: str, version: int, text: str, by: str
    ) -> PlanVersion:
        published = PlanVersion(
            authority_id=self._authority_id,
            line=line,
            version=version,
            text=text,
            published_at=self._clock.now(),
            published_by=by,
        )
        connection.execute(tables.plan_versions.insert().values(values_of(published)))
        return published


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
