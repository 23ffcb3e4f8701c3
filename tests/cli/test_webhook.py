"""Webhooks by command, to a real receiver on this machine."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from config.clock import Clock
from config.settings import load_settings
from styrhjul.db.model import new_id
from styrhjul.db.webhook_model import HookStatus, WebhookMessage
from styrhjul.domain.webhook import HookEvent
from styrhjul.services.api.webhook import queue_test
from styrhjul.services.api.webhook_deliver import WebhookReport
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.doctor import examine
from styrhjul.services.operations.pulse import tell_others
from tests.cli.test_officials_and_policies import Shell, shell
from tests.cli.test_user import LILLBY, OF_LILLBY
from tests.hook_receiver import Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Command

__all__ = ["shell"]
HERE = {"webhook_this_machine": "true"}


@pytest.fixture
def lillby(styrhjul: Command) -> Command:
    assert styrhjul(*LILLBY).code == 0
    return styrhjul


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def test_a_receiver_is_added_tried_listed_and_removed(lillby: Command, receiver: Receiver) -> None:
    added = lillby("webhook", "add", *OF_LILLBY, "--url", receiver.url, "--event", "case.opened", "--json", **HERE)
    webhook_id, secret = added.json["id"], added.json["secret"]
    assert secret.startswith("whsec_")
    assert "HTTP 204" in lillby("webhook", "test", webhook_id, *OF_LILLBY, **HERE).err
    assert receiver.events == ["webhook.test"]
    listed = lillby("webhook", "list", *OF_LILLBY)
    assert listed.out == f"{webhook_id}\t{receiver.url}\tcase.opened\tfungerar\t0 väntar\n"
    assert lillby("webhook", "remove", webhook_id, *OF_LILLBY).code == 0
    assert lillby("webhook", "list", *OF_LILLBY).out == ""


def test_a_receiver_that_refuses_is_said_so_and_doctor_knows_when_it_is_paused(
    lillby: Command, receiver: Receiver
) -> None:
    webhook_id = lillby("webhook", "add", *OF_LILLBY, "--url", receiver.url, "--json", **HERE).json["id"]
    receiver.status = 410
    tried = lillby("webhook", "test", webhook_id, *OF_LILLBY, **HERE)
    assert (tried.code, "HTTP 410" in tried.err) == (1, True)
    checks = {each["check"]: each for each in lillby("doctor", "--json").json}
    assert not checks["webhooks"]["ok"]
    assert "Lillby kommun: 1 pausade" in checks["webhooks"]["detail"]
    assert lillby("webhook", "resume", webhook_id, *OF_LILLBY).code == 0
    assert {each["check"]: each["ok"] for each in lillby("doctor", "--json").json}["webhooks"]


def test_this_machine_is_refused_unless_that_is_set(lillby: Command, receiver: Receiver) -> None:
    refused = lillby("webhook", "add", *OF_LILLBY, "--url", receiver.url)
    assert refused.code == 1
    assert "https" in refused.err
    inside = lillby("webhook", "add", *OF_LILLBY, "--url", "https://127.0.0.1/")
    assert "STYRHJUL_WEBHOOK_THIS_MACHINE" in inside.err
    assert "OWN_NETWORK" not in inside.err
    house = lillby("webhook", "add", *OF_LILLBY, "--url", "https://10.0.0.1/")
    assert "STYRHJUL_WEBHOOK_OWN_NETWORK" in house.err
    elsewhere = lillby("webhook", "add", *OF_LILLBY, "--url", "https://169.254.169.254/")
    assert "STYRHJUL" not in elsewhere.err


def test_in_the_demo_only_a_test_leaves_signed_today_and_everything_says_that_the_rest_waits(
    shell: Shell, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STYRHJUL_WEBHOOK_THIS_MACHINE", "true")
    assert shell(*LILLBY) == 0
    Clock(tmp_path / "var").turn_to(datetime(2027, 3, 10, 8, tzinfo=UTC))
    webhook_id = str(shell.lines("webhook", "add", *OF_LILLBY, "--url", receiver.url)[0]["id"])
    shell("webhook", "list", *OF_LILLBY)
    assert "inte prövad\t0 väntar" in shell.out
    assert "Klockan är demons" in shell.err
    assert "1 av 1 webhookar är inte prövade" in checked(tmp_path)
    queue_many(tmp_path, webhook_id)
    shell("webhook", "list", *OF_LILLBY)
    assert "inte prövad\t20 väntar" in shell.out
    assert "väntande meddelanden: 20" in checked(tmp_path)
    assert shell("webhook", "test", webhook_id, *OF_LILLBY) == 0
    [told] = receiver.told
    assert told.json["type"] == "webhook.test"
    assert abs(time.time() - int(told.headers["webhook-timestamp"])) < 300
    shell("webhook", "list", *OF_LILLBY)
    assert "fungerar\t20 väntar" in shell.out


def test_the_pulse_sends_a_test_that_was_asked_for_on_the_page_and_nothing_else_in_the_demo(
    shell: Shell, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STYRHJUL_WEBHOOK_THIS_MACHINE", "true")
    assert shell(*LILLBY) == 0
    Clock(tmp_path / "var").turn_to(datetime(2027, 3, 10, 8, tzinfo=UTC))
    webhook_id = str(shell.lines("webhook", "add", *OF_LILLBY, "--url", receiver.url)[0]["id"])
    queue_many(tmp_path, webhook_id)
    home = Installation.open(load_settings(data_dir=tmp_path / "var"))
    assert tell_others(home) == WebhookReport()
    queue_test(home.database, home.municipality_ids()[0], webhook_id, home.clock.now())
    assert tell_others(home) == WebhookReport(delivered=1)
    assert receiver.events == ["webhook.test"]
    home.close()


def queue_many(folder: Path, webhook_id: str, count: int = 20) -> None:
    home = Installation.open(load_settings(data_dir=folder / "var"))
    [municipality_id] = home.municipality_ids()
    with home.database.municipality(municipality_id) as session:
        for _ in range(count):
            session.add(
                WebhookMessage(
                    id=new_id(),
                    webhook_id=webhook_id,
                    event=HookEvent.CASE_OPENED,
                    happened_at=home.clock.now(),
                    content={"municipality": "lillby"},
                    status=HookStatus.QUEUED,
                    next_attempt_at=home.clock.now(),
                )
            )
    home.close()


def checked(folder: Path) -> str:
    home = Installation.open(load_settings(data_dir=folder / "var"))
    [found] = [each for each in examine(home, home.clock.now()) if each.check == "webhooks"]
    home.close()
    assert found.ok
    return found.detail


def test_what_is_not_there_is_said_so(lillby: Command) -> None:
    assert "Se webhook list" in lillby("webhook", "remove", "0" * 32, *OF_LILLBY).err
    wrong = lillby("webhook", "add", *OF_LILLBY, "--url", "https://example.org/", "--event", "case.closed")
    assert (wrong.code, "case.closed finns inte" in wrong.err) == (2, True)
