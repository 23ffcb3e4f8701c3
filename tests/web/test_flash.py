"""The sentence that a press leaves for the next page: shown once, with and without the demo's control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from config.settings import Settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.web.session import FLASH_COOKIE, Signer, set_flash
from tests.web.conftest import here

if TYPE_CHECKING:
    from starlette.testclient import TestClient

SENTENCE = "Sparat: mötet <i>27 mars</i>."
AS_SHOWN = "Sparat: mötet &lt;i&gt;27 mars&lt;/i&gt;."


def leave(client: TestClient, settings: Settings) -> None:
    """Leave a sentence in the browser, as a route does before it redirects."""
    response = Response()
    set_flash(Request({"type": "http", "headers": [], "app": client.app}), response, SENTENCE)
    cookie = response.headers["set-cookie"].partition(";")[0].partition("=")[2].strip('"')
    assert Signer(settings).unsign("flash", cookie)
    client.cookies.set(FLASH_COOKIE, cookie, domain="127.0.0.1", path="/")


def test_the_next_page_shows_it_as_a_status_once(client: TestClient, home: Installation) -> None:
    leave(client, home.settings)
    first, second = client.get("/").text, client.get("/").text
    assert 'role="status"' in first
    assert AS_SHOWN in first
    assert AS_SHOWN not in second


def test_over_https_it_never_travels_in_clear(client: TestClient, home: Installation) -> None:
    served = {"http://127.0.0.1:8000": False, "https://styrhjul.example.org": True}
    for base_url, is_secure in served.items():
        client.app.state.signer = Signer(home.settings.model_copy(update={"base_url": base_url}))  # type: ignore[attr-defined]
        response = Response()
        set_flash(Request({"type": "http", "headers": [], "app": client.app}), response, SENTENCE)
        assert ("Secure" in response.headers["set-cookie"]) is is_secure


def test_it_is_shown_where_the_clock_is_no_demos(home: Installation) -> None:
    wall = Installation.open(home.settings)
    with here(wall) as client:
        leave(client, home.settings)
        page = client.get("/").text
    assert AS_SHOWN in page
    assert "/demo/turn" not in page
    wall.close()


def test_what_somebody_else_wrote_into_the_browser_is_not_shown(client: TestClient) -> None:
    client.cookies.set(FLASH_COOKIE, "forged")
    assert "forged" not in client.get("/").text
