"""The journal by command: all of it, a case's, a policy's, from a day on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update

from styrhjul.cli.app import main
from styrhjul.db.case_model import JournalEntry
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.records.journal_words import JOURNAL_WORDS
from tests.town import Town, build_town

Journal = Callable[..., tuple[int, str, str]]
OPENING = date(2027, 1, 7)


@pytest.fixture
def town(sqlite_database_url: str) -> Town:
    town = build_town(Database(sqlite_database_url), kinds=(ActionKind.SET_GOALS,), committees=("socialnämnden",))
    town.live(OPENING)
    return town


@pytest.fixture
def journal(
    town: Town,
    sqlite_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Journal:
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STYRHJUL_DATABASE_URL", sqlite_database_url)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["styrhjul", "journal", *words])
        code = main()
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def listed(journal: Journal, town: Town, *words: str) -> list[dict[str, object]]:
    code, out, err = journal("list", "--municipality", town.slug, *words, "--json")
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


def test_every_line_is_told_in_order_and_in_words(journal: Journal, town: Town) -> None:
    whole = listed(journal, town)
    assert [line["number"] for line in whole] == list(range(1, len(whole) + 1))
    _, out, err = journal("list", "--municipality", town.slug)
    assert len(out.splitlines()) == len(whole)
    assert f"{len(whole)} rader." in err
    assert "\tÄrendet öppnade\tstyrhjul\t" in out


def test_a_case_a_policy_and_a_day_choose_among_them(journal: Journal, town: Town) -> None:
    whole, [case] = listed(journal, town), town.cases()
    of_case = [line for line in whole if line["case_id"] == case.id]
    assert of_case
    assert listed(journal, town, "--case", case.id[:8]) == of_case
    assert listed(journal, town, "--policy", "pol") == of_case, "the whole of what happened about it"
    assert listed(journal, town, "--since", OPENING.isoformat()) == whole
    assert listed(journal, town, "--since", "2027-01-08") == []


@pytest.mark.parametrize("words", [("--case", "nowhere"), ("--case", ""), ("--policy", "nowhere")])
def test_what_is_not_there_is_said_so(journal: Journal, town: Town, words: tuple[str, str]) -> None:
    code, out, err = journal("list", "--municipality", town.slug, *words)
    assert (code, out) == (1, "")
    assert "Inget" in err


def test_a_broken_line_is_named_with_its_municipality(journal: Journal, town: Town) -> None:
    with create_engine(town.database.url).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_entry_no_UPDATE")
        connection.execute(update(JournalEntry).where(JournalEntry.number == 1).values(by="någon annan"))
    code, _, err = journal("verify")
    assert code == 1
    assert f"  {town.slug} rad 1: raden är ändrad" in err
    assert town.municipality_id not in err


def test_every_kind_of_line_has_words() -> None:
    assert set(JOURNAL_WORDS) == set(EntryKind)
