"""Authorities have an emergency mode."""

import sqlalchemy as sa
from alembic import op

from ivr.storage.columns import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "emergency",
        sa.Column("authority_id", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("switched_by", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("authority_id", name=op.f("pk_emergency")),
    )


def downgrade() -> None:
    op.drop_table("emergency")
