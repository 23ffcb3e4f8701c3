"""The pace of mail: how many may leave to a domain and from a municipality, and who has a line to the server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_pace_the_mail"
down_revision = "20261122_keep_inbound_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_bucket",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mail_bucket")),
    )
    op.create_table(
        "mail_line",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_line")),
    )


def downgrade() -> None:
    op.drop_table("mail_line")
    op.drop_table("mail_bucket")
