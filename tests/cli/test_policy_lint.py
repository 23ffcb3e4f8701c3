"""What the lint prints of a file and of a policy in the register."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from styrhjul.cli.app import main

EXAMPLES = Path(__file__).parents[2] / "examples"
OLOFSTROM = str(EXAMPLES / "policies" / "olofstrom.txt")


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path / "var"))


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["styrhjul", "policy", "lint", *words])
    return main()


def test_a_file_is_told_what_is_unclear_in_it_and_where(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, OLOFSTROM, "--on", "2026-11-22") == 0
    out, err = capsys.readouterr()
    assert out.startswith("hela dokumentet: Dokumentet säger inte vem som är dokumentansvarig.\n")
    assert "rad 90: Texten kräver revidering varje mandatperiod." in out
    assert "8 saker att se över." in err


def test_the_remarks_are_told_to_programs_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, OLOFSTROM, "--on", "2026-11-22", "--json") == 0
    remarks = json.loads(capsys.readouterr().out)
    assert [one["rule"] for one in remarks][::7] == ["no_owner", "revision_late"]


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (("finns-inte.txt",), "finns-inte.txt"),
        (("policy", "--municipality", "finns-inte"), "Ingen kommun har kortnamnet ”finns-inte”"),
    ],
)
def test_what_is_not_there_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], missing: str
) -> None:
    assert run(monkeypatch, *words) == 1
    assert missing in capsys.readouterr().err
