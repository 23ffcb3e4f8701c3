"""Pages for anybody: what they say in both languages, and a form that mails the registrar and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from styrhjul.db.journal import entries
from styrhjul.db.mail_model import Mail
from styrhjul.domain.journal import EntryKind
from styrhjul.services.foundation.installation import Installation
from tests.web.conftest import here, hidden
from tests.web.test_answer import count, opened

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from tests.answer_world import World

TEXT = "Knappen syns inte när sidan är förstorad."


def sent(client: TestClient, text: str = TEXT, **more: str) -> Response:
    page = client.get("/accessibility").text
    fields = {each: hidden(page, each) for each in ("csrf", "municipality")}
    return client.post("/accessibility", data={**fields, "text": text, **more})


@pytest.mark.parametrize(
    ("path", "swedish", "english"),
    [
        ("/accessibility", "Hur tillgängliga sidorna är", "How accessible the pages are"),
        ("/privacy", "Vad som sparas", "What is kept"),
        ("/about", "EUPL-1.2", "About Styrhjul"),
    ],
)
def test_a_stranger_reads_it_in_both_languages(
    home: Installation, world: World, path: str, swedish: str, english: str
) -> None:
    with here(home, client=("192.0.2.7", 4711)) as stranger:
        assert swedish in stranger.get(path).text
        assert english in stranger.get(path, params={"language": "en"}).text


@pytest.mark.parametrize("path", ["/sign-in", "/herrljunga", "/nowhere/at/all"])
def test_every_page_leads_there(client: TestClient, world: World, path: str) -> None:
    assert 'href="/accessibility"' in client.get(path).text
    assert 'href="/privacy"' in opened(client, world.chair)[1]


def test_what_is_typed_goes_to_the_registrar_in_one_mail(client: TestClient, home: Installation, world: World) -> None:
    assert "på väg till kommunens registrator" in sent(client).text
    with home.database.reading(world.municipality_id) as session:
        mail = session.scalars(select(Mail)).one()
        told = [entry for entry, _ in entries(session) if entry.kind is EntryKind.FEEDBACK_RECEIVED]
    assert (mail.address, mail.key) == ("registrator@herrljunga.example.org", "accessibility_feedback")
    assert [dict(entry.data) for entry in told] == [{"mail": mail.id}]


def test_an_empty_text_sends_nothing(client: TestClient, home: Installation, world: World) -> None:
    refused = sent(client, "  ")
    assert (refused.status_code, "Skriv vad som inte fungerade" in refused.text) == (422, True)
    assert count(home, world, Mail) == 0


def test_an_address_that_is_none_keeps_what_was_typed(client: TestClient, home: Installation, world: World) -> None:
    refused = sent(client, reply_to="kim at example")
    assert (refused.status_code, TEXT in refused.text) == (422, True)
    assert count(home, world, Mail) == 0


def test_a_fourth_within_the_hour_is_told_to_wait(client: TestClient, home: Installation, world: World) -> None:
    told = [sent(client) for _ in range(4)]
    assert [each.status_code for each in told] == [200, 200, 200, 429]
    assert (told[-1].headers["retry-after"], "logga in" in told[-1].text) == ("3600", False)
    assert "Det du skrev är inte skickat" in told[-1].text
    assert "has not been sent" in sent(client, language="en").text
    assert count(home, world, Mail) == 3


def test_whoever_runs_it_says_where_its_source_is_or_that_they_give_it(home: Installation, world: World) -> None:
    with here(home) as client:
        assert "lämnar ut källkoden" in client.get("/about").text
    told = home.settings.model_copy(update={"source_url": "https://git.example.org/styrhjul"})
    with here(Installation(told, home.clock)) as client:
        page = client.get("/about").text
    assert '<dt>Källkod</dt><dd><a href="https://git.example.org/styrhjul">' in page
    assert "lämnar ut källkoden" not in page


def test_a_form_of_somebody_elses_sends_nothing(client: TestClient, home: Installation, world: World) -> None:
    data = {"municipality": "herrljunga", "text": TEXT}
    assert client.post("/accessibility", data=data).status_code == 403
    page = client.get("/accessibility").text
    crossed = client.post(
        "/accessibility", data={**data, "csrf": hidden(page, "csrf")}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert crossed.status_code == 403
    assert count(home, world, Mail) == 0


def test_an_unknown_municipality_is_asked_for(client: TestClient, home: Installation, world: World) -> None:
    assert "Välj vilken kommun" in sent(client, municipality="nowhere").text
    assert count(home, world, Mail) == 0
