"""Signing in with the municipality's own account, against a real service on the loopback that also lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from styrhjul.services.foundation.installation import Installation
from styrhjul.services.sign_in.oidc import DISCOVERY, set_provider
from styrhjul.services.sign_in.provider import KEYS_AT_MOST_EVERY, ProviderSettings
from tests.answer_world import NOW, World
from tests.answer_world import ask as municipality
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, new_key, serving
from tests.web.conftest import hidden
from tests.web.sign_in_world import ANNA, add, afar, ask, codes, later


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(NOW) as provider:
        yield provider


@pytest.fixture
def herrljunga(home: Installation, world: World, provider: Provider) -> World:
    """The municipality with its own service, and a user."""
    agree(home, world.municipality_id, provider)
    add(home, world.municipality_id)
    return world


def agree(home: Installation, municipality_id: str, provider: Provider, **more: Any) -> None:  # noqa: ANN401 - settings
    settings = ProviderSettings(
        issuer=provider.issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        discovery_url=provider.issuer + DISCOVERY,
        **more,
    )
    set_provider(home.database, home.mailroom.sealer, municipality_id, settings, NOW)


def journey(client: TestClient, slug: str = "herrljunga", wanted: str = "/") -> Response:
    """Go to the service and come back as a browser does."""
    return client.get(returned(client, slug, wanted))


def returned(client: TestClient, slug: str = "herrljunga", wanted: str = "/") -> str:
    """Go to the service; return where it sends the browser."""
    there = client.get(f"/sign-in/oidc/{slug}", params={"next": wanted}, follow_redirects=False)
    return httpx2.get(there.headers["location"], trust_env=False).headers["location"]


def test_a_user_signs_in_with_the_municipalitys_account(home: Installation, herrljunga: World) -> None:
    with afar(home) as client:
        page = client.get("/herrljunga/mail")
        assert "/sign-in/oidc/herrljunga?next=/herrljunga/mail" in page.text
        assert 'name="address"' not in page.text
        arrived = journey(client, wanted="/herrljunga/mail")
    assert (arrived.status_code, arrived.url.path) == (200, "/herrljunga/mail")
    assert "Anna Ek" in arrived.text


def test_the_way_there_has_pkce_state_and_nonce(home: Installation, herrljunga: World, provider: Provider) -> None:
    with afar(home) as client:
        asked = [
            parse_qs(urlsplit(client.get("/sign-in/oidc/herrljunga", follow_redirects=False).headers["location"]).query)
            for _ in range(2)
        ]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert all(asked[0][name] != asked[1][name] for name in ("state", "nonce", "code_challenge"))
    assert asked[0]["redirect_uri"] == ["http://127.0.0.1:8000/sign-in/oidc/herrljunga/callback"]


LIES: list[dict[str, Any]] = [
    {"lies": {"aud": "another client"}},
    {"lies": {"aud": [CLIENT_ID, "another"]}},
    {"lies": {"azp": "another client"}},
    {"lies": {"iss": "https://another.example.org"}},
    {"lies": {"nonce": "another nonce"}},
    {"lies": {"nonce": None}},
    {"lies": {"exp": int(NOW.timestamp()) - 120}},
    {"lies": {"exp": None}},
    {"lies": {"iat": int(NOW.timestamp()) + 3600}},
    {"lies": {"email_verified": False}},
    {"lies": {"email_verified": None}},
    {"lies": {"email_verified": "true"}},
    {"lies": {"email": None}},
    {"algorithm": "none"},
    {"algorithm": "HS256"},
    {"published": [new_key("first")]},
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: str(lie)[:60])
def test_a_token_that_lies_lets_nobody_in(
    home: Installation, herrljunga: World, provider: Provider, lie: dict[str, Any]
) -> None:
    for name, value in lie.items():
        setattr(provider, name, value)
    with afar(home) as client:
        response = journey(client)
        assert response.status_code == 403
        assert "Inloggningen gick inte att kontrollera" in response.text
        assert "styrhjul-session" not in client.cookies


def test_an_address_the_directory_says_nothing_of_counts_only_where_it_vouches(
    home: Installation, herrljunga: World, provider: Provider
) -> None:
    agree(home, herrljunga.municipality_id, provider, vouches=True)
    provider.lies = {"email_verified": None}
    with afar(home) as client:
        assert journey(client).status_code == 200
    provider.lies = {"email_verified": False}
    with afar(home) as client:
        assert journey(client).status_code == 403


def test_the_answer_counts_once_and_in_the_browser_that_asked(home: Installation, herrljunga: World) -> None:
    with afar(home) as client, afar(home) as other:
        back = returned(client)
        assert other.get(back).status_code == 403
        assert client.get(back).status_code == 200
        client.cookies.delete("styrhjul-session")
        assert client.get(back).status_code == 403


def copied(home: Installation, client: TestClient) -> TestClient:
    """Another browser with everything that this one has."""
    thief = afar(home)
    thief.cookies.update(client.cookies)
    return thief


@pytest.mark.parametrize("often", [1, 50])
def test_a_journey_lets_in_once_though_the_service_gives_its_code_twice(
    home: Installation, herrljunga: World, provider: Provider, often: int
) -> None:
    provider.redeems_often = True
    with afar(home) as client:
        back = returned(client)
        thieves = [copied(home, client) for _ in range(often)]
        assert client.get(back).status_code == 200
        assert {thief.get(back).status_code for thief in thieves} == {403}
        assert all("styrhjul-session" not in thief.cookies for thief in thieves)


def test_a_token_given_again_within_its_leeway_answers_no_other_journey(
    home: Installation, herrljunga: World, provider: Provider
) -> None:
    """A token is good for a minute more than it says, and for one nonce alone (RFC 9700, 4.5)."""
    with afar(home) as client:
        first = parse_qs(
            urlsplit(client.get("/sign-in/oidc/herrljunga", follow_redirects=False).headers["location"]).query
        )
        provider.lies = {"nonce": first["nonce"][0], "jti": "one", "exp": int(NOW.timestamp()) - 59}
        assert journey(client).status_code == 403
    provider.lies = {"jti": "one", "exp": int(NOW.timestamp()) - 59}
    with afar(home) as client:
        assert journey(client).status_code == 200


def test_a_journey_ends_after_ten_minutes_whatever_the_browser_keeps(
    home: Installation, herrljunga: World, provider: Provider
) -> None:
    for minutes, status in ((9, 200), (10, 403), (-1, 403)):
        with afar(home) as client, afar(later(home, minutes=minutes)) as then:
            back = returned(client)
            then.cookies.update(client.cookies)
            provider.now = NOW + timedelta(minutes=minutes)
            assert then.get(back).status_code == status
        provider.now = NOW


@pytest.mark.parametrize("change", ["state=x", "iss=https://another.example.org", "error=access_denied", "code="])
def test_an_answer_that_is_not_to_our_question_is_refused(home: Installation, herrljunga: World, change: str) -> None:
    name = change.partition("=")[0]
    with afar(home) as client:
        path, _, query = returned(client).partition("?")
        kept = [each for each in query.split("&") if not each.startswith(f"{name}=")]
        assert client.get(f"{path}?{'&'.join([*kept, change])}").status_code == 403


def test_one_municipalitys_service_never_vouches_for_anothers_user(
    home: Installation, herrljunga: World, provider: Provider
) -> None:
    lillby = municipality(home.database, slug="lillby")
    add(home, lillby.municipality_id, address="bo@example.org", name="Bo")
    provider.claims["email"] = "bo@example.org"
    with serving(NOW) as other, afar(home) as client:
        agree(home, lillby.municipality_id, other)
        refused = journey(client)
        assert (refused.status_code, "Du är inte användare här" in refused.text) == (403, True)
        crossed = returned(client).replace("/herrljunga/callback", "/lillby/callback")
        assert client.get(crossed).status_code == 403
        assert "styrhjul-session" not in client.cookies


def test_a_service_that_is_down_is_told_in_words_and_lets_nobody_in(
    home: Installation, herrljunga: World, provider: Provider
) -> None:
    """F-54: those who are signed in stay so."""
    with afar(home) as signed_in, afar(home) as client:
        journey(signed_in)
        back = returned(client)
        provider.is_down = True
        assert signed_in.get("/herrljunga").status_code == 200
        with afar(home) as fresh:
            response = fresh.get("/sign-in/oidc/herrljunga")
        assert (response.status_code, "Kommunens inloggning svarar inte" in response.text) == (503, True)
        provider.published, provider.key = [], new_key("second")
        assert client.get(back).status_code in (403, 503)


def test_a_service_that_is_gone_is_down_too(home: Installation, world: World) -> None:
    with serving(NOW) as gone:
        agree(home, world.municipality_id, gone)
    with afar(home) as client:
        assert client.get("/sign-in/oidc/herrljunga").status_code == 503


def test_new_keys_are_asked_for_once_in_five_minutes(home: Installation, herrljunga: World, provider: Provider) -> None:
    from tests.web.sign_in_world import at  # noqa: PLC0415

    with afar(home) as client:
        journey(client)
        provider.key = new_key("second")
        assert [journey(client).status_code for _ in range(3)] == [403] * 3
        assert provider.asked.count("/keys") == 1
        provider.now = NOW + KEYS_AT_MOST_EVERY
        client.app.state.installation = at(home, provider.now)  # type: ignore[attr-defined]
        assert journey(client).status_code == 200
    assert provider.asked.count("/keys") == 2


def test_a_key_that_was_taken_back_is_not_believed_for_long(
    home: Installation, herrljunga: World, provider: Provider
) -> None:
    from tests.web.sign_in_world import at  # noqa: PLC0415

    with afar(home) as client:
        journey(client)
        provider.published, provider.now = [new_key("second")], NOW + timedelta(hours=1)
        client.app.state.installation = at(home, provider.now)  # type: ignore[attr-defined]
        assert journey(client).status_code == 403


@pytest.mark.parametrize(
    "lie", [{"issuer": "https://another.example.org"}, {"token_endpoint": "https://169.254.169.254/token"}]
)
def test_a_service_that_tells_of_another_place_is_no_service(
    home: Installation, herrljunga: World, provider: Provider, lie: dict[str, str]
) -> None:
    provider.discovery_lies = lie
    with afar(home) as client:
        assert client.get("/sign-in/oidc/herrljunga").status_code == 503


def test_no_redirect_is_followed(home: Installation, herrljunga: World, provider: Provider) -> None:
    provider.redirects_to = f"{provider.issuer}/elsewhere"
    with afar(home) as client:
        assert client.get("/sign-in/oidc/herrljunga").status_code == 503
    assert provider.asked == [DISCOVERY]


def test_where_there_is_a_service_no_code_is_sent(home: Installation, herrljunga: World) -> None:
    lillby = municipality(home.database, slug="lillby")
    add(home, lillby.municipality_id)
    with afar(home) as client:
        csrf = hidden(ask(client, slug="lillby").text, "csrf")
        fields = {"csrf": csrf, "municipality": "herrljunga", "address": ANNA}
        refused = client.post("/sign-in", data=fields)
        assert (refused.status_code, "sitt eget konto" in refused.text) == (422, True)
    assert len(codes(home)) == 1


def test_a_municipality_without_a_service_has_no_such_page(home: Installation, world: World) -> None:
    with afar(home) as client:
        assert client.get("/sign-in/oidc/herrljunga").status_code == 404
        assert client.get("/sign-in/oidc/herrljunga/callback?code=x&state=x").status_code == 404


def test_the_secret_rests_sealed(home: Installation, herrljunga: World) -> None:
    home.close()
    kept = b"".join(path.read_bytes() for path in home.settings.data_dir.glob("styrhjul.db*"))
    assert CLIENT_SECRET.encode() not in kept
