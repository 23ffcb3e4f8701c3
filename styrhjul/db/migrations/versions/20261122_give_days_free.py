"""A municipality may give days free itself, and its working days are counted without them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from styrhjul.db.register_trigger import renewing_own

revision = "20261122_give_days_free"
down_revision = "20261122_note_the_trend"
branch_labels = None
depends_on = None

_BEFORE = (
    *("slug", "name", "starts_on", "chief_executive_title", "sender_address", "reply_to", "phone"),
    *("released_at", "is_example"),
    *("digest_weekday", "rest_months", "office_opens", "office_closes", "first_year_goals", "currency_review"),
)


def upgrade() -> None:
    # No batch: the table made anew would lose its trigger.
    op.add_column("municipality", sa.Column("free_days", sa.JSON(), server_default="{}", nullable=False))
    _renew((*_BEFORE, "free_days"))


def downgrade() -> None:
    _renew(_BEFORE)
    op.drop_column("municipality", "free_days")


def _renew(columns: tuple[str, ...]) -> None:
    for statement in renewing_own(op.get_bind().dialect.name, columns):
        op.execute(statement)
