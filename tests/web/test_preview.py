"""Previews in the web: every mail, and one case's, in a frame that lets nothing in or out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from styrhjul.db.model import Municipality
from styrhjul.mail.context import CONTEXTS
from styrhjul.services.municipality.trial import begin_trial
from styrhjul.services.municipality.wording import Place, set_wording
from tests.answer_world import NOW, World
from tests.web.conftest import BASE_URL, here

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation


def paths(world: World) -> tuple[str, str]:
    return "/herrljunga/mail/samples/goals_warning", f"/herrljunga/case/{world.case_id}/mail"


def test_every_mail_is_listed_with_its_subject(client: TestClient, world: World) -> None:
    page = client.get("/herrljunga/mail/samples").text
    assert all(f'href="/herrljunga/mail/samples/{key}"' in page for key in CONTEXTS)
    assert 'href="/herrljunga/mail/samples"' in client.get("/herrljunga/mail").text


@pytest.mark.parametrize("which", [0, 1])
def test_a_mail_is_shown_in_a_frame_from_which_nothing_leads_anywhere(
    client: TestClient, world: World, which: int
) -> None:
    path = paths(world)[which]
    page, frame = client.get(path), client.get(f"{path}/html")
    assert f'src="{path}/html" sandbox=""' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    policy = frame.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("; sandbox")
    assert "frame-ancestors 'self'" in policy


def test_the_case_page_leads_to_its_mail_whose_link_opens_nothing(client: TestClient, world: World) -> None:
    path = paths(world)[1]
    assert f'href="{path}"' in client.get(path.removesuffix("/mail")).text
    frame = client.get(f"{path}/html").text
    assert f"{BASE_URL}/a/forhandsvisning" in frame
    assert not any(token in frame for token in world.tokens.values())


def test_own_words_stand_in_the_preview_escaped(client: TestClient, home: Installation, world: World) -> None:
    place, text = Place(key="all", language="sv", part="extra"), "Kansliet & {{ municipality_name }} hjälper dig."
    set_wording(home.database, world.municipality_id, place, text, base_url=BASE_URL, by="x", now=NOW)
    for path in paths(world):
        assert "Kansliet &amp; Herrljunga kommun hjälper dig." in client.get(f"{path}/html").text


@pytest.mark.parametrize(
    "path", ["mail/samples/nope", "mail/samples/nope/html", "case/nope/mail", "case/nope/mail/html"]
)
def test_what_is_not_there_is_a_missing_page(client: TestClient, world: World, path: str) -> None:
    assert client.get(f"/herrljunga/{path}").status_code == 404


def test_another_municipality_s_case_is_not_here(client: TestClient, home: Installation, world: World) -> None:
    from tests.answer_world import ask  # noqa: PLC0415 - a second world

    other = ask(home.database, slug="grums")
    assert client.get(f"/herrljunga/case/{other.case_id}/mail").status_code == 404


def test_nobody_from_afar_sees_a_preview(home: Installation, world: World) -> None:
    with here(home, client=("203.0.113.9", 50000)) as stranger:
        codes = {
            stranger.get(f"{path}{end}", follow_redirects=False).status_code
            for path in paths(world)
            for end in ("", "/html")
        }
    assert codes == {303}


def test_a_trial_shows_on_every_page_of_the_municipality(client: TestClient, home: Installation, world: World) -> None:
    with home.database.register(world.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=None))
    begin_trial(home.database, world.municipality_id, to_address="prov@example.org", by="x", now=NOW)
    for path in ("", "/mail", f"/case/{world.case_id}", "/policy/integration"):
        assert "Alla mejl går till prov@example.org" in client.get(f"/herrljunga{path}").text
