"""A municipality's decisions to dispose of the text of old mails; without one everything is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_dispose_by_decision"
down_revision = "20261122_tell_of_late_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "kept",
            sa.Enum("mail_text", "inbound_text", name="kept", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("decision_number", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_retention_rule_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_retention_rule")),
        sa.UniqueConstraint("municipality_id", "kept", name=op.f("uq_retention_rule_municipality_id_kept")),
    )


def downgrade() -> None:
    op.drop_table("retention_rule")
