"""Who asks for a step between two pulses notes it, so that a busy day asks once and not a hundred times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261124_ask_for_steps"
down_revision = "20261123_stream_mails"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_request",
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("step", name=op.f("pk_step_request")),
    )


def downgrade() -> None:
    op.drop_table("step_request")
