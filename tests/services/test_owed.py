"""What a new chair is told that the body answers for, and what the coordinator is told when nobody could be warned."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.compose_query import load_case_texts
from styrhjul.db.model import Duty, Post
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.item import Item, Owed
from styrhjul.services.mailing.detail import with_details
from styrhjul.services.mailing.item import item_of
from styrhjul.services.mailing.owed import owed_by
from tests.town import SENTENCE, Town, build_town

OPENED = date(2027, 1, 7)
BOTH = (ActionKind.SET_GOALS, ActionKind.FOLLOW_UP)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=BOTH)


def owed(town: Town, today: date, body: str = "socialnämnden") -> list[tuple[str, str, date | None, date]]:
    with town.database.reading(town.municipality_id) as session:
        told = owed_by(session, load_organisation(session), town.bodies[body], today)
    return [(one.lifecycle, one.period, one.opens_on, one.due_on) for one in told]


def test_a_body_is_told_of_a_whole_year_to_come(town: Town) -> None:
    assert owed(town, date(2026, 12, 1)) == [
        ("follow_up", "2026", date(2027, 1, 7), date(2027, 2, 26)),
        ("goal_setting", "2027", date(2027, 1, 7), date(2027, 3, 31)),
        ("goal_setting", "2028", date(2027, 9, 1), date(2027, 11, 30)),
    ]


def test_what_is_open_comes_first_and_is_not_told_twice(town: Town) -> None:
    town.sweep(OPENED)
    told = owed(town, OPENED)
    assert told[:2] == [
        ("follow_up", "2026", None, date(2027, 2, 26)),
        ("goal_setting", "2027", None, date(2027, 3, 31)),
    ]
    assert all(opens_on and opens_on > OPENED for _, _, opens_on, _ in told[2:])
    assert len({(lifecycle, period) for lifecycle, period, _, _ in told}) == len(told)


def test_a_body_that_is_bound_by_nothing_owes_nothing(town: Town) -> None:
    assert owed(town, OPENED, "kommunstyrelsen") == []


def test_each_thing_owed_names_its_decision(town: Town) -> None:
    with town.database.reading(town.municipality_id) as session:
        told: tuple[Owed, ...] = owed_by(session, load_organisation(session), town.bodies["byggnämnden"], OPENED)
    assert {quote.text for one in told for quote in one.quotes} == {SENTENCE}
    assert {quote.paragraph for one in told for quote in one.quotes} == {"82"}


def told_as(town: Town, rung: str, status: NoticeStatus) -> Item:
    """The first case's item, had its notice been this rung, with every earlier notice a warning of this status."""
    case_id = town.cases()[0].id
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Notice).where(Notice.case_id == case_id).values(rung="warning", status=status))
        notice = session.scalars(select(Notice).where(Notice.case_id == case_id)).first()
        assert notice is not None
        session.expunge(notice)
        notice.rung = rung
        text, organisation = load_case_texts(session, [case_id])[case_id], load_organisation(session)
        item = item_of(notice, text, organisation=organisation, url="", today=OPENED)
        return with_details(session, organisation, item, text)


def test_the_coordinator_is_told_who_was_not_reached(town: Town) -> None:
    town.sweep(OPENED)
    item = told_as(town, "unreachable", NoticeStatus.VACANT)
    assert {one.office for one in item.unreached} == {
        f"chair, {item.body_name.lower()}",
        f"secretary, {item.body_name.lower()}",
    }
    assert {one.reason for one in item.unreached} == {"Ingen med en fungerande adress har uppdraget."}


def test_where_there_is_nobody_at_all_that_is_said(town: Town) -> None:
    town.sweep(OPENED)
    (nobody,) = told_as(town, "unreachable", NoticeStatus.DELIVERED).unreached
    assert nobody.office is None
    assert nobody.reason.startswith("Ingen är registrerad som kan svara för")


def test_a_revision_held_by_the_documents_owner_is_the_secretarys_too(database: Database) -> None:
    """She is asked for it beside the owner: a welcome that left it out would not be all that the body owes."""
    town = build_town(database, kinds=(ActionKind.REVISE,))
    with database.municipality(town.municipality_id) as session:
        session.execute(update(Duty).values(holder=Holder.DOCUMENT_OWNER))
    revision = ("revision", "mandatperioden 2026–2030", date(2027, 12, 30))
    assert [(key, period, due) for key, period, _, due in owed(town, date(2026, 10, 14), "kommunstyrelsen")] == [
        revision
    ]
    town.sweep(date(2026, 10, 15))
    assert [(key, period, due) for key, period, _, due in owed(town, OPENED, "kommunstyrelsen")] == [revision]


def test_what_was_given_to_another_office_is_not_told_to_the_chair(town: Town) -> None:
    town.sweep(OPENED)
    with town.database.municipality(town.municipality_id) as session:
        head = session.scalars(
            select(Post.id).where(Post.body_id == town.bodies["socialnämnden"], Post.role == "head_of_administration")
        ).one()
        session.execute(update(Case).where(Case.lifecycle == "follow_up").values(assigned_post_id=head))
    assert [key for key, _, opens_on, _ in owed(town, OPENED) if opens_on is None] == ["goal_setting"]
