"""A committee that is no more: nobody chases it, no round opens for it, and what it promised finds somebody."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import AnswerLink
from styrhjul.db.model import Body, Post
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases, touch_policies
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.cases.decision import CaseAt, Decision
from styrhjul.services.cases.explain import explain_case
from styrhjul.services.cases.reassign import reassign
from styrhjul.services.overview.concern import ConcernKind
from styrhjul.services.overview.forecast import forecast
from styrhjul.services.overview.pages import overview_of
from tests.services.people import post_of
from tests.town import FOLLOWED_FROM, Town, build_town, nine

OPENING, ENDS, LONG_AFTER = date(2027, 1, 7), date(2027, 2, 15), date(2027, 4, 30)
BODY, OTHER = "socialnämnden", "byggnämnden"
COORDINATOR = "coordinator.kommunstyrelsen@lillby.example.org"


@pytest.fixture
def town(database: Database) -> Town:
    """Known from the beginning, so that no import has to wake the case."""
    town = build_town(database, committees=(BODY, OTHER))
    with database.municipality(town.municipality_id) as session:
        session.scalars(select(Body).where(Body.id == town.bodies[BODY])).one().dissolved_on = ENDS
        touch_policies(session, [town.municipality_id], ["handover"], FOLLOWED_FROM)
    return town


def case_of(town: Town, lifecycle: str = "goal_setting") -> Case:
    [case] = [
        c
        for c in town.cases()
        if c.body_id == town.bodies[BODY] and c.lifecycle == lifecycle and c.closed_on != c.opens_on
    ]
    return case


def told(town: Town, *, after: date) -> set[tuple[str, str]]:
    """Who was told of the committee's goals from a day on: rung and role."""
    with town.database.reading(town.municipality_id) as session:
        roles = {post.id: post.role.value for post in session.scalars(select(Post))}
    mine = [n for n in town.notices() if n.case_id == case_of(town).id and n.delivered_on and n.delivered_on >= after]
    return {(n.rung, roles[n.post_id]) for n in mine}


def test_its_open_case_goes_to_the_coordinator_who_is_told_why(town: Town) -> None:
    town.live_through(OPENING, ENDS)
    assert told(town, after=ENDS) == {("opened", "coordinator")}
    assert case_of(town).assigned_post_id == post_of(town, "kommunstyrelsen", PostRole.COORDINATOR)
    last = [raw for to, raw in town.transport.taken if to == COORDINATOR][-1]
    plain = message_from_bytes(last, policy=default).get_body(("plain",))
    assert plain is not None
    assert "Organet har upphört. Bestäm vem som tar över ärendet" in " ".join(plain.get_content().split())
    with town.database.reading(town.municipality_id) as session:
        links = session.scalars(select(AnswerLink).where(AnswerLink.case_id == case_of(town).id)).all()
    assert {link.revoked_at is None for link in links if link.made_at < nine(ENDS)} == {False}


def test_the_coordinator_is_warned_before_it_goes_up_and_the_committee_hears_no_more(town: Town) -> None:
    town.live_through(OPENING, LONG_AFTER)
    later = told(town, after=ENDS)
    assert {("warning", "coordinator"), ("chief_executive", "chief_executive")} <= later
    assert not {role for _, role in later} & {"chair", "secretary"}


def test_what_waited_for_the_committee_is_withdrawn(town: Town) -> None:
    town.live_through(OPENING, date(2027, 2, 14))
    with town.database.municipality(town.municipality_id) as session:
        for notice in town.notices():
            if notice.case_id == case_of(town).id:
                session.merge(notice).status = NoticeStatus.PLANNED
    town.live(ENDS)
    left = {n.status for n in town.notices() if n.case_id == case_of(town).id and n.planned_on < ENDS}
    assert left == {NoticeStatus.CANCELLED}


