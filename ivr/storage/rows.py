"""Between rows and records: columns are called what the record's fields are called."""

from dataclasses import fields
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import RowMapping

R = TypeVar("R")


def record_of(kind: type[R], row: RowMapping) -> R:
    """Return the dataclass *kind* filled from the columns of the same names."""
    return kind(**{field.name: row[field.name] for field in fields(cast("Any", kind))})


def values_of(record: Any) -> dict[str, Any]:
    """Return a record's fields as column values, one level deep."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def insert_into(connection: Connection, table: Table) -> sqlite.Insert:
    """Return an INSERT that knows ``on_conflict_…`` for the engine in use.

    Both engines' classes have the same methods for what we use, hence the one type.
    """
    if connection.dialect.name == "postgresql":
        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)
