"""What the lint says of a text, rule by rule, and of the three adopted policies word for word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from styrhjul.documents import lint, read_policy
from styrhjul.documents.lint_words import Remark, Rule
from tests.documents.labelled import SEEDS, Labelled

TODAY = date(2026, 11, 22)
GOLDEN = Path(__file__).parent / "golden"
FAULTLESS = """Resepolicy

Almunds kommun
Antagen av: Kommunfullmäktige
Datum: 2024-11-25 § 133
Dokumentansvarig: Kanslichef

Ansvar

Varje nämnd ska varje år ta fram ett till två mål.
Kommunstyrelsen ska varje år, senast den 31 mars, följa upp policyn.
Kommunstyrelsen ska se över policyn en gång per mandatperiod.
"""


def remarks(text: str) -> list[Remark]:
    return list(lint(text, read_policy(text), TODAY))


def test_a_policy_that_says_what_it_should_is_left_alone() -> None:
    assert remarks(FAULTLESS) == []


@pytest.mark.parametrize(
    ("written", "instead", "rule"),
    [
        ("Dokumentansvarig: Kanslichef\n", "", Rule.NO_OWNER),
        ("Kommunstyrelsen ska varje år, senast den 31 mars, följa upp policyn.\n", "", Rule.NO_FOLLOW_UP),
        ("Kommunstyrelsen ska se över policyn en gång per mandatperiod.\n", "", Rule.NO_REVISION_RULE),
        ("varje år, senast den 31 mars, ", "", Rule.NO_DEADLINE),
        ("Kommunstyrelsen ska varje år, senast den 31 mars, följa upp policyn", "Den följs upp årligen", Rule.NO_ACTOR),
        ("ett till två mål", "egna mål", Rule.NO_NUMBER),
        ("en gång per mandatperiod", "vid behov", Rule.ONLY_AS_NEEDED),
        ("ta fram ett till två mål.", "ta fram ett till två mål och bör berätta om dem.", Rule.MIXED_STRENGTH),
        ("Dokumentansvarig: Kanslichef", "Dokumentansvarig: Kanslichef\nGiltig till: 2026-03-31", Rule.PAST_TERM),
        ("2024-11-25", "2018-01-29", Rule.REVISION_LATE),
        ("en gång per mandatperiod", "vart tredje år", None),
        ("2024-11-25", "2027-01-25", Rule.ADOPTED_LATER_THAN_TODAY),
        ("Ansvar\n", "Ansvar\n\nPolicyn är ersatt av Reseriktlinjen.\n", Rule.REPLACED_IN_FORCE),
        ("Ansvar\n", "Ansvar\n\nGäller från XX månad 20XX.\n", Rule.UNFILLED_TEMPLATE),
    ],
)  # fmt: skip
def test_a_fault_is_named_and_no_other(written: str, instead: str, rule: Rule | None) -> None:
    assert written in FAULTLESS
    found = {one.rule for one in remarks(FAULTLESS.replace(written, instead))}
    assert found == ({rule} if rule else set())


def test_a_revision_every_third_year_is_late_in_the_fourth() -> None:
    text = FAULTLESS.replace("2024-11-25", "2022-11-28").replace("en gång per mandatperiod", "vart tredje år")
    (late,) = remarks(text)
    assert late.says.endswith("Dokumentet är från 2022-11-28, och revideringen skulle ha gjorts 2025.")


def test_the_day_that_the_text_gives_for_its_revision_is_told_when_it_has_passed() -> None:
    text = FAULTLESS.replace("Dokumentansvarig:", "Revideras senast: 2026-05-31\nDokumentansvarig:")
    told = lint(text, read_policy(text), date(2026, 6, 1))
    assert [(one.rule, "senast: 2026-05-31" in one.says or "senast 2026-05-31" in one.says) for one in told] == [
        (Rule.REVISION_DAY_PASSED, True)
    ]
    assert lint(text, read_policy(text), date(2026, 5, 31)) == ()


@pytest.mark.parametrize(
    ("written", "active"),
    [
        ("Mål ska sättas årligen: ett till två mål", "Varje nämnd ska besluta om mål …"),
        ("Resultatet redovisas för kommunfullmäktige i maj", "Kommunstyrelsen ska redovisa …"),
    ],
)
def test_who_is_missing_is_shown_with_words_of_the_same_kind(written: str, active: str) -> None:
    text = FAULTLESS.replace("Kommunstyrelsen ska se över", f"{written}.\n\nKommunstyrelsen ska se över")
    assert [one.instead for one in remarks(text) if one.rule is Rule.NO_ACTOR and active in one.instead]


def test_what_a_document_says_of_itself_in_two_ways_or_not_at_all_is_told() -> None:
    two = FAULTLESS.replace("Dokumentansvarig:", "Dokumentägare: Kommundirektör\nDokumentansvarig:")
    (told,) = [one for one in remarks(two) if one.rule is Rule.TOLD_TWICE]
    assert "Kommundirektör (”Dokumentägare”)" in told.says
    untitled = "Antagen av: Kommunfullmäktige\nDatum: 2024-11-25\n\nVarje nämnd ska årligen följa upp sitt arbete.\n"
    assert Rule.NO_TITLE in {one.rule for one in remarks(untitled)}


def test_a_new_council_has_its_first_whole_year_for_the_revision() -> None:
    text = FAULTLESS.replace("2024-11-25", "2022-10-24")
    assert remarks(text) == []
    assert [one.rule for one in lint(text, read_policy(text), date(2028, 1, 1))] == [Rule.REVISION_LATE]


def test_dates_that_contradict_each_other_are_told() -> None:
    text = FAULTLESS.replace(
        "Datum:", "Giltig från: 2029-01-01\nGiltig till: 2028-12-31\nSenast reviderad: 2023-05-02\nDatum:"
    )
    assert {one.rule for one in remarks(text)} == {Rule.ENDS_BEFORE_IT_BEGINS, Rule.REVISED_BEFORE_ADOPTED}


def test_another_document_that_replaces_it_is_named() -> None:
    (one,) = lint(FAULTLESS, read_policy(FAULTLESS), TODAY, replaced_by="Mötes- och resepolicy")
    assert "”Mötes- och resepolicy”" in one.says


def test_what_a_text_only_allows_or_forbids_needs_no_deadline() -> None:
    assert remarks(FAULTLESS + "Nämnderna kan ta fram egna handlingsplaner.\n") == []


def test_every_remark_is_plain_swedish_and_points_at_its_place() -> None:
    for seed in SEEDS:
        for one in lint(seed.text, seed.read(), TODAY):
            assert one.says.endswith(".")
            assert one.instead.rstrip("”").endswith((".", "”", "mål"))
            assert (one.start is None) == (one.end is None)
            assert one.start is None or seed.text[one.start : one.end].strip()


@pytest.mark.parametrize("seed", SEEDS, ids=lambda one: one.name)
def test_the_adopted_policies_are_told_what_is_unclear_in_them(seed: Labelled) -> None:
    text, lines = seed.text, []
    for one in lint(text, read_policy(text), TODAY):
        place = "hela dokumentet" if one.start is None else f"rad {text.count(chr(10), 0, one.start) + 1}"
        quote = "" if one.start is None else f"\n    ”{' '.join(text[one.start : one.end].split())}”"
        lines.append(f"{place}: {one.says}{quote}\n    {one.instead}\n")
    assert "".join(lines) == (GOLDEN / f"lint_{seed.name}.txt").read_text(encoding="utf-8")
