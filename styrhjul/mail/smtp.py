"""Mail over SMTP, step by step, so that it is always known whether the server can have the mail."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

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

    def connect(self) -> smtplib.SMTP:
        """Return a greeted, protected and logged-in line. Raises ChannelDown."""
        line: smtplib.SMTP | None = None
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

    def _call(self) -> smtplib.SMTP:
        if self.security is Security.TLS:
            return smtplib.SMTP_SSL(
                self.host,
                self.port,
                self.hostname,
                timeout=self.step_seconds,
                context=self._context(),
            )
        return smtplib.SMTP(self.host, self.port, self.hostname, timeout=self.step_seconds)

    def _context(self) -> ssl.SSLContext:
        """Return the rules of the line: a certificate that is valid, vouched for and made out to the host's name."""
        return ssl.create_default_context(cafile=self.ca_file)


class SmtpConnection:
    """One line to the server, called again when it has hung up between two mails."""

    def __init__(self, transport: SmtpTransport) -> None:
        self._transport = transport
        self._line: smtplib.SMTP | None = None

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
            if self._has_answered_early(line):
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

    def _begin(self, sender: str, recipient: str) -> smtplib.SMTP:
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

    def _finish(self, line: smtplib.SMTP) -> Reply:
        """Send the last dot and wait: from here on the server may have the mail."""
        try:
            if line.sock is not None:
                line.sock.settimeout(self._transport.final_reply_seconds)
            line.send(b".\r\n")
            code, answer = line.getreply()
        except OSError as cut:
            self._hang_up()
            return Uncertain(f"no reply after the mail: {_reason(cut)}")
        if line.sock is not None:
            line.sock.settimeout(self._transport.step_seconds)
        if 200 <= code <= 299:
            return Accepted(_said(code, answer))
        if not is_refusal(code):
            self._hang_up()
            return Uncertain(f"no reply that can be read after the mail: {_said(code, answer)}")
        return self._declined(line, code, answer)

    def _has_answered_early(self, line: smtplib.SMTP) -> bool:
        """Whether an answer lies there that nobody asked for: after the last dot it would pass for the true one."""
        if line.sock is None or line.file is None:
            return False
        line.sock.settimeout(0)
        try:
            with suppress(ssl.SSLWantReadError):
                return bool(line.file.peek(1))
        finally:
            line.sock.settimeout(self._transport.step_seconds)
        return False

    def _declined(self, line: smtplib.SMTP, code: int, answer: bytes, *, at_recipient: bool = False) -> Reply:
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
