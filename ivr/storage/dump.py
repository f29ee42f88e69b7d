"""A database as JSON lines and back, on either engine and at any revision of its schema."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import JSON, Connection, DateTime, MetaData, Table, func, insert, select, text

_NOT_DUMPED = {"alembic_version"}
_BATCH = 500


def write_tables(connection: Connection, folder: Path) -> dict[str, int]:
    """Write ``<table>.jsonl`` for every table there is; return the number of rows of each.

    Consistent, if *connection*'s transaction sees one moment (SQLite; PostgreSQL: repeatable
    read).
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for table in _tables(connection):
        with (folder / f"{table.name}.jsonl").open("wb") as file:
            counts[table.name] = 0
            for row in connection.execute(select(table)).mappings():
                values = {str(name): value for name, value in row.items()}
                file.write(orjson.dumps(values, option=orjson.OPT_NAIVE_UTC) + b"\n")
                counts[table.name] += 1
    return counts


def read_tables(connection: Connection, folder: Path) -> dict[str, int]:
    """Fill the empty tables from what ``write_tables`` wrote at the same revision.

    Raises:
        KeyError: a column of the dump does not exist here.
    """
    counts = {}
    for table in _tables(connection):
        file = folder / f"{table.name}.jsonl"
        counts[table.name] = _fill(connection, table, file) if file.exists() else 0
        _count_on(connection, table)
    return counts


def _fill(connection: Connection, table: Table, file: Path) -> int:
    count = 0
    for rows in _batches(table, file, sqlite=connection.dialect.name == "sqlite"):
        connection.execute(insert(table), rows)
        count += len(rows)
    return count


def _batches(table: Table, file: Path, *, sqlite: bool) -> Iterator[list[dict[str, Any]]]:
    rows = []
    with file.open("rb") as lines:
        for line in lines:
            rows.append(_row(table, orjson.loads(line), sqlite=sqlite))
            if len(rows) == _BATCH:
                yield rows
                rows = []
    if rows:
        yield rows


def _row(table: Table, values: Mapping[str, Any], *, sqlite: bool) -> dict[str, Any]:
    """Return the values as the engine's columns want them; moments are naive UTC on SQLite."""
    row = dict(values)
    for name, value in values.items():
        if value is not None and isinstance(table.c[name].type, DateTime):
            moment = datetime.fromisoformat(value).astimezone(UTC)
            row[name] = moment.replace(tzinfo=None) if sqlite else moment
    return row


def _tables(connection: Connection) -> list[Table]:
    """Return the tables as they are in the database, those first that others refer to."""
    found = MetaData()
    found.reflect(connection)
    tables = [table for table in found.sorted_tables if table.name not in _NOT_DUMPED]
    for table in tables:
        for column in table.c:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)
    return tables


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL's counters go on after the highest number that was restored."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key:
        name = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": table.name, "column": column.name},
        ).scalar()
        if name is not None:
            highest = select(func.coalesce(func.max(column), 0) + 1)
            connection.execute(
                text("SELECT setval(:name, :next, false)"),
                {"name": name, "next": connection.execute(highest).scalar()},
            )
