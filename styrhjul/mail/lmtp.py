"""The port where a mail server of ours hands over what has come in (LMTP, RFC 2033), one recipient at a time.

"250" means that the mail is kept: it is said after the transaction has committed, and never before.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

log = structlog.get_logger()

_TAKEN = "250 2.0.0 Kept"
_LATER = "451 4.3.0 Try again later"
_NOT_OURS = "550 5.1.1 No such mailbox here"
_ONE_AT_A_TIME = "452 4.5.3 One recipient at a time"
#: Mails in hand at once: each is read by a process of its own.
_AT_ONCE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What the port does with what it gets. Both may block and may raise: the server is then told to try again."""

    is_ours: Callable[[str], bool]
    #: The bytes as a final server leaves them, the sender ("" for a report) and the recipient.
    take: Callable[[bytes, str, str], None]
    limit_bytes: int


class _Line(LMTP):
    """One connection. Lines may be longer than RFC 5321 allows: what is refused here would be lost."""

    line_length_limit = 1024 * 1024


class _Handler:
    """Answers for each recipient and each mail."""

    def __init__(self, handover: Handover) -> None:
        self._handover = handover
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def answer_recipient(
        self, server: LMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        if envelope.rcpt_tos:
            return _ONE_AT_A_TIME
        try:
            ours = await asyncio.to_thread(self._handover.is_ours, address)
        except Exception:
            log.exception("lmtp_recipient_unknown_now")
            return _LATER
        if not ours:
            return _NOT_OURS
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def answer_mail(self, server: LMTP, session: Session, envelope: Envelope) -> str:
        del server, session
        sender, recipient = _one_line(envelope.mail_from or ""), _one_line(envelope.rcpt_tos[0])
        sender = "" if sender == "<>" else sender
        raw = bytes(envelope.original_content or b"")
        head = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode("utf-8", "surrogateescape")
        async with self._room:
            try:
                await asyncio.to_thread(self._handover.take, head + raw, sender, recipient)
            except Exception:
                log.exception("lmtp_not_taken")
                return _LATER
        return _TAKEN

    #: As aiosmtpd calls them.
    handle_RCPT, handle_DATA = answer_recipient, answer_mail  # noqa: N815


async def serve_lmtp(listening: socket.socket, handover: Handover, stopped: asyncio.Event) -> None:
    """Serve a socket that is bound already, until told to stop. Mails in hand are finished or given back."""
    handler = _Handler(handover)

    def line() -> LMTP:
        return _Line(handler, data_size_limit=handover.limit_bytes, hostname="styrhjul", timeout=300)

    server = await asyncio.get_running_loop().create_server(line, sock=listening)
    async with server:
        await stopped.wait()


def _one_line(address: str) -> str:
    return "".join(sign for sign in address if sign.isprintable())[:320]
