"""A chapter says what was decided, how it went, what is missing and what went up, and counts it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.reports.chapter_facts import KnownAnswer, KnownEdition, Standing
from styrhjul.reports.chapter_making import make_chapter
from styrhjul.reports.chapter_words import ATTAINMENT_WORDS
from styrhjul.services.answering import words as answer_words
from tests.reports.chapter_facts import (
    ADOPTED,
    FOLLOWED,
    GOALS,
    JUDGED,
    MORE_TIME,
    NOTED,
    SCHOOL,
    SOCIAL,
    answered,
    case,
    chapter,
    known,
    section,
    usual,
)

NEW = KnownEdition(adopted_by="Kommunfullmäktige", adopted_on=date(2027, 6, 14), paragraph="50")
OLD = replace(ADOPTED, superseded_on=date(2027, 7, 1))


def test_goals_of_an_answer_that_does_not_stand_are_no_goals() -> None:
    begun = section(case(SOCIAL, "goal_setting", answer=GOALS), case(SOCIAL))
    assert [(row.goal, row.goal_decided_on) for row in begun.goals] == [(None, None)]


def test_those_who_have_answered_are_counted_among_those_asked() -> None:
    lines = [count.line for count in section().counts]
    assert "1 av 2 nämnder har svarat på uppföljningen av 2027." in lines
    assert "1 av 1 nämnd har svarat på målen för 2028." in lines


def test_a_company_among_them_makes_them_bodies() -> None:
    company = replace(case("Bostadsbolaget"), body_kind=BodyKind.COMPANY)
    assert section(company, case(SOCIAL)).counts[0].short == "0 av 2 organ"


def test_an_answer_that_was_sent_back_is_missing() -> None:
    returned = replace(answered(SOCIAL, FOLLOWED), state=State.OPEN)
    assert section(returned).counts[0].answered == 0
    assert [row.standing for row in section(returned).goals] == [Standing.MISSING]


def test_a_body_that_has_answered_one_third_of_the_year_has_not_answered() -> None:
    (count,) = section(answered(SOCIAL, FOLLOWED, period="2027-T1"), case(SOCIAL, period="2027-T2")).counts
    assert (count.answered, count.asked) == (0, 1)


def test_a_goal_stands_with_how_it_went_and_who_decided_both() -> None:
    row = section().goals[0]
    assert (row.body, row.goal, row.standing) == (SOCIAL, "Fler ska få arbete", Standing.PARTLY_MET)
    assert (row.result, row.trend) == ("54 %", "ökar, åt rätt håll")
    assert (row.analysis, row.next_step) == ("Fler har fått praktik", "Vi utökar praktiken.")
    assert (row.goal_decided_on, row.goal_paragraph) == (date(2027, 3, 18), "9")
    assert (row.decided_on, row.paragraph) == (date(2028, 2, 17), "31")


def test_a_goal_nobody_judged_stands_as_missing() -> None:
    rows = section(answered(SOCIAL, GOALS, "goal_setting"), case(SOCIAL)).goals
    assert [(row.goal, row.standing) for row in rows] == [("Fler ska få arbete", Standing.MISSING)]


def test_two_bodies_with_one_name_are_two() -> None:
    """A committee that was dissolved, and the one that took its name."""
    gone, new = {"body_id": "gone"}, {"body_id": "new"}
    told = section(
        answered(SOCIAL, GOALS, "goal_setting", **gone), case(SOCIAL, **new), answered(SOCIAL, FOLLOWED, **gone)
    )
    assert "1 av 2 nämnder har svarat på uppföljningen av 2027." in [count.line for count in told.counts]
    assert [(row.goal, row.standing) for row in told.goals] == [
        (None, Standing.MISSING),
        (GOALS.goals[0].text, Standing.PARTLY_MET),
    ]
    alone = section(answered(SOCIAL, GOALS, "goal_setting", **gone), case(SOCIAL, **new))
    assert [row.standing for row in alone.goals] == [Standing.MISSING, Standing.NOT_ASKED]


def test_a_goal_that_no_sentence_asks_about_says_so() -> None:
    (row,) = section(answered(SOCIAL, GOALS, "goal_setting")).goals
    assert row.standing is Standing.NOT_ASKED


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, Standing.MISSING),
        ({"due_on": date(2028, 3, 20)}, Standing.AWAITED),
        ({"due_on": date(2028, 3, 20), "state": State.LAPSED}, Standing.MISSING),
        ({"state": State.WAIVED}, Standing.WAIVED),
    ],
)
def test_what_has_no_answer_says_why(changes: dict[str, object], standing: Standing) -> None:
    (missing,) = section(replace(case(SCHOOL), **changes)).missing  # type: ignore[arg-type]
    assert missing.standing is standing


def test_what_is_missing_says_who_was_asked_when() -> None:
    (missing,) = section().missing
    assert (missing.told[0].on, missing.told[0].office) == (date(2028, 1, 10), f"Ordförande, {SCHOOL}")


def test_what_went_up_says_to_whom_and_what_was_decided() -> None:
    (up,) = section().went_up
    assert [each.office for each in up.told] == ["Förvaltningschef"]
    assert up.decisions == (NOTED,)
    assert up.answered_on is None


def test_what_went_up_belongs_to_the_year_in_which_it_did_whatever_it_is_about() -> None:
    ups = {year: make_chapter(replace(known(*usual()), year=year)).sections[0].went_up for year in (2026, 2027, 2028)}
    assert {year: [each.about for each in up] for year, up in ups.items()} == {
        2026: [],
        2027: ["annual_report 2026"],
        2028: ["follow_up 2027"],
    }


def test_each_question_is_missing_in_one_chapter() -> None:
    waits = replace(case("Kommunstyrelsen", "revision", "2026-10-15"), due_on=date(2027, 12, 30))
    waits = replace(waits, opens_on=date(2026, 10, 15))
    late = case(SCHOOL, "goal_setting", "2028", due_on=date(2027, 11, 30))
    missing = {
        year: [each.about for each in make_chapter(replace(known(waits, late), year=year)).sections[0].missing]
        for year in (2026, 2027, 2028)
    }
    assert missing == {2026: [], 2027: ["revision 2026-10-15"], 2028: ["goal_setting 2028", "revision 2026-10-15"]}


def test_who_has_no_goals_for_the_year_after_stands_among_them() -> None:
    late = case(SCHOOL, "goal_setting", "2028", due_on=date(2027, 11, 30))
    assert [(each.body, each.goal, each.standing) for each in section(late).next_goals] == [
        (SCHOOL, "", Standing.MISSING)
    ]


def test_what_it_was_free_to_answer_is_never_missing() -> None:
    free = replace(case(SCHOOL), is_binding=False)
    assert [each.standing for each in section(free).missing] == [Standing.NO_ANSWER]
    assert [row.standing for row in section(free).goals] == [Standing.NO_ANSWER]


def test_a_period_as_a_whole_is_no_goal() -> None:
    whole = replace(FOLLOWED, judgements=(replace(JUDGED, goal_id=None, goal=None),))
    made = section(answered(SCHOOL, whole), answered(SOCIAL, GOALS, "goal_setting"), answered(SOCIAL, FOLLOWED))
    assert [(each.body, each.is_whole) for each in made.tallies] == [(SCHOOL, True), (SOCIAL, False)]
    assert made.tally == {Standing.PARTLY_MET: 1}
    assert [row.name for row in made.years.rows] == [SCHOOL, SOCIAL, "Fler ska få arbete"]
    assert section(answered(SCHOOL, whole)).tally == {Standing.PARTLY_MET: 1}


def test_what_was_decided_before_it_went_up_is_not_an_answer_to_that() -> None:
    early = replace(MORE_TIME, on=date(2028, 2, 1))
    (up,) = make_chapter(replace(known(replace(usual()[2], decisions=(early,))), year=2028)).sections[0].went_up
    assert up.decisions == ()


def test_cases_from_before_anybody_was_asked_are_not_in_it() -> None:
    only = section(case(SOCIAL, state=State.NOT_FOLLOWED))
    assert (only.counts, only.missing) == ((), ())


def test_the_text_is_the_one_that_held_when_the_year_ended() -> None:
    later = replace(NEW, adopted_on=date(2028, 2, 1))
    at_end = make_chapter(known(editions=(later, replace(NEW, superseded_on=date(2028, 2, 2)), OLD))).sections[0]
    assert at_end.decided.adopted_on == date(2027, 6, 14)


def test_a_text_that_took_over_in_the_year_is_told() -> None:
    (change,) = make_chapter(known(editions=(NEW, OLD))).sections[0].editions
    assert (change.adopted_on, change.replaced_adopted_on) == (date(2027, 6, 14), date(2015, 9, 7))
    assert make_chapter(known(editions=(ADOPTED,))).sections[0].editions == ()


def test_goals_of_a_term_hold_in_each_of_its_years() -> None:
    assert section(answered(SOCIAL, GOALS, "goal_setting", "2024-01-01")).goals
    assert not section(answered(SOCIAL, GOALS, "goal_setting", "2023-01-01")).goals


def test_the_goals_of_the_year_after_stand_by_themselves() -> None:
    (goal,) = section().next_goals
    assert (goal.body, goal.goal, goal.target, goal.paragraph) == (SOCIAL, "Fler ska få arbete", "60 %", "9")


def test_the_plot_counts_what_the_table_shows() -> None:
    made = section()
    assert {each.body: dict(each.counts) for each in made.tallies} == {
        SOCIAL: {Standing.PARTLY_MET: 1},
        SCHOOL: {Standing.MISSING: 1},
    }
    assert sum(made.tally.values()) == len(made.goals)


def test_a_revision_says_what_becomes_of_the_document() -> None:
    decided = KnownAnswer(submitted_on=date(2027, 6, 15), decided_on=date(2027, 6, 14), outcome="Ska revideras")
    revision = replace(answered("Kommunstyrelsen", decided, "revision", "2026-10-15"), due_on=date(2027, 12, 30))
    (other,) = section(revision).others
    assert (other.said, other.decided_on) == ("Ska revideras.", date(2027, 6, 14))
    assert make_chapter(replace(known(revision), year=2028)).sections[0].others == ()


def test_a_policy_that_asks_for_nothing_is_there_with_its_decision() -> None:
    bare = make_chapter(known()).sections[0]
    assert (bare.decided.paragraph, bare.counts, bare.goals) == ("82", (), ())


def test_its_words_are_those_of_the_answers() -> None:
    assert answer_words.ATTAINMENT_WORDS == ATTAINMENT_WORDS


def test_it_is_named_for_its_year() -> None:
    assert chapter().title == "Styrdokument 2027"
