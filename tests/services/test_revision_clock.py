"""Whose term of office starts a revision, from the text to the case: domain.md R1 to R7."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from sqlalchemy import select

from styrhjul.db.case_model import Case
from styrhjul.db.model import Duty, DutyStatus, Edition, Policy, TermStart
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_policies
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind, DueBasis
from styrhjul.services.overview.pages import overview_of
from styrhjul.services.policies.intake import import_policy
from tests.town import Town, build_town, nine
from workflows import LIFECYCLES

TODAY = date(2026, 11, 23)
RULE = "Policyn ska revideras varje mandatperiod."
_numbers = count()


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=())


def revisions(
    town: Town, adopter: str, adopted_on: str, *, rule: str = RULE, head: str = "", until: date = TODAY
) -> list[Case]:
    """Import a policy and return its revision cases once the day has come, by period."""
    text = (
        f"Policy\n\nAntagen av: {adopter}\nDatum: {adopted_on}\n{head}\n\n"
        f"Policy {next(_numbers)} för Lillby kommun\n\nRevidering\n\n{rule}\n"
    )
    report = import_policy(
        town.database, town.municipality_id, text, confirm=True, by="t", now=nine(TODAY), lifecycles=LIFECYCLES
    )
    town.sweep(TODAY)
    town.sweep(until)
    with town.database.reading(town.municipality_id) as session:
        own = select(Case).where(Case.policy_id == report.policy_id, Case.lifecycle == "revision")
        return list(session.scalars(own.order_by(Case.period)))


def followed(cases: list[Case]) -> list[str]:
    return [case.period for case in cases if case.state is not State.NOT_FOLLOWED]


@pytest.mark.parametrize(
    ("adopter", "adopted_on", "until", "periods"),
    [
        ("Kommunfullmäktige", "2015-09-07", TODAY, ["2026-10-15"]),
        ("Kommunstyrelsen", "2021-06-30", TODAY, []),
        ("Kommunstyrelsen", "2021-06-30", date(2027, 1, 4), ["2027-01-01"]),
        ("Socialnämnden", "2024-02-01", date(2027, 1, 4), ["2027-01-01"]),
    ],
)
def test_r1_each_adopter_has_a_clock_of_its_own(
    town: Town, adopter: str, adopted_on: str, until: date, periods: list[str]
) -> None:
    assert followed(revisions(town, adopter, adopted_on, until=until)) == periods


@pytest.mark.parametrize("adopter", ["Kommunchefen", "Förvaltningschef"])
def test_r1_what_an_official_adopted_has_no_clock_unless_the_text_says_so(town: Town, adopter: str) -> None:
    assert revisions(town, adopter, "2019-03-01", rule="Policyn ska vara känd.") == []
    suggested = [each.title for each in overview_of(town.database, town.slug, nine(TODAY)).suggestions]
    assert suggested == ["Integrationspolicy"]  # the town's own, which the council adopted
    assert followed(revisions(town, adopter, "2019-03-01", until=date(2027, 1, 4))) == ["2027-01-01"]


def test_r2_the_term_of_the_adopter_owns_the_adoption(town: Town) -> None:
    """Adopted by the council 28 November 2022, while the committees still sat in their old term."""
    assert [case.period for case in revisions(town, "Kommunfullmäktige", "2022-11-28")] == ["2026-10-15"]


def test_r3_a_number_of_years_counts_from_the_decision_and_not_from_the_term(town: Town) -> None:
    cases = revisions(town, "Kommunfullmäktige", "2024-06-10", rule="Policyn ska revideras vart tredje år.")
    assert [(case.period, case.due_basis) for case in cases] == [("2027-06-10", DueBasis.TEXT)]


def test_r4_the_decision_is_wanted_within_the_first_full_year(town: Town) -> None:
    (case,) = revisions(town, "Kommunfullmäktige", "2023-03-01")
    assert (case.opens_on, case.due_on, case.due_basis) == (TODAY, date(2027, 12, 30), DueBasis.DEFAULT)


def test_r5_a_document_with_a_last_day_is_decided_about_and_does_not_vanish(town: Town) -> None:
    cases = revisions(town, "Kommunfullmäktige", "2023-03-01", rule="Policyn är känd.", head="Giltig till: 2027-06-30")
    assert [(case.period, case.due_on, case.due_basis) for case in cases] == [
        ("2027-06-30", date(2027, 6, 30), DueBasis.TEXT)
    ]
    with town.database.reading(town.municipality_id) as session:
        edition = session.scalars(select(Edition).where(Edition.valid_until.is_not(None))).one()
        duty = session.scalars(select(Duty).where(Duty.action_kind == ActionKind.REVISE)).one()
    assert (duty.quote, duty.status) == ("Giltig till: 2027-06-30", DutyStatus.CONFIRMED)
    assert edition.text[duty.start : duty.end] == duty.quote


def test_r5_a_last_day_that_has_passed_is_said_and_decided_about(town: Town) -> None:
    (case,) = revisions(
        town, "Kommunfullmäktige", "2020-03-01", rule="Policyn är känd.", head="Giltig till: 2025-12-31"
    )
    assert (case.state, case.opens_on) == (State.OPEN, TODAY)
    kinds = [concern.kind.value for concern in overview_of(town.database, town.slug, nine(TODAY)).concerns]
    assert "expired" in kinds


def test_r4_a_text_without_a_rule_gets_a_suggestion_and_no_case(town: Town) -> None:
    assert revisions(town, "Kommunfullmäktige", "2017-11-14", rule="Policyn är känd.") == []
    suggested = overview_of(town.database, town.slug, nine(TODAY)).suggestions
    assert [(each.adopter_name, each.term) for each in suggested][-1] == ("Fullmäktige", "2026–2030")


@pytest.mark.parametrize(
    ("adopter", "prepares"),
    [
        ("Kommunfullmäktige", "kommunstyrelsen"),
        ("Kommunstyrelsen", "kommunstyrelsen"),
        ("Socialnämnden", "socialnämnden"),
    ],
)
def test_r6_r7_the_body_that_prepares_the_decision_is_asked(town: Town, adopter: str, prepares: str) -> None:
    cases = revisions(town, adopter, "2021-03-01", until=date(2027, 1, 4))
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Policy.adopted_by_id).where(Policy.id == cases[0].policy_id)).one()
    assert {case.body_id for case in cases} == {town.bodies[prepares]}


def test_a_re_election_entered_after_the_revision_has_opened_carries_it(town: Town) -> None:
    """KL 5:9: the old council sits until the new election is finished."""
    (case,) = revisions(town, "Kommunfullmäktige", "2023-03-01")
    with town.database.municipality(town.municipality_id) as session:
        session.add(TermStart(body_id=town.bodies["fullmäktige"], starts_on=date(2027, 5, 20)))
        touch_policies(session, [str(case.policy_id)], LIFECYCLES, TODAY)
    town.sweep(TODAY)
    town.sweep(date(2027, 6, 1))
    mine = [each for each in town.cases() if each.lifecycle == "revision" and each.policy_id == case.policy_id]
    assert [(each.period, each.state, each.due_on) for each in mine] == [("2026-10-15", State.OPEN, case.due_on)]
