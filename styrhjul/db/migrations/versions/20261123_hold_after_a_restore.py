"""A copy that is read back sends nothing until a person says so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_hold_after_a_restore"
down_revision = "20261123_order_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hold")),
    )


def downgrade() -> None:
    op.drop_table("hold")
