"""Numbers that count up per authority without a gap or a repeat."""

from sqlalchemy import Connection

from ivr.ids import AuthorityId
from ivr.storage import tables
from ivr.storage.rows import insert_into


def next_number(connection: Connection, authority_id: AuthorityId, name: str) -> int:
    """Return 1, 2, 3, …; the next transaction waits until this one has ended."""
    table = tables.counters
    row = insert_into(connection, table).values(authority_id=authority_id, name=name, value=1)
    counted = row.on_conflict_do_update(
        index_elements=["authority_id", "name"], set_={"value": table.c.value + 1}
    ).returning(table.c.value)
    return int(connection.execute(counted).scalar_one())
