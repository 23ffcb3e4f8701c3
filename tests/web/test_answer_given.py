"""Whoever was given a case answers it in their own office, and not in that of the body that owes it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from styrhjul.db.case_model import Case, JournalEntry
from styrhjul.db.model import Body, Post, new_id
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind
from tests.answer_world import World, appoint, told
from tests.web.test_answer import handed_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation


def given(home: Installation, world: World) -> str:
    """The case of the social committee is given to the head of another; return that one's link."""
    with home.database.municipality(world.municipality_id) as session:
        body = Body(id=new_id(), slug="utbildning", name="Utbildningsnämnden", kind=BodyKind.COMMITTEE)
        session.add(body)
        session.flush()
        post = Post(id=new_id(), body_id=body.id, role=PostRole.HEAD_OF_ADMINISTRATION, title="Förvaltningschef")
        session.add(post)
        session.flush()
        appoint(session, post.id, "Utbildningschef")
        session.execute(update(Case).values(assigned_post_id=post.id, assigned_on=date(2027, 3, 1)))
        return told(session, world.case_id, "goal_setting", post.id)


def test_the_form_greets_the_office_that_reads(client: TestClient, home: Installation, world: World) -> None:
    page = client.get(f"/a/{given(home, world)}").text
    assert "Till förvaltningschef för utbildningsnämnden" in page
    assert "för socialnämnden</p>" not in page


def test_the_journal_names_the_office_that_answered(client: TestClient, home: Installation, world: World) -> None:
    handed_in(client, given(home, world), "Ett mål.")
    with home.database.reading(world.municipality_id) as session:
        moved = session.scalars(select(JournalEntry).where(JournalEntry.kind == EntryKind.CASE_MOVED)).one()
    assert moved.by == "Förvaltningschef, Utbildningsnämnden"
