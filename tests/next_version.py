"""A version of Styrhjul after this one: what it changes in the database, planted in a copy of the migrations."""

from __future__ import annotations

import shutil
from pathlib import Path

from styrhjul.db import migrate

FOLDER = Path(migrate.__file__).parent / "migrations"
TABLE, COLUMN, INDEX = "29991201_plant_trees", "29991202_name_offices", "29991203_find_addresses"

#: In their order. A table with a municipality, a column on a table that every page reads, an index on a big table.
BODIES = {
    TABLE: """
    op.create_table(
        "planted_tree",
        sa.Column("municipality_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"]),
        sa.PrimaryKeyConstraint("municipality_id", "id"),
    )""",
    COLUMN: """
    op.add_column("body", sa.Column("planted", sa.String(), nullable=True))""",
    INDEX: """
    add_index_beside_traffic("ix_planted_mail_address", "mail", ["municipality_id", "address"])""",
}
_FILE = '''"""Planted by a test."""

import sqlalchemy as sa
from alembic import op

from styrhjul.db.migrate_index import add_index_beside_traffic

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade():{body}
'''


def plant(folder: Path, *revisions: str) -> None:
    """Put migrations after the newest one in a folder of migrations; all of them unless some are named."""
    before = migrate.head()
    for revision in revisions or BODIES:
        source = _FILE.format(revision=revision, before=before, body=BODIES[revision])
        (folder / "versions" / f"{revision}.py").write_text(source, encoding="utf-8")
        before = revision


def copy_migrations(folder: Path) -> Path:
    """Copy the migrations to where they may be changed."""
    return Path(shutil.copytree(FOLDER, folder / "migrations", ignore=shutil.ignore_patterns("__pycache__")))
