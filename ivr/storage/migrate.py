"""Brings a database to the newest schema, or to a chosen one, without Alembic's command line."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

HEAD = "head"


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Run the migrations up to *revision* on *connection*, in its transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision_of(connection: Connection) -> str:
    """Return the revision the database stands at, ``""`` if it is empty."""
    return MigrationContext.configure(connection).get_current_revision() or ""
