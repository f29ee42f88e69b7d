"""Between rows and records: columns are called what the record's fields are called."""

from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import RowMapping

R = TypeVar("R")


def record_of(kind: type[R], row: RowMapping) -> R:
    """Return the dataclass *kind* filled from the columns of the same names."""
    return kind(**{name: row[name] for name in _names(cast("Any", kind))})


def values_of(record: Any) -> dict[str, Any]:
    """Return a record's fields as column values, one level deep."""
    return {name: getattr(record, name) for name in _names(cast("Any", type(record)))}


def insert_into(connection: Connection, table: Table) -> sqlite.Insert:
    """Return an INSERT that knows ``on_conflict_…`` for the engine in use."""
    return _insert(connection.dialect.name, table)


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert *rows*; one that is there already stays as it is."""
    connection.execute(_insert_new(connection.dialect.name, table), rows)


def put_rows(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert *rows*; one that is there already (by primary key) is replaced."""
    connection.execute(_put(connection.dialect.name, table), rows)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


# Statements are built once: building one costs more than running it.


@cache
def _insert_new(dialect: str, table: Table) -> sqlite.Insert:
    return _insert(dialect, table).on_conflict_do_nothing()


@cache
def _put(dialect: str, table: Table) -> sqlite.Insert:
    statement = _insert(dialect, table)
    key = list(table.primary_key.columns)
    new = {column.name: statement.excluded[column.name] for column in table.c if column not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=new)


def _insert(dialect: str, table: Table) -> sqlite.Insert:
    """Return the engine's own INSERT; what we use of them is called the same in both."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # a service on SQLite starts without it

        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)
