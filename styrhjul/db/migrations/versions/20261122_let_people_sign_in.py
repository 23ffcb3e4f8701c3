"""Codes, sessions, providers and the operator's way in; a user has several roles; a mail may have no office."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_let_people_sign_in"
down_revision = "20261122_dispose_by_decision"
branch_labels = None
depends_on = None

_KEY = ("municipality_id", "id")
_BEFORE = sa.table("user", *map(sa.column, _KEY), sa.column("role", sa.String()))
_AFTER = sa.table("user", *map(sa.column, _KEY), sa.column("roles", sa.JSON()))


def upgrade() -> None:
    op.create_table(
        "break_glass",
        *_row(),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("break_glass"),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_break_glass_token_sha256")),
    )
    op.create_table(
        "oidc_provider",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("discovery_url", sa.String(), nullable=False),
        sa.Column("vouches", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_oidc_provider_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", name=op.f("pk_oidc_provider")),
    )
    op.create_table(
        "sign_in_tally",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sign_in_tally")),
    )
    op.create_table(
        "sign_in_code",
        *_row(),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("code_mac", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("sign_in_code"),
        _within("sign_in_code", "user", "user_id"),
    )
    op.create_index(op.f("ix_sign_in_code_user_id"), "sign_in_code", ["user_id"])
    op.create_table(
        "sign_in_session",
        *_row(),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("break_glass_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("sign_in_session"),
        _within("sign_in_session", "user", "user_id"),
        _within("sign_in_session", "break_glass", "break_glass_id"),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_session_token_sha256")),
    )
    op.create_index(op.f("ix_sign_in_session_user_id"), "sign_in_session", ["user_id"])
    _several_roles()
    with op.batch_alter_table("mail") as mail:
        mail.alter_column("post_id", existing_type=sa.String(length=32), nullable=True)
        mail.alter_column("appointment_id", existing_type=sa.String(length=32), nullable=True)


def downgrade() -> None:
    # An older outbox knows no mail without an office: what was written to whoever signs in goes.
    op.execute("DELETE FROM mail_attempt WHERE mail_id IN (SELECT id FROM mail WHERE post_id IS NULL)")
    op.execute("DELETE FROM mail WHERE post_id IS NULL")
    with op.batch_alter_table("mail") as mail:
        mail.alter_column("post_id", existing_type=sa.String(length=32), nullable=False)
        mail.alter_column("appointment_id", existing_type=sa.String(length=32), nullable=False)
    _one_role()
    for table in ("sign_in_session", "sign_in_code", "sign_in_tally", "oidc_provider", "break_glass"):
        op.drop_table(table)


def _several_roles() -> None:
    op.add_column("user", sa.Column("roles", sa.JSON(), server_default="[]", nullable=False))
    connection = op.get_bind()
    for municipality_id, user_id, role in connection.execute(sa.select(_BEFORE)).all():
        mine = (_AFTER.c.municipality_id == municipality_id) & (_AFTER.c.id == user_id)
        connection.execute(sa.update(_AFTER).where(mine).values(roles=[role]))
    op.drop_column("user", "role")


def _one_role() -> None:
    """Of several roles the first is kept; who had none may read."""
    op.add_column("user", sa.Column("role", sa.String(length=40), server_default="auditor", nullable=False))
    connection = op.get_bind()
    for municipality_id, user_id, roles in connection.execute(sa.select(_AFTER)).all():
        if roles:
            mine = (_BEFORE.c.municipality_id == municipality_id) & (_BEFORE.c.id == user_id)
            connection.execute(sa.update(_BEFORE).where(mine).values(role=roles[0]))
    with op.batch_alter_table("user") as user:
        user.alter_column("role", existing_type=sa.String(length=40), existing_nullable=False, server_default=None)
        user.drop_column("roles")


def _row() -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
    )


def _keys(table: str) -> tuple[sa.Constraint, sa.Constraint]:
    return (
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f(f"fk_{table}_municipality_id")),
        sa.PrimaryKeyConstraint("municipality_id", "id", name=op.f(f"pk_{table}")),
    )


def _within(table: str, target: str, column: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["municipality_id", column],
        [f"{target}.municipality_id", f"{target}.id"],
        name=op.f(f"fk_{table}_municipality_id_{column}"),
    )
