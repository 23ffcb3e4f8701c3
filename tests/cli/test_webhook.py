"""Webhooks by command, to a real receiver on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.test_user import LILLBY, OF_LILLBY
from tests.hook_receiver import Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Command

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
    assert "STYRHJUL_WEBHOOK_OWN_NETWORK" in inside.err


def test_what_is_not_there_is_said_so(lillby: Command) -> None:
    assert "Se webhook list" in lillby("webhook", "remove", "0" * 32, *OF_LILLBY).err
    wrong = lillby("webhook", "add", *OF_LILLBY, "--url", "https://example.org/", "--event", "case.closed")
    assert (wrong.code, "case.closed finns inte" in wrong.err) == (2, True)
