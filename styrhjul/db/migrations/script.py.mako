"""${message.partition("_")[2].replace("_", " ").capitalize()}."""

# ruff: noqa: E501, PLR0915 - Alembic writes it, in the order tables depend on each other

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
% if down_revision is None:

from styrhjul.db.case_model import APPEND_ONLY
% endif

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
% if down_revision is None:
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
% endif


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
% if down_revision is None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_is_append_only()")
% endif
