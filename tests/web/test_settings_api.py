"""Keys to the API on their page: for the administrator alone, shown once, revoked with one press."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from config.logging import masked as masked_in_log
from styrhjul.db.model import UserRole
from styrhjul.services.api.token import find_program, tokens_of
from styrhjul.web.security import masked
from tests.answer_world import NOW, World
from tests.web.conftest import hidden
from tests.web.sign_in_world import add, afar, sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

PAGE = "/herrljunga/settings/api"
TOKEN = re.compile(r"styrhjul_[0-9a-f]{32}_[A-Za-z0-9_-]{43}")


def make(client: TestClient, **typed: object) -> str:
    fields = {"csrf": hidden(client.get(PAGE).text, "csrf"), "name": "Ärendesystemet", "scopes": ["read"], "days": "30"}
    return client.post(PAGE, data={**fields, **typed}).text


def test_a_key_is_shown_once_and_opens(client: TestClient, home: Installation, world: World) -> None:
    token = TOKEN.findall(make(client))[0]
    assert find_program(home.database, token, NOW) is not None
    again = client.get(PAGE).text
    assert "Ärendesystemet" in again
    assert token[-43:] not in again


def test_a_key_is_revoked_with_one_press(client: TestClient, home: Installation, world: World) -> None:
    page = make(client)
    [action] = re.findall(rf'action="({PAGE}/[0-9a-f]+/revoke)"', page)
    told = client.post(action, data={"csrf": hidden(page, "csrf")}).text
    assert "Nyckeln gäller inte längre." in told
    assert "återkallad" in told
    assert [line.is_open(NOW) for line in tokens_of(home.database, world.municipality_id)] == [False]


@pytest.mark.parametrize("typed", [{"name": ""}, {"scopes": []}, {"days": "0"}, {"days": "hundra"}, {"days": "731"}])
def test_what_is_wrong_is_told_beside_its_field(client: TestClient, world: World, typed: dict[str, object]) -> None:
    told = make(client, **typed)
    assert "En sak att rätta" in told
    assert f'<a href="#{next(iter(typed))}">' in told
    assert not TOKEN.search(told)


def test_only_an_administrator_sees_and_makes_keys(home: Installation, world: World) -> None:
    add(home, world.municipality_id, UserRole.COORDINATOR, UserRole.AUDITOR)
    with afar(home) as client:
        sign_in(home, client)
        assert client.get(PAGE).status_code == 403
        assert "settings/api" not in client.get("/herrljunga/settings").text


def test_no_key_reaches_a_log(client: TestClient, world: World) -> None:
    token = TOKEN.findall(make(client))[0]
    for mask in (masked, masked_in_log):
        said = mask(f'GET /api/v1/policies?token={token} HTTP/1.1" 401')
        assert token[-43:] not in said
        assert world.municipality_id not in said
