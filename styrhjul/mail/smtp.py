"""Mail over SMTP, step by step, so that it is always known whether the server can have the mail."""

from __future__ import annotations

import io
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from styrhjul.mail.message import ascii_address
from styrhjul.mail.outcome import Accepted, ChannelDown, Reply, SenderRefused, TryLater, Uncertain
from styrhjul.mail.refusal import ABOUT_THE_LINE, SERVICE_CLOSING, is_refusal, read_refusal

STEP_SECONDS = 30
#: RFC 5321, 4.5.3.2.6: a client that waits less sends twice. Leases and time limits are longer than this.
FINAL_REPLY_SECONDS = 600


class Security(StrEnum):
    """How the line is protected. There is no falling back from one to a weaker one."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpTransport:
    """A mail server. `hostname` is the name we greet it with; None = this machine's."""

    host: str
    port: int
    security: Security = Security.NONE
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    hostname: str | None = None
    #: Who vouches for the server, instead of those whom this machine trusts.
    ca_file: Path | None = None
    #: How long a whole reply may take, however slowly it comes.
    step_seconds: float = STEP_SECONDS
    final_reply_seconds: float = FINAL_REPLY_SECONDS

    @contextmanager
    def open(self) -> Iterator[SmtpConnection]:
        """Yield a connection; it calls the server at its first mail."""
        connection = SmtpConnection(self)
        try:
            yield connection
        finally:
            connection.close()

    def connect(self) -> Line:
        """Return a greeted, protected and logged-in line. Raises ChannelDown."""
        line: Line | None = None
        try:
            line = self._call()
            if self.security is Security.STARTTLS:
                line.starttls(context=self._context())
            line.ehlo_or_helo_if_needed()
            if line.sock is not None:  # the last dot is a small packet of its own, and must not wait for an answer
                line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.user is not None:
                line.login(self.user, self.password or "")
        except (OSError, ValueError) as refusal:  # smtplib's own are OSErrors
            if line is not None:
                line.close()
            raise ChannelDown(f"{self.host}:{self.port}: {_reason(refusal)}") from None
        return line

    def _call(self) -> Line:
        if self.security is Security.TLS:
            return _TlsLine(self.host, self.port, self.hostname, timeout=self.step_seconds, context=self._context())
        return Line(self.host, self.port, self.hostname, timeout=self.step_seconds)

    def _context(self) -> ssl.SSLContext:
        """Return the rules of the line: a certificate that is valid, vouched for and made out to the host's name."""
        return ssl.create_default_context(cafile=self.ca_file)


class Line(smtplib.SMTP):
    """A line on which a whole reply has its time: a server that drips one byte at a time gains nothing by it."""

    def __init__(self, host: str, port: int, hostname: str | None, *, timeout: float, **protection: Any) -> None:  # noqa: ANN401 - smtplib's
        self._step_seconds = timeout
        self._heard: _Heard | None = None
        super().__init__(host, port, hostname, timeout=timeout, **protection)

    def getreply(self) -> tuple[int, bytes]:
        """Return the next reply; as OSError when it has not come to its end in the time of a step."""
        return self.reply_within(self._step_seconds)

    def reply_within(self, seconds: float) -> tuple[int, bytes]:
        """Return the next reply; as OSError when it has not come to its end within so many seconds."""
        if self.file is None and self.sock is not None:  # a new line, or one that has just been encrypted
            self._heard = _Heard(self.sock)
            self.file = io.BufferedReader(self._heard)
        if self._heard is not None:
            self._heard.until = time.monotonic() + seconds
        try:
            return super().getreply()
        finally:
            if self.sock is not None:
                self.sock.settimeout(self._step_seconds)

    def has_answered(self) -> bool:
        """Whether an answer lies there that nobody asked for."""
        if self.sock is None or self._heard is None or not isinstance(self.file, io.BufferedReader):
            return False
        self._heard.until = None
        try:
            return bool(self.file.peek(1))
        finally:
            self.sock.settimeout(self._step_seconds)


class _TlsLine(Line, smtplib.SMTP_SSL):
    """A line that is encrypted from its first byte."""


