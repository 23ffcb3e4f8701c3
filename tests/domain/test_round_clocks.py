"""Rounds by the parts of the year, by term of office, by interval, once, and when somebody has registered one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.date_rule import On
from styrhjul.domain.facts import BodyFacts, PolicyFacts
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.planner import wake_on
from styrhjul.domain.practice import Practice
from styrhjul.domain.recurrence import Recurrence, RecurrenceKind
from styrhjul.domain.round import RoundDates, rounds
from styrhjul.domain.vocabulary import BodyKind, DueBasis
from tests.domain.given import FOLLOWED, a_body, a_duty, a_policy, a_referral, opened, stated
from workflows import LIFECYCLES

EVERY_FOURTH = Recurrence(RecurrenceKind.EVERY_N_YEARS, 4)


def found(key: str, facts: PolicyFacts, *, until: date) -> list[RoundDates]:
    """The rounds of the policy's first body that are followed."""
    return [dates for dates in rounds(LIFECYCLES[key], facts, facts.bodies[0], until=until) if dates.followed]


PARTS = {  # period, opening, due day, end: by hand from the almanac
    RecurrenceKind.SEMIANNUAL: [
        "2027-H1 2027-08-02 2027-08-31 2028-01-10",  # July is free
        "2027-H2 2028-01-10 2028-02-29 2028-08-01",
    ],
    RecurrenceKind.TERTIAL: [
        "2027-T1 2027-05-03 2027-05-31 2027-09-01",  # 1 May is a Saturday
        "2027-T2 2027-09-01 2027-09-30 2028-01-10",
        "2027-T3 2028-01-10 2028-02-29 2028-05-02",  # the 7th is squeezed, 1 May is free
    ],
    RecurrenceKind.QUARTERLY: [
        "2027-Q1 2027-04-01 2027-04-30 2027-08-02",
        "2027-Q2 2027-08-02 2027-08-31 2027-11-01",
        "2027-Q3 2027-10-01 2027-10-29 2028-01-10",  # the 31st is a Sunday
        "2027-Q4 2028-01-10 2028-02-29 2028-05-02",
    ],
    RecurrenceKind.MONTHLY: [
        "2027-01 2027-02-01 2027-02-26 2027-04-27",  # sixty days after the due day, however often it is asked
        "2027-02 2027-03-01 2027-03-31 2027-05-31",
        "2027-03 2027-04-01 2027-04-30 2027-06-29",
        "2027-04 2027-05-03 2027-05-31 2027-08-02",
        "2027-05 2027-06-01 2027-06-30 2027-08-30",
        "2027-06 2027-08-02 2027-08-31 2027-11-01",
        "2027-07 2027-08-02 2027-08-31 2027-11-01",
        "2027-08 2027-09-01 2027-09-30 2027-11-29",
        "2027-09 2027-10-01 2027-10-29 2027-12-28",
        "2027-10 2027-11-01 2027-11-30 2028-01-31",
        "2027-11 2027-12-01 2027-12-30 2028-02-28",
        "2027-12 2028-01-10 2028-02-29 2028-05-02",
    ],
}


@pytest.mark.parametrize("kind", PARTS)
def test_each_part_of_the_year_is_followed_up_after_its_end_and_the_last_with_the_year(kind: RecurrenceKind) -> None:
    coming = found("follow_up", a_policy(a_body(), a_duty(kind)), until=date(2028, 1, 31))
    days = [
        f"{dates.period} {dates.opens_on} {dates.due_on} {dates.lapses_on}"
        for dates in coming
        if dates.period[:4] == "2027"
    ]
    assert days == PARTS[kind]


@pytest.mark.parametrize("kind", [RecurrenceKind.SEMIANNUAL, RecurrenceKind.TERTIAL, RecurrenceKind.QUARTERLY], ids=str)
def test_projects_are_followed_up_in_the_parts_of_the_year_that_a_text_names(kind: RecurrenceKind) -> None:
    coming = found("project_follow_up", a_policy(a_body(), a_duty(kind)), until=date(2028, 1, 31))
    days = [f"{each.period} {each.opens_on} {each.due_on} {each.lapses_on}" for each in coming if "2027" in each.period]
    assert days == PARTS[kind]


def test_the_annual_report_is_for_a_whole_year() -> None:
    """KL 11:20."""
    assert found("annual_report", a_policy(a_body(), a_duty(RecurrenceKind.TERTIAL)), until=date(2028, 12, 31)) == []


def test_the_parts_before_we_began_are_not_asked_for() -> None:
    coming = found("follow_up", a_policy(a_body(), a_duty(RecurrenceKind.MONTHLY)), until=date(2026, 12, 31))
    assert [dates.period for dates in coming] == ["2026-10", "2026-11"]


