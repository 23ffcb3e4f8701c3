"""The checklist of a handover says per post who sits, who has been welcomed, and what is left."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from styrhjul.db.model import Appointment, Post
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_policies
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.cases.decision import NoSuchCase
from styrhjul.services.organisation.handover import StillVacant, confirm_handover
from styrhjul.services.organisation.handover_list import BodyHandover, handover_view
from tests.town import Town, build_town, nine

BEGAN = date(2027, 1, 7)


@pytest.fixture
def town(database: Database) -> Town:
    """The term has begun, and everybody has been written to."""
    return begun(database, "lillby")


def begun(database: Database, slug: str) -> Town:
    town = build_town(database, slug, committees=("socialnämnden",))
    with database.municipality(town.municipality_id) as session:
        touch_policies(session, [town.municipality_id], [LifecycleKey.HANDOVER], BEGAN)
    town.live(BEGAN)
    return town


def listed(town: Town, day: date = BEGAN) -> BodyHandover:
    view = handover_view(town.database, "lillby", nine(day))
    return next(body for body in view.bodies if body.body.name == "Socialnämnden")


def leave(town: Town) -> None:
    """The chair left with the old term."""
    with town.database.municipality(town.municipality_id) as session:
        chair = select(Post.id).where(Post.role == PostRole.CHAIR, Post.body_id == town.bodies["socialnämnden"])
        session.execute(update(Appointment).where(Appointment.post_id.in_(chair)).values(ends_on=date(2026, 12, 31)))


def test_who_was_welcomed_and_sat_before_is_told_by_post(town: Town) -> None:
    posts = {post.stand.post.role: post for post in listed(town).posts}
    assert posts[PostRole.CHAIR].welcome is NoticeStatus.DELIVERED
    assert posts[PostRole.CHAIR].sits_since_before
    assert posts[PostRole.HEAD_OF_ADMINISTRATION].welcome is None


def test_a_person_confirms_that_the_posts_are_right(town: Town) -> None:
    before = listed(town)
    assert (before.is_confirmed, before.can_be_confirmed) == (False, True)
    confirm_handover(town.database, town.municipality_id, str(before.case_id), nine(BEGAN), by="Samordnaren")
    assert (listed(town).is_confirmed, listed(town).can_be_confirmed) == (True, False)
    with pytest.raises(NoSuchCase):
        confirm_handover(town.database, town.municipality_id, str(before.case_id), nine(BEGAN), by="Samordnaren")


def test_nothing_is_confirmed_while_a_post_is_vacant(town: Town) -> None:
    leave(town)
    body = listed(town)
    assert [post.stand.post.role for post in body.left] == [PostRole.CHAIR]
    assert not body.can_be_confirmed
    with pytest.raises(StillVacant):
        confirm_handover(town.database, town.municipality_id, str(body.case_id), nine(BEGAN), by="Samordnaren")
    assert {case.state for case in town.cases() if case.lifecycle == "handover"} == {State.OPEN}


def test_a_term_is_prepared_before_it_begins(database: Database) -> None:
    town = build_town(database, committees=("socialnämnden",))
    body = listed(town, date(2026, 11, 23))
    assert (body.starts_on, body.case_id) == (date(2027, 1, 1), None)
    leave(town)
    assert len(listed(town, date(2026, 11, 23)).left) == 1


def test_another_municipalitys_handover_cannot_be_confirmed(town: Town) -> None:
    foreign = begun(town.database, "storby")
    theirs = next(case.id for case in foreign.cases() if case.lifecycle == "handover")
    with pytest.raises(NoSuchCase):
        confirm_handover(town.database, town.municipality_id, theirs, nine(BEGAN), by="Samordnaren")
