"""A real SMTP server that keeps what it is given and answers as it is told. It listens on this machine only."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from enum import StrEnum
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage
    from pathlib import Path

    from tests.servers import Seat

_CLONE_NEWNET = 0x40000000


class Stage(StrEnum):
    """Where in the conversation an answer is given. DATA is the one after the last dot."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"


@dataclass(frozen=True, slots=True)
class Received:
    """One mail as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    #: The address it came from.
    peer: str = ""

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass(frozen=True, slots=True)
class _HangUp:
    taken: bool


class SmtpSink:
    """`messages` holds what was taken, oldest first: answered with 2xx, or taken before the line was cut.

    `spool` names a file that gets one JSON line per mail, on disk before the answer leaves.
    `on_taken` is called after that and before the answer: the place to kill a sender between *taken* and *told*.
    `seat` names another address to listen on, in a network of its own; a mail's answer comes after `think_seconds`.
    """

    def __init__(self, spool: Path | None = None, seat: Seat | None = None, think_seconds: float = 0) -> None:
        self.messages: list[Received] = []
        self.connections = 0
        self.spool = spool
        self.on_taken: Callable[[Received], None] | None = None
        self.port = 0
        self._seat = seat
        self._address = seat.address if seat else "127.0.0.1"
        self._think_seconds = think_seconds
        self._answers: defaultdict[Stage, deque[str | _HangUp]] = defaultdict(deque)
        self._lines: list[SMTP] = []
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="smtp-sink", daemon=True)

    @property
    def url(self) -> str:
        return f"smtp://{self._address}:{self.port}"

    def reply_with(self, *answers: str, at: Stage = Stage.DATA) -> None:
        """Give these answers, one each, to the next that reach the stage; then 250 again."""
        self._answers[at].extend(answers)

    def hang_up(self, *, at: Stage = Stage.DATA, taken: bool = True) -> None:
        """Cut the line at the stage instead of answering; at DATA the mail may have been taken or not."""
        self._answers[at].append(_HangUp(taken))

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()
        if not self._up.wait(10):
            raise RuntimeError("the SMTP sink did not come up")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._down.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._down = asyncio.get_running_loop(), asyncio.Event()
        if self._seat:
            enter(self._seat)
        server = await self._loop.create_server(self._new_line, self._address, 0)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._down.wait()
        server.close()
        for line in self._lines:
            _cut(line)
        await asyncio.sleep(0)

    def _new_line(self) -> SMTP:
        self.connections += 1
        line = SMTP(self, enable_SMTPUTF8=True, hostname="sink.example.org", loop=self._loop)
        self._lines.append(line)
        return line

    # -- conversation, called by aiosmtpd ----------------------------------------------------------------------------

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name and order
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(Stage.MAIL, server)
        if answer.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name and order
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(Stage.RCPT, server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - same
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        peer = str(session.peer[0]) if session.peer else ""
        received = Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, peer)
        coming = self._answers[Stage.DATA][0] if self._answers[Stage.DATA] else "250 OK"
        if coming.taken if isinstance(coming, _HangUp) else coming.startswith("2"):
            self._take(received)
            await asyncio.sleep(self._think_seconds)
        return self._answer(Stage.DATA, server)

    def _take(self, received: Received) -> None:
        if self.spool:
            spool_mail(self.spool, received)
        self.messages.append(received)
        if self.on_taken:
            self.on_taken(received)

    def _answer(self, stage: Stage, server: SMTP) -> str:
        answer = self._answers[stage].popleft() if self._answers[stage] else "250 OK"
        if isinstance(answer, _HangUp):
            _cut(server)
            return "421 gone"
        return answer


def enter(seat: Seat) -> None:
    """Let this thread, and no other, make its sockets in another network from now on. Linux, as root."""
    network = os.open(seat.network, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(network, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(network)


def spool_mail(spool: Path, received: Received) -> None:
    """Put a mail on disk, one JSON line each: nobody may be told of it before."""
    line = {"from": received.sender, "to": received.recipients, "raw": received.raw.decode("latin-1")}
    with spool.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def spooled(spool: Path) -> list[Received]:
    """Return what is on disk, oldest first."""
    lines = [json.loads(line) for line in spool.read_text("utf-8").splitlines()] if spool.exists() else []
    return [Received(line["from"], tuple(line["to"]), line["raw"].encode("latin-1")) for line in lines]


def _cut(line: SMTP) -> None:
    if isinstance(line.transport, asyncio.WriteTransport):
        line.transport.abort()
