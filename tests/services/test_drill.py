"""A restore on both databases: nothing leaves before a person says so, nothing twice, and nothing is lost."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from config.clock import at_nine
from config.settings import load_settings
from styrhjul.db.session import Database
from styrhjul.mail.catch import Catcher
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations import restore, sqlite_copy
from styrhjul.services.operations.backup import back_up
from styrhjul.services.operations.backup_failed import BackupFailed
from styrhjul.services.operations.drill import drill
from styrhjul.services.operations.hold import begin_hold, end_hold, hold_in_force
from styrhjul.services.operations.play import FIRST_DAY, turn
from styrhjul.services.operations.restore import put_back
from tests.programs import with_postgresql


class Place(NamedTuple):
    """An installation, and what loses its database."""

    home: Installation
    lose: Callable[[], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    folder = tmp_path / "var"
    if request.param == "sqlite":
        home = Installation.open(load_settings(data_dir=folder))
        lose = partial(_remove, folder)
    else:
        monkeypatch.setenv("PATH", with_postgresql())
        owner = request.getfixturevalue("postgres_owner_url")
        url = request.getfixturevalue("postgres_database_url")
        settings = load_settings(data_dir=folder, database_url=url, migrate_database_url=owner, secret_key="k" * 32)
        home, lose = Installation.open(settings), partial(_empty, owner)
    home.migrate()
    yield Place(home, lose)
    home.close()


def _remove(folder: Path) -> None:
    for path in folder.glob("styrhjul.db*"):
        path.unlink()


def _empty(owner: str) -> None:
    engine = create_engine(owner)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


def test_after_a_loss_nothing_leaves_unasked_and_nothing_leaves_twice(place: Place, tmp_path: Path) -> None:
    report = drill(place.home, tmp_path / "backup", place.lose, lambda _: None)
    assert (report.sent_while_held, report.doubled, report.broken_seals) == (0, 0, 0)
    assert report.left_before > 0
    assert report.marked > 0
    assert report.left_since == report.marked + report.told_anew
    assert report.told_anew > 0
    assert report.sent_after >= report.told_anew
    assert report.holds
    assert not list(tmp_path.glob("*partial*"))


def test_a_backup_is_put_back_only_where_there_is_nothing(place: Place, tmp_path: Path) -> None:
    back_up(place.home, tmp_path / "backup")
    with pytest.raises(BackupFailed, match="är inte tom"):
        put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))
    assert hold_in_force(place.home.database) is None


def test_a_backup_is_never_written_over(place: Place, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("en annan")
    with pytest.raises(BackupFailed, match="finns redan"):
        back_up(place.home, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "en annan"


def test_a_file_that_is_no_backup_leaves_the_place_empty(place: Place, tmp_path: Path) -> None:
    (tmp_path / "backup").write_bytes(b"nonsens" * 1000)
    place.home.close()
    place.lose()
    for _ in range(2):
        with pytest.raises(BackupFailed):
            put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_backup_is_put_back_on_a_server_that_does_not_know_the_program(place: Place, tmp_path: Path) -> None:
    """The first thing asked of the database was asked as a user that a new server does not have."""
    back_up(place.home, tmp_path / "backup")
    place.home.close()
    place.lose()
    new_user = place.home.database.url.set(username="styrhjul_new", password="n" * 32)
    url = new_user.render_as_string(hide_password=False)
    there = Installation.open(place.home.settings.model_copy(update={"database_url": url}))
    try:
        put_back(there, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))
        assert hold_in_force(there.database) is not None
        there.refuse_free_user()
    finally:
        there.close()
        _forget(str(place.home.settings.migrate_database_url), "styrhjul_new")


def test_a_restore_that_broke_off_before_the_hold_goes_on(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(place.home, FIRST_DAY)
    back_up(place.home, tmp_path / "backup")
    municipalities = place.home.municipality_ids()
    place.home.close()
    place.lose()

    with monkeypatch.context() as broken:
        broken.setattr(restore, "begin_hold", break_off)
        with pytest.raises(ConnectionResetError):
            put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))
    put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))
    assert hold_in_force(place.home.database) is not None
    assert place.home.municipality_ids() == municipalities
    with pytest.raises(BackupFailed, match="inte tom"):
        put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_restore_that_broke_off_after_the_hold_goes_on_from_the_same_file_under_another_name(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(place.home, tmp_path / "backup")
    lost(place)
    with monkeypatch.context() as broken:
        broken.setattr(restore, "note_backup", break_off)
        with pytest.raises(ConnectionResetError):
            put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))
    moved = (tmp_path / "backup").rename(tmp_path / "moved")
    put_back(place.home, moved, by="Driften", now=at_nine(FIRST_DAY))
    assert (held := hold_in_force(place.home.database)) is not None
    assert held.reason == "Återläst från backup."


def _forget(owner: str, user: str) -> None:
    engine = create_engine(owner)
    with engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {user}"))
        connection.execute(text(f"DROP ROLE {user}"))
    engine.dispose()


def test_a_backup_holds_what_stood_and_is_readable_by_its_owner_alone(place: Place, tmp_path: Path) -> None:
    turn(place.home, FIRST_DAY)
    back_up(place.home, tmp_path / "backup")
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    municipalities = place.home.municipality_ids()
    place.home.close()
    place.lose()
    put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))
    assert place.home.municipality_ids() == municipalities
    place.home.refuse_free_user()
    sent = len(Catcher(place.home.settings.data_dir / "mail").names())
    end_hold(place.home.database, by="Driften", now=at_nine(FIRST_DAY))
    turn(place.home, FIRST_DAY)
    assert len(Catcher(place.home.settings.data_dir / "mail").names()) == sent


NOW = at_nine(FIRST_DAY)
on_sqlite = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("place", ["postgresql"], indirect=True)


def execute(place: Place, *statements: str) -> None:
    """As whoever owns the tables."""
    engine = create_engine(str(place.home.settings.migrate_database_url))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def lost(place: Place) -> None:
    place.home.close()
    place.lose()


def break_off(*_: object, **__: object) -> bool:
    raise ConnectionResetError


@on_sqlite
@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_what_the_old_database_left_is_not_written_into_the_one_put_back(
    place: Place, tmp_path: Path, end: str
) -> None:
    """SQLite did so: newer rows came back, and the hold was gone."""
    database = Path(str(place.home.database.url.database))
    back_up(place.home, tmp_path / "backup")
    lost(place)
    left = database.with_name(database.name + end)
    left.write_bytes(b"of the old one")
    with pytest.raises(BackupFailed, match=f"ligger {left.name} kvar efter den gamla"):
        put_back(place.home, tmp_path / "backup", by="Driften", now=NOW)
    assert [path.name for path in database.parent.glob("styrhjul.db*")] == [left.name]


def test_a_restore_sees_for_itself_that_the_hold_is_there(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(place.home, tmp_path / "backup")
    lost(place)
    monkeypatch.setattr(restore, "begin_hold", lambda *_, **__: True)
    with pytest.raises(BackupFailed, match="hålls inte tillbaka"):
        put_back(place.home, tmp_path / "backup", by="Driften", now=NOW)


def test_a_backup_made_while_it_was_held_is_held_anew(place: Place, tmp_path: Path) -> None:
    begin_hold(place.home.database, reason="Vi ser efter.", by="Någon", now=at_nine(FIRST_DAY.replace(year=2020)))
    back_up(place.home, tmp_path / "backup")
    lost(place)
    put_back(place.home, tmp_path / "backup", by="Driften", now=NOW)
    assert (held := hold_in_force(place.home.database)) is not None
    assert (held.since, held.reason, held.by) == (NOW, "Återläst från backup.", "Driften")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE alembic_version SET version_num = '20990101_be_newer'",
            "nyare version av Styrhjul .20990101_be_newer",
        ),
        ("DELETE FROM alembic_version", "ingen säkerhetskopia av Styrhjul"),
        ("ALTER TABLE municipality RENAME TO customer", "ingen säkerhetskopia av Styrhjul"),
    ],
)
def test_what_is_not_ours_or_newer_is_refused_and_the_right_file_taken(
    place: Place, tmp_path: Path, statement: str, said: str
) -> None:
    back_up(place.home, tmp_path / "backup")
    wrong = tmp_path / "wrong"
    if place.home.database.is_sqlite:
        wrong.write_bytes((tmp_path / "backup").read_bytes())
        with closing(sqlite3.connect(wrong)) as connection, connection:
            connection.execute("PRAGMA legacy_alter_table = ON")
            connection.execute(statement)
    else:
        execute(place, statement)
        back_up(place.home, wrong)
    lost(place)
    with pytest.raises(BackupFailed, match=said):
        put_back(place.home, wrong, by="Driften", now=NOW)
    put_back(place.home, tmp_path / "backup", by="Driften", now=NOW)


@on_postgresql
def test_a_restore_that_broke_off_does_not_go_on_with_another_file(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It took no notice of the other file, and said that it had been put back."""
    back_up(place.home, tmp_path / "it's a backup")
    (tmp_path / "other").write_bytes(b"another")
    lost(place)
    with monkeypatch.context() as broken:
        broken.setattr(restore, "begin_hold", break_off)
        with pytest.raises(ConnectionResetError):
            put_back(place.home, tmp_path / "it's a backup", by="Driften", now=NOW)
    with pytest.raises(BackupFailed, match=r"av it's a backup påbörjad .*\(DROP DATABASE\)"):
        put_back(place.home, tmp_path / "other", by="Driften", now=NOW)
    put_back(place.home, tmp_path / "it's a backup", by="Driften", now=NOW)


