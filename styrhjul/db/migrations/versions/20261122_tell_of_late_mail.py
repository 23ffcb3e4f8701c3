"""Mails that no server had taken for a day, and the mail in which a person was told of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_tell_of_late_mail"
down_revision = "20261122_word_and_try_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "late_telling",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mail_id", sa.String(length=32), nullable=False),
        sa.Column("told_in_id", sa.String(length=32), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_late_telling_municipality_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id", "mail_id"],
            ["mail.municipality_id", "mail.id"],
            name=op.f("fk_late_telling_municipality_id_mail_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "told_in_id"],
            ["mail.municipality_id", "mail.id"],
            name=op.f("fk_late_telling_municipality_id_told_in_id"),
        ),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_late_telling")),
        sa.UniqueConstraint("municipality_id", "mail_id", name=op.f("uq_late_telling_municipality_id_mail_id")),
    )
    op.create_index("ix_late_telling_told_in_id", "late_telling", ["municipality_id", "told_in_id"])


def downgrade() -> None:
    op.drop_table("late_telling")
