"""Where each page of the file begins in an edition's text, so that a quote leads to its page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_know_the_pages"
down_revision = "20261122_give_days_free"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition", sa.Column("pages", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("edition", "pages")
