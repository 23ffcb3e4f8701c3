"""Keys that programs call the API with, and what their calls got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_issue_api_tokens"
down_revision = "20261122_tell_other_systems"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_api_token_municipality_id")),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_api_token_token_sha256")),
    )
    op.create_table(
        "api_request",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "token_id"],
            ["api_token.municipality_id", "api_token.id"],
            name=op.f("fk_api_request_municipality_id_token_id"),
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_api_request_municipality_id")),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_api_request")),
        sa.UniqueConstraint(
            "municipality_id", "token_id", "key", name=op.f("uq_api_request_municipality_id_token_id_key")
        ),
    )
    with op.batch_alter_table("api_request", schema=None) as batch_op:
        batch_op.create_index("ix_api_request_municipality_id_made_at", ["municipality_id", "made_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("api_request", schema=None) as batch_op:
        batch_op.drop_index("ix_api_request_municipality_id_made_at")
    op.drop_table("api_request")
    op.drop_table("api_token")
