"""A municipality's own Word template, which its Word files are dressed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_dress_word_files"
down_revision = "20261122_know_the_pages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word_template",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_word_template_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_word_template")),
        sa.UniqueConstraint("municipality_id", name=op.f("uq_word_template_municipality_id")),
    )


def downgrade() -> None:
    op.drop_table("word_template")
