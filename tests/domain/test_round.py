"""When yearly rounds open, are due and end: by law and practice, by the text's own day, from the first day here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.date_rule import LastWorkingDayOf, On
from styrhjul.domain.facts import BodyFacts, DutyFacts, PolicyFacts
from styrhjul.domain.lifecycle import Holder, Lifecycle
from styrhjul.domain.planner import apply, plan, wake_on
from styrhjul.domain.practice import FirstYearGoals, Practice
from styrhjul.domain.recurrence import Recurrence, RecurrenceKind
from styrhjul.domain.round import LATE_ANSWER_DAYS, RoundDates, rounds
from styrhjul.domain.vocabulary import BodyKind, DueBasis
from tests.domain.given import a_body, a_duty, a_policy, opened, practices, stated, usual_policy
from workflows import LIFECYCLES

every_lifecycle = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
GOALS = LIFECYCLES["goal_setting"]
EVERY_OTHER_YEAR = Recurrence(RecurrenceKind.EVERY_N_YEARS, 2)


def found(key: str, facts: PolicyFacts, *, until: date) -> list[RoundDates]:
    """The rounds of the policy's first body."""
    return rounds(LIFECYCLES[key], facts, facts.bodies[0], until=until)


def yearly(key: str, *duties: DutyFacts, body: BodyFacts | None = None, **others: object) -> dict[str, RoundDates]:
    """The yearly rounds up to the spring of 2029, by the year they concern."""
    facts = a_policy(body or a_body(), *(duties or (a_duty(),)), **others)
    return {dates.period: dates for dates in found(key, facts, until=date(2029, 4, 30))}


def test_in_an_election_year_the_new_committee_sets_the_goals() -> None:
    """The round for 2027 waits for the committees that take office on 1 January (KL 6:19)."""
    facts = usual_policy(GOALS, a_body())
    assert found("goal_setting", facts, until=date(2026, 12, 31)) == []
    [first] = found("goal_setting", facts, until=date(2027, 8, 31))
    assert (first.period, first.opens_on, first.due_on) == ("2027", date(2027, 1, 7), date(2027, 3, 31))


def test_where_the_outgoing_committee_sets_them_the_goals_are_asked_for_in_the_autumn() -> None:
    outgoing = Practice(first_year_goals=FirstYearGoals.OUTGOING)
    first = yearly("goal_setting", practice=outgoing)["2027"]
    assert (first.opens_on, first.due_on) == (date(2026, 10, 15), date(2026, 11, 30))


def test_in_other_years_the_goals_are_set_the_autumn_before() -> None:
    second = yearly("goal_setting")["2028"]
    assert (second.opens_on, second.due_on) == (date(2027, 9, 1), date(2027, 11, 30))


def test_a_board_elected_at_the_first_meeting_after_the_election_is_new_as_well() -> None:
    """KL 6:18: the board's term may run from the meeting that elects it."""
    board = BodyFacts(body_id="body", kind=BodyKind.EXECUTIVE_BOARD, term_starts=(date(2026, 10, 26),))
    assert yearly("goal_setting", body=board)["2027"].opens_on == date(2027, 1, 7)


@pytest.mark.parametrize("kind", [BodyKind.COUNCIL, BodyKind.COMMITTEE])
def test_only_one_year_of_a_term_is_the_first(kind: BodyKind) -> None:
    """A council that begins in October sets no goals for the year that has almost passed."""
    facts = usual_policy(GOALS, a_body(kind), followed_from=date(2025, 6, 2))
    opens = {dates.period: dates.opens_on for dates in found("goal_setting", facts, until=date(2028, 12, 31))}
    assert opens == {
        "2026": date(2025, 9, 1),
        "2027": date(2027, 1, 7),
        "2028": date(2027, 9, 1),
        "2029": date(2028, 9, 1),
    }