def test_without_a_coordinator_it_goes_to_the_chief_executive(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.scalars(select(Post).where(Post.role == PostRole.COORDINATOR)).one().ended_on = OPENING
    town.live_through(OPENING, ENDS)
    assert told(town, after=ENDS) == {("opened", "chief_executive")}


def test_when_the_coordinators_post_ends_too_the_case_goes_on_and_not_back_to_the_committee(town: Town) -> None:
    town.live_through(OPENING, ENDS)
    ended = date(2027, 3, 1)
    with town.database.municipality(town.municipality_id) as session:
        session.scalars(select(Post).where(Post.role == PostRole.COORDINATOR)).one().ended_on = ended
        touch_cases(session, [(case_of(town).id, "goal_setting")], ended)
    town.live_through(ended, LONG_AFTER)
    assert {role for _, role in told(town, after=ended)} == {"chief_executive", "function_mailbox"}
    assert case_of(town).assigned_post_id == post_of(town, "kommunstyrelsen", PostRole.CHIEF_EXECUTIVE)


def test_no_round_opens_for_it_and_nothing_else_is_foreseen_than_what_happens(town: Town) -> None:
    lines = forecast(town.database, town.municipality_id, start=date(2026, 10, 15), until=date(2027, 12, 15))
    town.live_through(date(2026, 10, 15), date(2027, 12, 15))
    asked = {
        case.period for case in town.cases() if case.body_id == town.bodies[BODY] and case.closed_on != case.opens_on
    }
    assert asked == {case_of(town).period, case_of(town, "handover").period}
    foreseen = sorted((line.on, line.rung, line.body, line.recipient) for line in lines)
    with town.database.reading(town.municipality_id) as session:
        titles = {post.id: post.title for post in session.scalars(select(Post))}
    bodies = {body_id: name.capitalize() for name, body_id in town.bodies.items()}
    of = {case.id: bodies[case.body_id] for case in town.cases()}
    lived = [(n.delivered_on, n.rung, of[n.case_id], titles[n.post_id]) for n in town.notices() if n.delivered_on]
    assert foreseen == sorted(lived)


def test_nobody_is_asked_any_more_who_holds_its_offices(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.scalars(select(Body).where(Body.id == town.bodies[BODY])).one().dissolved_on = date(2027, 1, 18)
    town.live_through(date(2027, 1, 4), date(2027, 1, 18))
    closed = case_of(town, "handover")
    assert (closed.state, closed.closed_on) == (State.LAPSED, date(2027, 1, 18))
    said = explain_case(town.database, town.municipality_id, closed.id, date(2027, 1, 18)).said
    assert said == "Inget mer skickas: ärendet är avslutat utan svar, och socialnämnden har upphört."


def mail_to(town: Town, address: str) -> str:
    """The last mail to an address: subject and text, in one line."""
    last = [raw for to, raw in town.transport.taken if to == address][-1]
    message = message_from_bytes(last, policy=default)
    plain = message.get_body(("plain",))
    assert plain is not None
    return " ".join(f"{message['subject']} {plain.get_content()}".split())


def test_the_coordinator_is_asked_who_answers_and_not_for_the_answer(town: Town) -> None:
    town.live_through(OPENING, ENDS)
    mail = mail_to(town, COORDINATOR)
    assert "bestäm vem som svarar" in mail
    assert "Bestäm vem som svarar i stället för socialnämnden" in mail
    assert "Öppna ärendet. Du behöver inte logga in." in mail
    assert "Sätt mål" not in mail


def test_those_above_hear_that_the_body_has_ended_and_who_has_its_case(town: Town) -> None:
    town.live_through(OPENING, LONG_AFTER)
    mail = mail_to(town, "chief_executive.kommunstyrelsen@lillby.example.org")
    assert "socialnämnden har upphört" in mail
    assert "Ärendet ligger hos coordinatorn för kommunstyrelsen" in mail
    assert "Socialnämnden har inte" not in mail


def test_the_overview_does_not_blame_a_body_that_is_no_more(town: Town) -> None:
    town.live_through(OPENING, ENDS)
    found = overview_of(town.database, town.slug, nine(ENDS)).concerns
    assert [c.kind for c in found if c.subject == "Socialnämnden" and c.case] == [ConcernKind.BODY_ENDED]


def test_papers_are_not_wanted_of_a_body_that_is_no_more(town: Town) -> None:
    town.live_through(OPENING, ENDS)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(agenda_on=ENDS - timedelta(1)))
    kinds = {(c.subject, c.kind) for c in overview_of(town.database, town.slug, nine(ENDS)).concerns}
    assert ("Byggnämnden", ConcernKind.PAPERS_OVERDUE) in kinds
    assert ("Socialnämnden", ConcernKind.PAPERS_OVERDUE) not in kinds


def test_a_case_taken_over_needs_nobody_to_take_it(town: Town) -> None:
    town.live_through(OPENING, ENDS)
    at = CaseAt(town.municipality_id, case_of(town).id)
    reassign(
        town.database, at, f"chair, {OTHER}", Decision(by="kommunchefen", reason="Uppgiften är flyttad."), nine(ENDS)
    )
    concerns = overview_of(town.database, town.slug, nine(ENDS)).concerns
    assert ConcernKind.BODY_ENDED not in {each.kind for each in concerns}