def test_the_parts_say_that_the_day_is_the_municipalitys_own_and_the_last_keeps_the_limit_of_the_law() -> None:
    body = a_body(meetings=(date(2028, 4, 7),))
    coming = found("follow_up", a_policy(body, a_duty(RecurrenceKind.TERTIAL)), until=date(2028, 1, 31))
    assert "delårsrapporten (KL 11 kap. 16 §)" in coming[1].source
    assert "årsredovisningen (KL 11 kap. 20 §)" in coming[3].source
    assert (coming[3].period, coming[3].due_on) == ("2027-T3", date(2028, 2, 29))  # not moved past 15 April


def test_a_stated_day_speaks_of_the_part_it_follows_and_of_no_other() -> None:
    """”Tertialvis, senast den 15 september” is the day of the second tertial."""
    duty = a_duty(RecurrenceKind.TERTIAL, deadline=stated(On(9, 15)))
    coming = {dates.period: dates for dates in found("follow_up", a_policy(a_body(), duty), until=date(2028, 1, 31))}
    assert (coming["2027-T2"].due_on, coming["2027-T2"].basis) == (date(2027, 9, 15), DueBasis.TEXT)
    assert (coming["2027-T1"].due_on, coming["2027-T1"].basis) == (date(2027, 5, 31), DueBasis.DEFAULT)
    assert (coming["2027-T3"].due_on, coming["2027-T3"].basis) == (date(2028, 2, 29), DueBasis.DEFAULT)


def test_each_part_takes_the_stated_day_that_is_its_own() -> None:
    days = [a_duty(RecurrenceKind.SEMIANNUAL, duty_id=str(day), deadline=stated(day)) for day in (On(8, 20), On(1, 31))]
    coming = {dates.period: dates.due_on for dates in found("follow_up", a_policy(a_body(), *days), until=FOLLOWED)}
    coming |= {d.period: d.due_on for d in found("follow_up", a_policy(a_body(), *days), until=date(2028, 1, 31))}
    assert (coming["2027-H1"], coming["2027-H2"]) == (date(2027, 8, 20), date(2028, 1, 31))


@pytest.mark.parametrize(
    ("rest", "period", "due"),
    [
        ({12}, "2027-11", "2028-01-31"),
        ({10, 11, 12}, "2027-Q3", "2028-01-31"),
        ({6, 7, 8}, "2027-H1", "2027-09-30"),
        (set(), "2027-H1", "2027-07-30"),
    ],
)
def test_a_part_is_answered_in_the_first_month_that_is_not_free_also_past_new_year(
    rest: set[int], period: str, due: str
) -> None:
    kind = {"H": RecurrenceKind.SEMIANNUAL, "Q": RecurrenceKind.QUARTERLY}.get(period[5], RecurrenceKind.MONTHLY)
    facts = a_policy(a_body(), a_duty(kind), practice=Practice(rest_months=frozenset(rest)))
    coming = {dates.period: dates for dates in found("follow_up", facts, until=date(2028, 3, 31))}
    assert coming[period].due_on == date.fromisoformat(due)
    assert coming[period].opens_on < coming[period].due_on


# -- by term of office ---------------------------------------------------------------------------------------------


def handover(body: BodyFacts, *, followed_from: date = FOLLOWED) -> RoundDates:
    """The first handover of a body that owes something."""
    facts = a_policy(
        body,
        policy_id=None,
        adopted_on=None,
        followed_from=followed_from,
        asked_by_default=frozenset({body.body_id}),
    )
    return found("handover", facts, until=date(2030, 12, 31))[0]


@pytest.mark.parametrize(
    ("kind", "decided", "opens", "due"),
    [
        (BodyKind.COUNCIL, (), "2026-10-15", "2026-11-12"),  # KL 5:9
        (BodyKind.EXECUTIVE_BOARD, (), "2027-01-04", "2027-02-02"),  # KL 6:18
        (BodyKind.EXECUTIVE_BOARD, (date(2026, 10, 26),), "2026-10-26", "2026-11-23"),  # the meeting that elects it
        (BodyKind.COMMITTEE, (), "2027-01-04", "2027-02-02"),  # KL 6:19
        (BodyKind.COMMITTEE, (date(2027, 2, 1),), "2027-02-01", "2027-03-01"),  # as the council has decided
        (BodyKind.COUNCIL, (date(2027, 3, 15),), "2027-03-15", "2027-04-14"),  # omval: the old term is prolonged
    ],
)
def test_a_body_hands_over_on_its_own_clock(kind: BodyKind, decided: tuple[date, ...], opens: str, due: str) -> None:
    dates = handover(BodyFacts(body_id="body", kind=kind, term_starts=decided))
    assert (dates.opens_on.isoformat(), dates.due_on.isoformat()) == (opens, due)
    assert dates.holder is Holder.COORDINATOR
    assert dates.source.startswith("Kommunens standard")


