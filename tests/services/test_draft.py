"""Drafts: kept for whoever holds the office, seen by nobody else, and never an answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Answer, Case
from styrhjul.db.case_write import end_cases
from styrhjul.db.draft_model import Draft
from styrhjul.db.model import Appointment
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import AppointmentFacts, PostRole
from styrhjul.mail.seal import Sealer
from styrhjul.services.answering import draft as service
from styrhjul.services.answering.answer import LinkGone, submit
from styrhjul.services.answering.draft import NotKept, SavedDraft, Typed, drafts_of, save_draft
from styrhjul.services.answering.opened_link import find_opened
from styrhjul.services.mailing.link import make_link
from tests.answer_world import NOW, World, appoint, ask
from tests.services.test_answer import sent, world

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.services.foundation.mailroom import Mailroom

__all__ = ["world"]  # a fixture
SEALER = Sealer("k" * 40)
FIELDS = (("goals-0-text", "Fler ska kunna påverka."), ("form_id", "a" * 32))
TYPED = Typed("a" * 32, FIELDS)


def drafts_at(database: Database, token: str, sealer: Sealer = SEALER) -> list[SavedDraft]:
    """The drafts behind a link."""
    return drafts_of(database, sealer, find_opened(database, token))


def saved(database: Database, world: World, typed: Typed = TYPED, role: PostRole = PostRole.CHAIR) -> None:
    save_draft(database, SEALER, world.tokens[role], typed, now=NOW)


def forms(database: Database, token: str) -> list[str]:
    return [draft.form_id for draft in drafts_at(database, token)]


def test_a_draft_opens_as_it_was_saved_and_is_no_answer(database: Database, world: World) -> None:
    saved(database, world)
    [draft] = drafts_at(database, world.chair)
    assert (draft.fields, draft.saved_at) == (FIELDS, NOW)
    with database.reading(world.municipality_id) as session:
        assert session.scalars(select(Answer)).all() == []


def test_the_last_one_saved_holds(database: Database, world: World) -> None:
    saved(database, world)
    saved(database, world, Typed("a" * 32, (("goals-0-text", "Nytt"),)))
    assert [draft.fields for draft in drafts_at(database, world.chair)] == [(("goals-0-text", "Nytt"),)]


def test_two_forms_of_one_office_are_both_kept(database: Database, world: World) -> None:
    saved(database, world)
    save_draft(database, SEALER, world.chair, Typed("b" * 32, FIELDS), now=NOW + timedelta(minutes=1))
    assert forms(database, world.chair) == ["b" * 32, "a" * 32]


def test_another_office_sees_no_draft_of_the_chairs(database: Database, world: World) -> None:
    saved(database, world)
    assert forms(database, world.tokens[PostRole.SECRETARY]) == []


def test_whoever_takes_the_office_over_goes_on_with_its_draft(database: Database, world: World) -> None:
    saved(database, world)
    post_id = world.posts[PostRole.CHAIR]
    with database.municipality(world.municipality_id) as session:
        session.execute(
            update(Appointment).where(Appointment.post_id == post_id).values(ends_on=NOW.date() - timedelta(days=1))
        )
        appointment_id = appoint(session, post_id, "Ny", NOW.date())
        person_id = session.scalars(select(Appointment.person_id).where(Appointment.id == appointment_id)).one()
        holder = AppointmentFacts(
            appointment_id=appointment_id,
            post_id=post_id,
            person_id=person_id,
            name="Ny",
            address=None,
            language="sv",
            starts_on=date(2027, 3, 10),
            ends_on=None,
        )
        token = make_link(session, case_id=world.case_id, holder=holder, mail_id="m", now=NOW)
    assert forms(database, token) == ["a" * 32]
    with pytest.raises(LinkGone):
        saved(database, world)


def test_what_is_kept_cannot_be_read_in_the_database(database: Database, world: World) -> None:
    saved(database, world)
    with database.reading(world.municipality_id) as session:
        sealed = session.scalars(select(Draft.sealed_fields)).one()
    assert "påverka".encode() not in sealed
    assert drafts_at(database, world.chair, Sealer("another")) == []


def test_an_answer_takes_its_own_draft_with_it_and_no_other(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    saved(database, world)
    saved(database, world, Typed("b" * 32, FIELDS))
    submit(database, mailroom, sent(world), now=NOW)
    assert forms(database, world.chair) == ["b" * 32]


def test_a_form_that_has_been_handed_in_leaves_no_draft_behind(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    """The page may stand open in another tab, and save itself once more."""
    submit(database, mailroom, sent(world), now=NOW)
    with pytest.raises(NotKept):
        saved(database, world)


def test_those_above_keep_no_draft(database: Database, world: World) -> None:
    with pytest.raises(NotKept):
        saved(database, world, role=PostRole.CHIEF_EXECUTIVE)


@pytest.mark.parametrize(("text", "count"), [("x" * service.LARGEST, 1), ("x", service.MOST_DRAFTS + 1)])
def test_a_link_keeps_no_more_than_a_form_can_hold(database: Database, world: World, text: str, count: int) -> None:
    typed = [Typed(f"{number:032x}", (("comment", text),)) for number in range(count)]
    for each in typed[:-1]:
        saved(database, world, each)
    with pytest.raises(NotKept):
        saved(database, world, typed[-1])


def test_drafts_go_when_the_case_closes(database: Database, world: World) -> None:
    saved(database, world)
    with database.municipality(world.municipality_id) as session:
        case = session.get_one(Case, (world.municipality_id, world.case_id))
        case.state = State.WAIVED
        end_cases(session, [case], "Avslutat.", NOW, by="samordnaren")
    assert forms(database, world.chair) == []


_PROGRAM = """
import sys
from styrhjul.db.session import Database
from styrhjul.mail.seal import Sealer
from styrhjul.services.answering.draft import Typed, save_draft
from tests.answer_world import NOW
save_draft(Database(sys.argv[1]), Sealer("k" * 40), sys.argv[2], Typed("a" * 32, [("comment", "x")]), now=NOW)
"""


@pytest.mark.parametrize(("point", "kept"), [("before_draft_commit", 0), ("after_draft_commit", 1)])
def test_a_process_killed_while_saving_leaves_a_whole_draft_or_none(
    database: Database, world: World, point: str, kept: int
) -> None:
    url = database.url.render_as_string(hide_password=False)
    armed = os.environ | {"STYRHJUL_CRASHPOINT": point}
    ended = subprocess.run([sys.executable, "-c", _PROGRAM, url, world.chair], env=armed, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(forms(database, world.chair)) == kept


def test_another_municipality_keeps_its_own_drafts(database: Database, world: World) -> None:
    other = ask(database, slug="olofstrom")
    saved(database, world)
    assert forms(database, other.chair) == []
