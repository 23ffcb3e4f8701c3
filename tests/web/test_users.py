"""The page for users: an administrator adds, changes and removes, and can lock nobody out for good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.model import User, UserRole, new_id
from styrhjul.domain.journal import EntryKind
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.sign_in.user import By, LastAdministrator, remove_user
from tests.answer_world import NOW, World
from tests.answer_world import ask as municipality
from tests.web.conftest import hidden
from tests.web.sign_in_world import add, afar, sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PATH = "/herrljunga/users"


@pytest.fixture
def anna(home: Installation, world: World) -> str:
    """The administrator's id."""
    return add(home, world.municipality_id)


@pytest.fixture
def administrator(home: Installation, anna: str) -> Iterator[TestClient]:
    with afar(home) as client:
        sign_in(home, client)
        yield client


def post(client: TestClient, path: str = PATH, **fields: Any) -> Response:  # noqa: ANN401 - of a form
    return client.post(path, data={"csrf": hidden(client.get(PATH).text, "csrf"), **fields})


def users(home: Installation, world: World) -> dict[str, list[str]]:
    with home.database.reading(world.municipality_id) as session:
        return {user.address: user.roles for user in session.scalars(select(User))}


def journalled(home: Installation, world: World) -> list[tuple[EntryKind, str]]:
    with home.database.reading(world.municipality_id) as session:
        rows = session.execute(select(JournalEntry.kind, JournalEntry.by).order_by(JournalEntry.number))
        return [(kind, by) for kind, by in rows if kind.startswith("user_") and not kind.startswith("user_signed")]


def test_a_user_is_added_with_several_roles_and_the_journal_says_by_whom(
    home: Installation, world: World, administrator: TestClient
) -> None:
    page = post(administrator, name="Bo Lund", address="Bo@example.org", roles=["auditor", "document_owner"])
    assert "Bo Lund är tillagd" in page.text
    assert "Dokumentansvarig, granskare" in page.text
    assert users(home, world)["bo@example.org"] == ["document_owner", "auditor"]
    assert journalled(home, world)[-1] == (EntryKind.USER_ADDED, "Anna Ek")


def test_a_first_user_who_is_no_administrator_is_warned_of(client: TestClient, world: World) -> None:
    assert "Ingen är administratör" not in client.get(PATH).text
    page = post(client, name="Bo Lund", address="bo@example.org", roles=["auditor"]).text
    assert "Bo Lund är tillagd" in page
    assert "Ingen är administratör" in page
    page = post(client, name="Anna Ek", address="anna@example.org", roles=["administrator"]).text
    assert "Ingen är administratör" not in page


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "", "address": "bo@example.org", "roles": ["auditor"]}, "name"),
        ({"name": "Bo", "address": "bo", "roles": ["auditor"]}, "address"),
        ({"name": "Bo", "address": "anna@example.org", "roles": ["auditor"]}, "address"),
        ({"name": "Bo", "address": "bo@example.org"}, "roles"),
        ({"name": "Bo", "address": "bo@example.org", "roles": ["operator"]}, "roles"),
        ({"name": "Bo\u202e", "address": "bo@example.org", "roles": ["auditor"]}, "name"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_what_was_typed_is_kept(
    home: Installation, world: World, administrator: TestClient, fields: dict[str, Any], wrong: str
) -> None:
    page = post(administrator, **fields)
    assert page.status_code == 422
    assert f'href="#{wrong}"' in page.text
    assert f'value="{fields["address"]}"' in page.text
    assert len(users(home, world)) == 1


def test_other_roles_are_given_and_the_user_is_signed_out(
    home: Installation, world: World, administrator: TestClient
) -> None:
    bo = add(home, world.municipality_id, UserRole.AUDITOR, address="bo@example.org", name="Bo")
    with afar(home) as signed_in:
        sign_in(home, signed_in, "bo@example.org")
        assert post(administrator, f"{PATH}/{bo}/roles", roles=["coordinator"]).status_code == 200
        assert signed_in.get("/herrljunga", follow_redirects=False).status_code == 303
    assert users(home, world)["bo@example.org"] == ["coordinator"]
    assert journalled(home, world)[-1] == (EntryKind.USER_ROLES_CHANGED, "Anna Ek")


def test_a_user_is_removed_with_their_sessions(home: Installation, world: World, administrator: TestClient) -> None:
    bo = add(home, world.municipality_id, address="bo@example.org", name="Bo")
    with afar(home) as signed_in:
        sign_in(home, signed_in, "bo@example.org")
        assert "borttagen" in post(administrator, f"{PATH}/{bo}/remove").text
        assert signed_in.get("/herrljunga", follow_redirects=False).status_code == 303
    assert list(users(home, world)) == ["anna@example.org"]
    assert journalled(home, world)[-1] == (EntryKind.USER_REMOVED, "Anna Ek")


@pytest.mark.parametrize("others", [False, True])
def test_nobody_removes_themselves(
    home: Installation, world: World, anna: str, administrator: TestClient, others: bool
) -> None:
    if others:
        add(home, world.municipality_id, address="bo@example.org", name="Bo")
    refused = [
        post(administrator, f"{PATH}/{anna}/remove"),
        post(administrator, f"{PATH}/{anna}/roles", roles=["auditor"]),
    ]
    assert [page.status_code for page in refused] == [422, 422]
    assert "administrator" in users(home, world)["anna@example.org"]


def test_the_last_administrator_stays_whoever_asks(home: Installation, world: World, anna: str) -> None:
    add(home, world.municipality_id, UserRole.AUDITOR, address="bo@example.org", name="Bo")
    with pytest.raises(LastAdministrator):
        remove_user(home.database, world.municipality_id, anna, by=By(name="user remove"), now=NOW)


def test_another_municipalitys_user_is_not_here(home: Installation, world: World, administrator: TestClient) -> None:
    lillby = municipality(home.database, slug="lillby")
    bo = add(home, lillby.municipality_id, address="bo@example.org", name="Bo Lillby")
    for user_id in (bo, new_id()):
        for action in (f"{PATH}/{user_id}/remove", f"{PATH}/{user_id}/roles"):
            assert post(administrator, action, roles=["auditor"]).status_code == 404
    assert administrator.get("/lillby/users").status_code == 404
    assert "Bo Lillby" not in administrator.get(PATH).text
    assert users(home, lillby)["bo@example.org"]


def test_who_is_no_administrator_changes_nobody(home: Installation, world: World, anna: str) -> None:
    add(home, world.municipality_id, UserRole.COORDINATOR, address="bo@example.org", name="Bo")
    with afar(home) as client:
        sign_in(home, client, "bo@example.org")
        csrf = hidden(client.get("/herrljunga").text, "csrf")
        for path in (PATH, f"{PATH}/{anna}/roles", f"{PATH}/{anna}/remove"):
            assert client.post(path, data={"csrf": csrf}).status_code == 403
    assert len(users(home, world)) == 2
