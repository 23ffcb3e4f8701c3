"""A wrong command line is refused in Swedish, and so is the help: typer's own words are English."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from styrhjul.cli.app import COMMANDS, main
from styrhjul.services.overview.forecast import ForecastChange, ForecastLine


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nonsense", "kommandot 'nonsense' finns inte"),
        ("sweep --nonsense", "--nonsense finns inte"),
        ("sweep --jsn", "Menade du --json"),
        ("sweep extra", "för mycket skrivet: extra"),
        ("sweep --on tomorrow", "--on: skriv datumet som 2027-03-24"),
        ("forecast --until", "skriv ett värde efter '--until'"),
        ("up --port x", "--port: skriv ett heltal"),
        ("up --port 99999", "--port: skriv 65535 eller mindre"),
        ("worker --processes 0", "--processes: skriv 1 eller mer"),
        ("case waive", "ÄRENDE saknas"),
        ("sweep --on 0001-01-01", "--on: skriv ett år mellan 1900 och 2199"),
        ("forecast --until 9999-12-31", "--until: skriv ett år mellan 1900 och 2199"),
        ("record export --municipality a --out b --from 0001-01-01", "--from: skriv ett år mellan 1900 och 2199"),
        ("journal list --municipality a --since 0001-01-01", "--since: skriv ett år mellan 1900 och 2199"),
        ("simulate --from 0001-01-01", "--from: skriv ett år mellan 1900 och 2199"),
        ("demo --on 9999-12-31", "--on: skriv ett år mellan 1900 och 2199"),
        ("case extend 1 --until 9999-12-31", "--until: skriv ett år mellan 1900 och 2199"),
        ("municipality add --starts-on 0001-01-01", "--starts-on: skriv ett år mellan 1900 och 2199"),
        ("forecast --from 2027-02-30", "--from: skriv datumet som 2027-03-24"),
        ("forecast --compare /nowhere/ladder.toml", "--compare: /nowhere/ladder.toml finns inte"),
        ("forecast --compare /", "--compare: / är en mapp"),
        ("simulate --seed x", "--seed: skriv ett heltal"),
        ("user add", "--municipality saknas"),
        ("user add --municipality a --address a --name a --role king", "--role: skriv något av 'coordinator'"),
    ],
)
def test_a_wrong_command_line_is_told_in_swedish(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    monkeypatch.setattr("sys.argv", ["styrhjul", *words.split()])
    assert main() == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.startswith("styrhjul: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_no_help_has_an_english_frame(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setattr("sys.argv", ["styrhjul", name, "--help"])
    assert main() == 0
    told = capsys.readouterr().out
    assert told.startswith("Så här: ")
    assert COMMANDS[name].help.split()[0] in told
    assert re.findall(r"Usage|Options|Commands|Show this|required|default|<\w+>", told) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_no_help_shows_how_the_program_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setattr("sys.argv", ["styrhjul", name, "--help"])
    main()
    assert "typing." not in capsys.readouterr().out


def test_the_help_of_the_forecast_names_every_field_of_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["styrhjul", "forecast", "--help"])
    main()
    told = set(re.findall(r"\w+", capsys.readouterr().out))
    assert {field.name for each in (ForecastLine, ForecastChange) for field in fields(each)} - {"line"} <= told


def test_no_type_of_pythons_stands_in_the_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ("import", "inbound read"):
        monkeypatch.setattr("sys.argv", ["styrhjul", *words.split(), "--help"])
        assert main() == 0
        told = capsys.readouterr().out
        assert "FIL…" in told
        assert "Path" not in told
        assert "……" not in told
        assert "..." not in told
