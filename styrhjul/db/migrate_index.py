"""An index of a big table, made and taken away while people work. For migrations, one in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from alembic import op


def add_index_beside_traffic(name: str, table: str, columns: Sequence[str]) -> None:
    """Make an index without holding up anybody; waits for whoever is in a transaction now, however long.

    The migration's transaction ends here: nothing may stand before it that cannot be repeated. What was left by one
    that was stopped is made anew. SQLite makes it in the transaction, as always.
    """
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(name, table, list(columns))
        return
    with _beside_traffic():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(name, table, list(columns), postgresql_concurrently=True)


def drop_index_beside_traffic(name: str, table: str) -> None:
    """Take an index away without holding up anybody."""
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index(name, table)
        return
    with _beside_traffic():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)


@contextmanager
def _beside_traffic() -> Iterator[None]:
    """Leave the transaction: nobody queues behind this, so it may wait as long as it needs to."""
    with op.get_context().autocommit_block():
        patience = op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar_one()
        op.execute("SET lock_timeout = 0")
        try:
            yield
        finally:
            op.execute(f"SET lock_timeout = '{patience}'")
