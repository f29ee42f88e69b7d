"""Published dialplans say why, on what proof and from which version; some wait for their time."""

import sqlalchemy as sa
from alembic import op

from ivr.storage.columns import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXTS = ("note", "proof", "override_reason")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def upgrade() -> None:
    with op.batch_alter_table("plan_versions") as batch:
        for name in _TEXTS:
            batch.add_column(_text(name))
        batch.add_column(
            sa.Column("based_on", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
    op.create_table(
        "scheduled_publishes",
        sa.Column("publish_id", sa.String(), nullable=False),
        sa.Column("authority_id", sa.String(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        *map(_text, ("note", "override_reason", "made_by")),
        sa.Column("made_at", Moment(), nullable=False),
        *map(_text, ("state", "result")),
        sa.PrimaryKeyConstraint("publish_id", name=op.f("pk_scheduled_publishes")),
    )
    op.create_index(
        op.f("ix_scheduled_publishes_authority_id_state_due_at"),
        "scheduled_publishes",
        ["authority_id", "state", "due_at"],
    )


def downgrade() -> None:
    op.drop_table("scheduled_publishes")
    with op.batch_alter_table("plan_versions") as batch:
        for name in ("based_on", *_TEXTS):
            batch.drop_column(name)
