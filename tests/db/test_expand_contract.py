"""The version before must live on the tables of the next: every new migration is read, and what takes away is refused.

Taking away comes one version later, with a line `# contracts: why` above it. See decision 0066.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from styrhjul.db import migrate
from styrhjul.db.migrate import METADATA
from tests.migration_rules import BIG, faults

#: The newest migration of the first version; what came before it was made where nobody was at work.
FIRST_VERSION = "20261123_stream_mails"
VERSIONS = Path(migrate.__file__).parent / "migrations/versions"


def test_no_migration_takes_from_the_version_before_what_it_reads() -> None:
    newer = migrate.known()[: migrate.known().index(FIRST_VERSION)]
    found = {name: faults((VERSIONS / f"{name}.py").read_text(encoding="utf-8")) for name in newer}
    assert {name: complaints for name, complaints in found.items() if complaints} == {}


def test_the_tables_that_grow_are_tables() -> None:
    assert set(METADATA.tables) >= BIG


REFUSED = {
    'op.drop_column("body", "slug")': "drop_column",
    'op.drop_table("body")': "drop_table",
    'op.rename_table("body", "board")': "rename_table",
    'batch_op.drop_column("slug")': "drop_column",
    'op.alter_column("body", "slug", new_column_name="short")': "old name",
    'op.alter_column("body", "slug", type_=sa.Text())': "old name and kind",
    'op.alter_column("body", "slug", existing_type=sa.String(), nullable=False)': "leaves it empty",
    'op.add_column("body", sa.Column("x", sa.String(), nullable=False))': "server_default",
    'op.create_index("ix", "mail", ["address"])': "mail is big",
    'op.drop_index("ix", table_name="mail")': "mail is big",
    'batch_op.create_index("ix", ["address"])': "is big",
    'op.create_unique_constraint("uq", "body", ["slug"])': "does not keep to it",
    'op.execute("ALTER TABLE body DROP slug")': "by hand",
    'op.execute(sa.text("create index ix on mail (address)"))': "by hand",
    'op.add_column("body", sa.Column("x"))\n    add_index_beside_traffic("ix", "mail", ["x"])': "file of its own",
}
ALLOWED = (
    'op.create_table("tree", sa.Column("id", sa.String(), nullable=False))\n    op.create_index("ix", "tree", ["id"])',
    'op.add_column("body", sa.Column("x", sa.String(), nullable=True))',
    'op.add_column("body", sa.Column("x", sa.String(), server_default="", nullable=False))',
    'op.alter_column("body", "slug", existing_type=sa.String(), nullable=True)',
    'op.create_index("ix", "policy", ["slug"])',
    'add_index_beside_traffic("ix", "mail", ["address"])',
    "op.execute(\"UPDATE body SET slug = 'a' WHERE slug IS NULL\")",
    '# contracts: nothing reads it since 0.2.0\n    op.drop_column("body", "slug")',
)


def migration(change: str) -> str:
    return f'def upgrade():\n    {change}\n\n\ndef downgrade():\n    op.drop_column("body", "x")\n'


@pytest.mark.parametrize("change", REFUSED)
def test_what_the_version_before_would_not_survive_is_refused(change: str) -> None:
    assert [fault for fault in faults(migration(change)) if REFUSED[change] in fault]


@pytest.mark.parametrize("change", ALLOWED)
def test_what_only_adds_is_let_through_and_so_is_the_way_back(change: str) -> None:
    assert faults(migration(change)) == []


@pytest.mark.parametrize("excuse", ["# contracts:", "# contracts: why", "# it is fine"])
def test_an_excuse_without_a_reason_is_none(excuse: str) -> None:
    assert faults(migration(f'{excuse}\n    op.drop_column("body", "slug")')) != []


def test_the_rules_would_have_found_what_earlier_migrations_did() -> None:
    """They are read as they are written: two of the first version's own."""
    whole_terms = faults((VERSIONS / "20261122_follow_whole_terms.py").read_text(encoding="utf-8"))
    assert {fault.partition(": ")[2].partition(":")[0] for fault in whole_terms} >= {"drop_constraint", "alter_column"}
    assert "mail is big" in str(faults((VERSIONS / "20261123_stream_mails.py").read_text(encoding="utf-8")))
