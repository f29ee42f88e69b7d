"""Agents: their state in the database, changed only by compare-and-set on ``version``."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.engine import RowMapping

from ivr.clock import Clock
from ivr.errors import RecordNotFound, ReservationLost
from ivr.ids import AgentId, OfferId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import AgentRecord
from ivr.storage.rows import insert_into

_NOT_COLUMNS = {"queues"}


class Agents:
    """All agents of all authorities."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def all(self) -> list[AgentRecord]:
        return await self._database.read(_select)

    async def get(self, agent_id: AgentId) -> AgentRecord:
        """Return the agent.

        Raises:
            RecordNotFound: nobody has this id.
        """
        return await self._database.read(lambda connection: _one(connection, agent_id))

    async def put_all(self, agents: Sequence[AgentRecord]) -> None:
        """Take over who works here from the site: names, endpoints, queues; states stay.

        Agents that are not named any more are deleted.
        """

        def query(connection: Connection) -> None:
            keep = [agent.agent_id for agent in agents]
            connection.execute(delete(tables.agents).where(tables.agents.c.agent_id.not_in(keep)))
            for agent in agents:
                _put(connection, agent)

        await self._database.transact(query)

    async def change(  # noqa: PLR0913 - one compare-and-set of one row; everything is optional
        self,
        agent_id: AgentId,
        expected_version: int,
        new_state: str,
        *,
        reserved_by: OfferId | None = None,
        reserved_until: datetime | None = None,
        missed: int | None = None,
        signed_in_at: datetime | None = None,
        idle_since: datetime | None = None,
        reason: str = "",
    ) -> AgentRecord:
        """Move the agent to *new_state* if nobody moved them since *expected_version*.

        ``None`` for *missed*, *signed_in_at* and *idle_since* leaves them; a reservation that is
        not given again is over.

        Raises:
            ReservationLost: somebody else was first.
            RecordNotFound: nobody has this id.
        """
        changes = {"missed_in_a_row": missed, "signed_in_at": signed_in_at,
                   "idle_since": idle_since}  # fmt: skip
        values = {
            "state": new_state,
            "reserved_by": reserved_by,
            "reserved_until": reserved_until,
            "reason": reason,
            **{name: value for name, value in changes.items() if value is not None},
        }
        now = self._clock.now()
        return await self._database.transact(
            lambda connection: _change(connection, agent_id, expected_version, values, now)
        )

    async def expired(self, now: datetime) -> list[AgentRecord]:
        """Return the agents whose reservation has run out."""
        row = tables.agents.c
        over = row.reserved_by.is_not(None) & (row.reserved_until <= now)
        return await self._database.read(lambda connection: _select(connection, over))


def set_agent_state(
    connection: Connection, agent_id: str, version: int, values: Mapping[str, object]
) -> None:
    """Write a state that was made in memory, unless the row has moved past *version*."""
    row = tables.agents.c
    connection.execute(
        update(tables.agents)
        .where(row.agent_id == agent_id, row.version < version)
        .values(**values, version=version)
    )


def _change(
    connection: Connection,
    agent_id: str,
    expected_version: int,
    values: Mapping[str, object],
    now: datetime,
) -> AgentRecord:
    before = _one(connection, agent_id)
    if before.version != expected_version:
        raise ReservationLost(f"agent {agent_id} changed meanwhile")
    moved = before.state != values["state"]
    since = {"state_since": now, "previous": before.state} if moved else {}
    row = tables.agents.c
    changed = connection.execute(
        update(tables.agents)
        .where(row.agent_id == agent_id, row.version == expected_version)
        .values(version=expected_version + 1, **since, **values)
    )
    if changed.rowcount != 1:
        raise ReservationLost(f"agent {agent_id} changed meanwhile")
    return _one(connection, agent_id)


def _put(connection: Connection, agent: AgentRecord) -> None:
    values = {
        name: getattr(agent, name)
        for name in AgentRecord.__dataclass_fields__
        if name not in _NOT_COLUMNS
    }
    described = {name: values[name] for name in ("authority_id", "name", "endpoint")}
    connection.execute(
        insert_into(connection, tables.agents)
        .values(values)
        .on_conflict_do_update(index_elements=["agent_id"], set_=described)
    )
    queues = tables.agent_queues
    connection.execute(delete(queues).where(queues.c.agent_id == agent.agent_id))
    for rank, queue in enumerate(agent.queues):
        connection.execute(
            queues.insert().values(
                agent_id=agent.agent_id, queue=queue, authority_id=agent.authority_id, rank=rank
            )
        )


def _one(connection: Connection, agent_id: str) -> AgentRecord:
    found = _select(connection, tables.agents.c.agent_id == agent_id)
    if not found:
        raise RecordNotFound(f"no agent {agent_id}")
    return found[0]


def _select(connection: Connection, *where: object) -> list[AgentRecord]:
    wanted = select(tables.agents).where(*where).order_by(tables.agents.c.agent_id)  # type: ignore[arg-type]
    queues: dict[str, list[str]] = {}
    row = tables.agent_queues.c
    for agent_id, queue in connection.execute(
        select(row.agent_id, row.queue).order_by(row.agent_id, row.rank)
    ):
        queues.setdefault(agent_id, []).append(queue)
    return [
        _record(found, tuple(queues.get(found["agent_id"], ())))
        for found in connection.execute(wanted).mappings()
    ]


def _record(row: RowMapping, queues: tuple[str, ...]) -> AgentRecord:
    names = set(AgentRecord.__dataclass_fields__) - _NOT_COLUMNS
    return AgentRecord(queues=queues, **{name: row[name] for name in names})
