"""What people decide beyond time and closing: another post, a note, a referral, a preparation, a repeal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Answer, Case, Notice, Wake
from styrhjul.db.compose_query import load_case_texts
from styrhjul.db.course_model import Referral
from styrhjul.db.decision_query import decisions_of
from styrhjul.db.facts_query import load_organisation
from styrhjul.db.mail_model import AnswerLink
from styrhjul.db.model import Policy
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.case import (
    CaseAt,
    Decision,
    DecisionRefused,
    approve,
    grant_extension,
    note,
    waive,
)
from styrhjul.services.mail_detail import with_details
from styrhjul.services.mail_item import item_of
from styrhjul.services.reassign import reassign
from styrhjul.services.revise import Preparation, Request, prepare, refer
from tests.services.people import appoint, leave, post_of
from tests.town import Town, build_town, nine
from workflows import LIFECYCLES

OPENING, LATER = date(2027, 1, 7), date(2027, 2, 1)
CHIEF = Decision(by="kommunchefen", reason="Uppdraget har flyttats.")
NEW = "utredare@lillby.example.org"


@pytest.fixture
def town(database: Database) -> Town:
    town = build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.REVISE), committees=("socialnämnden",))
    town.live(OPENING)
    return town


def case_of(town: Town, lifecycle: str) -> Case:
    followed = [c for c in town.cases() if c.lifecycle == lifecycle and c.state is not State.NOT_FOLLOWED]
    return min(followed, key=lambda case: case.opens_on)


def at(town: Town, lifecycle: str = "goal_setting") -> CaseAt:
    return CaseAt(town.municipality_id, case_of(town, lifecycle).id)


def put(town: Town, lifecycle: str, state: State) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.scalars(select(Case).where(Case.id == case_of(town, lifecycle).id)).one().state = state


def decided(town: Town, lifecycle: str = "goal_setting") -> list[tuple[str, str, str]]:
    with town.database.reading(town.municipality_id) as session:
        return [(d.what, d.by, d.reason) for d in decisions_of(session, case_of(town, lifecycle).id)]


# -- another post ------------------------------------------------------------------------------------------------------


def test_a_case_given_to_another_post_gets_the_present_rung_there_and_is_silent_before(town: Town) -> None:
    post = appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    town.sweep(date(2027, 3, 17))  # the reminder is planned, and has not left
    reassign(town.database, at(town), "document_owner, kommunstyrelsen", CHIEF, nine(date(2027, 3, 17)))
    town.live(date(2027, 3, 17))
    case = case_of(town, "goal_setting")
    mine = [n for n in town.notices() if n.case_id == case.id]
    assert case.assigned_post_id == post
    assert {n.rung for n in mine if n.status is NoticeStatus.DELIVERED and n.post_id == post} == {"reminder"}
    assert {n.status for n in mine if n.rung == "reminder" and n.post_id != post} == {NoticeStatus.CANCELLED}
    assert decided(town) == [("case_reassigned", CHIEF.by, CHIEF.reason)]


def test_the_mail_of_a_case_given_over_says_by_whom_and_why(town: Town) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    reassign(town.database, at(town), "document_owner, kommunstyrelsen", CHIEF, nine(date(2027, 3, 17)))
    before = {mail.id for mail in town.mails()}
    town.live(date(2027, 3, 18))
    [mail] = [mail for mail in town.mails() if mail.id not in before and mail.address == NEW]
    with town.database.reading(town.municipality_id) as session:
        text = load_case_texts(session, [at(town).case_id])[at(town).case_id]
        organisation = load_organisation(session)
        notice = session.scalars(select(Notice).where(Notice.post_id == mail.post_id)).first()
        assert notice is not None
        item = item_of(notice, text, organisation=organisation, url="", today=date(2027, 3, 18))
        item = with_details(session, organisation, item, text)
    assert (item.handed_over_by, item.handed_over_because) == (CHIEF.by, CHIEF.reason)


def test_what_the_chief_executive_already_has_is_said_and_not_threatened(town: Town) -> None:
    case = case_of(town, "goal_setting")
    top = LIFECYCLES["goal_setting"].ladder[-1]
    with town.database.municipality(town.municipality_id) as session:
        chief = post_of(town, "kommunstyrelsen", PostRole.CHIEF_EXECUTIVE)
        told = {
            "status": NoticeStatus.DELIVERED,
            "planned_on": LATER,
            "delivered_on": LATER,
            "not_before_at": nine(LATER),
        }
        session.add(Notice(case_id=case.id, due_on=case.due_on, rung=top.key, post_id=chief, **told))
    with town.database.reading(town.municipality_id) as session:
        text = load_case_texts(session, [case.id])[case.id]
        notice = session.scalars(select(Notice).where(Notice.rung == "opened", Notice.case_id == case.id)).first()
        assert notice is not None
        item = item_of(notice, text, organisation=load_organisation(session), url="", today=LATER)
    assert item.chief_executive_since == LATER


def test_the_links_of_those_who_answered_before_die(town: Town) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    reassign(town.database, at(town), "document_owner, kommunstyrelsen", CHIEF, nine(LATER))
    with town.database.reading(town.municipality_id) as session:
        links = session.scalars(select(AnswerLink).where(AnswerLink.case_id == case_of(town, "goal_setting").id)).all()
    assert {link.revoked_at for link in links} == {nine(LATER)}


def test_a_post_may_be_named_by_its_id_or_with_its_body(town: Town) -> None:
    post = appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    reassign(town.database, at(town), post, CHIEF, nine(LATER))
    with pytest.raises(DecisionRefused, match="redan hos"):
        reassign(town.database, at(town), "Document_owner, kommunstyrelsen, Kommunstyrelsen", CHIEF, nine(LATER))


def test_a_case_is_not_given_to_nobody(town: Town) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    leave(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, date(2026, 12, 31))
    with pytest.raises(DecisionRefused, match="Ingen med en fungerande adress"):
        reassign(town.database, at(town), "document_owner, kommunstyrelsen", CHIEF, nine(LATER))
    with pytest.raises(DecisionRefused, match="Ingen befattning heter"):
        reassign(town.database, at(town), "borgmästaren", CHIEF, nine(LATER))


UP = ("head", "chief_executive")
UP_ON = date(2027, 4, 5)


def rungs_of(town: Town, *statuses: NoticeStatus) -> dict[str, date | None]:
    """The goal case's rungs with one of these statuses, and when each was delivered."""
    case = case_of(town, "goal_setting")
    return {n.rung: n.delivered_on for n in town.notices() if n.case_id == case.id and n.status in statuses}