def test_a_company_whose_board_begins_after_the_first_round_is_asked_in_the_autumn_as_usual() -> None:
    company = BodyFacts(body_id="body", kind=BodyKind.COMPANY, term_starts=(date(2027, 4, 20),))
    first = yearly("goal_setting", body=company)["2027"]
    assert (first.opens_on, first.due_on) == (date(2026, 10, 15), date(2026, 11, 30))


def test_the_follow_up_is_due_the_last_working_day_of_february() -> None:
    first = yearly("follow_up")["2026"]
    assert (first.opens_on, first.due_on) == (date(2027, 1, 7), date(2027, 2, 26))
    assert first.basis is DueBasis.DEFAULT
    assert first.source.startswith("Kommunens standard")


def test_what_returns_every_other_year_is_counted_from_the_adoption() -> None:
    """Adopted in 2015: 2027 and 2029, never 2026 or 2028."""
    assert set(yearly("follow_up", a_duty(EVERY_OTHER_YEAR))) == {"2027"}
    assert set(yearly("goal_setting", a_duty(EVERY_OTHER_YEAR))) == {"2027", "2029"}


@pytest.mark.parametrize(
    ("key", "rule", "period", "opens", "due"),
    [
        ("goal_setting", On(10, 31), "2028", "2027-09-01", "2027-10-29"),  # a Sunday: earlier
        ("goal_setting", On(9, 15), "2028", "2027-08-11", "2027-09-15"),  # 25 working days before
        ("goal_setting", On(7, 15), "2028", "2027-05-25", "2027-06-30"),  # nobody decides in July
        ("goal_setting", On(1, 31), "2028", "2027-09-01", "2028-01-31"),  # the winter after is nearer
        ("follow_up", On(1, 31), "2026", "2026-12-18", "2027-01-29"),
        ("follow_up", LastWorkingDayOf(3), "2026", "2027-01-07", "2027-03-31"),
        ("follow_up", On(11, 30), "2027", "2027-10-26", "2027-11-30"),  # belongs to the year it follows up
    ],
)
def test_a_day_the_text_states_beats_the_default_and_opens_the_round_early_enough(
    key: str, rule: object, period: str, opens: str, due: str
) -> None:
    dates = yearly(key, a_duty(deadline=stated(rule, "Dokumentets text: ”senast då”.")))[period]
    assert (dates.opens_on, dates.due_on) == (date.fromisoformat(opens), date.fromisoformat(due))
    assert (dates.source, dates.basis) == ("Dokumentets text: ”senast då”.", DueBasis.TEXT)


def test_of_two_stated_days_the_earlier_decides_and_is_the_source() -> None:
    late, early = a_duty(deadline=stated(On(11, 15), "sent")), a_duty(deadline=stated(On(10, 15), "tidigt"))
    dates = yearly("goal_setting", late, replace(early, duty_id="early"))["2028"]
    assert (dates.due_on, dates.source, dates.duty_ids) == (date(2027, 10, 15), "tidigt", ("duty", "early"))


def test_a_single_day_moves_no_yearly_round() -> None:
    assert yearly("goal_setting", a_duty(deadline=stated(date(2027, 10, 1))))["2028"].due_on == date(2027, 11, 30)


def test_a_round_whose_ladder_no_longer_fits_is_left_alone() -> None:
    for followed_from, periods in [(date(2027, 3, 1), ["2027"]), (date(2027, 3, 2), [])]:
        facts = usual_policy(GOALS, a_body(), followed_from=followed_from)
        assert [dates.period for dates in found("goal_setting", facts, until=date(2027, 3, 31))] == periods


def test_a_policy_that_is_to_be_followed_later_wakes_for_the_first_round_it_will_be_asked_about() -> None:
    """Not for the one that opens in January and would leave no room from 10 March."""
    facts = usual_policy(GOALS, a_body(), followed_from=date(2027, 3, 10))
    assert wake_on(GOALS, facts, date(2027, 1, 4)) == date(2027, 9, 1)


