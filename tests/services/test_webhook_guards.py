"""What guards the line to other systems, each by itself: certificate, deadlines, addresses, leases, turns, bounds."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text, update

from styrhjul.db.journal import entries
from styrhjul.db.webhook_model import HookStatus, Webhook, WebhookMessage
from styrhjul.db.webhook_query import (
    A_TURN,
    claim_messages,
    note_delivered,
    note_failed,
    release_messages,
)
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.webhook import SUBSCRIBED
from styrhjul.services.api import webhook_deliver
from styrhjul.services.api.webhook import (
    WebhookRefused,
    add_webhook,
    queue_test,
    remove_webhook,
    resume_webhook,
    webhooks_of,
)
from styrhjul.services.api.webhook_deliver import WebhookReport
from styrhjul.services.api.webhook_post import TIMEOUT_SECONDS, PostOutcome, post
from styrhjul.services.foundation.outward import AddressRefused, Reach
from tests.hook_receiver import OUTLET, Receiver, receiving
from tests.services.test_deadline_days import OPENING
from tests.services.test_webhook import hook, queued, send, subscribe
from tests.town import Town, build_town, nine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from styrhjul.db.session import Database

NOW = nine(OPENING)
HERE = Reach(this_machine=True)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=("socialnämnden",))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


# -- the line ----------------------------------------------------------------------------------------------------------


def test_a_certificate_that_nobody_vouches_for_is_told_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(self.path)
            self.send_response(204)
            self.end_headers()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    monkeypatch.setattr(server, "handle_error", lambda *_: None)  # the handshake that is broken off
    thread = threading.Thread(target=server.handle_request, daemon=True)
    thread.start()
    outcome = post(HERE, f"https://localhost:{server.server_port}/hook", b"{}", {})
    thread.join(10)
    server.server_close()
    assert (outcome.is_delivered, outcome.words, told) == (False, "Certifikatet godtas inte.", [])


def self_signed(folder: Path) -> Path:
    """A key and a certificate for this machine that it made itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


class Noting(httpcore2.NetworkStream):
    """A line that notes how long each wait may be, and says that all went well."""

    def __init__(self, waits: list[tuple[str, float | None]]) -> None:
        self._waits = waits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._waits.append(("read", timeout))
        return b"HTTP/1.1 204 No Content\r\n\r\n"

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._waits.append(("write", timeout))

    def close(self) -> None:
        """It holds nothing."""

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        self._waits.append(("tls", timeout))
        return self

    def get_extra_info(self, info: str) -> None:
        return None


def test_connecting_tls_writing_and_reading_share_one_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[tuple[str, float | None]] = []

    def connect(self: object, host: str, port: int, timeout: float | None = None, *more: object) -> Noting:
        waits.append(("connect", timeout))
        return Noting(waits)

    now = iter(range(100))
    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    monkeypatch.setattr(time, "monotonic", lambda: next(now) / 10)
    assert post(HERE, "https://127.0.0.1/hook", b"{}", {}).is_delivered
    assert {what for what, _ in waits} == {"connect", "tls", "write", "read"}
    left = [wait for _, wait in waits if wait is not None and wait < TIMEOUT_SECONDS]
    assert len(left) == len(waits)
    assert left == sorted(left, reverse=True), "what one wait took, the next has not"


def test_a_wait_does_not_begin_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, *[TIMEOUT_SECONDS + 1] * 9])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    assert post(HERE, "https://127.0.0.1/hook", b"{}", {}).words == "Svarade inte inom 5 sekunder."


