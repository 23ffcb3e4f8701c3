"""Every lifecycle is answered the same way, and what an answer registers comes with it or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.answer_query import load_last_answer
from styrhjul.db.case_model import Case, SubjectKind, Wake
from styrhjul.db.course_model import ActionPlan, Project, Referral
from styrhjul.db.journal import entries
from styrhjul.db.mail_model import Mail
from styrhjul.db.model import Body, Duty
from styrhjul.domain.answer import (
    Answer,
    Attainment,
    Compilation,
    Currency,
    CurrencyAnswer,
    FollowUpAnswer,
    GoalsAnswer,
    GoalText,
    Handover,
    HandoverAnswer,
    Judgement,
    Opinion,
    Outcome,
    Planning,
    PlansAnswer,
    PlanText,
    Projects,
    ProjectsAnswer,
    ProjectText,
    ReferralAnswer,
    ReportAnswer,
    RevisionAnswer,
)
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey
from styrhjul.services.answering.answer import NotComplete, Receipt, Submission, question_for, submit
from styrhjul.services.answering.words import handed_in
from styrhjul.services.foundation.mailroom import Mailroom
from tests.answer_world import LAPSES, NOW, World, add_case, ask, policy_of, told
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from styrhjul.db.session import Database

TODAY = NOW.date()
PLAN = PlanText(title="Plan för delaktighet", responsible="Enhetschefen", decided_on=date(2027, 2, 1))
PLANS = PlansAnswer(outcome=Planning.PLANS, plans=(PLAN,), signed_by="Anna")
PROJECT = ProjectText(title="Språkcafé", attainment=Attainment.PARTLY_MET, analysis="Hälften kom.")
GIVEN: dict[str, Answer] = {
    LifecycleKey.GOAL_SETTING: GoalsAnswer(goals=(GoalText(text="Fler ska kunna påverka."),), signed_by="Anna"),
    LifecycleKey.ACTION_PLANNING: PLANS,
    LifecycleKey.FOLLOW_UP: FollowUpAnswer(
        judgements=(Judgement(goal_id=None, attainment=Attainment.MET, analysis="Det gick."),), signed_by="Anna"
    ),
    LifecycleKey.PROJECT_FOLLOW_UP: ProjectsAnswer(outcome=Projects.PROJECTS, projects=(PROJECT,), signed_by="Anna"),
    LifecycleKey.ANNUAL_REPORT: ReportAnswer(outcome=Compilation.HANDED_OVER, decided_on=TODAY, signed_by="Anna"),
    LifecycleKey.REFERRAL: ReferralAnswer(outcome=Opinion.REJECTS, comment="För dyrt.", signed_by="Anna"),
    LifecycleKey.CURRENCY_REVIEW: CurrencyAnswer(
        outcome=Currency.NEEDS_REVISION, comment="Lagen är ny.", signed_by="Anna"
    ),
    LifecycleKey.HANDOVER: HandoverAnswer(outcome=Handover.CONFIRMED, signed_by="Anna"),
}


def hand_in(
    database: Database, mailroom: Mailroom, world: World, answer: Answer, *, form: str = "a", seen: int = 0
) -> Receipt:
    submission = Submission(token=world.holder, answer=answer, form_id=form * 32, seen_version=seen)
    return submit(database, mailroom, submission, now=NOW)


def revision(world: World, **changes: object) -> RevisionAnswer:
    decided = RevisionAnswer(
        outcome=Outcome.UNCHANGED,
        comment="Den håller.",
        signed_by="Anna",
        decided_on=TODAY,
        paragraph="12",
        decided_by=world.bodies["kf"],
        diary_number="KS 2027/123",
    )
    return replace(decided, **changes)  # type: ignore[arg-type]


def state(database: Database, world: World) -> State:
    with database.reading(world.municipality_id) as session:
        return session.scalars(select(Case.state).where(Case.id == world.case_id)).one()


def kinds(database: Database, world: World) -> list[EntryKind]:
    with database.reading(world.municipality_id) as session:
        return [entry.kind for entry, _ in entries(session, world.case_id)]


# -- all nine --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lifecycle", list(LIFECYCLES))
def test_every_lifecycle_is_answered_and_sleeps_until_its_next_round(
    database: Database, mailroom: Mailroom, lifecycle: str
) -> None:
    world = ask(database, lifecycle)
    hand_in(database, mailroom, world, GIVEN.get(lifecycle) or revision(world))
    assert state(database, world) is State.SUBMITTED
    with database.reading(world.municipality_id) as session:
        wake = session.scalars(select(Wake.wake_on).where(Wake.subject_id == world.case_id)).one()
        kept = load_last_answer(session, world.case_id)
    assert wake == LAPSES
    assert kept is not None
    assert list(handed_in(kept))


@pytest.mark.parametrize(
    ("lifecycle", "words"),
    [
        ("goal_setting", "mål 2027"),
        ("project_follow_up", "uppföljning av projekt 2026"),
        ("revision", "revidering, mandatperioden 2026–2030"),
        ("handover", "nya uppdrag, mandatperioden 2027–2030"),
        ("referral", "remiss 2027-03-01"),
    ],
)
def test_a_round_is_called_by_its_period_in_words(database: Database, lifecycle: str, words: str) -> None:
    world = ask(database, lifecycle)
    assert question_for(database, world.holder, NOW).round_words == words


@pytest.mark.parametrize(
    ("period", "words"), [("2026-T2", "andra tertialet 2026"), ("2026-H1", "första halvåret 2026")]
)
def test_a_follow_up_during_the_year_judges_the_years_goals(
    database: Database, mailroom: Mailroom, period: str, words: str
) -> None:
    world = ask(database, "follow_up", period=period)
    with database.municipality(world.municipality_id) as session:
        goals = add_case(session, "goal_setting", policy_of(session), world.bodies["social"], period="2026")
        chair = told(session, goals, "goal_setting", world.posts[PostRole.CHAIR])
    hand_in(database, mailroom, replace(world, tokens={PostRole.CHAIR: chair}), GIVEN["goal_setting"])
    question = question_for(database, world.holder, NOW)
    assert len(question.demand.goal_ids) == 1
    assert question.case.period_words == words


@pytest.mark.parametrize(("outcome", "asked"), [(Outcome.UNCHANGED, State.WAIVED), (Outcome.REVISE, State.OPEN)])
def test_a_decided_revision_asks_for_no_more_opinions_and_one_that_has_begun_does(
    database: Database, mailroom: Mailroom, outcome: Outcome, asked: State
) -> None:
    world = ask(database, "revision")
    with database.municipality(world.municipality_id) as session:
        sent = {"sent_on": TODAY, "due_on": TODAY + timedelta(40), "sent_at": NOW, "sent_by": "KS"}
        policy, body = policy_of(session), world.bodies["social"]
        session.add(Referral(policy_id=policy, case_id=world.case_id, body_id=body, **sent))
        opinion = add_case(session, "referral", policy, body, period=TODAY.isoformat())
    begun = RevisionAnswer(outcome=outcome, comment="En grupp är tillsatt.", signed_by="Anna")
    hand_in(database, mailroom, world, begun if outcome is Outcome.REVISE else revision(world))
    assert state(database, replace(world, case_id=opinion)) is asked


# -- action plans ----------------------------------------------------------------------------------------------------


def test_a_yes_registers_its_plans_and_wakes_the_follow_up(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "action_planning")
    hand_in(database, mailroom, world, PLANS)
    with database.reading(world.municipality_id) as session:
        plan = session.scalars(select(ActionPlan)).one()
        wake = session.scalars(select(Wake).where(Wake.lifecycle == "follow_up")).one()
        policy = policy_of(session)
    assert (plan.title, plan.responsible, plan.body_id) == (PLAN.title, "Enhetschefen", world.bodies["social"])
    assert (wake.subject_id, wake.subject_kind, wake.wake_on) == (policy, SubjectKind.POLICY, TODAY)
    assert kinds(database, world).count(EntryKind.PLAN_REGISTERED) == 1


def test_answering_again_replaces_the_plans(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "action_planning")
    hand_in(database, mailroom, world, replace(PLANS, plans=(PLAN, replace(PLAN, title="En till"))))
    first, second = question_for(database, world.holder, NOW).beside.plans
    kept = replace(PLAN, title=second.title, known_id=second.plan_id, holds=True)
    dropped = replace(PLAN, title=first.title, known_id=first.plan_id, holds=False)
    hand_in(database, mailroom, world, replace(PLANS, plans=(dropped, kept)), form="b", seen=1)
    question = question_for(database, world.holder, NOW)
    assert [plan.title for plan in question.beside.plans] == [second.title]
    assert question.last is not None
    assert [plan.title for plan in question.last.plans] == [second.title]
    assert kinds(database, world).count(EntryKind.PLAN_REGISTERED) == 2  # the kept one is not new


def test_no_plan_is_final_and_ends_those_there_were(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "action_planning")
    hand_in(database, mailroom, world, PLANS)
    hand_in(database, mailroom, world, PlansAnswer(outcome=Planning.NO_PLAN, signed_by="Anna"), form="b", seen=1)
    with database.reading(world.municipality_id) as session:
        assert session.scalars(select(ActionPlan.ended_on)).all() == [TODAY]
    assert state(database, world) is State.SUBMITTED


def test_a_binding_text_demands_a_plan(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "action_planning")
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(is_binding=True))
    with pytest.raises(NotComplete):
        hand_in(database, mailroom, world, PlansAnswer(outcome=Planning.NO_PLAN, signed_by="Anna"))


def test_next_years_question_starts_from_the_plans_in_force(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "action_planning")
    hand_in(database, mailroom, world, PLANS)
    with database.municipality(world.municipality_id) as session:
        case = add_case(session, "action_planning", policy_of(session), world.bodies["social"], period="2028")
        chair = told(session, case, "action_planning", world.posts[PostRole.CHAIR])
    question = question_for(database, chair, NOW)
    assert ([plan.title for plan in question.beside.plans], question.last) == ([PLAN.title], None)


def test_a_follow_up_of_the_plans_that_exist_shows_them(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "action_planning")
    hand_in(database, mailroom, world, PLANS)
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Duty).values(of_plans=True))
        duty = session.scalars(select(Duty.id)).one()
        case = add_case(session, "follow_up", policy_of(session), world.bodies["social"], duty=duty)
        chair = told(session, case, "follow_up", world.posts[PostRole.CHAIR])
    assert [plan.title for plan in question_for(database, chair, NOW).beside.plans] == [PLAN.title]


# -- projects, report ------------------------------------------------------------------------------------------------


def test_projects_are_kept_in_order_and_journalled(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "project_follow_up")
    answer = ProjectsAnswer(
        outcome=Projects.PROJECTS, projects=(PROJECT, replace(PROJECT, title="Läxhjälp")), signed_by="Anna"
    )
    hand_in(database, mailroom, world, answer)
    with database.reading(world.municipality_id) as session:
        kept = session.execute(select(Project.position, Project.title).order_by(Project.position)).all()
    assert [tuple(row) for row in kept] == [(1, "Språkcafé"), (2, "Läxhjälp")]
    assert kinds(database, world).count(EntryKind.PROJECT_REGISTERED) == 2


@pytest.mark.parametrize(("before", "now"), [("2026", "2027"), ("2026-H2", "2027-H1")])
def test_a_round_starts_from_the_projects_of_the_one_before(
    database: Database, mailroom: Mailroom, before: str, now: str
) -> None:
    world = ask(database, "project_follow_up", period=before)
    hand_in(database, mailroom, world, GIVEN["project_follow_up"])
    with database.municipality(world.municipality_id) as session:
        case = add_case(session, "project_follow_up", policy_of(session), world.bodies["social"], period=now)
        chief = told(session, case, "project_follow_up", world.posts[PostRole.CHIEF_EXECUTIVE])
    earlier = question_for(database, chief, NOW).beside.earlier
    assert earlier is not None
    assert [project.title for project in earlier.projects] == ["Språkcafé"]


def test_no_round_builds_on_what_was_sent_back(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "project_follow_up")
    hand_in(database, mailroom, world, GIVEN["project_follow_up"])
    with database.municipality(world.municipality_id) as session:
        case = add_case(session, "project_follow_up", policy_of(session), world.bodies["social"], period="2027")
        chief = told(session, case, "project_follow_up", world.posts[PostRole.CHIEF_EXECUTIVE])
        session.execute(update(Case).where(Case.id == world.case_id).values(state=State.OPEN))
    assert question_for(database, chief, NOW).beside.earlier is None


def test_the_report_is_compiled_and_then_handed_over(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "annual_report")
    compiled = ReportAnswer(outcome=Compilation.COMPILED, signed_by="Anna")
    hand_in(database, mailroom, world, compiled)
    assert state(database, world) is State.UNDER_WAY
    hand_in(database, mailroom, world, GIVEN["annual_report"], form="b", seen=1)
    assert state(database, world) is State.SUBMITTED


@pytest.mark.parametrize(
    ("lifecycle", "words"),
    [("revision", "arbetet har börjat"), ("annual_report", "avsnittet är sammanställt, inte överlämnat")],
)
def test_the_receipt_of_work_begun_claims_no_more(
    database: Database, mailroom: Mailroom, lifecycle: str, words: str
) -> None:
    world = ask(database, lifecycle)
    compiled = ReportAnswer(outcome=Compilation.COMPILED, signed_by="Anna")
    promised = RevisionAnswer(outcome=Outcome.REVISE, comment="En grupp är tillsatt.", signed_by="Anna")
    hand_in(database, mailroom, world, promised if lifecycle == "revision" else compiled)
    with database.reading(world.municipality_id) as session:
        subjects = set(session.scalars(select(Mail.subject).where(Mail.key == "receipt")))
    assert subjects
    assert all(words in subject for subject in subjects)


def test_the_report_shows_who_has_answered_and_who_has_not(database: Database) -> None:
    world = ask(database, "annual_report")
    with database.municipality(world.municipality_id) as session:
        other = Body(slug="kultur", name="Kulturnämnden", kind=BodyKind.COMMITTEE)
        session.add(other)
        session.flush()
        add_case(session, "follow_up", policy_of(session), world.bodies["social"], period="2026")
        add_case(session, "follow_up", policy_of(session), other.id, period="2026-T2")
        add_case(session, "follow_up", policy_of(session), other.id, period="2025")
    lines = question_for(database, world.holder, NOW).beside.follow_ups
    assert [(line.body_name, line.period, line.answered_at) for line in lines] == [
        ("Kulturnämnden", "2026-T2", None),
        ("Socialnämnden", "2026", None),
    ]


# -- revision --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", [State.REFERRED, State.PREPARED])
def test_a_revision_on_its_way_can_be_decided_and_not_begun_again(
    database: Database, mailroom: Mailroom, begun: State
) -> None:
    world = ask(database, "revision")
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(state=begun))
    edition = question_for(database, world.holder, NOW).demand.editions[0]
    again = revision(world, outcome=Outcome.REVISE, decided_on=None, paragraph=None, decided_by=None, diary_number=None)
    with pytest.raises(NotComplete):
        hand_in(database, mailroom, world, again)
    hand_in(database, mailroom, world, revision(world, outcome=Outcome.REVISE, replaces=edition))
    assert state(database, world) is State.SUBMITTED


def test_a_decision_keeps_who_took_it_its_number_and_what_it_replaces(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "revision")
    edition = question_for(database, world.holder, NOW).demand.editions[0]
    hand_in(database, mailroom, world, revision(world, outcome=Outcome.REVISE, replaces=edition))
    last = question_for(database, world.holder, NOW).last
    assert last is not None
    assert (last.decided_by, last.diary_number) == ("Kommunfullmäktige", "KS 2027/123")
    assert last.replaces == "Integrationspolicy, Kommunfullmäktige 2017-11-14"


@pytest.mark.parametrize("body", ["ks", "social"])
def test_a_lower_body_cannot_decide_what_the_council_adopted(database: Database, mailroom: Mailroom, body: str) -> None:
    world = ask(database, "revision")
    with pytest.raises(NotComplete) as refused:
        hand_in(database, mailroom, world, revision(world, decided_by=world.bodies[body]))
    assert [error.field for error in refused.value.errors] == ["decided_by"]


def test_a_revision_that_lacks_its_number_may_be_completed_later(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "revision")
    hand_in(database, mailroom, world, revision(world, diary_number=None))
    assert question_for(database, world.holder, NOW + timedelta(days=400)).may_answer


def test_a_decision_wakes_the_document_since_an_interval_counts_from_it(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "revision")
    begun = revision(world, outcome=Outcome.REVISE, decided_on=None, paragraph=None, decided_by=None, diary_number=None)
    hand_in(database, mailroom, world, begun)
    asked = select(Wake.wake_on).where(Wake.lifecycle == "revision", Wake.subject_kind == SubjectKind.POLICY)
    with database.reading(world.municipality_id) as session:
        assert session.scalars(asked).all() == []
    hand_in(database, mailroom, world, revision(world), form="b", seen=1)
    with database.reading(world.municipality_id) as session:
        assert session.scalars(asked).all() == [TODAY]
