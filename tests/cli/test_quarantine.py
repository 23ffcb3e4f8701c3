"""`styrhjul quarantine`: what is set aside is shown and let out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.settings import load_settings
from styrhjul.db.quarantine_write import quarantine
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.municipality.directory import municipality_by
from tests.cli.test_officials_and_policies import ADD, Shell, shell

__all__ = ["shell"]
GRUMS = ("--municipality", "grums")


@pytest.fixture
def subject_id(shell: Shell) -> str:
    """A policy of a new municipality, set aside."""
    assert shell(*ADD) == 0
    installation = Installation.open(load_settings())
    with installation.database.municipality(municipality_by(installation.database, "grums").municipality_id) as session:
        quarantine(session, "goal_setting", "0123456789", "KeyError: x", datetime(2027, 1, 7, 8, tzinfo=UTC))
    installation.close()
    return "0123456789"


def test_what_is_set_aside_is_shown_with_its_error_and_let_out(shell: Shell, subject_id: str) -> None:
    assert shell("quarantine", "list", *GRUMS) == 0
    assert shell.out == f"{subject_id}  grums  2027-01-07  styrdokument, mål\n    KeyError: x\n"
    assert shell("quarantine", "release", subject_id[:4], *GRUMS, "--by", "kommunsekreteraren") == 0
    assert shell("quarantine", "list", *GRUMS) == 0
    assert (shell.out, shell.err) == ("", "Inget är satt åt sidan.\n")


def test_whoever_does_not_know_the_municipality_yet_is_told_it(shell: Shell, subject_id: str) -> None:
    """The alarm has no names; the log has the municipality's id."""
    assert shell("quarantine", "list") == 0
    assert shell.out.startswith(f"{subject_id}  grums  ")
    installation = Installation.open(load_settings())
    known = municipality_by(installation.database, "grums").municipality_id
    installation.close()
    assert shell("municipality", "show") == 0
    assert f"(grums, i loggen {known})" in shell.out
    assert shell("municipality", "list") == 0
    assert shell.out == "grums                 inte släppt  Grums kommun  åt sidan: 1\n"
    shell("doctor")
    [aside] = [line for line in shell.out.splitlines() if "åt sidan" in line]
    assert (aside[0], "grums (1)" in aside) == ("✗", True)


@pytest.mark.parametrize("words", ["hold show", "quarantine list", "municipality show", "municipality list", "doctor"])
def test_whoever_only_looks_makes_no_database_and_is_told_where_there_is_none(shell: Shell, words: str) -> None:
    assert shell(*words.split()) == 1
    folder = load_settings().data_dir
    assert "styrhjul.db" in shell.out + shell.err
    assert "styrhjul migrate" in shell.out + shell.err
    assert not list(folder.glob("styrhjul.db*"))


def test_what_is_not_set_aside_is_refused_in_one_line(shell: Shell, subject_id: str) -> None:
    assert shell("quarantine", "release", "9", *GRUMS, "--by", "kommunsekreteraren") == 1
    assert shell.err.startswith("styrhjul: Inget som är satt åt sidan börjar så")
