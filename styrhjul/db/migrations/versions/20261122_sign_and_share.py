"""Sign and share: keys that sign a municipality's mail, what calendars have been told, and links to subscribe to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_sign_and_share"
down_revision = "20261122_pace_the_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("selector", sa.String(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_signing_key_municipality_id")),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("municipality_id", "selector", name=op.f("uq_signing_key_municipality_id_selector")),
    )
    op.create_table(
        "calendar_entry",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("papers_on", sa.Date(), nullable=True),
        sa.Column("has_papers", sa.Boolean(), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("is_ended", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "case_id"],
            ["case.municipality_id", "case.id"],
            name=op.f("fk_calendar_entry_municipality_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "post_id"],
            ["post.municipality_id", "post.id"],
            name=op.f("fk_calendar_entry_municipality_id_post_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_calendar_entry_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "case_id", "post_id", name=op.f("pk_calendar_entry")),
    )
    op.create_table(
        "calendar_link",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id", "post_id"],
            ["post.municipality_id", "post.id"],
            name=op.f("fk_calendar_link_municipality_id_post_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_calendar_link_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_link_token_sha256")),
    )


def downgrade() -> None:
    op.drop_table("calendar_link")
    op.drop_table("calendar_entry")
    op.drop_table("signing_key")
