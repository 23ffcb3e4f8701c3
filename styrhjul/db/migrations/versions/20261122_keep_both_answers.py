"""Answers that were handed in when somebody else had just answered: kept whole beside the one that stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_keep_both_answers"
down_revision = "20261122_keep_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "competing_answer",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("beside_version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "case_id"],
            ["case.municipality_id", "case.id"],
            name=op.f("fk_competing_answer_municipality_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "post_id"],
            ["post.municipality_id", "post.id"],
            name=op.f("fk_competing_answer_municipality_id_post_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_competing_answer_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_competing_answer")),
        sa.UniqueConstraint(
            "municipality_id",
            "form_id",
            "beside_version",
            name=op.f("uq_competing_answer_municipality_id_form_id_beside_version"),
        ),
    )


def downgrade() -> None:
    op.drop_table("competing_answer")
