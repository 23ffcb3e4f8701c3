"""Each backup is noted, so that somebody is told when there has been none for long."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_note_backups"
down_revision = "20261123_hold_sent_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backup",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )


def downgrade() -> None:
    op.drop_table("backup")
