"""Other systems are told what happened, through an outbox written with it; on both databases, over real HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from styrhjul.db.journal import entries
from styrhjul.db.model import Municipality
from styrhjul.db.session import Database
from styrhjul.db.webhook_model import HookStatus, Webhook, WebhookMessage
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.webhook import SUBSCRIBED, HookEvent
from styrhjul.services.api.webhook import (
    add_webhook,
    messages_of,
    queue_test,
    resume_webhook,
)
from styrhjul.services.api.webhook_deliver import WebhookReport, deliver_webhooks
from styrhjul.services.cases.decision import grant_extension
from styrhjul.services.foundation.crashpoint import watched
from styrhjul.services.municipality.trial import begin_trial
from tests.hook_receiver import OUTLET, Receiver, Told, receiving
from tests.services.test_deadline_days import CHIEF, OPENING, answer, at
from tests.town import Town, build_town, nine

DUE_AGAIN = date(2027, 4, 30)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=("socialnämnden",))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def subscribe(
    town: Town, receiver: Receiver, *events: HookEvent, path: str = "", on: date = date(2027, 1, 4)
) -> tuple[str, str]:
    new = add_webhook(
        town.database,
        OUTLET,
        town.municipality_id,
        url=receiver.url + path,
        events=events or SUBSCRIBED,
        by="administratören",
        now=nine(on),
    )
    return new.webhook_id, new.secret


def send(town: Town, on: date = OPENING, *, after: timedelta = timedelta()) -> WebhookReport:
    def clock() -> datetime:
        return nine(on) + after

    return deliver_webhooks(town.database, replace(OUTLET, present=clock), clock)


def queued(town: Town) -> list[WebhookMessage]:
    with town.database.reading(town.municipality_id) as session:
        return list(session.scalars(select(WebhookMessage).order_by(WebhookMessage.happened_at)))


def hook(town: Town) -> Webhook:
    with town.database.reading(town.municipality_id) as session:
        return session.scalars(select(Webhook)).one()


def is_signed(told: Told, secret: str) -> bool:
    """As the specification words it, written anew."""
    signed = f"{told.id}.{told.headers['webhook-timestamp']}.".encode() + told.body
    mac = hmac.digest(base64.b64decode(secret.split("_", 1)[1]), signed, hashlib.sha256)
    return told.headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()


# -- what is told ------------------------------------------------------------------------------------------------------


def test_a_case_is_told_of_from_its_opening_to_its_answer(town: Town, receiver: Receiver) -> None:
    _, secret = subscribe(town, receiver)
    town.live(OPENING)
    assert send(town) == WebhookReport(delivered=1)
    answer(town)
    send(town, date(2027, 3, 10))
    assert receiver.events == ["case.opened", "case.answered"]
    assert all(is_signed(told, secret) for told in receiver.told)
    assert len({told.id for told in receiver.told}) == 2


def test_the_body_names_the_case_by_ids_and_slugs_and_no_person(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver)
    town.live(OPENING)
    send(town)
    [told], [case] = receiver.told, town.cases()
    assert told.headers["content-type"] == "application/json"
    assert told.json == {
        "type": "case.opened",
        "timestamp": "2027-01-07T08:00:00Z",
        "data": {
            "case": case.id,
            "municipality": "lillby",
            "policy_id": case.policy_id,
            "policy": "policy",
            "lifecycle": "goal_setting",
            "period": "2027",
            "organization_id": case.body_id,
            "body": "socialnämnden",
            "due_on": "2027-03-31",
            "url": f"https://styrhjul.example.org/lillby/case/{case.id}",
        },
    }


def test_a_case_that_goes_up_is_told_of_when_the_mail_has_been_taken(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver, HookEvent.CASE_ESCALATED)
    town.live_through(OPENING, date(2027, 4, 14))
    send(town, date(2027, 4, 14))
    assert [told.json["data"]["step"] for told in receiver.told] == ["head", "chief_executive"]
    assert [told.json["timestamp"][:10] for told in receiver.told] == ["2027-04-05", "2027-04-14"]


def test_a_decision_is_told_of_without_its_reason(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver, HookEvent.CASE_DECIDED)
    town.live(OPENING)
    grant_extension(town.database, at(town), until=DUE_AGAIN, decision=CHIEF, now=nine(date(2027, 2, 1)))
    send(town, date(2027, 2, 1))
    [told] = receiver.told
    assert (told.json["data"]["decision"], told.json["data"]["due_on"]) == ("extend", DUE_AGAIN.isoformat())
    assert CHIEF.reason.encode() not in told.body


def test_on_trial_nothing_is_said_to_have_gone_up(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver, HookEvent.CASE_ESCALATED)
    with town.database.municipality(town.municipality_id) as session:
        session.get_one(Municipality, town.municipality_id).released_at = None
    begin_trial(
        town.database, town.municipality_id, to_address="prov@lillby.example.org", by="x", now=nine(date(2027, 1, 4))
    )
    town.live_through(OPENING, date(2027, 4, 14))
    assert any("prov@" in to for to, _ in town.transport.taken)
    assert queued(town) == []


def test_what_is_not_asked_for_is_not_told(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver, HookEvent.CASE_ANSWERED)
    town.live(OPENING)
    assert queued(town) == []


def test_what_is_undone_is_never_told(town: Town, receiver: Receiver) -> None:
    """State, journal and message are one transaction, or nothing."""
    subscribe(town, receiver)

    class Undone(BaseException):
        pass

    def stop(point: str) -> None:
        if point == "before_sweep_commit":
            raise Undone

    with pytest.raises(Undone), watched(stop):
        town.sweep(OPENING)
    assert (town.cases(), queued(town)) == ([], [])


def test_another_municipality_s_endpoint_never_sees_it(town: Town, receiver: Receiver) -> None:
    other = build_town(town.database, "storby", committees=("socialnämnden",))
    with receiving() as theirs:
        _, secret = subscribe(town, receiver)
        subscribe(other, theirs)
        town.live(OPENING)  # a pulse is for all
        send(town)
        assert [told.json["data"]["municipality"] for told in receiver.told] == ["lillby"]
        assert [told.json["data"]["municipality"] for told in theirs.told] == ["storby"]
        assert not is_signed(theirs.told[0], secret)


# -- when it does not work ---------------------------------------------------------------------------------------------


def test_one_that_fails_is_tried_again_with_the_same_id_and_body_and_a_new_signature(
    town: Town, receiver: Receiver
) -> None:
    _, secret = subscribe(town, receiver)
    receiver.status = 503
    town.live(OPENING)
    assert send(town) == WebhookReport(deferred=1)
    assert send(town) == WebhookReport(), "not before its time"
    receiver.status = 200
    assert send(town, after=timedelta(minutes=1)) == WebhookReport(delivered=1)
    first, second = receiver.told
    assert (first.id, first.body) == (second.id, second.body)
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 60
    assert is_signed(first, secret)
    assert is_signed(second, secret)


def test_a_dead_endpoint_costs_itself_one_try_and_holds_up_nobody(town: Town, receiver: Receiver) -> None:
    with receiving() as gone:
        dead_id, _ = subscribe(town, gone)
    subscribe(town, receiver)
    for _ in range(3):
        queue_test(town.database, town.municipality_id, dead_id, nine(OPENING))
    town.live(OPENING)
    assert send(town) == WebhookReport(delivered=1, deferred=4)
    assert [each.attempts for each in queued(town) if each.webhook_id == dead_id and each.attempts] == [1]
    assert receiver.events == ["case.opened"]


def test_what_never_works_is_given_up_and_the_endpoint_paused_and_then_goes_on(town: Town, receiver: Receiver) -> None:
    webhook_id, _ = subscribe(town, receiver)
    receiver.status = 500
    town.live(OPENING)
    reports = [send(town, after=timedelta(hours=hours)) for hours in range(0, 130, 2)]
    assert sum(report.paused for report in reports) == sum(report.given_up for report in reports) == 1
    assert len(receiver.told) <= 10
    assert hook(town).paused_at is not None
    queue_test(town.database, town.municipality_id, webhook_id, nine(OPENING) + timedelta(hours=130))
    assert send(town, after=timedelta(hours=131)) == WebhookReport(), "paused"
    receiver.status = 200
    resume_webhook(town.database, town.municipality_id, webhook_id, by="x", now=nine(OPENING) + timedelta(hours=132))
    assert send(town, after=timedelta(hours=132)).delivered == 1
    with town.database.reading(town.municipality_id) as session:
        kinds = [entry.kind for entry, _ in entries(session)]
    assert [kind for kind in kinds if kind.startswith("webhook")] == [
        *(EntryKind.WEBHOOK_ADDED, EntryKind.WEBHOOK_PAUSED, EntryKind.WEBHOOK_RESUMED)
    ]


def test_an_endpoint_that_says_it_is_gone_is_paused_at_once(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver)
    receiver.status = 410
    town.live(OPENING)
    assert send(town).paused == 1


def test_nothing_the_endpoint_writes_is_kept(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver)
    receiver.status, receiver.location = 302, "https://secret.example.org/inside"
    town.live(OPENING)
    send(town)
    assert [each.outcome for each in messages_of(town.database, town.municipality_id)] == ["HTTP 302"]


@pytest.mark.parametrize(
    ("point", "arrived"),
    [
        ("after_webhook_claim_commit", 1),
        ("before_webhook_post", 1),
        ("after_webhook_post", 2),
    ],
)
def test_a_process_killed_on_the_way_is_made_good_with_the_same_id(
    town: Town, receiver: Receiver, point: str, arrived: int
) -> None:
    subscribe(town, receiver)
    town.live(OPENING)
    assert killed_sending(town, point)
    assert send(town, after=timedelta(minutes=1)) == WebhookReport(), "leased still"
    assert send(town, after=timedelta(minutes=16)) == WebhookReport(delivered=1)
    assert len(receiver.told) == arrived
    assert len({told.id for told in receiver.told}) == 1


def test_a_process_killed_before_it_has_claimed_anything_holds_nothing_up(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver)
    town.live(OPENING)
    assert killed_sending(town, "before_webhook_claim_commit")
    assert send(town, after=timedelta(minutes=1)) == WebhookReport(delivered=1)
    assert len(receiver.told) == 1


def killed_sending(town: Town, point: str) -> bool:
    """Let a process of its own send until it is killed at a crash point."""
    url = town.database.url.render_as_string(hide_password=False)
    armed = os.environ | {"STYRHJUL_CRASHPOINT": point}
    command = [sys.executable, "-c", _PROGRAM, url, nine(OPENING).isoformat()]
    return subprocess.run(command, env=armed, check=False).returncode == -signal.SIGKILL


_PROGRAM = """
import sys
from datetime import datetime
from styrhjul.db.session import Database
from styrhjul.services.api.webhook_deliver import deliver_webhooks
from tests.hook_receiver import OUTLET
deliver_webhooks(Database(sys.argv[1]), OUTLET, lambda: datetime.fromisoformat(sys.argv[2]))
"""


def test_what_ended_a_month_ago_is_dropped(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver)
    town.live(OPENING)
    send(town)
    assert [each.status for each in queued(town)] == [HookStatus.DELIVERED]
    send(town, after=timedelta(days=31))
    assert queued(town) == []


def test_the_receiver_in_the_manual_takes_ours_and_nothing_else(town: Town, receiver: Receiver) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", manual, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - our own page
    webhook_id, secret = subscribe(town, receiver)
    now = datetime.now(UTC)
    queue_test(town.database, town.municipality_id, webhook_id, now)
    deliver_webhooks(town.database, OUTLET, lambda: now)
    [told] = receiver.told
    assert names["verified"](secret, told.headers, told.body) == told.id
    old = told.headers | {"webhook-timestamp": str(int(now.timestamp()) - 301)}
    for headers, body in ((told.headers, told.body + b" "), (old, told.body)):
        with pytest.raises(ValueError, match="not signed"):
            names["verified"](secret, headers, body)


def test_what_waits_for_a_paused_endpoint_is_given_up_after_five_days(town: Town, receiver: Receiver) -> None:
    webhook_id, _ = subscribe(town, receiver)
    receiver.status = 410
    queue_test(town.database, town.municipality_id, webhook_id, nine(OPENING))
    assert send(town).paused == 1
    assert send(town, after=timedelta(days=5)).given_up == 1
    assert [each.status for each in queued(town)] == [HookStatus.GIVEN_UP]


def test_what_waited_while_nothing_ran_here_is_sent_however_old(town: Town, receiver: Receiver) -> None:
    subscribe(town, receiver)
    town.live(OPENING)
    assert send(town, after=timedelta(days=30)) == WebhookReport(delivered=1)
