"""Everything out and in by command: from one data folder into another, told as JSON, refused in one line."""

from __future__ import annotations

import json
import stat
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from styrhjul.cli.app import main
from styrhjul.db.session import Database
from styrhjul.domain.vocabulary import ActionKind
from tests.town import build_town

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

KEY = "k" * 64


@pytest.fixture
def run(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs a command on the database of a name, "full" or "empty"."""
    for name in ("full", "empty"):
        (tmp_path / f"{name}.db").write_bytes(sqlite_template.read_bytes())
    town = build_town(
        Database(f"sqlite:///{tmp_path / 'full.db'}"), kinds=(ActionKind.SET_GOALS,), committees=("socialnämnden",)
    )
    town.live(date(2027, 1, 7))
    town.database.dispose()
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STYRHJUL_SECRET_KEY", KEY)

    def runs(name: str, *words: object) -> tuple[int, str, str]:
        monkeypatch.setenv("STYRHJUL_DATABASE_URL", f"sqlite:///{tmp_path / name}.db")
        monkeypatch.setattr("sys.argv", ["styrhjul", *map(str, words)])
        code = main()
        told = capsys.readouterr()
        return code, told.out, told.err

    return runs


def exported(run: Run, tmp_path: Path, *words: object) -> Any:  # noqa: ANN401 - one JSON document
    code, said, told = run("full", "export", "--out", tmp_path / "allt.zip", "--json", *words)
    assert code == 0, told
    return json.loads(said)


def test_out_of_one_database_and_into_another(run: Run, tmp_path: Path) -> None:
    out = exported(run, tmp_path)
    code, said, _ = run("empty", "import-export", tmp_path / "allt.zip", "--json")
    done = json.loads(said)
    assert code == 0
    assert (done["sha256"], done["rows"]) == (out["sha256"], out["rows"])
    assert done["journal"]["entries"] > 0
    assert run("empty", "journal", "verify")[0] == 0


def test_one_municipality_by_its_short_name(run: Run, tmp_path: Path) -> None:
    assert exported(run, tmp_path, "--municipality", "lillby")["municipalities"] == 1
    assert run("full", "export", "--municipality", "storby", "--out", tmp_path / "b.zip")[0] == 1
    assert not (tmp_path / "b.zip").exists()


def test_only_the_owner_may_read_the_file(run: Run, tmp_path: Path) -> None:
    exported(run, tmp_path)
    assert stat.S_IMODE((tmp_path / "allt.zip").stat().st_mode) == 0o600


def test_people_are_told_what_was_done_and_that_the_key_is_not_in_it(run: Run, tmp_path: Path) -> None:
    code, said, told = run("full", "export", "--out", tmp_path / "allt.zip")
    assert (code, said) == (0, "")
    assert "Kontrollsumma av allt" in told
    assert "Den är inte med" in told
    assert KEY.encode() not in (tmp_path / "allt.zip").read_bytes()
    told = run("empty", "import-export", tmp_path / "allt.zip")[2]
    assert "Journalen håller" in told
    assert "styrhjul hold end" in told


def test_a_database_that_is_not_empty_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    exported(run, tmp_path)
    code, said, told = run("full", "import-export", tmp_path / "allt.zip")
    assert (code, said, told.count("\n")) == (1, "", 1)
    assert "inte tom" in told


def test_another_key_is_told_in_one_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exported(run, tmp_path)
    monkeypatch.setenv("STYRHJUL_SECRET_KEY", "l" * 64)
    code, _, told = run("empty", "import-export", tmp_path / "allt.zip")
    assert (code, told.count("\n")) == (1, 1)
    assert "STYRHJUL_SECRET_KEY" in told
    assert run("empty", "import-export", tmp_path / "allt.zip", "--other-key")[0] == 0


def test_nothing_is_written_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / "allt.zip").write_text("mitt")
    assert run("full", "export", "--out", tmp_path / "allt.zip")[0] == 1
    assert (tmp_path / "allt.zip").read_text() == "mitt"
