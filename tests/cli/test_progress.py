"""Whatever takes time shows on a terminal what is left, and says nothing of it where nobody sits."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from styrhjul.cli.app import main
from styrhjul.db.session import Database
from styrhjul.domain.vocabulary import ActionKind
from tests.town import build_town

if TYPE_CHECKING:
    from pathlib import Path

HERE = ("--municipality", "lillby")
#: Every command that may take more than a few seconds in a large municipality, and its bar's word.
LONG = {
    ("export", "--out", "allt.zip"): "skriver",
    ("record", "export", *HERE, "--from", "2027-01-01", "--until", "2027-01-31", "--out", "akt"): "sparar",
    ("report", "chapter", *HERE, "--year", "2027", "--out", "avsnitt.json"): "skriver",
    ("report", "pack", *HERE, "--policy", "policy", "--out", "granskning.zip"): "skriver",
    ("journal", "verify"): "kontrollerar",
    ("import", "mapp", *HERE): "läser",
    ("simulate", "--from", "2026-10-15", "--until", "2026-10-16"): "simulerar",
}


@pytest.fixture(autouse=True)
def _town(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "styrhjul.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'styrhjul.db'}")
    build_town(database, kinds=(ActionKind.SET_GOALS,), committees=("socialnämnden",)).live(date(2027, 1, 7))
    database.dispose()
    (tmp_path / "mapp").mkdir()
    (tmp_path / "mapp/a.txt").write_text("Policy\n\nNämnden ska följa upp målen varje år.\n", encoding="utf-8")
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def err_of(
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    is_terminal: bool,
) -> str:
    monkeypatch.setattr("sys.argv", ["styrhjul", *words])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    monkeypatch.setenv("TERM", "xterm")
    assert main() == 0
    return capsys.readouterr().err


@pytest.mark.parametrize("words", LONG, ids=" ".join)
def test_a_long_command_shows_a_bar_on_a_terminal(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    err = err_of(words, monkeypatch, capsys, is_terminal=True)
    assert f"{LONG[words]} " in err
    assert "━" in err


@pytest.mark.parametrize("words", LONG, ids=" ".join)
def test_and_none_where_nobody_sits(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    err = err_of(words, monkeypatch, capsys, is_terminal=False)
    assert "━" not in err
    assert "\x1b" not in err
