"""Registering an endpoint: where it may lie, its secret, and nobody else's."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from styrhjul.db.session import Database
from styrhjul.db.webhook_model import Webhook
from styrhjul.domain.webhook import SUBSCRIBED
from styrhjul.services.api.webhook import (
    MOST,
    NoSuchWebhook,
    WebhookRefused,
    add_webhook,
    queue_test,
    remove_webhook,
    resume_webhook,
    webhooks_of,
)
from styrhjul.services.api.webhook_deliver import WebhookReport
from styrhjul.services.foundation.outward import Reach
from tests.hook_receiver import OUTLET, Receiver, receiving
from tests.services.test_deadline_days import OPENING
from tests.services.test_webhook import hook, queued, send, subscribe
from tests.town import Town, build_town, nine


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=("socialnämnden",))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def test_the_secret_is_told_once_and_kept_sealed(town: Town, receiver: Receiver) -> None:
    _, secret = subscribe(town, receiver)
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert base64.b64decode(secret.removeprefix("whsec_")) not in hook(town).sealed_secret
    assert secret.encode() not in hook(town).sealed_secret
    assert secret not in repr(webhooks_of(town.database, town.municipality_id))


def test_a_secret_moved_to_another_endpoint_s_row_signs_nothing(town: Town, receiver: Receiver) -> None:
    first, _ = subscribe(town, receiver, path="/1")
    second, _ = subscribe(town, receiver, path="/2")
    with town.database.municipality(town.municipality_id) as session:
        sealed = session.scalars(select(Webhook).where(Webhook.id == first)).one().sealed_secret
        session.scalars(select(Webhook).where(Webhook.id == second)).one().sealed_secret = sealed
    queue_test(town.database, town.municipality_id, second, nine(OPENING))
    assert send(town) == WebhookReport(deferred=1)
    assert receiver.told == []
    assert queued(town)[0].outcome == "Hemligheten går inte att öppna."


@pytest.mark.parametrize(
    "url",
    [
        *("", "arenden.example.org", "ftp://arenden.example.org/", "https://", "https://a:b@arenden.example.org/"),
        *("https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://169.254.169.254/latest", "https://[/"),
        *("http://10.0.0.1/", "https://10.0.0.1/", "https://arenden.example.org/#x", "https://0x7f000001/"),
        *("https://1.1.1.1:0/", "https://1.1.1.1:65536/", "https://1.1.1.1:99999/", "https://127.0.0.1/" + "x" * 300),
    ],
)
def test_an_address_that_cannot_or_must_not_be_called_is_refused(town: Town, url: str) -> None:
    strict = replace(OUTLET, reach=Reach())
    with pytest.raises(WebhookRefused):
        add_webhook(
            *(town.database, strict, town.municipality_id), url=url, events=SUBSCRIBED, by="x", now=nine(OPENING)
        )
    assert webhooks_of(town.database, town.municipality_id) == []


def test_one_address_is_registered_once_and_there_are_no_more_than_ten(town: Town, receiver: Receiver) -> None:
    for number in range(MOST):
        subscribe(town, receiver, path=f"/{number}")
    with pytest.raises(WebhookRefused, match="redan registrerad"):
        subscribe(town, receiver, path="/0")
    with pytest.raises(WebhookRefused, match=str(MOST)):
        subscribe(town, receiver, path="/more")


def test_one_that_is_removed_is_told_nothing_more(town: Town, receiver: Receiver) -> None:
    webhook_id, _ = subscribe(town, receiver)
    town.live(OPENING)
    remove_webhook(town.database, town.municipality_id, webhook_id, by="x", now=nine(OPENING))
    assert (send(town), queued(town), receiver.told) == (WebhookReport(), [], [])


def test_another_municipality_s_endpoint_is_not_there(town: Town, receiver: Receiver) -> None:
    webhook_id, _ = subscribe(town, receiver)
    other = build_town(town.database, "storby", committees=())
    now: datetime = nine(OPENING)
    with pytest.raises(NoSuchWebhook):
        queue_test(town.database, other.municipality_id, webhook_id, now)
    with pytest.raises(NoSuchWebhook):
        resume_webhook(town.database, other.municipality_id, webhook_id, by="x", now=now)
    with pytest.raises(NoSuchWebhook):
        remove_webhook(town.database, other.municipality_id, webhook_id, by="x", now=now)
    assert len(webhooks_of(town.database, town.municipality_id)) == 1
