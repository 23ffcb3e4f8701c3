"""A day that somebody wrote is the municipality's correction; only what the document says is quoted as its text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from styrhjul.domain.deadline import stands_in
from styrhjul.domain.vocabulary import ActionKind, DueBasis
from styrhjul.mail.retold import retold
from styrhjul.services.cases.decision import Decision
from styrhjul.services.cases.explain import explain_case
from styrhjul.services.policies.duty_decide import DutyAt, correct_duty
from tests.documents.labelled import PRACTICE, SEEDS, Labelled
from tests.services.test_duty_decide import OPENING, asked, duty_of, write_text
from tests.town import SENTENCE, Town, build_town, nine

if TYPE_CHECKING:
    from styrhjul.db.session import Database

BEFORE = date(2026, 12, 1)
WORDS = "i slutet av mars"
SAID = "Enligt kommunens rättelse av Kansliet 2026-12-01: ”i slutet av mars”."


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def correct(town: Town, kind: ActionKind = ActionKind.SET_GOALS, **changed: object) -> None:
    duty, terms, _ = duty_of(town, kind)
    at = DutyAt(municipality_id=town.municipality_id, duty_id=duty.id)
    said = Decision(by="Kansliet", reason="Så ska det vara.")
    correct_duty(town.database, at, replace(terms, **changed), decision=said, now=nine(BEFORE))  # type: ignore[arg-type]


def plain(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_words_that_the_document_does_not_say_are_never_quoted_as_its_text(town: Town) -> None:
    correct(town, recurrence="annual", deadline=WORDS)
    town.live(OPENING)
    case = asked(town)[0]
    assert (case.due_source, case.due_basis) == (SAID, DueBasis.CORRECTION)
    told = explain_case(town.database, town.municipality_id, case.id, OPENING)
    assert (told.due_source, told.due_basis_said) == (SAID, "kommunens rättelse, inte dokumentets text")
    mails = " ".join(" ".join(plain(raw).split()) for _, raw in town.transport.taken)
    assert "kommunens rättelse av Kansliet" in mails
    assert "Dokumentets text: ”i slutet" not in mails


def test_words_that_stand_elsewhere_in_the_document_are_its_text(town: Town) -> None:
    write_text(town, f"{SENTENCE}\nDet görs i slutet\nav mars.")
    correct(town, recurrence="annual", deadline=WORDS)
    town.sweep(OPENING)
    assert {case.due_source for case in asked(town)} == {"Dokumentets text: ”i slutet av mars”."}
    assert {case.due_basis for case in asked(town)} == {DueBasis.TEXT}


def test_a_single_day_that_somebody_wrote_is_theirs_too(town: Town) -> None:
    correct(town, action_kind=ActionKind.FOLLOW_UP, recurrence="once", deadline="senast 2027-03-31")
    town.sweep(OPENING)
    assert {case.due_basis for case in asked(town)} == {DueBasis.CORRECTION}
    assert {case.due_source[:25] for case in asked(town)} == {"Enligt kommunens rättelse"}


def test_a_correction_is_told_in_english() -> None:
    assert (
        retold(SAID, "en") == "According to the municipality's correction by Kansliet 2026-12-01: “i slutet av mars”."
    )


@pytest.mark.parametrize("labelled", [*SEEDS, *PRACTICE], ids=lambda one: one.name)
def test_what_the_reading_finds_stands_in_the_document(labelled: Labelled) -> None:
    found = [duty.deadline for duty in labelled.read().duties if duty.deadline]
    assert [words for words in found if not stands_in(words, labelled.text)] == []


@pytest.mark.parametrize(
    ("words", "text", "stands"),
    [
        ("senast 1 mars", "Målen beslutas senast 31 mars.", False),
        ("Senast 31 mars", "Målen beslutas senast\n31 mars.", True),
        ("senast 31 december", "senast 31 decem-\nber varje år", True),
    ],
)
def test_whole_words_are_looked_for_however_lines_are_broken(words: str, text: str, *, stands: bool) -> None:
    assert stands_in(words, text) is stands
