"""What people decide beyond time and closing: another post, a note, a referral, a preparation, a repeal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Answer, Case, Wake
from styrhjul.db.course_model import Referral
from styrhjul.db.decision_query import changes_of, decisions_of
from styrhjul.db.model import Policy
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.cases.decision import CaseAt, Decision, DecisionRefused, approve, grant_extension, note, waive
from styrhjul.services.cases.ending import REVISED
from styrhjul.services.cases.revise import Preparation, Request, prepare, refer
from tests.services.decision_town import CHIEF, LATER, at, case_of, decided, put, town_with_open_cases
from tests.services.people import post_of
from tests.town import Town, nine


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_open_cases(database)


# -- a note, and time --------------------------------------------------------------------------------------------------


def test_a_note_changes_nothing_but_the_journal(town: Town) -> None:
    before = case_of(town, "goal_setting")
    note(town.database, at(town), Decision(by="kommunchefen", reason="Nämnden har ordnat en ersättare."), nine(LATER))
    after = case_of(town, "goal_setting")
    assert (after.version, after.due_on, after.state) == (before.version, before.due_on, before.state)
    assert decided(town) == [("note", "kommunchefen", "Nämnden har ordnat en ersättare.")]


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2027, 5, 7), "klämdag. Välj till exempel 2027-05-05 eller 2027-05-10"),
        (date(2027, 7, 14), "i juli, då kommunen har uppehåll. Välj till exempel 2027-06-30 eller 2027-08-02"),
        (date(2027, 8, 29), "söndag. Välj till exempel 2027-08-27 eller 2027-08-30"),
    ],
)
def test_more_time_ends_on_an_ordinary_day_and_the_nearest_are_named(town: Town, until: date, words: str) -> None:
    with pytest.raises(DecisionRefused, match=words):
        grant_extension(town.database, at(town), until, CHIEF, nine(LATER))


def test_more_time_moves_the_day_the_case_ends_so_that_a_late_answer_has_its_time(town: Town) -> None:
    until = date(2027, 8, 16)
    assert case_of(town, "goal_setting").lapses_on < until + timedelta(60)
    grant_extension(town.database, at(town), until, CHIEF, nine(LATER))
    case = case_of(town, "goal_setting")
    assert case.lapses_on == date(2027, 10, 15)
    assert decided(town) == [("extend", CHIEF.by, CHIEF.reason)]


def test_more_time_until_a_leap_day_is_warned_of_the_day_before(town: Town) -> None:
    grant_extension(town.database, at(town, "revision"), date(2028, 2, 29), CHIEF, nine(LATER))
    assert town.sweep(date(2028, 2, 28)).notices >= 2
    mine = case_of(town, "revision").id, "warning"
    assert {n.due_on for n in town.notices() if (n.case_id, n.rung) == mine} == {date(2028, 2, 29)}


# -- revision ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_referred_to_the_bound_committees_which_get_a_case_each(town: Town) -> None:
    put(town, "revision", State.UNDER_WAY)
    asked = refer(town.database, at(town, "revision"), Request(due_on=date(2027, 3, 24)), CHIEF, nine(LATER))
    town.live(LATER)
    opinion = case_of(town, "referral")
    assert asked == 1
    assert case_of(town, "revision").state is State.REFERRED
    assert (opinion.body_id, opinion.due_on, opinion.opens_on) == (
        town.bodies["socialnämnden"],
        date(2027, 3, 24),
        LATER,
    )
    assert [what for what, _, _ in decided(town, "revision")] == ["refer"]


@pytest.mark.parametrize(
    ("due_on", "why"),
    [
        (date(2027, 2, 26), "ska ligga efter"),
        (date(2027, 7, 7), "uppehåll"),
        (date(9999, 12, 31), "Den senaste dagen är 2029-02-01"),
    ],
)
def test_a_referral_leaves_twenty_working_days_and_ends_on_an_ordinary_one(town: Town, due_on: date, why: str) -> None:
    put(town, "revision", State.UNDER_WAY)
    with pytest.raises(DecisionRefused, match=why):
        refer(town.database, at(town, "revision"), Request(due_on=due_on), CHIEF, nine(LATER))
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Referral)).all() == []


def test_a_revision_that_has_not_begun_cannot_be_referred(town: Town) -> None:
    with pytest.raises(DecisionRefused, match="svara ”ska revideras” i ärendet"):
        refer(town.database, at(town, "revision"), Request(due_on=date(2027, 3, 24)), CHIEF, nine(LATER))


def test_a_preparation_keeps_its_day_and_paragraph(town: Town) -> None:
    put(town, "revision", State.REFERRED)
    done = Preparation(meeting_on=date(2027, 1, 27), paragraph="14")
    prepare(town.database, at(town, "revision"), done, CHIEF, nine(LATER))
    assert case_of(town, "revision").state is State.PREPARED
    with town.database.reading(town.municipality_id) as session:
        [made] = decisions_of(session, case_of(town, "revision").id)
        [moved] = changes_of(session, [case_of(town, "revision").id])[case_of(town, "revision").id]
    assert (made.act, made.paragraph, moved.data["meeting_on"]) == ("prepare", "14", "2027-01-27")


@pytest.mark.parametrize(
    ("met_on", "paragraph", "why"),
    [
        (date(2027, 2, 2), "14", "har inte varit än"),
        (date(9999, 12, 31), "14", "har inte varit än"),
        (date(2026, 10, 14), "14", "ligger före ärendet, som öppnade 2026-10-15"),
        (date(1027, 1, 27), "14", "ligger före ärendet"),
        (date(2027, 1, 27), " ", "paragraf"),
    ],
)
def test_a_preparation_before_the_case_or_to_come_or_without_a_paragraph_is_refused(
    town: Town, met_on: date, paragraph: str, why: str
) -> None:
    put(town, "revision", State.UNDER_WAY)
    done = Preparation(meeting_on=met_on, paragraph=paragraph)
    with pytest.raises(DecisionRefused, match=why):
        prepare(town.database, at(town, "revision"), done, CHIEF, nine(LATER))


@pytest.mark.parametrize(
    ("met_on", "decides_on", "why"),
    [
        (date(2027, 12, 13), date(2027, 12, 13), "före sammanträdet 2027-12-13, som beslutar"),
        (date(2028, 1, 18), None, "Fristen var 2027-12-30. Ge ärendet mer tid först"),
        (date(2027, 12, 7), date(2027, 12, 13), None),
    ],
)
def test_a_draft_is_prepared_before_it_is_decided_and_by_its_day(
    town: Town, met_on: date, decides_on: date | None, why: str | None
) -> None:
    with town.database.municipality(town.municipality_id) as session:
        case = session.scalars(select(Case).where(Case.id == at(town, "revision").case_id)).one()
        case.state, case.decides_on = State.UNDER_WAY, decides_on
    done, now = Preparation(meeting_on=met_on, paragraph="14"), nine(date(2028, 1, 19))
    if why is None:
        prepare(town.database, at(town, "revision"), done, CHIEF, now)
        assert case_of(town, "revision").state is State.PREPARED
    else:
        with pytest.raises(DecisionRefused, match=why):
            prepare(town.database, at(town, "revision"), done, CHIEF, now)


def answer_revision(town: Town, outcome: str) -> None:
    put(town, "revision", State.SUBMITTED)
    with town.database.municipality(town.municipality_id) as session:
        session.add(
            Answer(
                case_id=case_of(town, "revision").id,
                version=1,
                form_id="f",
                post_id=post_of(town, "kommunstyrelsen", PostRole.COORDINATOR),
                submitted_at=nine(LATER),
                signed_by="Test",
                outcome=outcome,
                decided_on=date(2027, 1, 25),
                paragraph="9",
            )
        )


def test_an_approved_repeal_ends_the_document_and_what_was_asked_about_it(town: Town) -> None:
    answer_revision(town, "repeal")
    approve(town.database, at(town, "revision"), CHIEF, nine(LATER))
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Policy.repealed_on)).one() == date(2027, 1, 25)
    assert {case.state for case in town.cases() if case.lifecycle == "goal_setting"} == {State.WAIVED}
    assert decided(town) == [("waive", CHIEF.by, "Dokumentet är upphävt.")]
    town.live_through(LATER, LATER + timedelta(3))
    assert all(case.closed_on for case in town.cases())


def test_an_approved_unchanged_lets_the_document_live_and_looks_at_it_anew(town: Town) -> None:
    answer_revision(town, "unchanged")
    approve(town.database, at(town, "revision"), CHIEF, nine(LATER))
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Policy.repealed_on)).one() is None
        asked = select(Wake.wake_on).where(Wake.lifecycle == "revision", Wake.subject_id == town.policy_id)
        assert session.scalars(asked).one() == LATER


def refer_to_the_committee(town: Town) -> None:
    """The draft is out for an opinion, and the committee's reminder waits to leave."""
    put(town, "revision", State.UNDER_WAY)
    refer(town.database, at(town, "revision"), Request(due_on=date(2027, 3, 24)), CHIEF, nine(LATER))
    town.live(LATER)
    town.sweep(date(2027, 3, 10))
    town.compose(date(2027, 3, 10))


