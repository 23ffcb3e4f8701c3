"""SMTP servers with a will of their own, beside the sink of tests/conftest.py."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.smtp_sink import SmtpSink

USER, PASSWORD = "styrhjul", "hemligt%/losen"


class TlsSink(SmtpSink):
    """A sink that speaks TLS from the first byte, or offers STARTTLS; it wants a login."""

    def __init__(self, context: ssl.SSLContext, *, at_once: bool) -> None:
        super().__init__()
        self.context, self.at_once = context, at_once
        self.logins: list[tuple[bytes, bytes]] = []

    async def _serve(self) -> None:
        self._loop, self._down = asyncio.get_running_loop(), asyncio.Event()
        at_once = self.context if self.at_once else None
        server = await self._loop.create_server(self._new_line, "127.0.0.1", 0, ssl=at_once)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._down.wait()
        server.close()
        await asyncio.sleep(0)

    def _new_line(self) -> SMTP:
        tls: dict[str, Any] = {} if self.at_once else {"tls_context": self.context, "require_starttls": True}
        if self.at_once:
            tls["auth_require_tls"] = False  # it is under TLS already
        return SMTP(self, hostname="sink.example.org", loop=self._loop, authenticator=self._login, **tls)

    def _login(self, _server: object, _session: object, _envelope: object, _mechanism: str, login: Any) -> AuthResult:  # noqa: ANN401 - aiosmtpd's
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == PASSWORD.encode(), handled=False)


def write_certificate(pem: Path, *, valid_for: dt.timedelta = dt.timedelta(days=1)) -> Path:
    """Write a certificate for 127.0.0.1 that nobody has vouched for, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink.example.org")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now + valid_for)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return pem


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1, valid today."""
    return write_certificate(tmp_path / "certificate.pem")


@contextmanager
def tls_server(certificate: Path, scheme: str) -> Iterator[TlsSink]:
    """Run a sink that uses the certificate, for `smtps` or for `smtp+starttls`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    sink = TlsSink(context, at_once=scheme == "smtps")
    sink.start()
    try:
        yield sink
    finally:
        sink.stop()


@pytest.fixture
def tls_sink(certificate: Path) -> Iterator[Callable[[str], TlsSink]]:
    """Start sinks that use the certificate."""
    with ExitStack() as started:
        yield lambda scheme: started.enter_context(tls_server(certificate, scheme))


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the certificate vouched for."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture
def port_of_server_that_leaves() -> Iterator[int]:
    """A server that says 354 to DATA and is gone before the mail has come through."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_leave_at_data, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]


def _leave_at_data(listening: socket.socket) -> None:
    line, _ = listening.accept()
    with line, line.makefile("rwb") as talk:
        talk.write(b"220 here\r\n")
        talk.flush()
        for command in talk:
            talk.write(b"354 go on\r\n" if command.lower().startswith(b"data") else b"250 fine\r\n")
            talk.flush()
            if command.lower().startswith(b"data"):
                return


class AheadSink:
    """A server that takes several commands at once; each packet is kept, and answers may be refusals, one each."""

    def __init__(self, listening: socket.socket) -> None:
        self.port: int = listening.getsockname()[1]
        self.packets: list[bytes] = []
        self.taken: list[bytes] = []
        #: How often a mail without a recipient was ended with one dot.
        self.empty = 0
        self._refusals: dict[str, str] = {}
        threading.Thread(target=self._serve, args=(listening,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def refuse(self, command: str, answer: str) -> None:
        """Give this answer to the next such command."""
        self._refusals[command] = answer

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line, suppress(OSError):
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        line.sendall(b"220 here\r\n")
        buffer, in_data, has_recipient = b"", False, False
        while packet := line.recv(65536):
            self.packets.append(packet)
            buffer += packet
            while (end := b".\r\n" if in_data else b"\r\n") in buffer:
                if in_data and not (buffer.startswith(end) or b"\r\n.\r\n" in buffer):
                    break
                said, _, buffer = (b"", b"", buffer[3:]) if buffer.startswith(b".\r\n") else _cut_off(buffer, in_data)
                if in_data:
                    in_data = False
                    (self.taken.append(said) if has_recipient else self._count_empty())
                    line.sendall(b"250 taken\r\n" if has_recipient else b"554 nobody\r\n")
                    continue
                word = said[:4].decode().upper()
                answer = self._refusals.pop(word, None)
                has_recipient = (word == "RCPT" and answer is None) or (has_recipient and word == "DATA")
                in_data = word == "DATA" and answer is None
                line.sendall((answer or _ORDINARY.get(word, "250 fine")).encode() + b"\r\n")
                if answer and answer.startswith("421"):
                    return

    def _count_empty(self) -> None:
        self.empty += 1


_ORDINARY = {"EHLO": "250-here\r\n250 PIPELINING", "DATA": "354 go on", "QUIT": "221 bye"}


def _cut_off(buffer: bytes, in_data: bool) -> tuple[bytes, bytes, bytes]:
    return buffer.partition(b"\r\n.\r\n" if in_data else b"\r\n")


@pytest.fixture
def ahead() -> Iterator[AheadSink]:
    """A server that offers PIPELINING and no TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield AheadSink(listening)
