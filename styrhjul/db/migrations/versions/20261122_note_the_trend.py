"""A follow-up may tell what was measured and which way it goes, and a goal which way is the good one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_note_the_trend"
down_revision = "20261122_attach_files"
branch_labels = None
depends_on = None

_ADDED = (("goal", "better", 40), ("assessment", "result", None), ("assessment", "trend", 40))


def upgrade() -> None:
    for table, column, length in _ADDED:
        op.add_column(table, sa.Column(column, sa.String(length=length), nullable=True))


def downgrade() -> None:
    for table, column, _ in reversed(_ADDED):
        op.drop_column(table, column)
