"""Duties decided about by command: the same services as the pages, and the same refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_officials_and_policies import ADD, EXAMPLES, GRUMS, Shell, shell

__all__ = ["shell"]
HERE = ("--municipality", "grums")
POLICY = (*HERE, "--policy", "integrationspolicy-for-grums-kommun")
BY = ("--by", "kanslichefen")


@pytest.fixture
def grums(shell: Shell) -> Shell:
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", *HERE)
    shell.lines("import", GRUMS, "--confirm", "--on", "2026-10-15")
    return shell


def duties(grums: Shell) -> list[dict[str, Any]]:
    assert grums("policy", "duty", "list", *POLICY, "--json") == 0, grums.err
    found: list[dict[str, Any]] = json.loads(grums.out)
    return found


def test_a_duty_is_rejected_and_confirmed_again(grums: Shell) -> None:
    duty = duties(grums)[0]["duty_id"][:10]
    assert grums("policy", "duty", "reject", duty, *HERE, *BY, "--reason", "Det är en inledning.") == 0
    assert duties(grums)[-1]["status"] == "rejected"
    assert grums("policy", "duty", "confirm", duty, *HERE, *BY) == 0
    assert duties(grums)[0]["confirmed_by"] == "kanslichefen"


def test_what_is_sure_is_confirmed_in_the_name_of_whoever_brought_it_in(shell: Shell) -> None:
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", *HERE)
    shell.lines("import", GRUMS, "--confirm", *BY, "--on", "2026-10-15")
    assert {duty["confirmed_by"] for duty in duties(shell)} - {None} == {"kanslichefen"}


def test_nobody_named_is_the_operating_systems_user(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "alm")
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", *HERE)
    shell.lines("import", GRUMS, "--confirm", "--on", "2026-10-15")
    assert {duty["confirmed_by"] for duty in duties(shell)} - {None} == {"import (alm)"}


def test_another_strength_needs_a_reason(grums: Shell) -> None:
    strong = next(duty for duty in duties(grums) if duty["modality"] == "must" and " ska " in duty["quote"])
    words = ("policy", "duty", "correct", strong["duty_id"], *HERE, *BY, "--modality", "bör")
    assert grums(*words) == 1
    assert "Texten säger ”ska”" in grums.err
    assert grums(*words, "--reason", "Fullmäktige menade bör.") == 0
    assert next(each for each in duties(grums) if each["duty_id"] == strong["duty_id"])["modality"] == "should"


def test_a_quote_has_to_stand_in_the_text(grums: Shell) -> None:
    kind = ("--modality", "must", "--kind", "other_duty")
    assert grums("policy", "duty", "add", "Alla ska baka.", *POLICY, *BY, *kind) == 1
    assert "Meningen står inte så i dokumentet" in grums.err


def test_an_unknown_body_is_named_with_those_there_are(grums: Shell) -> None:
    duty = duties(grums)[0]["duty_id"]
    assert grums("policy", "duty", "correct", duty, *POLICY, *BY, "--body", "Skolan") == 1
    assert "heter Skolan" in grums.err
    assert "Kommunstyrelsen" in grums.err


def test_duties_are_listed_in_swedish_with_how_often_and_by_when(grums: Shell) -> None:
    assert grums("policy", "duty", "list", *POLICY) == 0
    assert "bekräftad  ska: Följa upp → Kommunstyrelsen" in grums.out
    assert "texten säger inte när. följs som: uppföljning" in grums.out
    assert not {"must", "follow_up", "confirmed", "proposed"} & set(grums.out.split())


def test_how_often_is_written_as_people_say_it(grums: Shell) -> None:
    duty = next(each["duty_id"] for each in duties(grums) if each["action_kind"] == "follow_up")
    correct = ("policy", "duty", "correct", duty, *POLICY, *BY, "--recurrence")
    because = ("--reason", "Så menade fullmäktige.")
    assert grums(*correct, "vartannat år") == 1
    assert "Rättelsen kräver ett skäl: det blir mer sällan. Skriv varför." in grums.err
    assert grums(*correct, "vartannat år", *because) == 0, grums.err
    assert next(each for each in duties(grums) if each["duty_id"] == duty)["recurrence"] == "every_n_years:2"
    assert grums(*correct, "då och då") == 1
    assert "”då och då” säger inte hur ofta. Skriv varje år" in grums.err
    assert grums(*correct, "", *because) == 0, grums.err
    assert next(each for each in duties(grums) if each["duty_id"] == duty)["recurrence"] is None


def test_a_proposal_tells_how_strongly_how_often_and_whom_the_text_names(shell: Shell, tmp_path: Path) -> None:
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", *HERE)
    policy = tmp_path / "policy.txt"
    policy.write_text(
        "Grums kommun\n\nSäkerhetspolicy\n\nAntagen av: Kommunfullmäktige\nDatum: 2024-05-13\n\nAnsvar\n\n"
        "Säkerhetssamordnaren bör följa upp policyn vartannat år.\n\n"
        "Varje nämnd ska upprätta en handlingsplan en gång per mandatperiod.\n",
        encoding="utf-8",
    )
    assert shell("import", policy, *HERE) == 0
    assert "bör: Följa upp (säker) → ingen utpekad (textens ord: Säkerhetssamordnaren)" in shell.out
    assert "vartannat år. följs som: uppföljning, rekommenderat" in shell.out
    assert "varje mandatperiod. Texten anger en tid som Styrhjul inte kan följa" in shell.out
    assert "styrhjul policy lint" in shell.err
