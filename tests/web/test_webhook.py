"""The page for other systems: an administrator's alone, with the secret shown once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from httpx2 import Response

from styrhjul.db.model import UserRole
from styrhjul.db.webhook_model import HookStatus
from styrhjul.domain.webhook import SUBSCRIBED
from styrhjul.services.api.webhook import add_webhook, messages_of, webhooks_of
from styrhjul.services.api.webhook_deliver import deliver_webhooks
from styrhjul.services.foundation.installation import Installation
from tests.answer_world import NOW, World, ask
from tests.hook_receiver import OUTLET, Receiver, receiving
from tests.web.conftest import hidden
from tests.web.sign_in_world import add, afar, sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PATH = "/herrljunga/settings/webhooks"
CASE_EVENTS = ["case.opened", "case.decided"]


@pytest.fixture
def administrator(home: Installation, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setitem(home.__dict__, "outlet", OUTLET)
    add(home, world.municipality_id)
    with afar(home) as client:
        sign_in(home, client)
        yield client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def post(client: TestClient, path: str = "", **fields: Any) -> Response:  # noqa: ANN401 - of a form
    return client.post(PATH + path, data={"csrf": hidden(client.get(PATH).text, "csrf"), **fields})


def registered(home: Installation, world: World) -> str:
    [hook] = webhooks_of(home.database, world.municipality_id)
    return hook.webhook_id


def test_a_receiver_is_added_and_its_secret_shown_once(
    home: Installation, world: World, administrator: TestClient, receiver: Receiver
) -> None:
    page = post(administrator, url=receiver.url, events=CASE_EVENTS)
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]+", page.text.replace("&#43;", "+"))
    assert len(secret) == len("whsec_") + 44
    again = administrator.get(PATH).text
    assert receiver.url in again
    assert "whsec_" not in again
    [hook] = webhooks_of(home.database, world.municipality_id)
    assert list(hook.events) == CASE_EVENTS


def test_the_page_says_what_has_never_been_tried_and_why_messages_wait_in_the_demo(
    home: Installation, world: World, administrator: TestClient, receiver: Receiver
) -> None:
    post(administrator, url=receiver.url, events=CASE_EVENTS)
    page = administrator.get(PATH).text
    assert "Inte prövad" in page
    assert "Fungerar" not in page
    assert "Klockan är demons" in page, "a stopped clock is no wall clock"
    assert not home.clock.is_wall


def test_a_test_is_queued_and_its_outcome_shown(
    home: Installation, world: World, administrator: TestClient, receiver: Receiver
) -> None:
    post(administrator, url=receiver.url, events=CASE_EVENTS)
    assert "Ett provmeddelande skickas" in post(administrator, f"/{registered(home, world)}/test").text
    receiver.status = 500
    deliver_webhooks(home.database, OUTLET, lambda: NOW)
    page = administrator.get(PATH).text
    assert "Väntar: HTTP 500" in page
    assert "Svarar inte" in page
    assert receiver.events == ["webhook.test"]


def test_a_paused_receiver_is_seen_in_the_overview_and_goes_on_when_asked_to(
    home: Installation, world: World, administrator: TestClient, receiver: Receiver
) -> None:
    post(administrator, url=receiver.url, events=CASE_EVENTS)
    path = f"/{registered(home, world)}"
    receiver.status = 410
    post(administrator, f"{path}/test")
    deliver_webhooks(home.database, OUTLET, lambda: NOW)
    assert "127.0.0.1 tar inte emot meddelanden" in administrator.get("/herrljunga?show=all").text
    receiver.status = 200
    assert "Pausad" in administrator.get(PATH).text
    post(administrator, f"{path}/resume")
    deliver_webhooks(home.database, OUTLET, lambda: NOW)
    assert [each.status for each in messages_of(home.database, world.municipality_id)] == [HookStatus.DELIVERED]
    assert "tar inte emot" not in administrator.get("/herrljunga?show=all").text


@pytest.mark.parametrize(
    ("url", "events", "said"),
    [
        ("http://10.0.0.1/", CASE_EVENTS, "https://"),
        ("https://169.254.169.254/", CASE_EVENTS, "internt nät"),
        ("https://a:b@example.org/", CASE_EVENTS, "utan lösenord"),
        ("https://127.0.0.1/", [], "Välj minst en händelse"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept_as_typed(
    url: str, events: list[str], said: str, administrator: TestClient
) -> None:
    page = post(administrator, url=url, events=events)
    assert page.status_code == 422
    assert said in page.text
    assert f'value="{url}"' in page.text


def test_one_that_is_removed_is_gone(
    home: Installation, world: World, administrator: TestClient, receiver: Receiver
) -> None:
    post(administrator, url=receiver.url, events=CASE_EVENTS)
    assert "Mottagaren är borttagen" in post(administrator, f"/{registered(home, world)}/remove").text
    assert webhooks_of(home.database, world.municipality_id) == []


@pytest.mark.parametrize("role", [UserRole.COORDINATOR, UserRole.AUDITOR, UserRole.CHIEF_EXECUTIVE])
def test_nobody_else_sees_where_or_changes_anything(role: UserRole, home: Installation, world: World) -> None:
    add(home, world.municipality_id, role, address="bo@example.org")
    with afar(home) as client:
        sign_in(home, client, "bo@example.org")
        assert client.get(PATH).status_code == 403
        assert PATH not in client.get("/herrljunga/settings").text


def test_another_municipality_s_receiver_is_not_here(
    home: Installation, world: World, administrator: TestClient, receiver: Receiver
) -> None:
    post(administrator, url=receiver.url, events=CASE_EVENTS)
    theirs = ask(home.database, slug="olofstrom").municipality_id
    where = {"url": receiver.url, "events": SUBSCRIBED}
    other = add_webhook(home.database, OUTLET, theirs, by="x", now=NOW, **where).webhook_id  # type: ignore[arg-type]
    for act in ("test", "resume", "remove"):
        assert post(administrator, f"/{other}/{act}").status_code == 404
    assert len(webhooks_of(home.database, theirs)) == 1
    assert administrator.get("/olofstrom/settings/webhooks").status_code == 404