@on_postgresql
def test_postgresql_is_filled_whole_or_not_at_all(place: Place, tmp_path: Path) -> None:
    back_up(place.home, tmp_path / "backup")
    lost(place)
    execute(place, "CREATE SEQUENCE ix_journal_entry_municipality_id_case_id")  # met when every table is filled
    with pytest.raises(BackupFailed, match="ix_journal_entry_municipality_id_case_id"):
        put_back(place.home, tmp_path / "backup", by="Driften", now=NOW)
    execute(place, "DROP SEQUENCE ix_journal_entry_municipality_id_case_id")
    put_back(place.home, tmp_path / "backup", by="Driften", now=NOW)


@on_postgresql
def test_no_worker_gets_at_the_tables_before_the_hold_stands(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(place.home, tmp_path / "backup")
    lost(place)

    def begin(database: Database, *, reason: str, by: str, now: datetime) -> bool:
        with pytest.raises(ProgrammingError, match="does not exist"):  # for whoever may not look
            hold_in_force(place.home.database)
        return begin_hold(database, reason=reason, by=by, now=now)

    monkeypatch.setattr(restore, "begin_hold", begin)
    put_back(place.home, tmp_path / "backup", by="Driften", now=NOW)
    assert hold_in_force(place.home.database) is not None


@on_sqlite
def test_a_database_that_is_written_in_is_copied_once_and_as_it_stood(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each write by another program made the copy begin again, and it was never done."""
    monkeypatch.setattr(sqlite_copy, "_PAGES", 20)
    steps = list[int]()
    with closing(sqlite3.connect(str(place.home.database.url.database))) as other:

        def write(done: int, total: int) -> None:
            steps.append(done)
            assert len(steps) <= total
            other.execute(f"PRAGMA user_version = {len(steps)}")

        back_up(place.home, tmp_path / "backup", write)
        assert other.execute("PRAGMA user_version").fetchone()[0] == len(steps)
    assert steps == sorted(set(steps))
    assert len(steps) > 3
    with closing(sqlite3.connect(tmp_path / "backup")) as copy:
        assert copy.execute("PRAGMA user_version").fetchone()[0] == 0


@on_sqlite
def test_a_full_disk_is_not_blamed_on_the_database(place: Place, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(BackupFailed, match=r"gick inte att skriva .*backup\.partial"):
            back_up(place.home, tmp_path / "backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.glob("backup*"))


@on_sqlite
def test_two_backups_to_one_name_do_not_write_in_each_other(place: Place, tmp_path: Path) -> None:
    (tmp_path / "backup.partial").write_text("den andra")
    with pytest.raises(BackupFailed, match="en annan säkerhetskopia skrivs dit"):
        back_up(place.home, tmp_path / "backup")
    assert (tmp_path / "backup.partial").read_text() == "den andra"


@on_postgresql
def test_a_backup_that_ends_in_the_middle_fills_nothing(place: Place, tmp_path: Path) -> None:
    back_up(place.home, tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) * 9 // 10])
    lost(place)
    with pytest.raises(BackupFailed, match="pg_restore: "):
        put_back(place.home, tmp_path / "half", by="Driften", now=NOW)
    put_back(place.home, tmp_path / "backup", by="Driften", now=NOW)


@on_postgresql
def test_nothing_is_unpacked_where_the_backup_lies(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, seen = tmp_path / "mounted", set[str]()
    folder.mkdir()
    back_up(place.home, folder / "backup")
    lost(place)
    for name in ("run_program", "pour"):
        run = getattr(restore, name)

        def look(*words: object, run: Callable[..., str | None] = run) -> str | None:
            seen.update(path.name for path in folder.iterdir())
            return run(*words)

        monkeypatch.setattr(restore, name, look)
    put_back(place.home, folder / "backup", by="Driften", now=NOW)
    assert seen == {"backup"}


@on_sqlite
def test_nothing_is_written_where_the_backup_lies(place: Place, tmp_path: Path) -> None:
    """It may be mounted for reading alone."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    back_up(place.home, folder / "backup")
    lost(place)
    seen = list[str]()
    with pytest.MonkeyPatch.context() as watched:
        watched.setattr(restore, "_refuse_newer", lambda *_: seen.extend(path.name for path in folder.iterdir()))
        put_back(place.home, folder / "backup", by="Driften", now=NOW)
    assert [*seen, *(path.name for path in folder.iterdir())] == ["backup", "backup"]
