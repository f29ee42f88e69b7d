"""The migrations lead to exactly the tables that the code uses."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from ivr.ids import AuthorityId
from ivr.storage import migrate, tables
from ivr.storage.audit import Audit
from ivr.storage.records import AuditEntry
from tests.contracts.storage.conftest import TOWN, Storage


def test_the_migrated_schema_is_the_one_in_the_code(storage: Storage) -> None:
    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, tables.metadata))

    assert storage.run(storage.database.read(difference)) == []
    assert storage.run(storage.database.read(migrate.revision_of)) == "0005"


def test_every_table_names_its_authority() -> None:
    without = [name for name, table in tables.metadata.tables.items()
               if "authority_id" not in table.c]  # fmt: skip
    assert without == []


def test_audit_entries_cannot_be_changed_or_deleted(storage: Storage) -> None:
    entry = AuditEntry(authority_id=TOWN, at=storage.clock.now(), who="dana", action="sign_in")
    storage.run(Audit(storage.database).add(entry))
    for statement in ("UPDATE audit SET who = 'nobody'", "DELETE FROM audit"):
        with pytest.raises(DatabaseError):
            storage.run(storage.database.transact(lambda c, s=statement: c.execute(text(s))))  # type: ignore[misc]
    found = storage.run(Audit(storage.database).recent(AuthorityId(TOWN), 5))
    assert [one.who for one in found] == ["dana"]
