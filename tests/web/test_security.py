"""What every response carries: headers, caps, plain errors, and logs without tokens."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from styrhjul.services.foundation.installation import Installation
from styrhjul.web.security import MOST_BYTES, MaskTokens, headers_for, masked
from tests.answer_world import World
from tests.web.conftest import here, hidden

if TYPE_CHECKING:
    from starlette.testclient import TestClient

TOKEN = "Zk3v9Q2m-canary_token-8hT5xW1yB7nL0pR4sD6fG"
PAGES = [
    "/",
    "/herrljunga",
    "/herrljunga/mail",
    "/herrljunga/policy/integration",
    "/inbox",
    "/finns/inte",
    "/health/live",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_closed_to_foreign_scripts_frames_and_caches(client: TestClient, world: World, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_from_a_link_send_no_referrer(client: TestClient, world: World) -> None:
    first = client.get(f"/a/{world.chair}", follow_redirects=False)
    form = client.get(first.headers["location"])
    assert [each.headers["referrer-policy"] for each in (first, form)] == ["no-referrer", "no-referrer"]
    assert [each.headers["cache-control"] for each in (first, form)] == ["no-store", "no-store"]


def test_no_page_has_a_script_or_a_style_of_its_own(client: TestClient, world: World) -> None:
    pages = [client.get(path).text for path in PAGES[:-1]] + [client.get(f"/a/{world.chair}").text]
    ours = '<script src="/static/vendor/htmx.min.js?'
    assert all(page.count("<script") == page.count(ours) == 1 for page in pages)
    assert not [page for page in pages if "<style" in page or " style=" in page or " onclick=" in page]


def test_https_is_kept_once_seen() -> None:
    assert "Strict-Transport-Security" in headers_for("/", is_https=True)
    assert "Strict-Transport-Security" not in headers_for("/")


def test_styles_may_be_kept_by_the_browser(client: TestClient) -> None:
    response = client.get("/static/styrhjul.css")
    assert (response.status_code, response.headers["cache-control"]) == (200, "public, max-age=86400")
    assert client.get("/static/fonts/SourceSans3.woff2").status_code == 200
    assert client.get("/static/../app.py").status_code == 404


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_the_cap_is_refused(client: TestClient, world: World, announced: bool) -> None:
    opened = client.get(f"/a/{world.chair}")
    body = f"csrf={hidden(opened.text, 'csrf')}&goals-0-text={'a' * MOST_BYTES}".encode()
    content = body if announced else (body[at : at + 65536] for at in range(0, len(body), 65536))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = client.post(f"{opened.url.path}/review", content=content, headers=headers)
    assert response.status_code == 413


def test_a_thousand_fields_are_refused(client: TestClient, world: World) -> None:
    opened = client.get(f"/a/{world.chair}")
    fields = {"csrf": hidden(opened.text, "csrf")} | {f"goals-{n}-text": "x" for n in range(1000)}
    assert client.post(f"{opened.url.path}/review", data=fields).status_code in (400, 404, 413, 422)


def test_what_is_missing_and_what_is_foreign_look_the_same(client: TestClient, world: World) -> None:
    paths = [
        "/ingen",
        f"/herrljunga/case/{'0' * 32}",
        f"/ingen/case/{world.case_id}",
        "/herrljunga/policy/x",
        "/inbox/x",
    ]
    assert {(client.get(path).status_code, client.get(path).text) for path in paths} == {
        (404, client.get("/finns/inte/alls").text)
    }


def test_our_own_fault_shows_an_id_and_no_trace(home: Installation, world: World) -> None:
    home.close()
    (home.settings.data_dir / "styrhjul.db").unlink()  # its tables are gone
    with here(home) as client:
        response = client.get("/herrljunga")
    assert response.status_code == 500
    assert response.headers["x-request-id"] in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "Traceback" not in response.text
    assert "no such table" not in response.text


def test_a_wrong_method_is_told_in_words(client: TestClient) -> None:
    response = client.post("/herrljunga")
    assert (response.status_code, "Det går inte att göra här" in response.text) == (405, True)


def test_tokens_are_masked_in_the_access_log() -> None:
    record = logging.LogRecord(
        "uvicorn.access",
        logging.INFO,
        "",
        0,
        '%s - "%s %s HTTP/%s" %d',
        ("x", "GET", f"/a/{TOKEN}?y", "1.1", 303),
        None,
    )
    assert MaskTokens().filter(record)
    assert TOKEN not in record.getMessage()
    assert "/a/…" in record.getMessage()


def test_masking_twice_is_masking_once() -> None:
    assert masked(masked(f"GET /a/{TOKEN} 303")) == "GET /a/… 303"
    assert masked(masked(f"GET /calendar/{TOKEN}.ics 200")) == "GET /calendar/… 200"