@pytest.mark.parametrize(
    ("scheme", "addresses"),
    [
        ("http", ("127.0.0.1", "93.184.216.34")),
        ("http", ("93.184.216.34", "127.0.0.1")),
        ("https", ("93.184.216.34", "10.0.0.5")),
        ("https", ("93.184.216.34", "127.0.0.1")),
        ("https", ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "fd00::1")),
    ],
)
def test_a_host_with_one_address_that_must_not_be_called_is_refused_whole(
    scheme: str, addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_up(host: str, port: int, **named: object) -> list[Any]:
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    with pytest.raises(AddressRefused):
        HERE.check(httpx2.URL(f"{scheme}://arenden.example.org/"))


# -- a run -------------------------------------------------------------------------------------------------------------


def test_no_message_is_begun_after_the_longest_run_and_none_is_blamed(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook_id, _ = subscribe(town, receiver)
    for _ in range(3):
        queue_test(town.database, town.municipality_id, webhook_id, NOW)
    monkeypatch.setattr(webhook_deliver, "LONGEST_RUN", timedelta(0))
    assert send(town) == WebhookReport(deferred=3)
    assert receiver.told == []
    assert {(each.status, each.attempts, each.lease_until) for each in queued(town)} == {(HookStatus.QUEUED, 0, None)}


def test_a_run_does_not_wait_for_an_endpoint_that_never_comes_back(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook_id, _ = subscribe(town, receiver)
    queue_test(town.database, town.municipality_id, webhook_id, NOW)
    may_end, has_ended = threading.Event(), threading.Event()

    def stuck(*_: object) -> PostOutcome:
        may_end.wait(10)
        has_ended.set()
        return PostOutcome(is_delivered=True, words="HTTP 204")

    monkeypatch.setattr(webhook_deliver, "post", stuck)
    monkeypatch.setattr(webhook_deliver, "_GIVES_UP_WAITING_SECONDS", 0.01)
    report = send(town)
    waited = has_ended.is_set()
    may_end.set()
    has_ended.wait(10)
    for thread in threading.enumerate():
        if thread.name.startswith("webhook"):
            thread.join(10)
    assert not waited
    assert report.deferred == 0


# -- claiming and marking ----------------------------------------------------------------------------------------------


def many(town: Town, webhook_id: str, count: int) -> None:
    for _ in range(count):
        queue_test(town.database, town.municipality_id, webhook_id, NOW)


def test_an_endpoint_gets_its_turn_however_much_waits_for_another(town: Town, receiver: Receiver) -> None:
    busy, _ = subscribe(town, receiver, path="/busy")
    quiet, _ = subscribe(town, receiver, path="/quiet")
    many(town, busy, A_TURN + 3)
    queue_test(town.database, town.municipality_id, quiet, NOW + timedelta(minutes=1))
    with town.database.system() as session:
        claimed = claim_messages(session, NOW + timedelta(minutes=2), A_TURN + 1)
    assert [each.webhook_id for each in claimed].count(busy) == A_TURN
    assert [each.webhook_id for each in claimed].count(quiet) == 1


def test_two_senders_at_once_share_the_messages_and_neither_waits(
    postgres_database_url: str, receiver: Receiver
) -> None:
    from styrhjul.db.session import Database as Opened  # noqa: PLC0415 - of its own kind here

    database = Opened(postgres_database_url)
    town = build_town(database, committees=("socialnämnden",))
    webhook_id, _ = subscribe(town, receiver)
    many(town, webhook_id, 2)
    with database.system() as first, database.system() as second:
        second.execute(text("SET LOCAL lock_timeout = '5s'"))
        assert len(claim_messages(first, NOW, 1)) == 1
        assert claim_messages(second, NOW, 1) == []
    database.dispose()


def test_an_endpoint_is_judged_by_its_own_municipality_s_row(town: Town, receiver: Receiver) -> None:
    """Two municipalities whose endpoints have one id: the other's pause is no pause of ours, nor is ours theirs."""
    webhook_id, _ = subscribe(town, receiver)
    queue_test(town.database, town.municipality_id, webhook_id, NOW)
    other = build_town(town.database, "storby", committees=())
    with town.database.municipality(other.municipality_id) as session:
        session.add(
            Webhook(id=webhook_id, url="https://b/", events=[], sealed_secret=b"x", made_at=NOW, paused_at=None)
        )
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Webhook).values(paused_at=NOW))
    with town.database.system() as session:
        assert claim_messages(session, NOW, 9) == []


@pytest.mark.parametrize("status", [HookStatus.DELIVERED, HookStatus.GIVEN_UP])
def test_what_has_ended_is_never_claimed_or_marked_again(town: Town, receiver: Receiver, status: HookStatus) -> None:
    webhook_id, _ = subscribe(town, receiver)
    message_id = queue_test(town.database, town.municipality_id, webhook_id, NOW)
    with town.database.system() as session:
        [claimed] = claim_messages(session, NOW, 9)
    ended = {"status": status, "finished_at": NOW, "lease_until": None, "fence": None, "outcome": "slut"}
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(WebhookMessage).values(**ended))
    later = NOW + timedelta(hours=1)
    with town.database.system() as session:
        assert claim_messages(session, later, 9) == []
        assert claim_messages(session, later, 9, [message_id]) == []
    with town.database.municipality(town.municipality_id) as session:
        note_delivered(session, claimed, "HTTP 204", later)
        assert note_failed(session, claimed, "HTTP 500", later)[0] is False
    [message] = queued(town)
    assert (message.status, message.outcome, message.finished_at) == (status, "slut", NOW)