def test_going_live_in_july_counts_the_ladder_from_august() -> None:
    """From 5 July twenty working days lie before 5 August, but nobody can be written to in most of them."""
    facts = replace(usual_policy(GOALS, a_body()), duties=(a_duty(deadline=stated(On(8, 20))),))
    live = replace(facts, followed_from=date(2027, 7, 5))
    assert "2028" not in {dates.period for dates in found("goal_setting", live, until=date(2027, 12, 31))}


def test_the_year_that_has_just_passed_is_still_followed_up_by_a_municipality_that_begins_in_january() -> None:
    facts = usual_policy(LIFECYCLES["follow_up"], a_body(), followed_from=date(2027, 1, 11))
    [first] = found("follow_up", facts, until=date(2027, 6, 30))
    assert (first.period, first.opens_on, first.due_on) == ("2026", date(2027, 1, 11), date(2027, 2, 26))


def test_a_round_already_open_when_we_begin_opens_on_our_first_ordinary_day() -> None:
    facts = usual_policy(GOALS, a_body(), followed_from=date(2027, 1, 30))
    [first] = found("goal_setting", facts, until=date(2027, 3, 31))
    assert (first.opens_on, first.opening_deferred_from) == (date(2027, 2, 1), date(2027, 1, 30))


def test_a_round_that_would_open_on_a_squeeze_day_opens_after_it_and_says_so() -> None:
    """7 January 2028 is a Friday behind Epiphany."""
    dates = yearly("follow_up")["2027"]
    assert (dates.opens_on, dates.opening_deferred_from) == (date(2028, 1, 10), date(2028, 1, 7))
    assert yearly("follow_up")["2026"].opening_deferred_from is None


@every_lifecycle
@given(followed=st.dates(date(2026, 1, 1), date(2031, 12, 31)), practice=practices)
def test_a_round_opens_first_is_due_and_lets_late_answers_in_whatever_the_municipality_decides(
    lifecycle: Lifecycle, followed: date, practice: Practice
) -> None:
    facts = replace(usual_policy(lifecycle, a_body(), followed_from=followed), practice=practice)
    for dates in rounds(lifecycle, facts, facts.bodies[0], until=date(2035, 12, 31)):
        assert practice.is_ordinary(dates.opens_on)
        assert practice.is_ordinary(dates.lapses_on)
        assert dates.lapses_on >= dates.due_on + timedelta(LATE_ANSWER_DAYS)
        assert dates.opening_deferred_from is None or dates.opening_deferred_from < dates.opens_on
        if dates.basis is not DueBasis.DECISION:
            assert practice.is_ordinary(dates.due_on)
            assert dates.opens_on < dates.due_on


@every_lifecycle
@given(followed=st.dates(date(2026, 1, 1), date(2031, 12, 31)), practice=practices)
def test_a_round_ends_when_the_next_opens_unless_that_is_too_soon(
    lifecycle: Lifecycle, followed: date, practice: Practice
) -> None:
    facts = replace(usual_policy(lifecycle, a_body(), followed_from=followed), practice=practice)
    coming = [dates for dates in rounds(lifecycle, facts, facts.bodies[0], until=date(2040, 1, 1)) if dates.followed]
    for dates, following in pairwise(coming):
        soonest = practice.next_ordinary(dates.due_on + timedelta(LATE_ANSWER_DAYS))
        assert dates.lapses_on == max(following.opens_on, soonest)


def test_rest_that_moves_the_due_day_back_does_not_leave_a_round_that_opens_after_it() -> None:
    """In a municipality that rests in January and February the follow-up is due in December."""
    rests = Practice(rest_months=frozenset({1, 2}))
    dates = yearly("follow_up", practice=rests)["2027"]
    assert (dates.opens_on, dates.due_on) == (date(2027, 11, 24), date(2027, 12, 30))


