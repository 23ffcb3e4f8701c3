"""The commands by which a municipality makes Styrhjul its own, and the ones that show what follows from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from styrhjul.cli.app import main

EXAMPLES = Path(__file__).parents[2] / "examples"
HERE = ("--municipality", "grums")
ADD = (
    *("municipality", "add", "--slug", "grums", "--name", "Grums kommun"),
    *("--sender", "styrhjul@grums.example.org", "--reply-to", "registrator@grums.example.org"),
    *("--starts-on", "2026-10-15"),
)
YEAR = ("--from", "2026-10-15", "--until", "2027-12-31", *HERE)


class Shell:
    """Runs commands in this process, and remembers what they printed."""

    def __init__(self, patch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        self._patch = patch
        self._captured = capfdbinary

    def __call__(self, *words: str | Path) -> int:
        self._captured.readouterr()
        self._patch.setattr("sys.argv", ["styrhjul", *map(str, words)])
        code = main()
        out, err = self._captured.readouterr()
        self.raw, self.out, self.err = out, out.decode(), err.decode()
        return code

    def lines(self, *words: str | Path) -> list[dict[str, Any]]:
        assert self(*words, "--json") == 0, self.err
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Shell:
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path / "var"))
    ready = Shell(monkeypatch, capfdbinary)
    assert ready(*ADD, "--on", "2026-10-15") == 0, ready.err
    return ready


@pytest.fixture
def grums(shell: Shell) -> Shell:
    assert shell("officials", "import", EXAMPLES / "organisations" / "grums", *HERE) == 0, shell.err
    assert shell("import", EXAMPLES / "policies" / "grums.txt", "--confirm", "--on", "2026-10-15") == 0, shell.err
    return shell


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "ladder.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_ladder_is_read_in_and_shown_with_what_is_the_municipality_s_own(shell: Shell, tmp_path: Path) -> None:
    own = file(tmp_path, "[follow_up.reminder]\ndays = -15\n")
    assert shell.lines("ladder", "import", own, *HERE) == [{"rungs": 1, "changed": ["follow_up"], "woken": 0}]
    changed = [line for line in shell.lines("ladder", "show", *HERE) if line["own"]]
    assert [(line["lifecycle"], line["rung"], line["days"], line["own"]) for line in changed] == [
        ("follow_up", "reminder", -15, ["days"])
    ]
    assert shell("ladder", "show", *HERE) == 0
    assert "15 arbetsdagar före handlingarna" in shell.out


def test_a_faulty_ladder_is_refused_with_file_and_key(shell: Shell, tmp_path: Path) -> None:
    faulty = file(tmp_path, "[follow_up.reminder]\ndays = 'tio'\n")
    assert shell("ladder", "import", faulty, *HERE) == 1
    assert "ladder.toml, follow_up.reminder.days: Skriv ett heltal" in shell.err
    assert all(not line["own"] for line in shell.lines("ladder", "show", *HERE))


def test_a_file_that_is_not_there_is_wrong_usage(shell: Shell, tmp_path: Path) -> None:
    assert shell("ladder", "import", tmp_path / "nope.toml", *HERE) == 2


def test_practice_is_set_and_shown(shell: Shell) -> None:
    words = ("--digest-day", "Torsdag", "--rest-months", "none", "--office-hours", "07:30-16:00")
    (told,) = shell.lines("practice", "set", *HERE, *words, "--currency-review", "on")
    assert told["changed"] == ["digest_weekday", "rest_months", "office_opens", "office_closes", "currency_review"]
    (shown,) = shell.lines("practice", "show", *HERE)
    assert shown == {key: value for key, value in told.items() if key != "changed"}
    assert (shown["digest_day"], shown["rest_months"], shown["office_hours"]) == ("torsdag", [], "07:30-16:00")
    assert shell("practice", "show", *HERE) == 0
    assert "torsdag" in shell.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--digest-day", "lördag"), 2, "skriv måndag, tisdag"),
        (("--rest-months", "juli"), 2, "månadernas nummer"),
        (("--rest-months", "13"), 1, "välj högst tre månader"),
        (("--office-hours", "8-17"), 2, "08:00-17:00"),
        (("--office-hours", "17:00-08:00"), 1, "öppna innan det stänger"),
        (("--first-year-goals", "both"), 2, "new_committee eller outgoing"),
        (("--currency-review", "yes"), 2, "on eller off"),
        ((), 2, "skriv minst en sak"),
    ],
)
def test_a_practice_that_cannot_be_is_refused(shell: Shell, words: tuple[str, ...], code: int, said: str) -> None:
    assert shell("practice", "set", *HERE, *words) == code
    assert said in shell.err


def test_the_forecast_is_a_calendar_too(grums: Shell) -> None:
    assert grums("forecast", *YEAR, "--ics") == 0, grums.err
    assert grums.raw.startswith(b"BEGIN:VCALENDAR\r\n")
    assert grums("forecast", *YEAR, "--ics", "--json") == 2


def test_two_ladders_are_compared_line_by_line(grums: Shell, tmp_path: Path) -> None:
    other = file(tmp_path, "[project_follow_up.reminder]\ndays = -15\n")
    lines = grums.lines("forecast", *YEAR, "--compare", other)
    assert {(line["change"], line["rung"]) for line in lines} == {("moved", "reminder")}
    assert all(line["was_on"] > line["on"] for line in lines)
    assert grums("forecast", *YEAR, "--compare", other) == 0
    assert "flyttas" in grums.out


def test_a_comparison_with_a_faulty_file_names_file_and_key(grums: Shell, tmp_path: Path) -> None:
    assert grums("forecast", *YEAR, "--compare", file(tmp_path, "[follow_up.warning]\ncap = 0\n")) == 1
    assert "ladder.toml, follow_up.warning.cap:" in grums.err


def test_the_forecast_marks_defaults_and_ends_after_fifteen_years(grums: Shell) -> None:
    assert {line["basis"] for line in grums.lines("forecast", *YEAR)} <= {"default", "text", "law", "decision"}
    assert grums("forecast", "--from", "2026-10-15", "--until", "2045-01-01", *HERE) == 1
    assert "Prognosen räcker 15 år framåt" in grums.err


def test_what_did_not_leave_is_explained(grums: Shell) -> None:
    (told,) = grums.lines("explain", "--not-sent", *HERE, "--on", "2027-03-27")
    assert (told["on"], told["day_is"], told["is_released"]) == ("2027-03-27", "påskafton", False)
    assert grums("explain", "--not-sent", *HERE, "--on", "2027-03-27") == 0
    assert "2027-03-27 är påskafton: inga mejl skrivs." in grums.out


@pytest.mark.parametrize("words", [(), ("--not-sent",), ("abc", "--not-sent", *HERE)])
def test_explain_is_asked_one_thing_at_a_time(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell("explain", *words) == 2
