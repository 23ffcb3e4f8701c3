"""Who answers for an office when it changes hands: the handover itself, and a deputy in a vacant chair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Notice
from styrhjul.db.mail_model import Mail
from styrhjul.db.model import Appointment, Person, Post
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.answering.answer import Gone, LinkGone, NotComplete, question_for, send_fresh_link
from styrhjul.services.foundation.secret import SignInKey
from tests.answer_world import NOW, World, appoint, ask, told
from tests.services.test_answer_kinds import GIVEN, TODAY, hand_in, state

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.services.foundation.mailroom import Mailroom


def vacate(database: Database, world: World, *roles: PostRole) -> None:
    with database.municipality(world.municipality_id) as session:
        posts = [world.posts[role] for role in roles]
        session.execute(update(Appointment).where(Appointment.post_id.in_(posts)).values(ends_on=date(2027, 3, 1)))


def test_a_handover_shows_who_holds_what(database: Database) -> None:
    world = ask(database, "handover")
    vacate(database, world, PostRole.CHAIR)
    offices = question_for(database, world.holder, NOW).beside.offices
    assert [(office.title, office.name) for office in offices] == [
        ("Ordförande", None),
        ("Nämndsekreterare", "Nämndsekreterare"),
        ("Förvaltningschef", "Förvaltningschef"),
    ]


def test_with_neither_chair_nor_secretary_nothing_is_confirmed(database: Database, mailroom: Mailroom) -> None:
    world = ask(database, "handover")
    vacate(database, world, PostRole.CHAIR, PostRole.SECRETARY)
    with pytest.raises(NotComplete) as refused:
        hand_in(database, mailroom, world, GIVEN["handover"])
    assert refused.value.errors[0].message.startswith("Ingen är ordförande eller nämndsekreterare")


def with_deputy(database: Database, world: World) -> str:
    """Let the vice chair get a link in the chair's post, as compose makes it when the chair cannot be reached."""
    with database.municipality(world.municipality_id) as session:
        post = Post(body_id=world.bodies["social"], role=PostRole.VICE_CHAIR, title="Vice ordförande")
        session.add(post)
        session.flush()
        appoint(session, post.id, "Vice")
        chair = world.posts[PostRole.CHAIR]
        return told(session, world.case_id, world.lifecycle, chair, deputy_post_id=post.id, rung="reminder")


def test_a_vice_chair_answers_while_the_chair_is_vacant(database: Database, mailroom: Mailroom) -> None:
    world = ask(database)
    vacate(database, world, PostRole.CHAIR)
    token = with_deputy(database, world)
    assert question_for(database, token, NOW).is_theirs
    hand_in(database, mailroom, replace(world, tokens={PostRole.CHAIR: token}), GIVEN["goal_setting"])
    assert state(database, world) is State.SUBMITTED


def test_the_vice_chairs_link_dies_when_a_chair_is_appointed(database: Database) -> None:
    world = ask(database)
    vacate(database, world, PostRole.CHAIR)
    token = with_deputy(database, world)
    with database.municipality(world.municipality_id) as session:
        appoint(session, world.posts[PostRole.CHAIR], "Ny ordförande", since=TODAY)
    with pytest.raises(LinkGone) as gone:
        question_for(database, token, NOW)
    assert gone.value.reason is Gone.HOLDER_CHANGED


def test_a_chair_whose_address_is_refused_keeps_the_link_they_have(database: Database) -> None:
    world = ask(database)
    token = with_deputy(database, world)
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Person).where(Person.key == "Ordförande").values(address_blocked_at=NOW))
    assert question_for(database, world.chair, NOW).is_theirs
    assert question_for(database, token, NOW).is_theirs


def test_who_was_told_on_a_rung_that_the_ladder_no_longer_has_can_answer_and_ask_for_a_new_link(
    database: Database, mailroom: Mailroom
) -> None:
    world = ask(database, "goal_setting")
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Notice).values(rung="reminder_2"))  # the second of two, before the ladder was changed
    send_fresh_link(database, mailroom, SignInKey("x" * 32), world.holder, now=NOW)
    hand_in(database, mailroom, world, GIVEN["goal_setting"])
    with database.reading(world.municipality_id) as session:
        keys = set(session.scalars(select(Mail.key)))
    assert {"receipt", "goals_reminder"} <= keys
