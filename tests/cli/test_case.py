"""Decisions by command: each is refused or carried out, and says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from styrhjul.cli.app import main
from styrhjul.db.decision_query import decisions_of
from styrhjul.db.session import Database
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import ActionKind
from tests.services.people import appoint
from tests.town import Town, build_town

OPENING = date(2027, 1, 7)
WHO = ("--by", "kommunchefen", "--reason", "Beslut vid möte.", "--municipality", "lillby", "--on", "2027-02-01")


@pytest.fixture
def town(sqlite_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town in the data folder that the commands use."""
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STYRHJUL_DATABASE_URL", sqlite_database_url)
    database = Database(sqlite_database_url)
    town = build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.REVISE), committees=("socialnämnden",))
    town.live(OPENING)
    database.dispose()
    return town


def decide(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["styrhjul", "case", *words, *WHO])
    return main()


def case_id(town: Town, lifecycle: str) -> str:
    return next(case.id for case in town.cases() if case.lifecycle == lifecycle and case.closed_on is None)


def decided(town: Town, lifecycle: str) -> list[str]:
    with town.database.reading(town.municipality_id) as session:
        return [each.act for each in decisions_of(session, case_id(town, lifecycle))]


def test_a_case_is_extended_noted_and_given_to_another_post(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, "utredare@lillby.example.org")
    goals = case_id(town, "goal_setting")
    assert decide(monkeypatch, "extend", goals, "--until", "2027-05-31") == 0
    assert decide(monkeypatch, "note", goals) == 0
    assert decide(monkeypatch, "reassign", goals, "--to", "document_owner, kommunstyrelsen") == 0
    assert decided(town, "goal_setting") == ["extend", "note", "reassign"]


def test_open_cases_are_listed_with_the_id_that_decisions_take(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["styrhjul", "case", "list", "--municipality", "lillby", "--on", "2027-04-01"])
    assert main() == 0
    told = capsys.readouterr()
    id8 = case_id(town, "goal_setting")[:8]
    [line] = [line for line in told.out.splitlines() if line.startswith(id8)]
    assert line == f"{id8}  2027-03-31  Socialnämnden · Mål 2027 · öppet, försenat"
    assert "öppna ärenden" in told.err


def test_a_decision_says_which_case_it_was_and_what_comes_next(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert decide(monkeypatch, "extend", case_id(town, "goal_setting"), "--until", "2027-05-31") == 0
    told = capsys.readouterr().err
    assert "frist 2027-05-31" in told
    assert "Beslutet är infört." in told


def test_a_squeeze_day_is_refused_with_days_that_would_do(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert decide(monkeypatch, "extend", case_id(town, "goal_setting"), "--until", "2027-05-07") == 1
    assert "Välj till exempel 2027-05-05 eller 2027-05-10" in capsys.readouterr().err


def test_a_revision_that_has_not_begun_is_neither_referred_nor_prepared(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    revision = case_id(town, "revision")
    assert decide(monkeypatch, "refer", revision, "--due", "2027-03-24") == 1
    assert decide(monkeypatch, "prepare", revision, "--meeting", "2027-01-27", "--paragraph", "14") == 1
    assert capsys.readouterr().err.count("svara ”ska revideras” i ärendet") == 2
    assert decided(town, "revision") == []


def test_explain_shows_what_was_decided_by_whom_and_why(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    goals = case_id(town, "goal_setting")
    assert decide(monkeypatch, "extend", goals, "--until", "2027-05-31") == 0
    assert decide(monkeypatch, "note", goals) == 0
    capsys.readouterr()
    monkeypatch.setattr("sys.argv", ["styrhjul", "explain", goals, "--on", "2027-02-02"])
    assert main() == 0
    told = capsys.readouterr().out
    assert "2027-02-01  Ny frist till 2027-05-31: kommunchefen. Beslut vid möte." in told
    assert "2027-02-01  Anteckning: kommunchefen. Beslut vid möte." in told


def test_explain_says_to_whom_a_case_was_given(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, "utredare@lillby.example.org")
    goals = case_id(town, "goal_setting")
    assert decide(monkeypatch, "reassign", goals, "--to", "document_owner, kommunstyrelsen") == 0
    monkeypatch.setattr("sys.argv", ["styrhjul", "explain", goals, "--on", "2027-02-02"])
    assert main() == 0
    told = "Lämnat till document_owneren för kommunstyrelsen: kommunchefen. Beslut vid möte."
    assert told in capsys.readouterr().out
