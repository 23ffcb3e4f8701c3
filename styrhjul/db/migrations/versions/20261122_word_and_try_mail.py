"""A municipality's own words in its mails, and trial runs in which every mail leaves to one address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_word_and_try_mail"
down_revision = "20261122_sign_and_share"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_wording",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_mail_wording_municipality_id")),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f("pk_mail_wording")),
        sa.UniqueConstraint(
            "municipality_id", "key", "language", "part", name=op.f("uq_mail_wording_municipality_id_key_language_part")
        ),
    )
    op.create_table(
        "trial",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_trial_municipality_id")),
        sa.PrimaryKeyConstraint("municipality_id", name=op.f("pk_trial")),
    )
    op.add_column("mail", sa.Column("trial_to", sa.String(), nullable=True))


def downgrade() -> None:
    # An older ledger knows no trial: what left in one counts for nobody.
    op.execute("UPDATE notice SET status = 'cancelled', delivered_on = NULL WHERE status = 'trial'")
    op.execute("DELETE FROM quarantine WHERE lifecycle = 'wording'")
    op.drop_column("mail", "trial_to")
    op.drop_table("trial")
    op.drop_table("mail_wording")
