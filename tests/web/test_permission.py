"""Every route stands in the table, nobody reads officials' pages from afar, and no foreign page posts for anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import func, select

from config.clock import StoppedClock
from styrhjul.db.case_model import Answer
from styrhjul.services.foundation.installation import Installation
from styrhjul.web.app import create_app
from styrhjul.web.permission import is_local, rule_for
from styrhjul.web.rules import RULES, Permission
from styrhjul.web.session import Signer
from tests.answer_world import NOW, World
from tests.web.conftest import here, hidden

if TYPE_CHECKING:
    from starlette.testclient import TestClient

OFFICIAL = ["/", "/herrljunga", "/herrljunga/mail", "/herrljunga/policy/integration", "/inbox"]


def routes(home: Installation) -> list[tuple[str, str]]:
    """Every method and path the application answers, however its routers nest."""
    found, waiting = [], list(create_app(home).routes)
    while waiting:
        route = waiting.pop()
        if isinstance(route, APIRoute):
            found += [(method, route.path) for method in route.methods or ()]
        else:
            waiting += list(getattr(getattr(route, "original_router", route), "routes", None) or ())
    return found


def test_every_route_is_declared_and_every_declaration_is_a_route(home: Installation) -> None:
    assert sorted(routes(home)) == sorted((rule.method, rule.path) for rule in RULES)


def test_what_changes_something_is_never_public_but_for_one_and_says_what_it_writes() -> None:
    changing = [rule for rule in RULES if rule.method != "GET"]
    assert changing
    public = {rule.path for rule in changing if rule.permission is Permission.PUBLIC}
    assert public == {"/accessibility"}  # whoever is shut out cannot sign in first
    assert {rule.path for rule in changing if rule.audit is None} == {
        "/answer/{link_id}/review",
        "/answer/{link_id}/edit",
        "/{municipality}/settings/practice/review",
        "/{municipality}/settings/calendar/free-days/review",
        "/{municipality}/settings/ladders/{lifecycle}/review",
        "/{municipality}/settings/wording/{key}/review",
        "/{municipality}/case/{case_id}/act/{act}",
        "/{municipality}/decisions/{case_id}",
        "/{municipality}/people/import",
    }


def test_what_reads_writes_nothing() -> None:
    writing = {rule.path for rule in RULES if rule.method == "GET" and rule.audit is not None}
    assert writing == {"/sign-in/oidc/{municipality}/callback"}  # the service's answer comes as a GET, RFC 6749 4.1.2


def test_an_undeclared_route_answers_nobody(home: Installation) -> None:
    app = create_app(home)
    app.add_api_route("/loose/end/somewhere", lambda: {"secret": 1}, methods=["GET"])
    assert rule_for("GET", "/loose/end/somewhere") is None
    from starlette.testclient import TestClient as Client  # noqa: PLC0415

    with Client(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1)) as client:
        assert client.get("/loose/end/somewhere").status_code == 404


@pytest.mark.parametrize("path", OFFICIAL)
def test_officials_pages_are_shown_on_the_machine_itself(client: TestClient, world: World, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", OFFICIAL)
def test_officials_pages_are_not_shown_from_another_machine(home: Installation, world: World, path: str) -> None:
    with here(home, client=("192.0.2.7", 4711)) as stranger:
        response = stranger.get(path, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == ("/sign-in" if path == "/" else f"/sign-in?next={path}")
    assert "Socialnämnden" not in response.text


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example.org"}, {"X-Forwarded-For": "192.0.2.7"}, {"Forwarded": "for=192.0.2.7"}]
)
def test_a_proxy_or_a_rebound_name_is_not_this_machine(
    client: TestClient, world: World, headers: dict[str, str]
) -> None:
    assert client.get("/herrljunga", headers=headers, follow_redirects=False).status_code == 303


def test_officials_pages_are_not_shown_where_mail_really_leaves(home: Installation, world: World) -> None:
    settings = home.settings.model_copy(update={"smtp_url": "smtp://mail.example.org"})
    with here(Installation(settings, StoppedClock(NOW))) as client:
        assert client.get("/herrljunga", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("host", ["[::1]:8000", "localhost:1", "127.0.0.1"])
def test_every_name_of_this_machine_counts(home: Installation, host: str) -> None:
    assert is_local(home.settings, "::1", host, forwarded=False)


def test_a_form_needs_an_opened_link(client: TestClient, home: Installation, world: World) -> None:
    response = client.get(f"/answer/{'0' * 32}")
    assert response.status_code == 403
    assert "Öppna länken i mejlet igen" in response.text
    assert client.post(f"/answer/{'0' * 32}", data={"csrf": "x"}).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_a_form_without_its_own_token_is_foreign(
    client: TestClient, home: Installation, world: World, token: str
) -> None:
    path = client.get(f"/a/{world.chair}").url.path
    for action in (f"{path}/review", f"{path}/edit", path, f"{path}/fresh-link"):
        assert client.post(action, data={"csrf": token, "goals-0-text": "x"}).status_code == 403
    with home.database.reading(world.municipality_id) as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 0


def test_another_links_token_does_not_open_this_form(client: TestClient, world: World) -> None:
    first, *_, second, _ = world.tokens.values()
    page = client.get(f"/a/{first}").text
    path = client.get(f"/a/{second}").url.path
    assert client.post(f"{path}/review", data={"csrf": hidden(page, "csrf")}).status_code == 403


def test_a_browser_without_a_cookie_has_no_token_that_goes_with_it(
    client: TestClient, home: Installation, world: World
) -> None:
    client.cookies.clear()
    data = {"csrf": Signer(home.settings).csrf(""), "municipality": "herrljunga", "text": "Knappen syns inte."}
    assert client.post("/accessibility", data=data).status_code == 403


def test_a_post_from_another_site_is_refused_even_with_the_token(client: TestClient, world: World) -> None:
    opened = client.get(f"/a/{world.chair}")
    sent = {"csrf": hidden(opened.text, "csrf")}
    for site in ("cross-site", "same-site"):
        response = client.post(f"{opened.url.path}/review", data=sent, headers={"Sec-Fetch-Site": site})
        assert response.status_code == 403


def test_a_post_that_is_no_form_is_refused(client: TestClient, world: World) -> None:
    opened = client.get(f"/a/{world.chair}")
    response = client.post(f"{opened.url.path}/review", content="csrf=x", headers={"Content-Type": "text/plain"})
    assert response.status_code == 403
