"""The line to other systems: to the address that was judged, five seconds in all, nothing followed and nothing read."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from styrhjul.services.api.webhook_post import TIMEOUT_SECONDS, post
from styrhjul.services.foundation.outward import Reach
from tests.hook_receiver import Receiver, receiving

HERE = Reach(this_machine=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let names be here first and there later, as a hostile name server would; return what was asked for."""
    asked: list[str] = []
    left = list(answers)

    def looked_up(host: str, port: int, *more: object, **named: object) -> list[Any]:
        asked.append(host)
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return asked


def test_the_body_and_headers_arrive_as_they_are_under_the_name_that_was_asked_for(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "127.0.0.1")
    outcome = post(HERE, f"http://arenden.example.org:{receiver.port}/hook?q=1", b"{}", {"webhook-id": "msg_1"})
    assert outcome.is_delivered
    [told] = receiver.told
    assert (told.path, told.body, told.id) == ("/hook?q=1", b"{}", "msg_1")
    assert told.headers["host"] == f"arenden.example.org:{receiver.port}"


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.5", "192.168.1.1", "169.254.169.254", "127.0.0.1", "100.64.0.1", "224.0.0.1", "240.0.0.1"),
        *("::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "ff02::1", "0.0.0.0"),  # noqa: S104
    ],
)
def test_an_address_inside_is_never_connected_to(
    address: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, address)
    outcome = post(Reach(), f"https://arenden.example.org:{receiver.port}/", b"{}", {})
    assert (outcome.is_delivered, receiver.told) == (False, [])
    assert "internt nät" in outcome.words


def test_a_name_that_changes_its_mind_after_the_look_gains_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up once: the second answer, which would lead to the receiver, is never asked for."""
    connected: list[object] = []

    def refused(address: object, *more: object, **named: object) -> socket.socket:
        connected.append(address)
        raise OSError

    asked = resolving(monkeypatch, "93.184.216.34", "127.0.0.1")
    monkeypatch.setattr(socket, "create_connection", refused)
    assert not post(Reach(), f"https://arenden.example.org:{receiver.port}/", b"{}", {}).is_delivered
    assert connected == [("93.184.216.34", receiver.port)]
    assert asked == ["arenden.example.org"]


def test_a_redirect_is_a_failure_and_is_not_followed(receiver: Receiver) -> None:
    with receiving() as other:
        receiver.status, receiver.location = 307, other.url
        outcome = post(HERE, receiver.url, b"{}", {})
        assert (outcome.is_delivered, outcome.words, other.told) == (False, "HTTP 307", [])


def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert post(HERE, receiver.url, b"{}", {}).is_delivered
        assert proxy.told == []


def test_an_answer_that_never_ends_is_not_waited_for(receiver: Receiver) -> None:
    """One byte every tenth of a second: no single wait is long, and all of them together are."""
    receiver.trickles = True
    began = time.monotonic()
    outcome = post(HERE, receiver.url, b"{}", {})
    assert time.monotonic() - began < 2 * TIMEOUT_SECONDS
    assert outcome.words == "Svarade inte inom 5 sekunder."


@pytest.mark.parametrize(
    ("status", "is_delivered"), [(200, True), (204, True), (302, False), (410, False), (500, False)]
)
def test_only_a_success_is_a_delivery(status: int, is_delivered: bool, receiver: Receiver) -> None:
    receiver.status = status
    outcome = post(HERE, receiver.url, b"{}", {})
    assert (outcome.is_delivered, outcome.words, outcome.is_gone) == (is_delivered, f"HTTP {status}", status == 410)


def test_a_line_without_tls_is_refused_elsewhere_than_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "93.184.216.34")
    assert "https" in post(HERE, "http://arenden.example.org/", b"{}", {}).words
