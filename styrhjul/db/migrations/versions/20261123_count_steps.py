"""What each step has done in all is kept, and what looking through the journal found, for plots and alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_count_steps"
down_revision = "20261123_hold_after_a_restore"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_count",
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("step", "what", name=op.f("pk_step_count")),
    )
    op.create_table(
        "journal_check",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_check")),
    )
    op.add_column("pulse", sa.Column("runs", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("pulse", sa.Column("seconds", sa.Double(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("pulse", "seconds")
    op.drop_column("pulse", "runs")
    op.drop_table("journal_check")
    op.drop_table("step_count")
