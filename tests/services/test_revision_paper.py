"""The drafts for a revision say what is known, in the usual parts, and mark what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from config.clock import at_nine
from styrhjul.domain.answer import Outcome
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from styrhjul.reports.block import Document, Heading, Table
from styrhjul.reports.chapter_facts import KnownAnswer
from styrhjul.reports.chapter_words import WENT_UP
from styrhjul.reports.memorandum import memorandum
from styrhjul.reports.referral_letter import referral_letter
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.reports.revision_paper import Paper, paper_of, revision_facts
from tests.reports.chapter_facts import SOCIAL, case
from tests.services.document_text import pages
from tests.town import build_town

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.reports.revision_facts import RevisionFacts

NOW = at_nine(date(2027, 4, 20))
PARTS = [
    *("Förslag till beslut", "Sammanfattning", "Bakgrund", "Överväganden", "Ekonomiska konsekvenser"),
    *("Beslutsunderlag", "Beslutet skickas till", "Varifrån uppgifterna kommer"),
]


@pytest.fixture
def facts(database: Database) -> RevisionFacts:
    town = build_town(database, kinds=(ActionKind.REVISE, ActionKind.FOLLOW_UP), committees=("socialnämnden",))
    town.live(date(2027, 1, 7))
    return revision_facts(database, municipality_by(database, town.slug), "policy", NOW)


def said(document: Document) -> str:
    return "\n".join(pages(document))


@pytest.mark.parametrize("outcome", Outcome)
def test_it_has_the_parts_that_a_committee_is_used_to(facts: RevisionFacts, outcome: Outcome) -> None:
    document = memorandum(facts, outcome)
    assert [each.text for each in document.blocks if isinstance(each, Heading) and each.level == 1] == PARTS


def test_each_outcome_proposes_another_decision(facts: RevisionFacts) -> None:
    told = [said(memorandum(facts, outcome)) for outcome in Outcome]
    for text, point in zip(told, ("utan ändringar.", "att anta en reviderad text", "upphör att gälla"), strict=True):
        assert [point in each for each in told].count(True) == 1
        assert point in text


def test_what_the_text_does_not_state_is_to_be_filled_in(facts: RevisionFacts) -> None:
    unknown = replace(facts.edition, adopted_by=None, adopted_on=None, paragraph=None)
    text = said(memorandum(replace(facts, editions=(unknown,)), Outcome.UNCHANGED))
    for what in ("vem som antog", "dag för antagandet", "paragraf"):
        assert f"[Fylls i: {what}]" in text
    assert "None" not in text


def test_an_opinion_stands_with_its_decision_and_silence_as_silence(facts: RevisionFacts) -> None:
    answer = KnownAnswer(
        submitted_on=date(2027, 4, 2),
        decided_on=date(2027, 4, 1),
        paragraph="7",
        outcome="Avstyrker",
        comment="För dyrt",
    )
    given = case(SOCIAL, "referral", "2027-03-01", state=State.SUBMITTED, answer=answer)
    silent = case("Skolnämnden", "referral", "2027-03-01", due_on=date(2027, 3, 31))
    text = said(memorandum(replace(facts, cases=(given, silent)), Outcome.REVISE))
    assert "Socialnämnden | Avstyrker | För dyrt | 2027-04-01, §\N{NO-BREAK SPACE}7" in text
    assert "Skolnämnden | svar saknas" in text
    assert "– Remissvar från Socialnämnden" in text


def test_the_letter_names_the_day_that_was_set_and_else_the_first_possible(facts: RevisionFacts) -> None:
    assert f"arbetsdag tidigast {facts.earliest_on}" in said(referral_letter(facts))
    asked = replace(facts, cases=(case(SOCIAL, "referral", "2027-03-01", due_on=date(2027, 5, 31)),))
    assert "Svar senast: 31 maj 2027" in said(referral_letter(asked))


def test_the_letter_has_the_whole_text(facts: RevisionFacts) -> None:
    text = said(referral_letter(replace(facts, text="Första stycket.\n\nAndra\nraden.\n\n\nTredje.")))
    assert text.endswith("Första stycket.\nAndra\nraden.\nTredje.")


def test_the_revision_that_waits_is_named_with_its_day(facts: RevisionFacts) -> None:
    waiting = [each for each in facts.cases if each.lifecycle is LifecycleKey.REVISION]
    assert waiting
    assert f"som ska vara beslutad senast {waiting[-1].due_on}" in said(memorandum(facts, Outcome.REVISE))
    late = replace(facts, on=date(2030, 3, 20))
    assert f"som skulle vara beslutad senast {waiting[-1].due_on}" in said(memorandum(late, Outcome.REVISE))


def test_a_duty_names_the_bodies_that_a_person_confirmed_and_its_kind(facts: RevisionFacts) -> None:
    assert all(each.bodies for each in facts.duties)
    bare = replace(facts, duties=tuple(replace(each, actor=None) for each in facts.duties))
    (table,) = (
        each for each in memorandum(bare, Outcome.REVISE).blocks if isinstance(each, Table) and "Slag" in each.columns
    )
    assert [row[0] for row in table.rows] == [", ".join(each.bodies) for each in facts.duties]
    assert {row[2] for row in table.rows} == {"Revidera", "Följa upp"}


def test_what_went_up_is_counted_by_one_rule_that_is_said(facts: RevisionFacts) -> None:
    assert WENT_UP in said(memorandum(facts, Outcome.REVISE))


def test_the_council_gets_its_proposal_from_the_board(facts: RevisionFacts) -> None:
    council = replace(facts, adopter="Kommunfullmäktige", prepared_by="Kommunstyrelsen")
    assert "Kommunstyrelsen föreslår att kommunfullmäktige beslutar" in said(memorandum(council, Outcome.REPEAL))
    alone = replace(facts, adopter="Kommunstyrelsen", prepared_by=None)
    assert "\nKommunstyrelsen beslutar\n" in said(memorandum(alone, Outcome.REPEAL))


def test_an_unknown_policy_is_not_here(database: Database) -> None:
    town = build_town(database, kinds=(ActionKind.REVISE,), committees=("socialnämnden",))
    with pytest.raises(NotHere):
        paper_of(database, town.slug, "inget", Paper.REVISE, NOW)
