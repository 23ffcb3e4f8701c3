"""Sessions: begun anew, ended by time, by leaving and by any change, and kept where no script or other site reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from config.clock import StoppedClock
from styrhjul.db.model import UserRole
from styrhjul.db.sign_in_model import SignInSession
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.sign_in.user import By, change_roles, remove_user
from tests.answer_world import NOW, World
from tests.web.conftest import hidden
from tests.web.sign_in_world import add, afar, ask, codes, later, sign_in, type_code

if TYPE_CHECKING:
    from starlette.testclient import TestClient

COOKIE = "styrhjul-session"


def gets_in(home: Installation, token: str) -> bool:
    """Whether a session's token opens the municipality's page."""
    with afar(home, cookies={COOKIE: token}) as client:
        return client.get("/herrljunga", follow_redirects=False).status_code == 200


def session_of(home: Installation, world: World, client: TestClient) -> tuple[str, str]:
    user_id = add(home, world.municipality_id)
    return user_id, sign_in(home, client)


def test_a_session_ends_after_thirty_minutes_untouched(home: Installation, world: World) -> None:
    with afar(home) as client:
        _, token = session_of(home, world, client)
    assert gets_in(later(home, minutes=29), token)
    assert gets_in(later(home, minutes=58), token)
    assert not gets_in(later(home, minutes=88), token)


def test_a_session_ends_after_eight_hours_however_busy(home: Installation, world: World) -> None:
    with afar(home) as client:
        _, token = session_of(home, world, client)
    assert all(gets_in(later(home, minutes=25 * n), token) for n in range(20))
    assert not gets_in(later(home, minutes=480), token)


def test_leaving_ends_the_session_everywhere(home: Installation, world: World) -> None:
    with afar(home) as client:
        _, token = session_of(home, world, client)
        left = client.post("/sign-out", data={"csrf": hidden(client.get("/herrljunga").text, "csrf")})
        assert "Du är utloggad" in left.text
        assert COOKIE not in client.cookies
    assert not gets_in(home, token)


def test_signing_in_makes_a_new_session_and_ends_the_one_before(home: Installation, world: World) -> None:
    with afar(home) as client:
        _, first = session_of(home, world, client)
        second = sign_in(home, client)
    assert first != second
    assert (gets_in(home, first), gets_in(home, second)) == (False, True)


def test_a_session_that_somebody_else_chose_is_never_used(home: Installation, world: World) -> None:
    chosen = f"{world.municipality_id}.{'a' * 43}"
    with afar(home) as client:
        client.cookies.set(COOKIE, chosen)
        add(home, world.municipality_id)
        ask(client)
        entered = type_code(client, codes(home)[0])
    assert entered.history[0].cookies[COOKIE] != chosen
    assert not gets_in(home, chosen)


@pytest.mark.parametrize("forged", ["", "x", ".", "0" * 32 + "." + "a" * 43, "'; DROP TABLE user; --", "%C3%A5" * 12])
def test_a_forged_session_is_nobodys(home: Installation, world: World, forged: str) -> None:
    with afar(home) as client:
        client.headers["Cookie"] = f"{COOKIE}={forged}"
        assert client.get("/herrljunga", follow_redirects=False).status_code == 303


def test_other_roles_end_the_session_at_once(home: Installation, world: World) -> None:
    add(home, world.municipality_id, address="bo@example.org", name="Bo")
    with afar(home) as client:
        user_id, token = session_of(home, world, client)
    roles = {UserRole.AUDITOR}
    change_roles(home.database, world.municipality_id, user_id, roles, by=By(name="Bo"), now=NOW)
    assert not gets_in(home, token)


def test_a_removed_user_is_out_at_once(home: Installation, world: World) -> None:
    add(home, world.municipality_id, address="bo@example.org", name="Bo")
    with afar(home) as client:
        user_id, token = session_of(home, world, client)
    remove_user(home.database, world.municipality_id, user_id, by=By(name="Bo"), now=NOW)
    assert not gets_in(home, token)


def test_the_database_holds_no_session_that_opens(home: Installation, world: World) -> None:
    with afar(home) as client:
        _, token = session_of(home, world, client)
    with home.database.reading(world.municipality_id) as session:
        row = session.scalars(select(SignInSession)).one()
    assert not gets_in(home, f"{world.municipality_id}.{row.token_sha256}")
    assert token.partition(".")[2] not in str(vars(row))


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as client:
        ask(client)
        set_cookies = type_code(client, codes(home)[0]).history[0].headers.get_list("set-cookie")
    kept = next(each for each in set_cookies if each.startswith(f"{COOKIE}="))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(kept.split("; "))
    assert "Domain" not in kept


def test_over_https_the_cookies_belong_to_this_host_alone(home: Installation, world: World) -> None:
    settings = home.settings.model_copy(update={"base_url": "https://styrhjul.example.org"})
    add(home, world.municipality_id)
    safe = Installation(settings, StoppedClock(NOW))
    with afar(safe, base_url="https://styrhjul.example.org") as client:
        asked = ask(client)
        entered = type_code(client, codes(home)[0])
        made = [
            each for response in (*asked.history, *entered.history) for each in response.headers.get_list("set-cookie")
        ]
        assert client.get("/herrljunga").status_code == 200
    named = [each for each in made if each.startswith(("__Host-styrhjul-session=", "__Host-styrhjul-code="))]
    assert len(named) >= 2
    assert all("Secure" in each and "Path=/" in each and "HttpOnly" in each for each in named)


def test_a_form_goes_with_its_own_session_and_no_other(home: Installation, world: World) -> None:
    add(home, world.municipality_id, address="bo@example.org", name="Bo")
    with afar(home) as anna, afar(home) as bo:
        session_of(home, world, anna)
        sign_in(home, bo, "bo@example.org")
        foreign = hidden(bo.get("/herrljunga").text, "csrf")
        assert anna.post("/sign-out", data={"csrf": foreign}).status_code == 403
        assert anna.post("/sign-out").status_code == 403
        assert anna.get("/herrljunga").status_code == 200


def test_whoever_sits_at_the_machine_may_sign_in_too_and_is_then_that_person(
    home: Installation, world: World, client: TestClient
) -> None:
    add(home, world.municipality_id, UserRole.AUDITOR)
    assert client.get("/herrljunga/users").status_code == 200
    sign_in(home, client)
    assert client.get("/herrljunga/users").status_code == 403
    assert client.get("/inbox").status_code == 200


ROLE_MAY = {
    UserRole.AUDITOR: (200, 403),
    UserRole.COORDINATOR: (200, 403),
    UserRole.DOCUMENT_OWNER: (200, 403),
    UserRole.CHIEF_EXECUTIVE: (200, 403),
    UserRole.ADMINISTRATOR: (200, 200),
}


@pytest.mark.parametrize("role", ROLE_MAY)
def test_a_role_opens_what_it_may_and_nothing_else(home: Installation, world: World, role: UserRole) -> None:
    add(home, world.municipality_id, role)
    with afar(home) as client:
        sign_in(home, client)
        page = client.get("/herrljunga")
        assert (page.status_code, client.get("/herrljunga/users").status_code) == ROLE_MAY[role]
        assert ("/herrljunga/users" in page.text) is (role is UserRole.ADMINISTRATOR)
        assert client.get("/inbox").status_code == 404
