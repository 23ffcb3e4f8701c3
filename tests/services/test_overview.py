"""What officials are told: how cases stand, what needs a person, and nothing of another municipality."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, select, update

from styrhjul.db.case_model import Answer, Case, Notice
from styrhjul.db.course_model import LadderOverride
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.model import Appointment, Duty, DutyStatus, Policy
from styrhjul.db.overview_query import in_swedish_order, load_policies
from styrhjul.db.wake import touch_policies
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.domain.rung import Audience
from styrhjul.domain.status import Status
from styrhjul.services.cases.view import case_view
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.overview.concern import ConcernKind
from styrhjul.services.overview.pages import MAILS_PER_PAGE, ledger_view, overview_of
from styrhjul.services.policies.view import policy_view
from tests.answer_world import DUE, NOW, World, ask
from tests.town import Town, build_town, nine

if TYPE_CHECKING:
    from styrhjul.db.session import Database

LATE = NOW + timedelta(days=40)
OPENING = date(2027, 1, 7)


@pytest.fixture
def world(database: Database) -> World:
    return ask(database)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def kinds(database: Database, world: World) -> list[ConcernKind]:
    return [concern.kind for concern in overview_of(database, "herrljunga", NOW).concerns]


def change(database: Database, world: World, table: type, **values: object) -> None:
    with database.municipality(world.municipality_id) as session:
        session.execute(update(table).values(**values))


def test_an_open_case_stands_in_the_matrix_under_its_body(database: Database, world: World) -> None:
    overview = overview_of(database, "herrljunga", NOW)
    (line,) = overview.policies[0].rounds
    assert overview.bodies == ("Socialnämnden",)
    assert [(cell.case.case_id, cell.status) for cell in line.cells if cell] == [(world.case_id, Status.OPEN)]


def test_the_next_deadline_is_named(database: Database, world: World) -> None:
    overview = overview_of(database, "herrljunga", NOW)
    assert [cell.case.due_on for cell in overview.nearest] == [DUE["goal_setting"]]
    assert overview_of(database, "herrljunga", LATE).nearest == ()


def test_a_case_is_with_the_highest_it_was_delivered_to(database: Database, world: World) -> None:
    change(database, world, Notice, rung="chief_executive")
    overview = overview_of(database, "herrljunga", LATE)
    assert overview.late == 1
    assert next(concern.kind for concern in overview.concerns) is ConcernKind.WENT_UP


def test_a_notice_for_an_earlier_deadline_does_not_count(database: Database, world: World) -> None:
    change(database, world, Notice, rung="chief_executive", due_on=date(2027, 1, 31))
    overview = overview_of(database, "herrljunga", LATE)
    (cell,) = overview.policies[0].rounds[0].cells
    assert (overview.late, cell and cell.status) == (1, Status.LATE)


def test_a_vacant_post_needs_a_person(database: Database, world: World) -> None:
    with database.municipality(world.municipality_id) as session:
        chair = world.posts[PostRole.CHAIR]
        session.execute(update(Appointment).where(Appointment.post_id == chair).values(ends_on=date(2027, 2, 28)))
    vacant = [each for each in overview_of(database, "herrljunga", NOW).concerns if each.kind is ConcernKind.VACANT]
    assert [(each.subject, each.detail) for each in vacant] == [("Socialnämnden", "Ordförande")]


def test_a_proposed_duty_and_what_the_text_does_not_state_need_a_person(database: Database, world: World) -> None:
    assert kinds(database, world) == [ConcernKind.INTERVAL_UNSTATED, ConcernKind.OWNER_UNSTATED]
    change(database, world, Duty, status=DutyStatus.PROPOSED)
    assert kinds(database, world) == [ConcernKind.PROPOSED, ConcernKind.OWNER_UNSTATED]


def test_an_owner_entered_by_the_municipality_is_enough(database: Database, world: World) -> None:
    change(database, world, Policy, owner_post_id=world.posts[PostRole.CHAIR])
    assert ConcernKind.OWNER_UNSTATED not in kinds(database, world)


def test_an_answer_shows_what_it_lacks(database: Database, world: World) -> None:
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(state=State.SUBMITTED))
        chair = world.posts[PostRole.CHAIR]
        session.add(
            Answer(
                case_id=world.case_id, version=1, form_id="f", post_id=chair, submitted_at=NOW, signed_by="A",
                decided_on=date(2027, 3, 3),
            )
        )  # fmt: skip
    assert case_view(database, "herrljunga", world.case_id, NOW).status is Status.PARAGRAPH_MISSING


@pytest.mark.parametrize(("state", "decided_on"), [(State.DONE, date(2027, 3, 3)), (State.OPEN, date(2017, 11, 14))])
def test_what_was_sent_back_decided_nothing_about_the_document(
    database: Database, state: State, decided_on: date
) -> None:
    world = ask(database, "revision", slug="tranemo")
    chair = world.posts[PostRole.CHAIR]
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(state=state))
        session.add(
            Answer(
                case_id=world.case_id, version=1, form_id="f", post_id=chair, submitted_at=NOW, signed_by="A",
                decided_on=date(2027, 3, 3),
            )
        )  # fmt: skip
        (policy,) = load_policies(session)
    assert policy.decided_on == decided_on


def test_a_case_is_shown_with_its_sentence_its_journal_and_its_ledger(database: Database, world: World) -> None:
    view = case_view(database, "herrljunga", world.case_id, NOW)
    assert [quote.quote for quote in view.quotes] == ["Varje nämnd ska för sin verksamhet ta fram 1-2 mål."]
    assert (len(view.journal), len(view.notices)) == (1, len(world.posts))


def test_another_municipalitys_case_is_not_here(database: Database, world: World) -> None:
    ask(database, slug="olofstrom")
    with pytest.raises(NotHere):
        case_view(database, "olofstrom", world.case_id, NOW)


@pytest.mark.parametrize("slug", ["", "x", "herrljunga'--"])
def test_what_does_not_exist_is_not_here(database: Database, world: World, slug: str) -> None:
    with pytest.raises(NotHere):
        overview_of(database, slug, NOW)
    with pytest.raises(NotHere):
        ledger_view(database, slug, 1)
    with pytest.raises(NotHere):
        policy_view(database, "herrljunga", "ingen", NOW)


def test_each_municipality_sees_only_its_own(database: Database, world: World) -> None:
    other = ask(database, slug="olofstrom")
    overview = overview_of(database, "olofstrom", NOW)
    cells = [cell for line in overview.policies[0].rounds for cell in line.cells if cell]
    assert [cell.case.case_id for cell in cells] == [other.case_id]


def test_a_mail_that_failed_needs_a_person_however_many_have_left_since(town: Town) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    (failed, *_) = town.mails()
    same = {column.key: getattr(failed, column.key) for column in inspect(Mail).columns}
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).values(status=MailStatus.ACCEPTED))
        session.execute(update(Mail).where(Mail.id == failed.id).values(status=MailStatus.FAILED))
        for number in range(MAILS_PER_PAGE):
            own = {"id": f"m{number}", "message_id": f"m{number}", "digest_on": None, "status": MailStatus.ACCEPTED}
            session.add(Mail(**same | own | {"composed_at": failed.composed_at + timedelta(hours=1)}))
    concerns = overview_of(town.database, town.slug, LATE).concerns
    lost = [each.subject for each in concerns if each.kind is ConcernKind.MAIL_FAILED]
    assert lost == [failed.subject]


def test_a_mail_that_no_server_has_taken_for_a_day_needs_a_person_until_one_has(town: Town) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    (late, *_) = town.mails()
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).where(Mail.id != late.id).values(status=MailStatus.ACCEPTED))

    def waiting(after: timedelta) -> list[str]:
        concerns = overview_of(town.database, town.slug, nine(OPENING) + after).concerns
        return [each.subject for each in concerns if each.kind is ConcernKind.MAIL_LATE]

    assert waiting(timedelta(hours=23, minutes=59)) == []
    assert waiting(timedelta(hours=24)) == [late.subject]
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).values(status=MailStatus.ACCEPTED))
    assert waiting(timedelta(hours=25)) == []


def test_a_new_term_stands_apart_from_what_policies_ask_for(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        touch_policies(session, [town.municipality_id], ["handover"], date(2026, 10, 15))
    town.sweep(date(2027, 1, 4))
    overview = overview_of(town.database, town.slug, nine(date(2027, 1, 4)))
    assert {cell.case.body_name for cell in overview.handovers} == {"Byggnämnden", "Socialnämnden"}
    view = case_view(town.database, town.slug, overview.handovers[0].case.case_id, nine(date(2027, 1, 4)))
    assert (view.policy, view.quotes) == (None, ())


def test_papers_that_are_overdue_are_said_before_the_deadline_is(database: Database, world: World) -> None:
    change(database, world, Case, meeting_on=date(2027, 3, 16), agenda_on=date(2027, 3, 9))
    concerns = overview_of(database, "herrljunga", NOW).concerns
    assert [each.on for each in concerns if each.kind is ConcernKind.PAPERS_OVERDUE] == [date(2027, 3, 9)]


def test_what_a_text_only_allows_is_never_late(database: Database, world: World) -> None:
    change(database, world, Case, is_binding=False)
    assert overview_of(database, "herrljunga", LATE).late == 0


def test_the_ledger_has_pages(database: Database, world: World) -> None:
    view = ledger_view(database, "herrljunga", -3)
    assert (view.page, view.mails, view.has_next) == (1, (), False)


def test_nothing_is_written_by_looking(database: Database, world: World) -> None:
    overview_of(database, "herrljunga", NOW)
    with database.reading(world.municipality_id) as session:
        assert session.scalars(select(Case.version)).all() == [1]


def test_the_swedish_alphabet_ends_with_its_own_letters() -> None:
    names = ["Örebro", "Ängelholm", "Åre", "Ystad", "Ale"]
    assert sorted(names, key=in_swedish_order) == ["Ale", "Ystad", "Åre", "Ängelholm", "Örebro"]


@pytest.mark.parametrize(
    ("lifecycle", "status"),
    [
        ("goal_setting", Status.DECISION_MISSING),
        ("annual_report", Status.SUBMITTED),
        ("project_follow_up", Status.SUBMITTED),
        ("handover", Status.SUBMITTED),
        ("action_planning", Status.SUBMITTED),
    ],
)
def test_only_what_a_body_decides_can_lack_its_decision(database: Database, lifecycle: str, status: Status) -> None:
    world = ask(database, lifecycle)
    change(database, world, Case, state=State.SUBMITTED)
    assert case_view(database, "herrljunga", world.case_id, NOW).status is status


def test_a_case_stands_where_the_municipalitys_own_ladder_took_it(database: Database, world: World) -> None:
    """Here the head's step goes to the board, and the numbered ones are steps as good as the declared."""
    with database.municipality(world.municipality_id) as session:
        own = LadderOverride(lifecycle="goal_setting", rung="head", audience=Audience.EXECUTIVE_BOARD, cap=2, every=1)
        session.add(own)
    change(database, world, Notice, rung="head_2")
    view = case_view(database, "herrljunga", world.case_id, LATE)
    assert view.status is Status.WITH_EXECUTIVE_BOARD
    concern = next(iter(overview_of(database, "herrljunga", LATE).concerns))
    assert (concern.kind, concern.status) == (ConcernKind.WENT_UP, Status.WITH_EXECUTIVE_BOARD)