def test_a_condition_that_no_body_meets_asks_nobody() -> None:
    """”De upprättade handlingsplanerna”: only bodies that have one."""
    facts = a_policy(a_body(), a_duty(body_ids=frozenset()))
    assert found("follow_up", facts, until=date(2030, 1, 1)) == []
    assert wake_on(LIFECYCLES["follow_up"], facts, date(2027, 1, 1)) is None


@pytest.mark.parametrize(("binding", "expected"), [([False], False), ([False, True], True), ([True], True)])
def test_a_case_binds_where_any_of_its_sentences_does(binding: list[bool], expected: bool) -> None:
    duties = [a_duty(duty_id=f"{number}", is_binding=binds) for number, binds in enumerate(binding)]
    assert yearly("action_planning", *duties)["2028"].is_binding is expected


def test_the_body_answers_where_any_sentence_binds_the_body() -> None:
    owners, chiefs = (a_duty(duty_id=str(holder), holder=holder) for holder in list(Holder)[1:3])
    assert yearly("follow_up", owners, chiefs, a_duty())["2027"].holder is Holder.BODY
    assert yearly("follow_up", chiefs)["2027"].holder is Holder.CHIEF_EXECUTIVE


def test_what_no_sentence_asks_is_held_as_the_lifecycle_says() -> None:
    facts = a_policy(a_body(), asked_by_default=frozenset({"body"}))
    [_, first] = found("currency_review", facts, until=date(2027, 10, 31))
    assert (first.period, first.opens_on, first.due_on) == ("2027", date(2027, 10, 1), date(2027, 11, 15))
    assert (first.holder, first.duty_ids, first.is_binding) == (Holder.DOCUMENT_OWNER, (), True)


def test_practice_asks_nothing_beside_what_the_text_asks() -> None:
    facts = a_policy(a_body(), a_duty(), asked_by_default=frozenset({"body", "another"}))
    assert [dates.duty_ids for dates in found("currency_review", facts, until=date(2026, 10, 31))] == [("duty",)]


def test_a_text_without_an_interval_is_never_made_to_be_revised() -> None:
    assert found("revision", a_policy(a_body(), a_duty()), until=date(2040, 1, 1)) == []


def two_questions() -> PolicyFacts:
    """A yearly sentence, and one about every other year that states an early day."""
    early = a_duty(EVERY_OTHER_YEAR, duty_id="early", deadline=stated(On(9, 15), "tidigt"), is_binding=False)
    return a_policy(a_body(), a_duty(RecurrenceKind.ANNUAL, holder=Holder.CHIEF_EXECUTIVE), early)


def test_two_questions_about_one_period_are_one_case_on_the_earlier_day() -> None:
    [case] = [case for case in opened(GOALS, two_questions(), until=date(2028, 8, 11)) if case.period == "2029"]
    assert (case.opens_on, case.due_on, case.due_source) == (date(2028, 8, 11), date(2028, 9, 15), "tidigt")
    assert (set(case.duty_ids), case.is_binding, case.holder) == ({"duty", "early"}, True, Holder.BODY)


def test_a_question_that_opens_later_is_not_lost_behind_one_about_the_same_period() -> None:
    facts = two_questions()
    asked: set[tuple[str, str]] = set()
    day: date | None = date(2026, 10, 15)
    while day is not None and day < date(2029, 12, 31):
        for case in opened(GOALS, facts, until=day):
            asked |= {(duty, case.period) for duty in case.duty_ids}
        facts = apply(facts, plan(GOALS, facts, day), day)  # type: ignore[assignment]
        day = wake_on(GOALS, facts, day)
        assert day is None or opened(GOALS, facts, until=day)
    assert {(duty, period) for duty, period in asked if duty == "duty"} == {("duty", f"{y}") for y in range(2027, 2031)}
    assert {period for duty, period in asked if duty == "early"} == {"2027", "2029"}
