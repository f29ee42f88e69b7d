"""Engines: how SQLite and PostgreSQL are opened, and how long their statements may take."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from ivr.settings import Settings

WITHIN = 5.0  # seconds a query may take when its caller names no limit


def database_url(settings: Settings) -> str:
    """Return where the instance's database is: the setting, else SQLite in its home."""
    if settings.database_url.startswith("postgresql://"):
        return settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    if settings.database_url:
        return settings.database_url
    folder = settings.home / "db"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'moked.sqlite3'}"


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def open_engine(url: str, size: int, *, read_only: bool) -> Engine:
    """Return an engine that waits for locks and answers no longer than its caller does.

    The execution options ``within`` (seconds) and ``migrating`` are read when a transaction begins.
    """
    if is_sqlite(url):
        engine = create_engine(url, pool_size=size, max_overflow=0, pool_timeout=WITHIN)
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_read if read_only else _sqlite_write)
        return engine
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=WITHIN,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3},
    )
    event.listen(engine, "begin", _postgresql_read if read_only else _postgresql_write)
    return engine


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver begins too late
    connection.execute(f"PRAGMA busy_timeout = {int(WITHIN * 1000)}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # NORMAL may lose commits at power loss
    connection.execute("PRAGMA foreign_keys = ON")


def _sqlite_write(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(connection)}")
    if connection.get_execution_options().get("migrating"):
        # A table is rebuilt by dropping it, which would delete the rows that refer to it.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _sqlite_read(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(connection)}")
    connection.exec_driver_sql("PRAGMA query_only = ON")
    connection.exec_driver_sql("BEGIN")


def _postgresql_write(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_milliseconds(connection)}")


def _postgresql_read(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    _postgresql_write(connection)


def _milliseconds(connection: Connection) -> int:
    within: float = connection.get_execution_options().get("within", WITHIN)
    return max(1, int(within * 1000))
