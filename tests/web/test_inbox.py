"""The catcher's pages: every mail that would have left, readable, its links alive and everything else dead."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from styrhjul.mail.catch import CatchTransport
from styrhjul.web.official.inbox import with_links

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

LINK = "http://127.0.0.1:8000/a/abc"


@pytest.fixture
def mail(home: Installation) -> str:
    """Catch one mail; return its page's address."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "Ordförande <b@example.org>", "Skriv <mål>"
    message["Date"], message["Message-ID"] = "Wed, 10 Mar 2027 08:00:00 +0000", "<1@example.org>"
    message.set_content(f"Svara här:\n{LINK}\n<script>x</script>\n")
    message.add_alternative(f'<html><head><title>x</title></head><a href="{LINK}">Svara</a></html>', subtype="html")
    with CatchTransport(home.settings.data_dir / "mail").open() as transport:
        transport.send("a@example.org", "b@example.org", message.as_bytes())
    (name,) = [file.name for file in (home.settings.data_dir / "mail" / "new").iterdir()]
    return f"/inbox/{name}"


def test_an_empty_inbox_says_when_something_comes(client: TestClient) -> None:
    assert "Inkorgen är tom" in client.get("/inbox").text


def test_a_mail_is_listed_with_its_subject_escaped(client: TestClient, mail: str) -> None:
    page = client.get("/inbox").text
    assert "Skriv &lt;mål&gt;" in page
    assert f'href="{mail}"' in page


def test_the_text_has_its_links_and_nothing_else_of_its_own(client: TestClient, mail: str) -> None:
    page = client.get(mail).text
    assert f'<a href="{LINK}">' in page
    assert "<script>" not in page
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page


def test_the_mails_own_page_runs_nothing_and_opens_links_in_the_whole_window(client: TestClient, mail: str) -> None:
    response = client.get(f"{mail}/html")
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "frame-ancestors 'self'" in policy
    assert '<base target="_top">' in response.text


@pytest.mark.parametrize("name", ["x", "%2e%2e%2fstyrhjul.db", "1.x.1"])
def test_a_mail_that_is_not_there_is_a_missing_page(client: TestClient, mail: str, name: str) -> None:
    assert client.get(f"/inbox/{name}").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999", "2"])
def test_any_page_number_is_answered(client: TestClient, mail: str, page: str) -> None:
    assert client.get(f"/inbox?page={page}").status_code == 200


def test_a_full_stop_after_an_address_is_not_part_of_it() -> None:
    assert str(with_links(f"Se {LINK}.")) == f'Se <a href="{LINK}">{LINK}</a>.'
