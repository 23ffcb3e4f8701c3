"""Who owes an answer, and who is to give it, once the body is no more."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from styrhjul.db.case_model import Case
from styrhjul.db.model import Body, Post
from styrhjul.domain.office import PostRole
from styrhjul.services.cases.view import case_view
from styrhjul.web.words import case_lead, owed
from tests.answer_world import NOW, World
from tests.web.conftest import here

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation


@pytest.fixture
def ended(home: Installation, world: World) -> World:
    """The committee is no more, and the coordinator has its case."""
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Body).where(Body.name == "Socialnämnden").values(dissolved_on=date(2027, 3, 1)))
        post = session.query(Post).filter_by(role=PostRole.COORDINATOR).one()
        post.title = "Kanslisamordnare"
        session.execute(update(Case).values(assigned_post_id=post.id, assigned_on=date(2027, 3, 1)))
    return world


def test_a_body_that_is_no_more_is_not_said_to_owe_anything(home: Installation, ended: World) -> None:
    view = case_view(home.database, "herrljunga", ended.case_id, NOW)
    assert owed(view.case, "kommunchef", view.today) == "Ingen har lämnat mål för 2027: socialnämnden har upphört"
    assert case_lead(view).startswith(
        "Socialnämnden har upphört. Ärendet ligger hos kanslisamordnaren, som svarar eller bestämmer vem som tar över."
    )


def test_the_overview_says_who_has_the_case(home: Installation, ended: World) -> None:
    with here(home) as client:
        page = client.get("/herrljunga").text
    assert "Organet upphört" in page
    assert "Ärendet ligger hos kanslisamordnaren" in page


def test_before_its_last_day_a_body_owes_its_answer(home: Installation, ended: World) -> None:
    view = case_view(home.database, "herrljunga", ended.case_id, NOW)
    assert owed(view.case, "kommunchef", date(2027, 2, 28)) == "Socialnämnden har inte lämnat mål för 2027"


def test_the_chief_executives_page_does_not_blame_a_body_that_is_no_more(home: Installation, ended: World) -> None:
    with here(home) as client:
        page = client.get(f"/a/{ended.tokens[PostRole.CHIEF_EXECUTIVE]}").text
    assert "Ingen har lämnat mål för 2027: socialnämnden har upphört" in page
    assert "Socialnämnden har inte lämnat" not in page
