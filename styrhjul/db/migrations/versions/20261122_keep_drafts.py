"""What stands in a form that nobody has handed in yet, by case and office."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_keep_drafts"
down_revision = "20261122_let_people_sign_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("sealed_fields", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "case_id"],
            ["case.municipality_id", "case.id"],
            name=op.f("fk_draft_municipality_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "post_id"],
            ["post.municipality_id", "post.id"],
            name=op.f("fk_draft_municipality_id_post_id"),
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_draft_municipality_id")),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_draft")),
        sa.UniqueConstraint(
            "municipality_id",
            "case_id",
            "post_id",
            "form_id",
            name=op.f("uq_draft_municipality_id_case_id_post_id_form_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("draft")
