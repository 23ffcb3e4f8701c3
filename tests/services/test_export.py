"""An export read into an empty database says the same, on either kind of database, or nothing is read in at all."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from sqlalchemy import JSON, Column, Connection, Enum, String, Table, event, literal, select, text, update

from styrhjul.db import whole
from styrhjul.db.inbound_model import StrayMail
from styrhjul.db.journal import entries
from styrhjul.db.migrate import METADATA
from styrhjul.db.model import Municipality, Utc
from styrhjul.db.session import BeingFilled, Database
from styrhjul.domain.inbound import InboundKind
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.foundation.new_file import FileExists
from styrhjul.services.operations.hold import begin_hold, end_hold, hold_in_force
from styrhjul.services.records.export import NotEmpty, OtherKey, Wish, export_to, import_from, sha256_of, sha256_within
from styrhjul.services.records.journal import verify_journals
from tests.exported_year import lived
from tests.one_of_each import insert_one_of_each
from tests.servers import past_every_session
from tests.town import build_town, nine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2028, 3, 24, 8, tzinfo=UTC)
SECRET = "the key that seals what the tests seal"
WISH = Wish(now=NOW, secret=SECRET)


@pytest.fixture
def other(request: pytest.FixtureRequest, database: Database) -> Iterator[Database]:
    """An empty database of the other kind."""
    opened = Database(request.getfixturevalue("postgres_database_url" if database.is_sqlite else "sqlite_database_url"))
    yield opened
    opened.dispose()


def test_a_year_that_was_lived_goes_there_and_back_and_nothing_has_changed(
    database: Database, other: Database, tmp_path: Path
) -> None:
    with lived() as source:
        told = export_to(source, tmp_path / "a.zip", WISH)
        assert told.sha256 == sha256_of(source)
    import_from(database, tmp_path / "a.zip", secret=SECRET, now=NOW)
    assert export_to(database, tmp_path / "b.zip", WISH).sha256 == told.sha256
    assert (tmp_path / "b.zip").read_bytes() == (tmp_path / "a.zip").read_bytes()
    done = import_from(other, tmp_path / "b.zip", secret=SECRET, now=NOW)
    assert (sha256_of(other), done.sha256, done.rows) == (told.sha256, told.sha256, told.rows)
    assert done.journal == verify_journals(other)
    assert done.journal.entries > 100
    assert done.journal.broken == ()


def test_what_was_read_in_is_held_until_a_person_says_that_it_may_leave(
    database: Database, other: Database, tmp_path: Path
) -> None:
    """Both places would send the same: the old one may still be running."""
    town = build_town(database, kinds=(ActionKind.SET_GOALS,))
    opening = date(2027, 1, 7)
    town.sweep(opening)
    town.compose(opening)
    export_to(database, tmp_path / "a.zip", WISH)
    import_from(other, tmp_path / "a.zip", secret=SECRET, now=nine(opening))
    hold = hold_in_force(other)
    assert hold is not None
    assert hold.since == nine(opening)
    assert re.search(r"Inläst från en export gjord 20\d\d-\d\d-\d\d \d\d\.\d\d\.$", hold.reason), hold.reason
    moved = replace(town, database=other)
    assert moved.deliver(opening).sent == 0
    end_hold(other, by="Driften", now=nine(opening))
    with other.reading(town.municipality_id) as session:
        *_, (last, _) = entries(session)
    assert last.kind is EntryKind.SENDING_RESUMED
    assert last.data == {"since": hold.since.isoformat(), "reason": hold.reason}, "the import itself wrote no line"
    assert moved.deliver(opening).sent == 4


def test_a_hold_that_was_there_already_stays_as_it_was(database: Database, other: Database, tmp_path: Path) -> None:
    insert_one_of_each(database, "ena")
    export_to(database, tmp_path / "a.zip", WISH)
    begin_hold(other, reason="Vi flyttar.", by="Driften", now=NOW)
    import_from(other, tmp_path / "a.zip", secret=SECRET, now=NOW)
    assert (hold := hold_in_force(other)) is not None
    assert hold.reason == "Vi flyttar."


def test_one_row_of_every_table_comes_through(database: Database, other: Database, tmp_path: Path) -> None:
    insert_one_of_each(database, "ena")
    insert_one_of_each(database, "andra")
    told = export_to(database, tmp_path / "a.zip", WISH)
    import_from(other, tmp_path / "a.zip", secret=SECRET, now=NOW)
    assert told.rows == 2 * len(whole.of_municipalities())
    with past_every_session(database) as ours, past_every_session(other) as theirs:
        for table in (*whole.of_municipalities(), *whole.of_nobody()):
            assert _rows(ours, table) == _rows(theirs, table)


def test_every_table_travels_or_says_why_it_stays() -> None:
    travels = {table.name for table in (*whole.of_municipalities(), *whole.of_nobody())}
    assert travels | set(whole.STAYS) == set(METADATA.tables)
    assert travels.isdisjoint(whole.STAYS)


def test_one_municipality_alone_takes_nothing_of_another(database: Database, other: Database, tmp_path: Path) -> None:
    ours, theirs = insert_one_of_each(database, "ena"), insert_one_of_each(database, "andra")
    export_to(database, tmp_path / "a.zip", Wish(now=NOW, secret=SECRET, slug="ena"))
    import_from(other, tmp_path / "a.zip", secret=SECRET, now=NOW)
    with past_every_session(other) as connection:
        assert list(connection.scalars(select(Municipality.id))) == [ours["municipality"]["id"]]
    assert theirs["municipality"]["id"].encode() not in b"".join(_files(tmp_path / "a.zip"))
    assert sha256_of(other) != sha256_of(database)
    assert sha256_of(other, "ena") == sha256_of(database, "ena")


def test_the_same_state_and_moment_give_the_same_bytes(database: Database, tmp_path: Path) -> None:
    insert_one_of_each(database, "ena")
    export_to(database, tmp_path / "a.zip", WISH)
    export_to(database, tmp_path / "b.zip", WISH)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_is_written_while_it_exports_is_not_in_it(database: Database) -> None:
    insert_one_of_each(database, "ena")
    before = sha256_of(database)
    with database.snapshot() as connection:
        assert len(whole.municipalities(connection)) == 1
        insert_one_of_each(database, "andra")
        assert len(whole.municipalities(connection)) == 1
    assert sha256_of(database) != before


def test_half_a_character_in_json_comes_through(full: Database, tmp_path: Path, sqlite_template: Path) -> None:
    with full.engine.begin() as connection:
        connection.execute(update(METADATA.tables["competing_answer"]).values(content={"text": "halv \ud83d"}))
    told = export_to(full, tmp_path / "a.zip", WISH)
    (tmp_path / "empty.db").write_bytes(sqlite_template.read_bytes())
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert import_from(empty, tmp_path / "a.zip", secret=SECRET, now=NOW).sha256 == told.sha256 == sha256_of(empty)
    empty.dispose()


def test_keys_are_ordered_by_their_bytes_whatever_the_servers_language(database: Database) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    sha256_of(database)
    ordered = [each for each in asked if "ORDER BY stray_mail.id" in each]
    assert ordered
    assert all(('COLLATE "C"' in each) is not database.is_sqlite for each in ordered)


def test_a_database_with_anything_in_it_is_left_as_it_was(database: Database, other: Database, tmp_path: Path) -> None:
    insert_one_of_each(database, "ena")
    insert_one_of_each(other, "andra")
    export_to(database, tmp_path / "a.zip", WISH)
    before = sha256_of(other)
    with pytest.raises(NotEmpty, match="inte tom"):
        import_from(other, tmp_path / "a.zip", secret=SECRET, now=NOW)
    assert sha256_of(other) == before


def test_two_imports_at_once_fill_no_database_together(
    sqlite_database_url: str, postgres_database_url: str, tmp_path: Path
) -> None:
    with closing(sqlite_database_url) as source, closing(postgres_database_url) as filled:
        insert_one_of_each(source, "ena")
        export_to(source, tmp_path / "a.zip", WISH)
        with (
            filled.filling(),
            closing(postgres_database_url) as second,
            pytest.raises(BeingFilled, match="Inget är inläst"),
        ):
            import_from(second, tmp_path / "a.zip", secret=SECRET, now=NOW)
        assert import_from(filled, tmp_path / "a.zip", secret=SECRET, now=NOW).municipalities == 1


@contextmanager
def closing(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.dispose()


def test_another_key_is_refused_unless_it_is_meant(database: Database, other: Database, tmp_path: Path) -> None:
    insert_one_of_each(database, "ena")
    told = export_to(database, tmp_path / "a.zip", WISH)
    with pytest.raises(OtherKey, match="STYRHJUL_SECRET_KEY"):
        import_from(other, tmp_path / "a.zip", secret="another", now=NOW)
    assert import_from(other, tmp_path / "a.zip", secret="another", now=NOW, other_key=True).sha256 == told.sha256


def test_nothing_is_written_over_and_nothing_half_is_left(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("mitt")
    with pytest.raises(FileExists):
        export_to(database, tmp_path / "a.zip", WISH)
    assert [each.name for each in tmp_path.glob("*.zip*")] == ["a.zip"]
    assert (tmp_path / "a.zip").read_text() == "mitt"


@pytest.mark.parametrize("name", [table.name for table in (*whole.of_municipalities(), *whole.of_nobody())])
def test_a_change_of_any_cell_changes_the_hash(full: Database, name: str) -> None:
    table, before = METADATA.tables[name], sha256_of(full)
    for column in table.columns:
        with full.engine.connect() as connection, connection.begin() as changing:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            _drop_triggers(connection)  # one of them would give the municipality another version, and that another hash
            assert connection.execute(update(table).values({column.name: _another(column)})).rowcount == 1
            assert sha256_within(connection) != before, column
            changing.rollback()
    assert sha256_of(full) == before


@pytest.fixture
def full(sqlite_database_url: str) -> Iterator[Database]:
    """A row in every table."""
    opened = Database(sqlite_database_url)
    insert_one_of_each(opened, "ena")
    with opened.system() as session:
        session.add(StrayMail(**STRAY))
    yield opened
    opened.dispose()


STRAY: dict[str, Any] = {
    "received_at": NOW,
    "kind": InboundKind.UNKNOWN,
    "sealed_bytes": b"\0\xff",
    "sha256": "0" * 64,
    **dict.fromkeys(("reason", "sender", "recipient", "subject"), "ett ord, åäö\u2028och \\n"),
}


def _drop_triggers(connection: Connection) -> None:
    for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def _another(column: Column[Any]) -> object:
    """A value that no row of the tests has."""
    kind = column.type
    if isinstance(kind, Utc):
        return NOW.replace(microsecond=1)
    if isinstance(kind, Enum):
        return literal("retired", String)
    if isinstance(kind, JSON):
        return {"another": [1, None]}
    other = {bool: False, int: 99, bytes: b"another", date: date(1999, 1, 1), time: time(3), str: "another"}
    return other[kind.python_type]


def _files(path: Path) -> list[bytes]:
    with ZipFile(path) as package:
        return [package.read(name) for name in package.namelist()]


def _rows(connection: Connection, table: Table) -> list[str]:
    return sorted(repr(tuple(row)) for row in connection.execute(select(table)))


def test_what_was_read_in_by_a_clock_that_is_behind_is_held(
    database: Database, other: Database, tmp_path: Path
) -> None:
    """It held what the last municipality had written, and nothing at all where the clock was years behind."""
    town, opening = build_town(database, kinds=(ActionKind.SET_GOALS,)), date(2027, 1, 7)
    town.sweep(opening)
    town.compose(opening)
    number = 0
    while build_town(database, f"by-{number}").municipality_id < town.municipality_id:
        number += 1
    export_to(database, tmp_path / "a.zip", WISH)
    import_from(other, tmp_path / "a.zip", secret=SECRET, now=nine(date(2021, 1, 7)))
    assert (hold := hold_in_force(other)) is not None
    assert hold.since == nine(opening)