def test_a_handover_keeps_the_first_day_of_the_term_as_its_period_and_says_that_it_opened_later() -> None:
    dates = handover(a_body())
    assert (dates.period, dates.opening_deferred_from) == ("2027-01-01", date(2027, 1, 1))
    assert dates.lapses_on == date(2031, 1, 2)


def test_a_term_that_had_begun_before_we_did_is_not_handed_over_again() -> None:
    assert handover(a_body(BodyKind.COUNCIL), followed_from=date(2026, 10, 16)).period == "2030-10-15"


def revision(adopter: BodyFacts, adopted_on: date, **duty: object) -> list[RoundDates]:
    """The rounds of a policy to be revised every term, asked of the board, up to the autumn of 2030."""
    facts = a_policy(a_body(), a_duty(RecurrenceKind.MANDATE_PERIOD, **duty), adopter=adopter, adopted_on=adopted_on)
    return rounds(LIFECYCLES["revision"], facts, facts.bodies[0], until=date(2030, 9, 30))


@pytest.mark.parametrize(
    ("adopter", "opens", "due"),
    [
        (a_body(BodyKind.COUNCIL), "2026-10-15", "2027-12-30"),  # New Year's Eve is free
        (a_body(BodyKind.EXECUTIVE_BOARD), "2027-01-04", "2027-12-30"),
        (
            BodyFacts(body_id="ks", kind=BodyKind.EXECUTIVE_BOARD, term_starts=(date(2026, 10, 26),)),
            "2026-10-26",
            "2027-12-30",
        ),
        (a_body(BodyKind.COMMITTEE), "2027-01-04", "2027-12-30"),
        (
            BodyFacts(body_id="kf", kind=BodyKind.COUNCIL, term_starts=(date(2027, 3, 15),)),
            "2027-03-15",
            "2028-12-29",  # the first full year after an omval
        ),
    ],
)
def test_a_revision_follows_the_clock_of_whoever_adopted_the_document(adopter: BodyFacts, opens: str, due: str) -> None:
    [dates] = [dates for dates in revision(adopter, date(2023, 1, 30)) if dates.followed]
    assert (dates.opens_on.isoformat(), dates.due_on.isoformat()) == (opens, due)


def test_revisions_missed_before_styrhjul_are_shown_and_not_followed() -> None:
    """Adopted in the term 2014–2018: the revisions of 2018 and 2022 never happened, that of 2026 begins."""
    terms = revision(a_body(BodyKind.COUNCIL), date(2015, 9, 7))
    assert [(dates.period, dates.followed) for dates in terms] == [
        ("2018-10-15", False),
        ("2022-10-15", False),
        ("2026-10-15", True),
    ]
    assert terms[0].opens_on == date(2018, 10, 15)


def test_a_policy_adopted_after_the_election_belongs_to_the_new_term() -> None:
    """domain.md R2: 2022-11-28 lies in the council's term that began in October."""
    assert [dates.period for dates in revision(a_body(BodyKind.COUNCIL), date(2022, 11, 28))] == ["2026-10-15"]


@pytest.mark.parametrize(("rule", "due"), [(On(3, 31), "2027-03-31"), (On(11, 1), "2027-11-01")])
def test_a_day_of_the_year_that_the_text_states_is_the_terms_first_with_room_for_the_work(rule: On, due: str) -> None:
    """”Revideras vid varje ny mandatperiod, senast den 31 mars”: 1 November 2026 came too soon after 15 October."""
    [dates] = revision(a_body(BodyKind.COUNCIL), date(2023, 1, 30), deadline=stated(rule))
    assert (dates.opens_on, dates.due_on.isoformat()) == (date(2026, 10, 15), due)
    assert (dates.basis, dates.source) == (DueBasis.TEXT, "Dokumentets text.")


# -- by interval, and once -----------------------------------------------------------------------------------------


def interval(decided_on: date | None, every: Recurrence = EVERY_FOURTH, **others: object) -> PolicyFacts:
    """A policy to be revised at an interval from the last decision."""
    return a_policy(a_body(), a_duty(every), decided_on=decided_on, **others)


