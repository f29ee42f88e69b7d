"""Effects of steps that must happen once, however often the step runs again."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection, select, update

from ivr.clock import Clock
from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.rows import insert_into


class Effects:
    """``effect_key`` → what came of it, both committed together with the effect."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def once(
        self, authority_id: AuthorityId, key: str, make: Callable[[Connection], str]
    ) -> str:
        """Run *make* in a transaction the first time; afterwards return what it returned."""
        return await self._database.transact(
            partial(once, authority_id=authority_id, key=key, make=make, clock=self._clock)
        )


def once(
    connection: Connection,
    *,
    authority_id: AuthorityId,
    key: str,
    make: Callable[[Connection], str],
    clock: Clock,
) -> str:
    """Do it inside a transaction; of two at the same time the second waits for the first."""
    row = tables.effects.c
    mine = connection.execute(
        insert_into(connection, tables.effects)
        .values(effect_key=key, authority_id=authority_id, at=clock.now())
        .on_conflict_do_nothing()
        .returning(row.effect_key)  # not rowcount: after an INSERT it is not always known
    )
    if mine.first() is None:
        return str(connection.execute(select(row.result).where(row.effect_key == key)).scalar_one())
    result = make(connection)
    connection.execute(update(tables.effects).where(row.effect_key == key).values(result=result))
    return result
