"""Mails that wait are counted by municipality and domain, so that a claim costs what it takes and not what waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_stream_mails"
down_revision = "20261123_note_backups"
branch_labels = None
depends_on = None

_AFTER_AT = {
    "postgresql": "lower(split_part(coalesce(trial_to, address), '@', 2))",
    "sqlite": "lower(substr(coalesce(trial_to, address), instr(coalesce(trial_to, address), '@') + 1))",
}


def upgrade() -> None:
    op.add_column("mail", sa.Column("to_domain", sa.String(), server_default="", nullable=False))
    domain = _AFTER_AT[op.get_bind().dialect.name]
    op.execute(f"UPDATE mail SET to_domain = {domain} WHERE status IN ('queued', 'sending')")  # noqa: S608 - our own words
    op.create_index(
        "ix_mail_queued",
        "mail",
        ["municipality_id", "to_domain", "next_attempt_at", "id"],
        postgresql_where=sa.text("status = 'queued'"),
        sqlite_where=sa.text("status = 'queued'"),
    )


def downgrade() -> None:
    op.drop_index("ix_mail_queued", table_name="mail")
    with op.batch_alter_table("mail") as table:
        table.drop_column("to_domain")
