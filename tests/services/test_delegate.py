"""A chair asks the secretary to answer: one mail a press, to the secretary alone, and the chair may answer still."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.journal import entries
from styrhjul.db.mail_model import AnswerLink, Mail
from styrhjul.db.model import Appointment, Person
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.office import PostRole
from styrhjul.services.answering.answer import LinkGone, NotComplete, NotTheirs, TooLateToChange, submit
from styrhjul.services.answering.delegate import AskedOften, NobodyToAsk, Wish, asking_for, delegate
from styrhjul.services.foundation.mailroom import Mailroom
from tests.answer_world import NOW, World, ask
from tests.services.test_answer import sent, state

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.domain.journal import Entry


@pytest.fixture
def world(database: Database) -> World:
    return ask(database)


def wish(world: World, form_id: str = "a" * 32, **more: str) -> Wish:
    return replace(Wish(token=world.chair, form_id=form_id, note="Ta förslaget.", signed_by="Anna Exempel"), **more)


def mails(database: Database, world: World) -> list[Mail]:
    with database.reading(world.municipality_id) as session:
        return list(session.scalars(select(Mail).where(Mail.key == "case_delegated")))


def told(database: Database, world: World) -> list[Entry]:
    with database.reading(world.municipality_id) as session:
        return [each for each, _ in entries(session) if each.kind is EntryKind.CASE_DELEGATED]


def without_secretary(database: Database, world: World) -> None:
    with database.municipality(world.municipality_id) as session:
        held = Appointment.post_id == world.posts[PostRole.SECRETARY]
        session.execute(update(Appointment).where(held).values(ends_on=NOW.date() - timedelta(days=1)))


def test_the_secretary_alone_gets_a_mail_in_the_thread_of_the_case(
    database: Database, mailroom: Mailroom, world: World
) -> None:
    delegate(database, mailroom, wish(world), now=NOW)
    [mail] = mails(database, world)
    assert mail.post_id == world.posts[PostRole.SECRETARY]
    raw = mailroom.sealer.open(mail.sealed_bytes or b"").decode("utf-8", "replace")
    assert f"References: <case-{world.case_id}@" in raw.replace("\r\n ", " ")


def test_the_mail_holds_a_link_of_the_secretarys_own(database: Database, mailroom: Mailroom, world: World) -> None:
    delegate(database, mailroom, wish(world), now=NOW)
    [mail] = mails(database, world)
    with database.reading(world.municipality_id) as session:
        links = session.scalars(select(AnswerLink).where(AnswerLink.mail_id == mail.id)).all()
    assert [link.post_id for link in links] == [world.posts[PostRole.SECRETARY]]


def test_it_is_journalled_with_who_asked_and_what_they_wrote(
    database: Database, mailroom: Mailroom, world: World
) -> None:
    delegate(database, mailroom, wish(world), now=NOW)
    [entry] = told(database, world)
    assert (entry.case_id, entry.by) == (world.case_id, "Ordförande, Socialnämnden")
    assert (entry.data["note"], entry.data["signed_by"]) == ("Ta förslaget.", "Anna Exempel")
    assert entry.data["post"] == world.posts[PostRole.SECRETARY]


def test_the_case_does_not_move_and_the_chair_can_answer_still(
    database: Database, mailroom: Mailroom, world: World
) -> None:
    before = state(database, world)
    delegate(database, mailroom, wish(world), now=NOW)
    assert state(database, world) is before
    assert submit(database, mailroom, sent(world), now=NOW).version == 1


def test_the_same_form_again_asks_nobody_twice(database: Database, mailroom: Mailroom, world: World) -> None:
    for _ in range(5):
        delegate(database, mailroom, wish(world), now=NOW)
    assert (len(mails(database, world)), len(told(database, world))) == (1, 1)


def test_two_presses_at_once_are_one(database: Database, mailroom: Mailroom, world: World) -> None:
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: delegate(database, mailroom, wish(world), now=NOW), range(2)))
    assert len(mails(database, world)) == 1


def test_a_fourth_time_in_a_day_is_refused_and_the_next_day_is_not(
    database: Database, mailroom: Mailroom, world: World
) -> None:
    for number in range(3):
        delegate(database, mailroom, wish(world, f"{number}" * 32), now=NOW)
    with pytest.raises(AskedOften):
        delegate(database, mailroom, wish(world, "d" * 32), now=NOW)
    delegate(database, mailroom, wish(world, "d" * 32), now=NOW + timedelta(days=1))
    assert len(mails(database, world)) == 4


def test_a_vacant_secretary_is_nobody_to_ask(database: Database, mailroom: Mailroom, world: World) -> None:
    without_secretary(database, world)
    assert asking_for(database, world.chair, NOW).secretary is None
    with pytest.raises(NobodyToAsk):
        delegate(database, mailroom, wish(world), now=NOW)
    assert mails(database, world) == []


def test_a_secretary_whose_address_is_gone_is_nobody_to_ask(
    database: Database, mailroom: Mailroom, world: World
) -> None:
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Person).where(Person.key == "Nämndsekreterare").values(address=None))
    with pytest.raises(NobodyToAsk):
        delegate(database, mailroom, wish(world), now=NOW)


@pytest.mark.parametrize("name", ["", "   ", "123"])
def test_nothing_leaves_without_a_typed_name(database: Database, mailroom: Mailroom, world: World, name: str) -> None:
    with pytest.raises(NotComplete):
        delegate(database, mailroom, wish(world, signed_by=name), now=NOW)
    assert told(database, world) == []


@pytest.mark.parametrize("role", [PostRole.SECRETARY, PostRole.HEAD_OF_ADMINISTRATION, PostRole.CHIEF_EXECUTIVE])
def test_only_the_chair_can_ask(database: Database, mailroom: Mailroom, world: World, role: PostRole) -> None:
    with pytest.raises(NotTheirs):
        delegate(database, mailroom, wish(world, token=world.tokens[role]), now=NOW)
    assert mails(database, world) == []


def test_an_answer_that_can_no_longer_be_changed_is_not_asked_for(
    database: Database, mailroom: Mailroom, world: World
) -> None:
    answer = replace(sent(world).answer, paragraph="82")
    submit(database, mailroom, replace(sent(world), answer=answer), now=NOW)
    with pytest.raises(TooLateToChange):
        delegate(database, mailroom, wish(world), now=NOW + timedelta(days=60))


def test_an_unknown_token_asks_nobody(database: Database, mailroom: Mailroom, world: World) -> None:
    with pytest.raises(LinkGone):
        delegate(database, mailroom, wish(world, token="x" * 43), now=NOW)
    assert mails(database, world) == []