@pytest.mark.parametrize(
    ("decided", "years", "opens", "due"),
    [
        ("2024-02-29", 4, "2027-05-31", "2028-02-29"),  # the opening was a Saturday
        ("2024-02-29", 3, "2026-10-15", "2027-02-26"),  # 28 February, a Sunday; nine months before we had not begun
        ("2025-07-15", 2, "2026-10-15", "2027-06-30"),  # in July nobody decides
        ("2026-06-15", 5, "2030-09-16", "2031-06-13"),  # a Sunday both times
    ],
)
def test_an_interval_is_counted_from_the_last_decision(decided: str, years: int, opens: str, due: str) -> None:
    facts = interval(date.fromisoformat(decided), Recurrence(RecurrenceKind.EVERY_N_YEARS, years))
    dates = found("revision", facts, until=date(2031, 12, 31))[0]
    assert (dates.opens_on.isoformat(), dates.due_on.isoformat()) == (opens, due)
    assert (dates.basis, dates.source) == (
        DueBasis.TEXT,
        "Intervallet anges i dokumentets text och räknas från det senaste beslutet.",
    )


def test_a_new_decision_starts_the_interval_anew() -> None:
    before, after = interval(date(2023, 9, 1)), interval(date(2027, 3, 1))
    assert found("revision", before, until=date(2027, 1, 31))[0].period == "2027-09-01"
    assert [dates.period for dates in found("revision", after, until=date(2031, 1, 31))] == ["2031-03-01"]


def test_without_a_later_decision_the_interval_is_counted_from_the_adoption() -> None:
    assert found("revision", interval(None), until=date(2027, 12, 31))[0].period == "2023-09-07"  # 2015, 2019, 2023


@pytest.mark.parametrize(
    ("decided", "period", "words"),
    [
        ("2017-12-01", "2025-12-01", "hade passerat"),
        ("2022-10-30", "2026-10-30", "låg för nära"),  # eleven working days ahead
        ("2022-11-12", "2026-11-12", "Intervallet"),  # twenty: a whole ladder
    ],
)
def test_a_day_that_passed_or_came_too_soon_when_we_began_gives_one_round_with_six_months(
    decided: str, period: str, words: str
) -> None:
    [dates] = found("revision", interval(date.fromisoformat(decided)), until=date(2028, 12, 31))
    expected = date(2026, 11, 12) if words == "Intervallet" else date(2027, 4, 15)
    assert (dates.period, dates.opens_on, dates.due_on) == (period, FOLLOWED, expected)
    assert words in dates.source


def test_a_day_that_passed_is_not_asked_about_when_the_next_one_is_already_open() -> None:
    """Decided in 2019: that of 2023 was missed, and that of 1 March 2027 opened nine months before."""
    assert [d.period for d in found("revision", interval(date(2019, 3, 1)), until=date(2027, 3, 1))] == ["2027-03-01"]


def test_a_document_valid_until_a_day_is_asked_about_nine_months_before_and_once() -> None:
    facts = a_policy(a_body(), a_duty(RecurrenceKind.ONCE, deadline=stated(date(2028, 12, 31))))
    [dates] = found("revision", facts, until=date(2040, 1, 1))
    assert (dates.opens_on, dates.due_on, dates.lapses_on) == (
        date(2028, 3, 31),
        date(2028, 12, 29),
        date(2029, 2, 27),  # no round follows: sixty days for a late answer
    )
    assert dates.source == "Dokumentet gäller till den dag som anges i det."
    assert wake_on(LIFECYCLES["revision"], facts, date(2028, 3, 31)) is None


def test_a_document_that_expired_before_we_began_still_needs_its_decision() -> None:
    facts = a_policy(a_body(), a_duty(RecurrenceKind.ONCE, deadline=stated(date(2025, 12, 31))))
    [dates] = found("revision", facts, until=date(2040, 1, 1))
    assert (dates.period, dates.opens_on, dates.due_on) == ("2025-12-31", FOLLOWED, date(2027, 4, 15))


def test_what_is_to_be_done_once_by_a_day_of_no_year_is_due_on_the_first_such_day_after_the_adoption() -> None:
    duty = a_duty(RecurrenceKind.ONCE, deadline=stated(On(3, 31)))
    [dates] = found("action_planning", a_policy(a_body(), duty, adopted_on=date(2026, 6, 1)), until=date(2040, 1, 1))
    assert (dates.period, dates.due_on) == ("2027-03-31", date(2027, 3, 31))
    assert (dates.opens_on, dates.opening_deferred_from) == (date(2027, 1, 4), date(2026, 12, 31))


