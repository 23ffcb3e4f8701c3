"""Files that come with an answer, first of its draft, and which version holds which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_attach_files"
down_revision = "20261122_keep_both_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        _within("attachment", "case", "case_id"),
        _within("attachment", "post", "post_id"),
        _owned("attachment"),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_attachment")),
        sa.UniqueConstraint(
            *("municipality_id", "case_id", "post_id", "form_id", "sha256"),
            name=op.f("uq_attachment_municipality_id_case_id_post_id_form_id_sha256"),
        ),
    )
    op.create_table(
        "answer_attachment",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("answer_id", sa.String(length=32), nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _within("answer_attachment", "answer", "answer_id"),
        _within("answer_attachment", "attachment", "attachment_id"),
        _owned("answer_attachment"),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_answer_attachment")),
        sa.UniqueConstraint(
            *("municipality_id", "answer_id", "position"),
            name=op.f("uq_answer_attachment_municipality_id_answer_id_position"),
        ),
    )
    op.create_index(
        "ix_answer_attachment_municipality_id_attachment_id", "answer_attachment", ["municipality_id", "attachment_id"]
    )


def _within(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_municipality_id_{column}")
    return sa.ForeignKeyConstraint(
        ["municipality_id", column], [f"{target}.municipality_id", f"{target}.id"], name=name
    )


def _owned(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f(f"fk_{table}_municipality_id"))


def downgrade() -> None:
    op.drop_table("answer_attachment")
    op.drop_table("attachment")
