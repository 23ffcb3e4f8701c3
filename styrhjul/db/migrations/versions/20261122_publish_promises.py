"""A municipality may let anybody read its promises and how they go; none does so by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_publish_promises"
down_revision = "20261122_issue_api_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_publication_municipality_id")),
        sa.PrimaryKeyConstraint("municipality_id", name=op.f("pk_publication")),
    )


def downgrade() -> None:
    op.drop_table("publication")
