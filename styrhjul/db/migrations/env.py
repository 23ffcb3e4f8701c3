"""Alembic's way in: run what `styrhjul.db.migrate` asks for, on the connection it has opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from alembic import context
from sqlalchemy import Enum

from styrhjul.db.migrate import METADATA
from styrhjul.db.model import Utc

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def render(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types as the plain ones they are stored as: a migration must not change when the models do."""
    del autogen
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    transaction_per_migration=attributes["connection"].dialect.name == "postgresql",  # SQLite comes within one
    on_version_apply=attributes["in_each"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite changes a table by making it anew
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
