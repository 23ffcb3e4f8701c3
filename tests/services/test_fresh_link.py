"""A fresh link instead of one that has died: to whoever holds the post, and not too often."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from styrhjul.db.mail_model import Mail
from styrhjul.db.model import Appointment
from styrhjul.domain.office import PostRole
from styrhjul.services.answering.answer import send_fresh_link
from styrhjul.services.foundation.limit import TooOften
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.foundation.secret import SignInKey
from tests.answer_world import NOW, World, appoint, ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from styrhjul.db.session import Database

KEY = SignInKey("x" * 32)


@pytest.fixture
def world(database: Database) -> World:
    return ask(database)


def rows(database: Database, world: World, table: type) -> Sequence[object]:
    with database.reading(world.municipality_id) as session:
        return session.scalars(select(table)).all()


def test_a_fresh_link_goes_to_whoever_holds_the_post_now(database: Database, world: World, mailroom: Mailroom) -> None:
    with database.municipality(world.municipality_id) as session:
        appointment = appoint(session, world.posts[PostRole.CHAIR], "Efterträdaren", since=NOW.date())
    send_fresh_link(database, mailroom, KEY, world.chair, now=NOW)
    with database.reading(world.municipality_id) as session:
        assert session.scalars(select(Mail.appointment_id)).all() == [appointment]


def test_fresh_links_to_one_address_are_three_an_hour(database: Database, world: World, mailroom: Mailroom) -> None:
    for minute in range(3):
        send_fresh_link(database, mailroom, KEY, world.chair, now=NOW + timedelta(minutes=minute))
    with pytest.raises(TooOften):
        send_fresh_link(database, mailroom, KEY, world.chair, now=NOW + timedelta(minutes=59))
    assert len(rows(database, world, Mail)) == 3
    send_fresh_link(database, mailroom, KEY, world.tokens[PostRole.SECRETARY], now=NOW)
    send_fresh_link(database, mailroom, KEY, world.chair, now=NOW + timedelta(minutes=60))
    assert len(rows(database, world, Mail)) == 5


def test_nothing_is_sent_for_a_vacant_post_or_no_token(database: Database, world: World, mailroom: Mailroom) -> None:
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Appointment).values(ends_on=date(2027, 3, 1)))
    for token in (world.chair, "unknown"):
        send_fresh_link(database, mailroom, KEY, token, now=NOW)
    with database.reading(world.municipality_id) as session:
        assert not session.scalar(select(func.count()).select_from(Mail))
