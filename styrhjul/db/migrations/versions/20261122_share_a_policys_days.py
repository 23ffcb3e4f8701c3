"""Links to a policy's days, beside those to a post's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_share_a_policys_days"
down_revision = "20261122_publish_promises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_calendar_link",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("policy_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id", "policy_id"],
            ["policy.municipality_id", "policy.id"],
            name=op.f("fk_policy_calendar_link_municipality_id_policy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_policy_calendar_link_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_policy_calendar_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_policy_calendar_link_token_sha256")),
    )


def downgrade() -> None:
    op.drop_table("policy_calendar_link")
