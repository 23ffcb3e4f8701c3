"""What has been typed is kept by a button, and by itself where the browser can: no answer, and never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from styrhjul.db.case_model import Answer
from styrhjul.domain.office import PostRole
from styrhjul.services.foundation.installation import Installation
from styrhjul.web.answering import draft as page_of_drafts
from tests.answer_world import World
from tests.web.conftest import here, hidden
from tests.web.test_answer import GOAL, count, goals, opened

if TYPE_CHECKING:
    import pytest
    from starlette.testclient import TestClient

HTMX = {"HX-Request": "true"}


def test_a_draft_is_there_when_the_link_is_opened_again(client: TestClient, home: Installation, world: World) -> None:
    path, page = opened(client, world.chair)
    assert "Spara och fortsätt senare" in page
    again = client.post(f"{path}/draft", data=goals(page, GOAL)).text
    assert "Ett utkast, inte inlämnat" in again
    with here(home) as another_day:
        assert GOAL in opened(another_day, world.chair)[1]
    assert count(home, world, Answer) == 0


def test_a_page_that_is_open_is_told_in_a_line(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    told = client.post(f"{path}/draft", data=goals(page, GOAL), headers=HTMX).text
    assert "Utkastet sparades 10\u00a0mars kl.\u00a010.00" in told
    assert "<html" not in told


def test_the_secretary_does_not_see_what_the_chair_has_not_handed_in(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    client.post(f"{path}/draft", data=goals(page, GOAL))
    assert GOAL not in opened(client, world.tokens[PostRole.SECRETARY])[1]


def test_a_draft_becomes_one_answer_under_its_own_form(client: TestClient, home: Installation, world: World) -> None:
    path, page = opened(client, world.chair)
    again = client.post(f"{path}/draft", data=goals(page, GOAL)).text
    review = client.post(f"{path}/review", data=goals(again, GOAL)).text
    signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Anna"}
    client.post(path, data=signed)
    with home.database.reading(world.municipality_id) as session:
        assert session.scalars(select(Answer.form_id)).all() == [hidden(page, "form_id")]
    assert "Ett utkast" not in client.get(path).text


def test_a_draft_older_than_the_answer_says_so_and_can_be_left_alone(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    _, other = opened(client, world.chair)
    client.post(f"{path}/draft", data=goals(page, "Det gamla utkastet"))
    review = client.post(f"{path}/review", data=goals(other, GOAL)).text
    client.post(path, data={"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Bo"})
    assert "Det gamla utkastet" in client.get(path).text
    assert GOAL in client.get(f"{path}?draft=new").text


def test_what_cannot_be_saved_stays_on_the_page(
    client: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise OperationalError("insert", {}, Exception("the database is down"))

    path, page = opened(client, world.chair)
    monkeypatch.setattr(page_of_drafts, "save_draft", down)
    response = client.post(f"{path}/draft", data=goals(page, GOAL))
    assert (response.status_code, GOAL in response.text) == (503, True)
    assert "Utkastet gick inte att spara" in response.text
    assert "gick inte att spara" in client.post(f"{path}/draft", data=goals(page, GOAL), headers=HTMX).text
