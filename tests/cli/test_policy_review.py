"""What waits is gone through at the terminal: each decision is stored at once, and the rest waits."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_officials_and_policies import ADD, EXAMPLES, Shell, shell

__all__ = ["shell"]
HERE = ("--municipality", "grums")
SLUG = "miljopolicy-for-grums-kommun"
TEXT = """\
Miljöpolicy för Grums kommun

Antagen av: Kommunfullmäktige
Datum: 2024-05-13 § 41

Varje nämnd ska årligen besluta om mål för sitt miljöarbete.

Miljörådet ska årligen följa upp målen. Det sker på våren.

Byggnadsnämnden ska årligen redovisa sina klimatåtgärder.

Parkrådet ska årligen följa upp skötseln av parkerna.
"""
REVIEW = ("policy", "review", SLUG, *HERE, "--by", "kanslichefen")


@pytest.fixture
def grums(shell: Shell, tmp_path: Path) -> Shell:
    """A policy of which some waits for a person."""
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", *HERE)
    (tmp_path / "policy.txt").write_text(TEXT, encoding="utf-8")
    shell.lines("import", tmp_path / "policy.txt", *HERE, "--confirm", "--on", "2026-10-15")
    return shell


def waiting(grums: Shell) -> list[dict[str, Any]]:
    assert grums(*REVIEW, "--json") == 0, grums.err
    found: list[dict[str, Any]] = json.loads(grums.out)
    return found


def type_in(grums: Shell, patch: pytest.MonkeyPatch, *lines: str) -> None:
    patch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    assert grums(*REVIEW) == 0, grums.err


def test_what_waits_is_shown_in_its_paragraph_with_its_line_and_reason(grums: Shell) -> None:
    first = waiting(grums)[0]
    number = int(first["context"]["place"].removeprefix("rad "))
    assert TEXT.splitlines()[number - 1].startswith(first["quote"])
    assert first["context"]["after"] == "Det sker på våren."
    assert first["reason"]
    assert first["confidence"] in {"high", "low"}


def test_each_decision_is_stored_and_the_rest_waits(grums: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    before = waiting(grums)
    type_in(grums, monkeypatch, "h", "n", "Det är en inledning.", "s")
    assert "1 avgjord" in grums.err
    left = [duty["duty_id"] for duty in waiting(grums)]
    assert left == [duty["duty_id"] for duty in before if duty["duty_id"] != before[1]["duty_id"]]


def test_the_end_of_input_stops_and_the_next_walk_goes_on(grums: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    count = len(waiting(grums))
    for done in range(1, count + 1):
        type_in(grums, monkeypatch, "n", "Det är en inledning.")
        assert len(waiting(grums)) == count - done
    assert count > 1


def test_a_letter_that_says_nothing_is_told_so(grums: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(grums, monkeypatch, "x", "s")
    assert "”x” är inget val: j bekräftar" in grums.err


def test_a_refusal_asks_again(grums: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    count = len(waiting(grums))
    type_in(grums, monkeypatch, "x", "n", "", "n", "Det är en inledning.", "s")
    assert "Skriv varför" in grums.err
    assert len(waiting(grums)) == count - 1


def test_a_duty_is_put_right_on_the_way(grums: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    duty = waiting(grums)[0]
    type_in(grums, monkeypatch, "ä", "", "Annat", "Kommunstyrelsen", "varje år", "-", "", "Det är inget mål.", "s")
    assert duty["duty_id"] not in {each["duty_id"] for each in waiting(grums)}
    grums("policy", "duty", "list", *HERE, "--policy", SLUG, "--json")
    [now] = [each for each in json.loads(grums.out) if each["duty_id"] == duty["duty_id"]]
    assert (now["recurrence"], now["bodies"], now["confirmed_by"]) == ("annual", ["Kommunstyrelsen"], "kanslichefen")


def test_an_unknown_word_is_answered_with_those_there_are(grums: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(grums, monkeypatch, "ä", "borde", "s")
    assert "Skriv något av ska, bör, kan, får inte" in grums.err


def test_scripts_confirm_what_is_sure(grums: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert grums(*REVIEW, "--confirm-sure") == 0
    assert "bekräftade." in grums.err
