"""Taking in an answer: once, whole, from whoever holds the post, and everything else falls silent with it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.answer_query import load_answer_of_form
from styrhjul.db.case_model import Answer, Assessment, Case, Goal, Notice, SubjectKind, Wake
from styrhjul.db.journal import entries
from styrhjul.db.mail_model import AnswerLink, Mail, MailItem, MailStatus
from styrhjul.db.model import new_id
from styrhjul.domain.answer import (
    Attainment,
    FollowUpAnswer,
    GoalsAnswer,
    GoalText,
    Judgement,
    Outcome,
    RevisionAnswer,
)
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind, fold
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.answering import answer as service
from styrhjul.services.answering.answer import Gone, LinkGone, NotComplete, Submission, question_for, submit
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.foundation.secret import SignInKey
from tests.answer_world import DUE, LAPSES, NOW, World, appoint, ask
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from styrhjul.db.answer_query import GivenAnswer
    from styrhjul.db.session import Database

GOALS = GoalsAnswer(goals=(GoalText(text="Fler ska kunna påverka."),), signed_by="Anna", decided_on=date(2027, 3, 3))
JUDGED = FollowUpAnswer(
    judgements=(Judgement(goal_id=None, attainment=Attainment.PARTLY_MET, analysis="Hälften är gjort."),),
    signed_by="Anna",
)

KEY = SignInKey("x" * 32)


@pytest.fixture
def world(database: Database) -> World:
    return ask(database)


def sent(world: World, answer: object = GOALS, *, form_id: str = "a" * 32, seen: int = 0) -> Submission:
    return Submission(token=world.chair, answer=answer, form_id=form_id, seen_version=seen)  # type: ignore[arg-type]


def rows(database: Database, world: World, table: type) -> Sequence[object]:
    with database.reading(world.municipality_id) as session:
        return session.scalars(select(table)).all()


def state(database: Database, world: World) -> State:
    with database.reading(world.municipality_id) as session:
        return session.scalars(select(Case.state).where(Case.id == world.case_id)).one()


def plan_notices(database: Database, world: World, *, mail: MailStatus, begun: bool = False) -> None:
    """One notice waits to be composed; one stands in a mail that has this status."""
    with database.municipality(world.municipality_id) as session:
        common = {
            "case_id": world.case_id,
            "due_on": DUE["goal_setting"],
            "planned_on": NOW.date(),
            "not_before_at": NOW,
        }
        chair, secretary = world.posts[PostRole.CHAIR], world.posts[PostRole.SECRETARY]
        session.add(Notice(**common, rung="reminder", post_id=chair, status=NoticeStatus.PLANNED))
        notice = Notice(id=new_id(), **common, rung="reminder", post_id=secretary, status=NoticeStatus.MAILED)
        session.add(notice)
        mail_id = new_id()
        session.add(a_mail(mail_id, secretary, mail, NOW if begun else None))
        session.flush()
        session.add(MailItem(mail_id=mail_id, case_id=world.case_id, notice_id=notice.id))


def a_mail(mail_id: str, post_id: str, status: MailStatus, begun: datetime | None) -> Mail:
    return Mail(
        id=mail_id,
        key="goals_reminder",
        post_id=post_id,
        appointment_id="x",
        address="a@example.org",
        return_path="b@example.org",
        subject="s",
        message_id=f"<{mail_id}@example.org>",
        composed_at=NOW,
        sha256="0" * 64,
        status=status,
        next_attempt_at=NOW,
        data_started_at=begun,
    )


def reminder_statuses(database: Database, world: World) -> list[NoticeStatus]:
    with database.reading(world.municipality_id) as session:
        return sorted(session.scalars(select(Notice.status).where(Notice.rung == "reminder")))


# -- what a link asks ------------------------------------------------------------------------------------------------


def test_a_question_says_what_the_duty_demands(database: Database, world: World) -> None:
    question = question_for(database, world.chair, NOW)
    assert (question.demand.goal_min, question.demand.goal_max, question.demand.body) == (1, 2, "nämnden")
    assert [quote.quote for quote in question.quotes] == ["Varje nämnd ska för sin verksamhet ta fram 1-2 mål."]


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 5000])
def test_an_unknown_token_reveals_nothing(database: Database, world: World, token: str) -> None:
    with pytest.raises(LinkGone) as gone:
        question_for(database, token, NOW)
    assert (gone.value.reason, gone.value.case, gone.value.link_id) == (Gone.UNKNOWN, None, None)


def test_a_link_dies_when_somebody_else_takes_the_post(database: Database, world: World) -> None:
    with database.municipality(world.municipality_id) as session:
        appoint(session, world.posts[PostRole.CHAIR], "Efterträdaren", since=NOW.date())
    with pytest.raises(LinkGone) as gone:
        submit(database, None, sent(world), now=NOW)  # type: ignore[arg-type]
    assert gone.value.reason is Gone.HOLDER_CHANGED
    assert rows(database, world, Answer) == []


@pytest.mark.parametrize("closed", [State.DONE, State.WAIVED])
def test_a_link_dies_with_its_case(database: Database, world: World, closed: State) -> None:
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(state=closed))
    with pytest.raises(LinkGone) as gone:
        question_for(database, world.chair, NOW)
    assert gone.value.reason is Gone.CLOSED


def test_a_revoked_link_is_dead(database: Database, world: World) -> None:
    with database.municipality(world.municipality_id) as session:
        session.execute(update(AnswerLink).values(revoked_at=NOW))
    with pytest.raises(LinkGone) as gone:
        question_for(database, world.chair, NOW)
    assert gone.value.reason is Gone.REVOKED


def test_those_above_see_but_do_not_answer(database: Database, world: World, mailroom: Mailroom) -> None:
    token = world.tokens[PostRole.HEAD_OF_ADMINISTRATION]
    assert not question_for(database, token, NOW).is_theirs
    with pytest.raises(service.NotTheirs):
        submit(database, mailroom, replace(sent(world), token=token), now=NOW)


# -- taking it in ----------------------------------------------------------------------------------------------------


def test_an_answer_moves_the_case_and_the_journal_folds_to_it(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    submit(database, mailroom, sent(world), now=NOW)
    with database.reading(world.municipality_id) as session:
        standing = fold(LIFECYCLES["goal_setting"], (entry for entry, _ in entries(session, world.case_id)))
    assert standing is not None
    assert standing.state is state(database, world) is State.SUBMITTED


def test_an_answer_keeps_its_goals_in_order(database: Database, world: World, mailroom: Mailroom) -> None:
    goals = (GoalText(text="Ett"), GoalText(text=""), GoalText(text="Två", target="70 procent"))
    submit(database, mailroom, sent(world, replace(GOALS, goals=goals)), now=NOW)
    with database.reading(world.municipality_id) as session:
        kept = session.execute(select(Goal.position, Goal.text, Goal.target).order_by(Goal.position)).all()
    assert [tuple(row) for row in kept] == [(1, "Ett", None), (2, "Två", "70 procent")]


def test_the_same_form_twice_is_one_answer_and_one_receipt(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    first = submit(database, mailroom, sent(world), now=NOW)
    mails = len(rows(database, world, Mail))
    assert submit(database, mailroom, sent(world), now=NOW + timedelta(minutes=1)) == first
    assert (len(rows(database, world, Answer)), len(rows(database, world, Mail))) == (1, mails)


def test_a_receipt_goes_to_those_who_could_answer(database: Database, world: World, mailroom: Mailroom) -> None:
    submit(database, mailroom, sent(world), now=NOW)
    with database.reading(world.municipality_id) as session:
        receipts = session.execute(select(Mail.key, Mail.post_id, Mail.digest_on)).all()
    assert {tuple(row) for row in receipts} == {
        ("receipt", world.posts[PostRole.CHAIR], None),
        ("receipt", world.posts[PostRole.SECRETARY], None),
    }


@pytest.mark.parametrize("status", [MailStatus.QUEUED, MailStatus.SENDING])
def test_what_has_not_begun_to_leave_is_cancelled(
    database: Database, world: World, mailroom: Mailroom, status: MailStatus
) -> None:
    plan_notices(database, world, mail=status)
    submit(database, mailroom, sent(world), now=NOW)
    assert reminder_statuses(database, world) == [NoticeStatus.CANCELLED, NoticeStatus.CANCELLED]
    with database.reading(world.municipality_id) as session:
        kinds = [entry.kind for entry, _ in entries(session, world.case_id)]
    assert kinds.count(EntryKind.NOTICE_CANCELLED) == 2


def test_what_may_already_have_left_is_left_alone(database: Database, world: World, mailroom: Mailroom) -> None:
    plan_notices(database, world, mail=MailStatus.SENDING, begun=True)
    submit(database, mailroom, sent(world), now=NOW)
    assert reminder_statuses(database, world) == [NoticeStatus.CANCELLED, NoticeStatus.MAILED]


def test_an_answered_case_sleeps_until_the_next_round(database: Database, world: World, mailroom: Mailroom) -> None:
    submit(database, mailroom, sent(world), now=NOW)
    with database.reading(world.municipality_id) as session:
        wakes = session.execute(select(Wake.subject_id, Wake.wake_on)).all()
    assert [tuple(row) for row in wakes] == [(world.case_id, LAPSES)]


def test_an_incomplete_answer_changes_nothing(database: Database, world: World, mailroom: Mailroom) -> None:
    three = replace(GOALS, goals=(GoalText(text="Mål"),) * 3)
    with pytest.raises(NotComplete):
        submit(database, mailroom, sent(world, three), now=NOW)
    assert (rows(database, world, Answer), rows(database, world, Mail)) == ([], [])
    assert state(database, world) is State.OPEN


def test_a_failing_receipt_takes_the_answer_back_with_it(database: Database, world: World, mailroom: Mailroom) -> None:
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Notice).values(post_id=world.posts[PostRole.CHIEF_EXECUTIVE]).where(Notice.rung == "x"))
        for notice in session.scalars(select(Notice)):
            session.delete(notice)  # without a notice there is nothing to write the receipt from
    with pytest.raises(Exception, match="No row"):
        submit(database, mailroom, sent(world), now=NOW)
    assert (rows(database, world, Answer), state(database, world)) == ([], State.OPEN)


# -- changing it -----------------------------------------------------------------------------------------------------


def test_an_answer_may_be_changed_until_its_day_and_every_version_stays(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    submit(database, mailroom, sent(world), now=NOW)
    second = submit(database, mailroom, sent(world, form_id="b" * 32, seen=1), now=NOW)
    assert (second.version, len(rows(database, world, Answer))) == (2, 2)


def test_an_answer_in_time_is_fixed_the_day_after(database: Database, world: World, mailroom: Mailroom) -> None:
    submit(database, mailroom, sent(world, replace(GOALS, paragraph="12")), now=NOW)
    after = NOW + timedelta(days=22)
    assert not question_for(database, world.chair, after).may_answer
    with pytest.raises(service.TooLateToChange):
        submit(database, mailroom, sent(world, form_id="b" * 32, seen=1), now=after)


def test_the_decisions_paragraph_may_follow_after_the_last_day(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    """The minutes are adjusted within fourteen days (KL 5:69)."""
    submit(database, mailroom, sent(world), now=NOW)
    after = NOW + timedelta(days=30)
    submit(database, mailroom, sent(world, replace(GOALS, paragraph="12"), form_id="b" * 32, seen=1), now=after)
    assert not question_for(database, world.chair, after + timedelta(days=15)).may_answer


def test_a_late_answer_may_be_changed_for_fourteen_days(database: Database, mailroom: Mailroom) -> None:
    late = ask(database, "follow_up")
    decided = replace(JUDGED, decided_on=date(2027, 3, 3), paragraph="9")
    submit(database, mailroom, sent(late, decided), now=NOW)
    assert question_for(database, late.chair, NOW + timedelta(days=14)).may_answer
    assert not question_for(database, late.chair, NOW + timedelta(days=15)).may_answer


def test_whoever_comes_second_is_shown_the_first(database: Database, world: World, mailroom: Mailroom) -> None:
    submit(database, mailroom, sent(world), now=NOW)
    with pytest.raises(service.AnsweredMeanwhile) as met:
        submit(database, mailroom, sent(world, form_id="b" * 32, seen=0), now=NOW)
    assert met.value.latest is not None
    assert (met.value.latest.signed_by, len(rows(database, world, Answer))) == ("Anna", 1)


def test_of_two_at_the_same_moment_one_is_kept_and_the_other_told(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    start = threading.Barrier(4)

    def press(letter: str) -> str:
        start.wait()
        try:
            submit(database, mailroom, sent(world, form_id=letter * 32), now=NOW)
        except service.AnsweredMeanwhile:
            return "told"
        return "kept"

    with ThreadPoolExecutor(4) as people:
        assert sorted(people.map(press, "abcd")) == ["kept", "told", "told", "told"]
    assert len(rows(database, world, Answer)) == 1


def test_the_same_form_pressed_at_the_same_moment_is_one_answer(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    start = threading.Barrier(4)

    def press(_: int) -> str:
        start.wait()
        return submit(database, mailroom, sent(world), now=NOW).answer_id

    with ThreadPoolExecutor(4) as people:
        assert len(set(people.map(press, range(4)))) == 1
    assert len(rows(database, world, Answer)) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets nobody in between
def test_the_same_form_that_came_while_we_were_reading_is_one_answer(
    database: Database, world: World, mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[str] = []

    def slow(session: Session, form_id: str) -> GivenAnswer | None:
        found = load_answer_of_form(session, form_id)
        monkeypatch.setattr(service, "load_answer_of_form", load_answer_of_form)
        first.append(submit(database, mailroom, sent(world), now=NOW).answer_id)
        return found

    monkeypatch.setattr(service, "load_answer_of_form", slow)
    assert [submit(database, mailroom, sent(world), now=NOW).answer_id] == first


# -- the other forms -------------------------------------------------------------------------------------------------


def test_a_follow_up_judges_the_goals_that_were_set(database: Database, mailroom: Mailroom) -> None:
    asked = ask(database, "follow_up")
    submit(database, mailroom, sent(asked, JUDGED), now=NOW)
    with database.reading(asked.municipality_id) as session:
        kept = session.execute(select(Assessment.goal_id, Assessment.attainment)).one()
    assert (kept.goal_id, kept.attainment.value) == (None, "partly_met")


def test_a_revision_that_has_begun_is_still_chased(database: Database, mailroom: Mailroom) -> None:
    asked = ask(database, "revision")
    begun = RevisionAnswer(outcome=Outcome.REVISE, comment="En arbetsgrupp är tillsatt.", signed_by="Anna")
    submit(database, mailroom, sent(asked, begun), now=NOW)
    assert state(database, asked) is State.UNDER_WAY
    with database.reading(asked.municipality_id) as session:
        wakes = session.execute(select(Wake.subject_kind, Wake.wake_on)).all()
    assert [tuple(row) for row in wakes] == [(SubjectKind.CASE, NOW.date())]


def test_a_decided_revision_is_submitted(database: Database, mailroom: Mailroom) -> None:
    asked = ask(database, "revision")
    decided = RevisionAnswer(
        outcome=Outcome.UNCHANGED,
        comment="Den håller.",
        signed_by="Anna",
        decided_on=NOW.date(),
        paragraph="12",
        decided_by=asked.bodies["kf"],
    )
    submit(database, mailroom, sent(asked, decided), now=NOW)
    assert state(database, asked) is State.SUBMITTED