def withdrawn(town: Town) -> None:
    waive(town.database, at(town, "revision"), CHIEF, nine(date(2027, 3, 10)))


def repealed(town: Town) -> None:
    answer_revision(town, "repeal")
    approve(town.database, at(town, "revision"), CHIEF, nine(date(2027, 3, 10)))


def lapsed(town: Town) -> None:
    let_the_next_round_close(town, date(2027, 3, 10))


@pytest.mark.parametrize("end", [withdrawn, repealed, lapsed])
def test_no_opinion_is_asked_for_when_the_revision_is_over(town: Town, end: Callable[[Town], None]) -> None:
    refer_to_the_committee(town)
    end(town)
    opinion = case_of(town, "referral")
    assert (opinion.state, opinion.closed_on) == (State.WAIVED, date(2027, 3, 10))
    left = len(town.transport.taken)
    town.deliver(date(2027, 3, 10))
    told = {n.rung: (n.status, n.reason) for n in town.notices() if n.case_id == opinion.id}
    assert told["reminder"] == (NoticeStatus.CANCELLED, REVISED)
    assert len(town.transport.taken) == left
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Wake).where(Wake.subject_id == opinion.id)).all() == []


def test_a_draft_whose_revision_ends_the_same_day_is_referred_to_nobody(town: Town) -> None:
    put(town, "revision", State.UNDER_WAY)
    refer(town.database, at(town, "revision"), Request(due_on=date(2027, 3, 24)), CHIEF, nine(LATER))
    waive(town.database, at(town, "revision"), CHIEF, nine(LATER))
    town.live(LATER)
    assert [case for case in town.cases() if case.lifecycle == "referral"] == []