class _Heard(io.RawIOBase):
    """What a server says, until a moment of the monotonic clock; None: what lies there already."""

    def __init__(self, line: socket.socket) -> None:
        super().__init__()
        self._line = line
        self.until: float | None = None

    def readable(self) -> bool:
        """Yes, and nothing else."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - whatever holds bytes
        """Read what there is of a reply; raises TimeoutError once its time is over."""
        left = 0.0 if self.until is None else self.until - time.monotonic()
        if self.until is not None and left <= 0:
            raise TimeoutError("the reply did not come to its end in time")
        self._line.settimeout(left)
        try:
            return self._line.recv_into(buffer)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None


class SmtpConnection:
    """One line to the server, called again when it has hung up between two mails."""

    def __init__(self, transport: SmtpTransport) -> None:
        self._transport = transport
        self._line: Line | None = None

    def send(self, return_path: str, to: str, raw: bytes) -> Reply:
        """Send one mail to one address.

        Raises ChannelDown, its SenderRefused, and MessageRefused for an address that cannot travel.
        """
        sender, recipient = ascii_address(return_path), ascii_address(to)
        line = self._begin(sender, recipient)
        is_ahead = _takes_several(line)
        try:
            code, answer = line.getreply() if is_ahead else line.rcpt(recipient)
            if not 200 <= code <= 299:
                if is_ahead and code != SERVICE_CLOSING:
                    _end_empty(line)
                return self._declined(line, code, answer, at_recipient=True)
            code, answer = line.getreply() if is_ahead else line.docmd("data")
            if code != 354:
                return self._declined(line, code, answer)
            line.send(_dotted(raw))
            if line.has_answered():  # after the last dot it would pass for the true one
                self._hang_up()
                return TryLater("the server answered before the end of the mail")
        except OSError as cut:
            self._hang_up()
            return TryLater(f"cut off before the end of the mail: {_reason(cut)}")
        return self._finish(line)

    def close(self) -> None:
        """Say goodbye, if there is anybody left to say it to."""
        if self._line is not None:
            with suppress(OSError):
                self._line.quit()
        self._hang_up()

    def _begin(self, sender: str, recipient: str) -> Line:
        """Return a line on which the server has taken our sender; a line left from before may have gone stale.

        Where the server takes several commands at once, the recipient and DATA are said too, and not yet answered.
        """
        if self._line is not None:
            with suppress(OSError):
                code, _ = _say_sender(self._line, sender, recipient)
                if 200 <= code <= 299:
                    return self._line
            self._hang_up()
        line = self._line = self._transport.connect()
        try:
            code, answer = _say_sender(line, sender, recipient)
        except OSError as cut:
            self._hang_up()
            raise ChannelDown(f"cut off at MAIL FROM: {_reason(cut)}") from None
        if not 200 <= code <= 299:
            self._hang_up()
            # A server that is closing down, or wants another login, refuses everybody, whoever asks first.
            everybody = code == SERVICE_CLOSING or code in ABOUT_THE_LINE or not is_refusal(code)
            down = ChannelDown if everybody else SenderRefused
            raise down(f"sender {sender} refused: {_said(code, answer)}")
        return line

    def _finish(self, line: Line) -> Reply:
        """Send the last dot and wait: from here on the server may have the mail."""
        try:
            line.send(b".\r\n")
            code, answer = line.reply_within(self._transport.final_reply_seconds)
        except OSError as cut:
            self._hang_up()
            return Uncertain(f"no reply after the mail: {_reason(cut)}")
        if 200 <= code <= 299:
            return Accepted(_said(code, answer))
        if not is_refusal(code):
            self._hang_up()
            return Uncertain(f"no reply that can be read after the mail: {_said(code, answer)}")
        return self._declined(line, code, answer)

    def _declined(self, line: Line, code: int, answer: bytes, *, at_recipient: bool = False) -> Reply:
        """Return what the refusal means for the mail, and leave the line ready for the next. Raises SenderRefused."""
        if code == SERVICE_CLOSING or code in ABOUT_THE_LINE or not is_refusal(code):
            self._hang_up()
        else:
            try:
                line.rset()
            except OSError:
                self._hang_up()
        return read_refusal(code, answer, _said(code, answer), at_recipient=at_recipient)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _takes_several(line: smtplib.SMTP) -> bool:
    """Whether the server takes commands before it has answered the ones before (RFC 2920)."""
    return bool(line.has_extn("pipelining"))


def _say_sender(line: smtplib.SMTP, sender: str, recipient: str) -> tuple[int, bytes]:
    """Say from whom and, where the server takes several commands, to whom and DATA; return the answer to the first."""
    if not _takes_several(line):
        return line.mail(sender)
    line.send(f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode("ascii"))
    return line.getreply()


def _end_empty(line: smtplib.SMTP) -> None:
    """Read the answer to a DATA said ahead; one dot ends what the server began without a recipient (RFC 2920, 3.1)."""
    code, _ = line.getreply()
    if code == 354:
        line.send(b".\r\n")
        line.getreply()


def _dotted(raw: bytes) -> bytes:
    """Return the mail as it travels: it ends with CRLF, and a line's first dot is doubled."""
    body = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    body = body.replace(b"\r\n.", b"\r\n..")
    return b"." + body if body.startswith(b".") else body


def _said(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('ascii', 'replace')}"


def _reason(refusal: Exception) -> str:
    """Return what went wrong; an SMTP refusal gives the server's answer, and nothing of what we sent."""
    if isinstance(refusal, smtplib.SMTPResponseException):
        answer = refusal.smtp_error
        return _said(refusal.smtp_code, answer if isinstance(answer, bytes) else str(answer).encode())
    return f"{type(refusal).__name__}: {refusal}"