def test_what_waits_to_go_up_is_withdrawn_when_the_case_is_given_over_and_goes_up_when_the_new_post_was_warned(
    town: Town,
) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    town.live(date(2027, 3, 30))  # the body is warned
    town.sweep(UP_ON)
    town.compose(UP_ON)  # the mail to the head is written, and has not begun to leave
    reassign(town.database, at(town), "document_owner, kommunstyrelsen", CHIEF, nine(UP_ON))
    town.deliver(UP_ON)
    assert rungs_of(town, NoticeStatus.CANCELLED)["head"] is None
    town.live_through(date(2027, 4, 6), date(2027, 4, 30))
    left = [n for n in town.notices() if n.post_id == post_of(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER)]
    assert [(n.rung, n.delivered_on) for n in left if n.delivered_on] == [("warning", date(2027, 4, 6))]
    up = {rung: on for rung, on in rungs_of(town, NoticeStatus.DELIVERED).items() if rung in UP}
    assert up == {"head": date(2027, 4, 9), "chief_executive": date(2027, 4, 14)}


def test_whoever_had_the_case_before_and_gets_it_back_is_warned_anew(town: Town) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    town.live(date(2027, 3, 30))
    reassign(town.database, at(town), "document_owner, kommunstyrelsen", CHIEF, nine(date(2027, 3, 31)))
    reassign(town.database, at(town), "secretary, socialnämnden", CHIEF, nine(UP_ON))
    town.live_through(UP_ON, date(2027, 4, 30))
    secretary = post_of(town, "socialnämnden", PostRole.SECRETARY)
    warned = [n.delivered_on for n in town.notices() if n.post_id == secretary and n.rung == "warning"]
    assert warned == [date(2027, 3, 30), UP_ON]
    assert rungs_of(town, NoticeStatus.DELIVERED)["head"] == date(2027, 4, 8)


def test_a_case_out_of_reach_that_is_given_over_is_no_longer_so(town: Town) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    for role in (PostRole.CHAIR, PostRole.SECRETARY):
        leave(town, "socialnämnden", role, date(2027, 2, 26))
    town.sweep(date(2027, 3, 30))
    town.compose(date(2027, 3, 30))
    town.sweep(date(2027, 3, 30))
    assert case_of(town, "goal_setting").unreachable_on == date(2027, 3, 30)
    reassign(town.database, at(town), "document_owner, kommunstyrelsen", CHIEF, nine(date(2027, 3, 30)))
    assert case_of(town, "goal_setting").unreachable_on is None
    town.live_through(date(2027, 3, 31), date(2027, 4, 30))
    assert "unreachable" not in rungs_of(town, NoticeStatus.DELIVERED)
    assert set(UP) <= rungs_of(town, NoticeStatus.DELIVERED).keys()


# -- a note, and time --------------------------------------------------------------------------------------------------


def test_a_note_changes_nothing_but_the_journal(town: Town) -> None:
    before = case_of(town, "goal_setting")
    note(town.database, at(town), Decision(by="kommunchefen", reason="Nämnden har ordnat en ersättare."), nine(LATER))
    after = case_of(town, "goal_setting")
    assert (after.version, after.due_on, after.state) == (before.version, before.due_on, before.state)
    assert decided(town) == [("case_noted", "kommunchefen", "Nämnden har ordnat en ersättare.")]


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
    assert decided(town) == [("due_moved", CHIEF.by, CHIEF.reason)]


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
    assert [what for what, _, _ in decided(town, "revision")] == ["refer", "referral_sent"]


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
    assert (made.data["meeting_on"], made.data["paragraph"]) == ("2027-01-27", "14")


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


def let_the_next_round_close(town: Town) -> None:
    """Nobody looked at the answer before the next round began, on 1 February."""
    case_id = case_of(town, "revision").id
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).where(Case.id == case_id).values(lapses_on=LATER))
        session.execute(update(Wake).where(Wake.subject_id == case_id).values(wake_on=LATER))
    town.sweep(LATER)


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
