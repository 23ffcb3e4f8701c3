"""The pages where a chair lets the secretary answer: opening them changes nothing, a typed name does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from styrhjul.db.mail_model import Mail
from styrhjul.domain.office import PostRole
from tests.services.test_delegate import without_secretary
from tests.web.conftest import hidden
from tests.web.test_answer import count, handed_in, opened

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation
    from tests.answer_world import World


def asked(client: TestClient, token: str, name: str = "Anna Exempel", **more: str) -> Response:
    path, _ = opened(client, token)
    page = client.get(f"{path}/delegate").text
    fields = {each: hidden(page, each) for each in ("csrf", "form_id")}
    return client.post(f"{path}/delegate", data={**fields, "note": "Ta förslaget.", "signed_by": name, **more})


def test_the_chair_finds_it_on_the_form_and_is_told_who_gets_it(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    assert f'href="{path}/delegate"' in page
    assert "Nämndsekreterare, nämndsekreterare, får ett mejl med en egen länk" in client.get(f"{path}/delegate").text


def test_the_receipt_says_so_and_that_the_chair_can_answer_still(
    client: TestClient, home: Installation, world: World
) -> None:
    receipt = asked(client, world.chair)
    assert receipt.url.path.endswith("/delegated")
    assert "Frågan är skickad till nämndsekreteraren" in receipt.text
    assert "Du kan fortfarande svara själv" in receipt.text
    assert "Svaret är inlämnat" in handed_in(client, world.chair, "Ett mål").text


def test_without_a_name_nothing_leaves_and_what_was_typed_is_kept(
    client: TestClient, home: Installation, world: World
) -> None:
    refused = asked(client, world.chair, "")
    assert (refused.status_code, "Skriv ditt namn" in refused.text) == (422, True)
    assert 'value="Ta förslaget."' in refused.text
    assert count(home, world, Mail) == 0


def test_opening_every_page_changes_nothing(client: TestClient, home: Installation, world: World) -> None:
    path, _ = opened(client, world.chair)
    for page in ("delegate", "delegated", "delegate"):
        client.get(f"{path}/{page}")
    assert count(home, world, Mail) == 0


def test_the_same_page_sent_twice_is_one_mail(client: TestClient, home: Installation, world: World) -> None:
    for _ in range(2):
        assert asked(client, world.chair, form_id="f" * 32).status_code == 200
    assert count(home, world, Mail) == 1


def test_a_fourth_time_is_refused_in_words(client: TestClient, home: Installation, world: World) -> None:
    path, _ = opened(client, world.chair)
    form = client.get(f"{path}/delegate").text
    for _ in range(3):
        asked(client, world.chair)
    assert "redan gått tre gånger i dag" in client.get(f"{path}/delegate").text
    sent = {"csrf": hidden(form, "csrf"), "form_id": hidden(form, "form_id"), "signed_by": "Anna"}
    assert client.post(f"{path}/delegate", data=sent).status_code == 422
    assert count(home, world, Mail) == 3


def test_a_vacant_secretary_is_told_with_whom_to_turn_to(client: TestClient, home: Installation, world: World) -> None:
    path, _ = opened(client, world.chair)
    without_secretary(home.database, world)
    page = client.get(f"{path}/delegate").text
    assert "Det finns ingen att fråga" in page
    assert "registrator@herrljunga.example.org" in page
    assert "<form" not in page


@pytest.mark.parametrize("role", [PostRole.SECRETARY, PostRole.CHIEF_EXECUTIVE])
def test_others_are_not_offered_it_and_are_led_back(client: TestClient, world: World, role: PostRole) -> None:
    path, page = opened(client, world.tokens[role])
    assert "/delegate" not in page
    response = client.post(f"{path}/delegate", data={"csrf": "x"})
    assert response.status_code == 403
    assert client.get(f"{path}/delegate").url.path == path


def test_another_links_token_does_not_ask(client: TestClient, home: Installation, world: World) -> None:
    mine, _ = opened(client, world.chair)
    form = client.get(f"{mine}/delegate").text
    other, _ = opened(client, world.tokens[PostRole.SECRETARY])
    sent = {"csrf": hidden(form, "csrf"), "form_id": "f" * 32, "signed_by": "Anna"}
    assert client.post(f"{other}/delegate", data=sent).status_code == 403
    assert count(home, world, Mail) == 0


def test_a_link_that_was_not_opened_here_asks_nobody(client: TestClient, home: Installation, world: World) -> None:
    assert client.get(f"/answer/{'0' * 32}/delegate").status_code == 403
    assert client.post(f"/answer/{'0' * 32}/delegate", data={"signed_by": "Anna"}).status_code == 403
    assert count(home, world, Mail) == 0


def test_the_page_of_the_case_tells_of_it(client: TestClient, world: World) -> None:
    asked(client, world.chair)
    page = client.get(f"/herrljunga/case/{world.case_id}").text
    assert "Ordförande, Socialnämnden bad nämndsekreteraren svara." in page
    assert "Ta förslaget." in page


def test_it_speaks_the_readers_language(client: TestClient, world: World) -> None:
    path, _ = opened(client, world.chair)
    client.get(f"{path}?language=en")
    page = client.get(f"{path}/delegate").text
    assert "Let the committee secretary answer" in page
    assert "Svara" not in page
    client.get(f"{path}?language=sv")


def test_the_mail_says_who_asks_and_what(client: TestClient, home: Installation, world: World) -> None:
    asked(client, world.chair)
    with home.database.reading(world.municipality_id) as session:
        assert "ordföranden ber dig svara" in session.scalars(select(Mail.subject)).one()


def test_whoever_the_matter_went_up_to_is_led_to_sign_in(client: TestClient, world: World) -> None:
    page = opened(client, world.tokens[PostRole.CHIEF_EXECUTIVE])[1]
    assert 'href="/sign-in?next=/herrljunga/decisions"' in page
    assert "bestäm under Hos kommunchefen" in page
