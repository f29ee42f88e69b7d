"""Brings a database to the newest schema, or to a chosen one, without Alembic's command line.

Alembic takes half a second to load, in which a restarted service would not serve its callers; so
it is loaded only when there is something to do.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

HEAD = "head"
_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "alembic_version"


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Run the migrations up to *revision* on *connection*, in its transaction."""
    if revision == HEAD and revision_of(connection) == newest():
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision_of(connection: Connection) -> str:
    """Return the revision the database stands at, ``""`` if it is empty."""
    if not inspect(connection).has_table(_VERSION_TABLE):
        return ""
    found = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608 - a constant
    return str(found or "")


def newest() -> str:
    """Return the last revision there is: migrations are numbered, as their files' names begin."""
    return max(path.name[:4] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
