"""The bricks of the inbound corpus: a case, a mail of ours as it comes back, and a report by RFC 3464."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

#: Stands where a test may put a signed return path; as it is, its signature is wrong.
PLACEHOLDER = f"bounce+{'0' * 32}-b4a5e-{'a' * 16}@bounce.example.org"
TO = "chair.socialnamnden@lillby.example.org"
OURS = "styrhjul@lillby.example.org"
OUR_ID = "<00000000000000000000000000000000@lillby.example.org>"
DAY = "Thu, 07 Jan 2027 09:12:00 +0100"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file of the corpus: its name, the class it must get, and the code a report gives."""

    name: str
    kind: str
    raw: bytes
    status: str = ""


def mail(head: str, body: str = "", *, charset: str = "utf-8") -> bytes:
    """A mail from indented text, with CRLF."""
    text = f"{dedent(head).strip()}\n\n{dedent(body).strip()}\n"
    return text.replace("\n", "\r\n").encode(charset)


def original(*, ours: bool = True) -> str:
    """The headers of our mail, as reports carry them."""
    identity = f"Message-ID: {OUR_ID}\nX-Styrhjul-Mail-Id: {'0' * 32}\n" if ours else ""
    return (
        f"{identity}Date: {DAY}\nFrom: Lillby kommun <{OURS}>\nTo: Ordförande <{TO}>\n"
        "Subject: Nämndens mål\nAuto-Submitted: auto-generated\n"
    )


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a report by RFC 3464 is made of; `carries` is the type of the part with our mail, or empty."""

    sender: str = "MAILER-DAEMON@mx.example.org"
    subject: str = "Undelivered Mail Returned to Sender"
    text: str = "I'm sorry to have to inform you that your message could not be delivered."
    mta: str = "mx.example.org"
    action: str = "failed"
    status: str = "5.1.1"
    diagnosis: str = "smtp; 550 5.1.1 <chair> User unknown"
    final: str = f"rfc822; {TO}"
    more: str = ""
    head: str = "Auto-Submitted: auto-replied"
    carries: str = "message/rfc822"
    fields: str = ""
    kind_of_report: str = "; report-type=delivery-status"
    status_type: str = "message/delivery-status"

    def raw(self) -> bytes:
        """The mail."""
        fields = self.fields or self._fields()
        carried = f"--b\nContent-Type: {self.carries}\n\n{original()}\n" if self.carries else ""
        text = (
            f"Return-Path: <>\nDelivered-To: {PLACEHOLDER}\nFrom: {self.sender}\nTo: {PLACEHOLDER}\n"
            f"Subject: {self.subject}\nDate: {DAY}\nMessage-ID: <report@mx.example.org>\n{self.head}\n"
            f'MIME-Version: 1.0\nContent-Type: multipart/report{self.kind_of_report}; boundary="b"\n\n'
            f"--b\nContent-Type: text/plain; charset=utf-8\n\n{self.text}\n"
            f"--b\nContent-Type: {self.status_type}\n\n{fields}\n{carried}--b--\n"
        )
        return text.replace("\n", "\r\n").encode()

    def _fields(self) -> str:
        diagnosis = f"Diagnostic-Code: {self.diagnosis}\n" if self.diagnosis else ""
        return (
            f"Reporting-MTA: dns; {self.mta}\nArrival-Date: {DAY}\n\nFinal-Recipient: {self.final}\n"
            f"Action: {self.action}\nStatus: {self.status}\n{diagnosis}{self.more}"
        )


def report(name: str, kind: str, code: str = "", **made: str) -> Case:
    """A case that is a report; its code is expected to be the one it states unless another is given."""
    shaped = Report(**made)
    return Case(name=name, kind=kind, raw=shaped.raw(), status=code or shaped.status)