def test_two_stated_days_are_two_rounds() -> None:
    duties = [
        a_duty(RecurrenceKind.ONCE, duty_id=d, deadline=stated(date.fromisoformat(d)))
        for d in ("2027-09-15", "2028-09-15")
    ]
    coming = found("follow_up", a_policy(a_body(), *duties), until=date(2030, 1, 1))
    assert [dates.period for dates in coming] == ["2027-09-15", "2028-09-15"]


# -- registered ----------------------------------------------------------------------------------------------------


def test_a_referral_has_the_days_and_the_source_that_whoever_sent_it_gave() -> None:
    facts = a_policy(a_body(), registered=(a_referral(date(2027, 7, 5), date(2027, 9, 4)),))
    [case] = opened(LIFECYCLES["referral"], facts, until=date(2027, 8, 2))
    assert (case.opens_on, case.opening_deferred_from) == (date(2027, 8, 2), date(2027, 7, 5))
    assert (case.due_on, case.due_basis) == (date(2027, 9, 4), DueBasis.DECISION)  # a Saturday, as they wished
    assert (case.due_source, case.holder) == ("Svarsdag i remissen av 2027-07-05.", Holder.BODY)


def test_a_referral_with_all_its_days_in_july_is_not_asked_before_it_was_sent() -> None:
    facts = a_policy(a_body(), registered=(a_referral(date(2027, 7, 5), date(2027, 7, 20)),))
    [case] = opened(LIFECYCLES["referral"], facts, until=date(2027, 8, 31))
    assert (case.opens_on, case.due_on) == (date(2027, 8, 2), date(2027, 7, 20))


def test_a_registered_round_is_held_as_registered_and_rests_on_the_duties_named() -> None:
    asked = replace(a_referral(date(2027, 3, 1), date(2027, 4, 30)), holder=Holder.DOCUMENT_OWNER, duty_ids=("duty",))
    [case] = opened(LIFECYCLES["referral"], a_policy(a_body(), registered=(asked,)), until=date(2027, 3, 1))
    assert (case.holder, case.duty_ids) == (Holder.DOCUMENT_OWNER, ("duty",))


def test_a_referral_is_asked_also_where_we_began_the_other_day() -> None:
    facts = a_policy(a_body(), registered=(a_referral(date(2027, 3, 1), date(2027, 3, 15)),))
    late = replace(facts, followed_from=date(2027, 2, 26))
    assert [case.followed for case in opened(LIFECYCLES["referral"], late, until=date(2027, 3, 1))] == [True]


def test_a_referral_concerns_only_the_body_it_was_sent_to() -> None:
    facts = a_policy(a_body(), registered=(a_referral(date(2027, 3, 1), date(2027, 4, 30), body_id="another"),))
    assert opened(LIFECYCLES["referral"], facts, until=date(2030, 1, 1)) == []


def test_goals_for_a_whole_term_are_asked_once_of_each_new_committee() -> None:
    facts = a_policy(a_body(), a_duty(RecurrenceKind.MANDATE_PERIOD), adopted_on=date(2023, 1, 30))
    found = rounds(LIFECYCLES["goal_setting"], facts, facts.bodies[0], until=date(2031, 12, 31))
    assert [(dates.period, dates.due_on.isoformat()) for dates in found if dates.followed] == [
        ("2027-01-01", "2027-03-31"),
        ("2031-01-01", "2031-03-31"),
    ]


def test_a_day_that_is_only_advised_does_not_move_what_is_demanded() -> None:
    advised = a_duty(RecurrenceKind.ANNUAL, duty_id="bör", deadline=stated(On(10, 1)), is_binding=False)
    facts = a_policy(a_body(), a_duty(RecurrenceKind.ANNUAL), adopted_on=date(2023, 1, 30))
    facts = replace(facts, duties=(advised, *facts.duties))
    found = rounds(LIFECYCLES["action_planning"], facts, facts.bodies[0], until=date(2027, 12, 31))
    assert {dates.due_on.month for dates in found if dates.followed} == {11}


def test_what_was_conditional_is_not_asked_about_the_time_before_the_condition_was_met() -> None:
    duty = a_duty(RecurrenceKind.ANNUAL, since={"body": date(2027, 11, 30)})
    coming = found("follow_up", a_policy(a_body(), duty), until=date(2029, 3, 1))
    assert [dates.period for dates in coming] == ["2027", "2028"]


def test_of_several_sentences_the_one_that_bound_first_decides_from_when_a_body_is_asked() -> None:
    conditional = a_duty(RecurrenceKind.ANNUAL, duty_id="planen", since={"body": date(2027, 11, 30)})
    coming = found("follow_up", a_policy(a_body(), conditional, a_duty(RecurrenceKind.ANNUAL)), until=date(2028, 3, 1))
    assert [dates.period for dates in coming] == ["2026", "2027"]
