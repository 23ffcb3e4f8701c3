"""What another office, another case or another time has written opens nothing here, and loses nothing there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.attachment_model import Attachment
from styrhjul.db.competing_query import load_competing
from styrhjul.db.draft_model import Draft
from styrhjul.db.model import Appointment, Post
from styrhjul.domain.answer import GoalsAnswer
from styrhjul.domain.office import PostRole
from styrhjul.services.answering import attachment as service
from styrhjul.services.answering.answer import AnsweredMeanwhile, Submission, submit
from styrhjul.services.answering.attachment import NoRoom, attach, detach, file_of_case, file_of_link, listed
from styrhjul.services.answering.delegate import NobodyToAsk, delegate
from styrhjul.services.answering.draft import MOST_DRAFTS, NotKept, Typed, save_draft
from styrhjul.services.answering.opened_link import LinkGone
from styrhjul.services.municipality.directory import NotHere
from tests.answer_world import LAPSES, NOW, World, add_case, policy_of, told
from tests.services.test_answer import world
from tests.services.test_attachment import FILE, SEALER, another, kept, sent, submission
from tests.services.test_delegate import wish
from tests.services.test_draft import FIELDS, TYPED, drafts_at, saved

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.services.foundation.mailroom import Mailroom

__all__ = ["world"]  # a fixture


def other_case(database: Database, world: World) -> tuple[str, str]:
    """One more case of the same chair: its id, and the chair's token."""
    with database.municipality(world.municipality_id) as session:
        case = add_case(session, "goal_setting", policy_of(session), world.bodies["social"], period="2028")
        return case, told(session, case, "goal_setting", world.posts[PostRole.CHAIR])


def received(database: Database, world: World) -> list[object]:
    with database.reading(world.municipality_id) as session:
        return list(session.scalars(select(Attachment.received_at)))


def test_a_draft_that_was_moved_to_another_office_does_not_open(database: Database, world: World) -> None:
    saved(database, world)
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Draft).values(post_id=world.posts[PostRole.SECRETARY]))
    assert drafts_at(database, world.tokens[PostRole.SECRETARY]) == []


def test_a_draft_of_another_case_is_not_shown(database: Database, world: World) -> None:
    saved(database, world)
    assert drafts_at(database, other_case(database, world)[1]) == []


def test_the_last_draft_there_is_room_for_is_saved_again(database: Database, world: World) -> None:
    for number in range(MOST_DRAFTS):
        saved(database, world, Typed(f"{number:032x}", FIELDS))
    saved(database, world, Typed(f"{0:032x}", FIELDS[:1]))
    assert len(drafts_at(database, world.chair)) == MOST_DRAFTS


def test_no_draft_is_kept_when_the_answer_can_no_longer_be_changed(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    decided = GoalsAnswer(goals=submission(world, ()).answer.goals, signed_by="A", decided_on=NOW.date(), paragraph="1")  # type: ignore[union-attr]
    whole = Submission(token=world.chair, answer=decided, form_id="b" * 32, seen_version=0)
    submit(database, mailroom, whole, now=NOW)
    with pytest.raises((NotKept, LinkGone)):
        save_draft(database, SEALER, world.chair, TYPED, now=NOW + (LAPSES - NOW.date()) - timedelta(days=30))


def test_what_is_not_whole_is_not_kept_beside_an_answer(database: Database, world: World, mailroom: Mailroom) -> None:
    submit(database, mailroom, submission(world, ()), now=NOW)
    half = Submission(token=world.chair, answer=GoalsAnswer(goals=(), signed_by="A"), form_id="b" * 32, seen_version=0)
    with pytest.raises(AnsweredMeanwhile):
        submit(database, mailroom, half, now=NOW)
    with database.reading(world.municipality_id) as session:
        assert list(load_competing(session, world.case_id)) == []


def test_a_secretarys_office_that_has_ended_is_nobody_to_ask(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Post).where(Post.role == PostRole.SECRETARY).values(ended_on=NOW.date()))
    with pytest.raises(NobodyToAsk):
        delegate(database, mailroom, wish(world), now=NOW)


def test_a_municipality_holds_so_many_bytes_whatever_its_cases_hold(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_BYTES_OF_MUNICIPALITY", len(FILE.content))
    sent(database, world)
    with pytest.raises(NoRoom):
        attach(database, SEALER, other_case(database, world)[1], Typed("c" * 32, ()), another(1), now=NOW)
    assert kept(database, world) == 1


def test_a_file_belongs_to_its_case(database: Database, world: World, mailroom: Mailroom) -> None:
    files = sent(database, world)
    submit(database, mailroom, submission(world, files), now=NOW)
    case, token = other_case(database, world)
    assert listed(database, token, files) == ()
    with pytest.raises(NotHere):
        file_of_link(database, token, files[0], now=NOW)
    with pytest.raises(NotHere):
        file_of_case(database, "herrljunga", case, files[0])


def test_nobody_else_takes_an_offices_file_away(database: Database, world: World) -> None:
    [file] = sent(database, world)
    detach(database, SEALER, world.tokens[PostRole.SECRETARY], Typed("b" * 32, ()), file, now=NOW)
    assert listed(database, world.chair, [file])


def test_what_a_form_did_not_hand_in_is_forgotten_and_what_it_did_stays(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    first, second = sent(database, world)[0], sent(database, world, another(1))[1]
    submit(database, mailroom, submission(world, (first,)), now=NOW)
    assert (kept(database, world), received(database, world)) == (1, [NOW])
    with pytest.raises(NotHere):
        file_of_link(database, world.chair, second, now=NOW)


def test_a_file_was_received_when_it_first_came(database: Database, world: World, mailroom: Mailroom) -> None:
    files = sent(database, world)
    submit(database, mailroom, submission(world, files), now=NOW)
    later = NOW + timedelta(days=1)
    submit(database, mailroom, submission(world, files, form_id="b" * 32, seen=1), now=later)
    assert received(database, world) == [NOW]


def test_a_dead_link_gives_no_file(database: Database, world: World) -> None:
    [file] = sent(database, world)
    with database.municipality(world.municipality_id) as session:
        held = Appointment.post_id == world.posts[PostRole.CHAIR]
        session.execute(update(Appointment).where(held).values(ends_on=NOW.date() - timedelta(days=1)))
    with pytest.raises(LinkGone):
        file_of_link(database, world.chair, file, now=NOW)
