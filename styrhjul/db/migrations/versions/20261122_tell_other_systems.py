"""Endpoints of other systems, and the outbox of what they are told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_tell_other_systems"
down_revision = "20261122_dress_word_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_delivered_at", sa.DateTime(timezone=True), nullable=True),
        _owned("webhook"),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("municipality_id", "url", name=op.f("uq_webhook_municipality_id_url")),
    )
    op.create_table(
        "webhook_message",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("webhook_id", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        _within("webhook_message", "webhook", "webhook_id"),
        _within("webhook_message", "case", "case_id"),
        _owned("webhook_message"),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_webhook_message")),
    )
    op.create_index("ix_webhook_message_status_next_attempt_at", "webhook_message", ["status", "next_attempt_at"])
    op.create_index("ix_webhook_message_webhook_id", "webhook_message", ["municipality_id", "webhook_id"])


def _within(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_municipality_id_{column}")
    return sa.ForeignKeyConstraint(
        ["municipality_id", column], [f"{target}.municipality_id", f"{target}.id"], name=name
    )


def _owned(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f(f"fk_{table}_municipality_id"))


def downgrade() -> None:
    op.drop_table("webhook_message")
    op.drop_table("webhook")
