"""Files that are read when their turn comes rest with the order that somebody made of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_hold_sent_files"
down_revision = "20261123_count_steps"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order", sa.Column("given", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("order", "given")
