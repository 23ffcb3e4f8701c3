"""`styrhjul wording`, `municipality trial` and `mail preview`: what a coordinator does before the first mail leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_officials_and_policies import ADD, Shell, shell

__all__ = ["shell"]
GRUMS = ("--municipality", "grums")
BY = ("--by", "kommunsekreteraren")


@pytest.fixture
def own(shell: Shell, tmp_path: Path) -> Path:
    """A municipality, and a file with a good text."""
    assert shell(*ADD) == 0
    file = tmp_path / "closing.txt"
    file.write_text("Ring {{ municipality_name }}, 000-00 00 00.\n", encoding="utf-8")
    return file


def test_words_are_set_shown_used_and_removed(shell: Shell, own: Path, tmp_path: Path) -> None:
    where = (*GRUMS, "--part", "contact", *BY)
    assert shell("wording", "set", "goals_warning", str(own), *where) == 0
    assert shell("wording", "list", *GRUMS) == 0
    assert shell.out.startswith("goals_warning  sv  contact  ")
    assert shell("wording", "show", "goals_warning", *GRUMS) == 0
    assert "{{ municipality_name }}" in shell.out
    assert shell("mail", "preview", "goals_warning", *GRUMS, "--out", str(tmp_path / "out")) == 0
    assert "Ring Grums kommun, 000-00 00 00." in (tmp_path / "out/goals_warning.txt").read_text(encoding="utf-8")
    assert shell("wording", "remove", "goals_warning", *where) == 0
    assert shell("wording", "remove", "goals_warning", *where) == 1


def test_a_wrong_text_is_refused_with_file_part_line_and_what_to_do(shell: Shell, own: Path) -> None:
    own.write_text("Hej\n{{ nobody }}\n", encoding="utf-8")
    assert shell("wording", "set", "all", str(own), *GRUMS, "--part", "contact", *BY) == 1
    assert shell.err == (
        "styrhjul: closing.txt: all, sv, contact, rad 2: Namnet nobody finns inte här. Se styrhjul wording names.\n"
    )
    assert shell("wording", "list", *GRUMS, "--json") == 0
    assert json.loads(shell.out) == []


def test_the_names_are_told_with_what_they_mean(shell: Shell) -> None:
    assert shell("wording", "names", "goals_warning") == 0
    assert "{{ due_on }}".ljust(28) + "sista dagen att svara" in shell.out
    assert shell("wording", "names", "nope") == 1


def test_a_trial_is_begun_shown_and_ended(shell: Shell, own: Path) -> None:
    assert shell("municipality", "trial", "grums", "--to", "prov@example.org", *BY) == 0
    assert shell("municipality", "show", *GRUMS) == 0
    assert "PROVKÖRS: alla mejl går till prov@example.org" in shell.out
    assert shell("municipality", "release", *GRUMS) == 1
    assert "Kommunen provkörs" in shell.err
    assert shell("municipality", "trial", "grums", "--end", *BY) == 0
    assert shell("municipality", "trial", "grums", "--end", *BY) == 1


def test_doctor_tells_of_a_trial(shell: Shell, own: Path) -> None:
    shell("municipality", "trial", "grums", "--to", "prov@example.org", *BY)
    shell("doctor", "--json")
    told = {check["check"]: (check["ok"], check["detail"]) for check in json.loads(shell.out)}
    assert told["trials"] == (True, "varning: provkörs, ingen annan får mejl: grums till prov@example.org")
    assert told["wording"] == (True, "alla egna ord går att skriva ut")


@pytest.mark.parametrize("words", [("--to", "a@example.org", "--end"), ()])
def test_a_trial_is_begun_or_ended_and_not_both(shell: Shell, own: Path, words: tuple[str, ...]) -> None:
    assert shell("municipality", "trial", "grums", *words, *BY) == 2


@pytest.mark.parametrize("words", [(), ("goals_warning", "--all"), ("goals_warning", "--rung", "opened")])
def test_a_preview_is_of_one_thing(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell("mail", "preview", *words) == 2


def test_a_case_that_is_not_there_is_refused_in_one_line(shell: Shell, own: Path) -> None:
    assert shell("mail", "preview", "--case", "nope") == 1
    assert shell.err.startswith("styrhjul: Inget ärende börjar med nope")
