"""A case given to another post: it gets the present rung there, who had it hears no more, nothing goes up unwarned."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import load_case_texts
from styrhjul.db.mail_model import AnswerLink, Mail, MailStatus
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.office import PostRole
from styrhjul.mail.outcome import Accepted, TryLater
from styrhjul.services.cases.decision import DecisionRefused
from styrhjul.services.cases.reassign import reassign
from styrhjul.services.mailing.detail import with_details
from styrhjul.services.mailing.item import item_of
from styrhjul.services.mailing.mailbox import OTHER_POST
from tests.services.decision_town import CHIEF, LATER, NEW, at, case_of, decided, town_with_open_cases
from tests.services.people import appoint, leave, post_of
from tests.town import Town, nine
from workflows import LIFECYCLES


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_open_cases(database)


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
    assert decided(town) == [("reassign", CHIEF.by, CHIEF.reason)]


def test_what_had_begun_to_leave_and_comes_back_is_not_written_to_who_had_the_case(town: Town) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    town.sweep(date(2027, 3, 17))
    reassign(town.database, at(town), "document_owner, kommunstyrelsen", CHIEF, nine(date(2027, 3, 17)))
    with town.database.municipality(town.municipality_id) as session:
        back = update(Notice).where(Notice.case_id == at(town).case_id, Notice.rung == "reminder")
        session.execute(back.where(Notice.status == NoticeStatus.CANCELLED).values(status=NoticeStatus.PLANNED))
    town.live(date(2027, 3, 17))
    mine = [n for n in town.notices() if n.case_id == at(town).case_id and n.rung == "reminder"]
    assert {n.reason for n in mine if n.status is NoticeStatus.CANCELLED} == {OTHER_POST}
    assert len([n for n in mine if n.status is NoticeStatus.CANCELLED]) == 2


def test_a_mail_that_was_being_tried_when_the_case_was_given_over_is_not_tried_again(town: Town) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    day = date(2027, 3, 17)
    town.transport.reply = lambda _: TryLater("451 later")
    town.live(day)
    with town.database.municipality(town.municipality_id) as session:  # a server may have it: it is left as it is
        session.execute(update(Mail).where(Mail.status == MailStatus.QUEUED).values(data_started_at=nine(day)))
    reassign(town.database, at(town), "document_owner, kommunstyrelsen", CHIEF, nine(day))
    town.transport.reply = lambda _: Accepted("250 ok")
    left = len(town.transport.taken)
    town.live_through(date(2027, 3, 18), date(2027, 3, 19))
    asked = {
        n.post_id for n in town.notices() if n.case_id == at(town).case_id and n.delivered_on and n.rung == "reminder"
    }
    assert asked == {post_of(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER)}
    assert len(town.transport.taken) > left


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


def test_whoever_gets_a_case_back_before_the_mail_about_it_left_hears_of_it_all_the_same(town: Town) -> None:
    mine = appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    saturday, sunday = date(2027, 4, 3), date(2027, 4, 4)
    for to, day in ((mine, saturday), ("secretary, socialnämnden", saturday), (mine, sunday)):
        reassign(town.database, at(town), to, CHIEF, nine(day))
        town.sweep(day)
    town.live_through(UP_ON, date(2027, 4, 30))
    case = case_of(town, "goal_setting")
    heard = [n.delivered_on for n in town.notices() if (n.case_id, n.post_id, n.rung) == (case.id, mine, "warning")]
    assert heard == [None, UP_ON]
    assert set(UP) <= rungs_of(town, NoticeStatus.DELIVERED).keys()


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


@pytest.mark.parametrize("given_on", [date(2027, 4, 5), date(2027, 4, 7)])
def test_whoever_heard_of_a_case_as_a_superior_is_warned_once_it_is_their_own(town: Town, given_on: date) -> None:
    """What went up to the head stands above the warning: counted against them it would leave the case in silence."""
    town.live(date(2027, 3, 30))
    town.live(date(2027, 4, 5))
    head = post_of(town, "socialnämnden", PostRole.HEAD_OF_ADMINISTRATION)
    reassign(town.database, at(town), head, CHIEF, nine(given_on))
    town.live_through(date(2027, 4, 7), date(2027, 4, 30))
    heard = [(n.rung, n.delivered_on) for n in town.notices() if n.post_id == head and n.delivered_on]
    assert heard == [("head", date(2027, 4, 5)), ("warning", date(2027, 4, 7))]
    assert rungs_of(town, NoticeStatus.DELIVERED)["chief_executive"] == date(2027, 4, 14)