def test_whoever_lost_the_lease_releases_and_blames_nothing(town: Town, receiver: Receiver) -> None:
    webhook_id, _ = subscribe(town, receiver)
    queue_test(town.database, town.municipality_id, webhook_id, NOW)
    with town.database.system() as session:
        [slow] = claim_messages(session, NOW, 9)
    later = NOW + timedelta(hours=1)
    with town.database.system() as session:
        [quick] = claim_messages(session, later, 9)
        release_messages(session, [slow])
    assert _standing(town) == (HookStatus.SENDING, quick.fence, 2)
    with town.database.municipality(town.municipality_id) as session:
        note_failed(session, slow, "HTTP 500", later)
    assert _standing(town) == (HookStatus.SENDING, quick.fence, 2)
    with town.database.system() as session:
        release_messages(session, [quick])
        release_messages(session, [quick])
    assert _standing(town) == (HookStatus.QUEUED, None, 1)


def _standing(town: Town) -> tuple[HookStatus, str | None, int]:
    [message] = queued(town)
    return message.status, message.fence, message.attempts


# -- what a person does with an endpoint -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["a:b@", "a@", ":b@"])
def test_an_address_that_holds_a_user_or_a_password_is_refused(town: Town, receiver: Receiver, who: str) -> None:
    with pytest.raises(WebhookRefused, match="utan användare"):
        _register(town, receiver.url.replace("//", f"//{who}"))
    with pytest.raises(WebhookRefused, match="utan #"):
        subscribe(town, receiver, path="#x")
    assert webhooks_of(town.database, town.municipality_id) == []


def _register(town: Town, url: str) -> None:
    add_webhook(town.database, OUTLET, town.municipality_id, url=url, events=SUBSCRIBED, by="x", now=NOW)


def test_one_that_goes_on_is_sent_at_once_what_waits_whatever_time_it_was_to_be_tried(
    town: Town, receiver: Receiver
) -> None:
    webhook_id, _ = subscribe(town, receiver)
    queue_test(town.database, town.municipality_id, webhook_id, NOW)
    receiver.status = 500
    assert send(town) == WebhookReport(deferred=1)
    receiver.status = 204
    resume_webhook(town.database, town.municipality_id, webhook_id, by="x", now=NOW)
    own = hook(town)
    assert (own.paused_at, own.rests_until, own.failing_since_at, own.failures) == (None, None, None, 0)
    assert send(town) == WebhookReport(delivered=1)
    assert EntryKind.WEBHOOK_RESUMED not in _kinds(town), "it was not paused"


def test_one_that_is_removed_leaves_nothing_behind_but_the_journals_line(town: Town, receiver: Receiver) -> None:
    webhook_id, _ = subscribe(town, receiver)
    kept, _ = subscribe(town, receiver, path="/kept")
    for each in (webhook_id, kept):
        queue_test(town.database, town.municipality_id, each, NOW)
    remove_webhook(town.database, town.municipality_id, webhook_id, by="x", now=NOW)
    assert {each.webhook_id for each in queued(town)} == {kept}
    assert [each.webhook_id for each in webhooks_of(town.database, town.municipality_id)] == [kept]
    assert _kinds(town)[-1] is EntryKind.WEBHOOK_REMOVED


def _kinds(town: Town) -> list[EntryKind]:
    with town.database.reading(town.municipality_id) as session:
        return [entry.kind for entry, _ in entries(session)]
