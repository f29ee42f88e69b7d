"""Alembic's entry: run by ``ivr.storage.migrate`` with a connection, never on its own."""

from alembic import context

from ivr.storage import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    render_as_batch=True,
)
context.run_migrations()
