"""A municipality's mails may give a telephone number beside the registrar's address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from styrhjul.db.register_trigger import renewing_own

revision = "20261122_give_a_phone_number"
down_revision = "20261122_follow_whole_terms"
branch_labels = None
depends_on = None

_BEFORE = (
    *("slug", "name", "starts_on", "chief_executive_title", "sender_address", "reply_to", "released_at", "is_example"),
    *("digest_weekday", "rest_months", "office_opens", "office_closes", "first_year_goals", "currency_review"),
)


def upgrade() -> None:
    # No batch: the table made anew would lose its trigger.
    op.add_column("municipality", sa.Column("phone", sa.String(), nullable=True))
    _renew((*_BEFORE, "phone"))


def downgrade() -> None:
    _renew(_BEFORE)
    op.drop_column("municipality", "phone")


def _renew(columns: tuple[str, ...]) -> None:
    for statement in renewing_own(op.get_bind().dialect.name, columns):
        op.execute(statement)