def test_a_draft_that_waits_out_july_is_referred_to_nobody_if_its_revision_ends_meanwhile(town: Town) -> None:
    sent, later = date(2027, 7, 5), date(2027, 8, 2)
    put(town, "revision", State.UNDER_WAY)
    refer(town.database, at(town, "revision"), Request(due_on=date(2027, 9, 30)), CHIEF, nine(sent))
    town.sweep(sent)  # the referral has been seen, and waits for August
    waive(town.database, at(town, "revision"), CHIEF, nine(date(2027, 7, 6)))
    town.sweep(later)
    assert [case for case in town.cases() if case.lifecycle == "referral"] == []


def test_an_opinion_that_was_given_stands_when_the_revision_ends(town: Town) -> None:
    refer_to_the_committee(town)
    put(town, "referral", State.SUBMITTED)
    withdrawn(town)
    assert case_of(town, "referral").state is State.SUBMITTED


def let_the_next_round_close(town: Town, on: date = LATER) -> None:
    """Nobody looked at the answer before the next round began."""
    case_id = case_of(town, "revision").id
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).where(Case.id == case_id).values(lapses_on=on))
        session.execute(update(Wake).where(Wake.subject_id == case_id).values(wake_on=on))
    town.sweep(on)


def test_a_repeal_that_the_next_round_closes_ends_as_much_as_an_approved_one(town: Town) -> None:
    answer_revision(town, "repeal")
    let_the_next_round_close(town)
    assert case_of(town, "revision").state is State.DONE
    assert {case.state for case in town.cases() if case.lifecycle == "goal_setting"} == {State.WAIVED}
    assert decided(town) == []  # nobody here did: the calendar
    assert town.sweep(LATER + timedelta(365)).opened == 0
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Policy.repealed_on)).one() == date(2027, 1, 25)
        asleep = select(Wake.subject_id).where(Wake.subject_id.in_([case.id for case in town.cases()]))
        assert session.scalars(asleep).all() == []


def test_a_document_that_lives_on_is_looked_at_anew_when_the_next_round_closes_its_revision(town: Town) -> None:
    answer_revision(town, "unchanged")
    let_the_next_round_close(town)
    with town.database.reading(town.municipality_id) as session:
        asked = select(Wake.wake_on).where(Wake.lifecycle == "revision", Wake.subject_id == town.policy_id)
        assert session.scalars(asked).one() == LATER
    assert {case.state for case in town.cases() if case.lifecycle == "goal_setting"} == {State.OPEN}


@pytest.mark.parametrize("decide", [approve, waive])
def test_nothing_is_decided_twice(town: Town, decide: object) -> None:
    waive(town.database, at(town), CHIEF, nine(LATER))
    closed = CaseAt(town.municipality_id, next(case.id for case in town.cases() if case.lifecycle == "goal_setting"))
    with pytest.raises(DecisionRefused, match="redan avslutat"):
        decide(town.database, closed, CHIEF, nine(LATER))  # type: ignore[operator]
