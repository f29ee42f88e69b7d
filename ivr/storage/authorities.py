"""Authorities: the councils that share this house."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from ivr.clock import Clock
from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.rows import insert_into


class Authorities:
    """Councils by id, as the site names them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put_all(self, names: Mapping[AuthorityId, str]) -> None:
        """Keep these authorities under these names; others stay, their calls refer to them."""
        now = self._clock.now()

        def query(connection: Connection) -> None:
            for authority_id, name in names.items():
                row = insert_into(connection, tables.authorities).values(
                    authority_id=authority_id, name=name, created_at=now
                )
                connection.execute(
                    row.on_conflict_do_update(index_elements=["authority_id"], set_={"name": name})
                )

        await self._database.transact(query)

    async def all(self) -> dict[AuthorityId, str]:
        row = tables.authorities.c
        wanted = select(row.authority_id, row.name).order_by(row.authority_id)
        return await self._database.read(
            lambda connection: {AuthorityId(key): name for key, name in connection.execute(wanted)}
        )
