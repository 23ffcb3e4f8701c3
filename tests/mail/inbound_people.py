"""What people write, what nobody can read, and what pretends to be a report."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from tests.mail.inbound_shape import DAY, OUR_ID, OURS, PLACEHOLDER, TO, Case, Report, mail, original

_SAID = "Hej! Nämnden tar upp målen den 24 mars. Vänliga hälsningar, Anna"


def cases() -> Iterator[Case]:
    """Every reply, every mail without sense, and every forged report."""
    yield from _replies()
    yield from _replies_that_look_like_more()
    yield from _broken()
    yield from _forged()


def _replies() -> Iterator[Case]:
    yield _reply("reply-plain", f"{_SAID}\n\n> Besluta om nämndens mål.")
    yield _reply("reply-to-return-path", _SAID, to=PLACEHOLDER)
    yield _reply("reply-by-references-only", _SAID, thread=f"References: {OUR_ID} <other@example.org>")
    yield _reply("reply-in-no-thread", _SAID, thread="X-Mailer: Apple Mail")
    yield _reply("reply-finnish", "Kiitos viestistä. Lautakunta käsittelee asian maaliskuussa.")
    yield _reply("reply-said-not-automatic", _SAID, thread=f"Auto-Submitted: no\nIn-Reply-To: {OUR_ID}")
    yield _reply("reply-latin-1", _SAID, kind="text/plain; charset=iso-8859-1", charset="iso-8859-1")
    yield _reply(
        "reply-windows-called-latin", "Vi återkommer – snart…", kind="text/plain; charset=iso-8859-1", charset="cp1252"
    )
    yield _reply(
        "reply-html",
        "<style>p{}</style><p>Vi <b>återkommer</b>.</p><script>x()</script>",
        kind="text/html; charset=utf-8",
    )
    coded = f"Content-Transfer-Encoding: base64\n{'In-Reply-To: ' + OUR_ID}"
    yield _reply("reply-base64", b64encode(_SAID.encode()).decode(), thread=coded)
    quoted = f"Content-Transfer-Encoding: quoted-printable\nIn-Reply-To: {OUR_ID}"
    yield _reply("reply-quoted-printable", "N=C3=A4mnden =E4r inte klar.", thread=quoted)
    yield _reply("reply-subject-only", "", subject="Ja, det blir den 24 mars")
    two = "--b\nContent-Type: text/plain\n\nSe bilagan.\n--b\nContent-Type: application/pdf\n\n%PDF\n--b--"
    yield _reply("reply-with-attachment", two, kind='multipart/mixed; boundary="b"')


def _replies_that_look_like_more() -> Iterator[Case]:
    yield _reply("reply-about-an-automatic-one", "Tack, jag såg det.", subject="SV: Automatiskt svar: Nämndens mål")
    yield _reply("reply-quoting-a-report", "Varför får jag det här?\n\n> 550 5.1.1 User unknown\n> failed permanently")
    report = Report().raw().decode().replace("\r\n", "\n").replace('"b"', '"c"').replace("--b", "--c")
    forwarded = (
        f"--b\nContent-Type: text/plain\n\nDetta fick jag.\n--b\nContent-Type: message/rfc822\n\n{report}\n--b--"
    )
    yield _reply("reply-with-a-report-attached", forwarded, kind='multipart/mixed; boundary="b"')
    ours = (
        f"--b\nContent-Type: text/plain\n\nVad är detta?\n--b\nContent-Type: message/rfc822\n\n{original()}\nx\n--b--"
    )
    yield _reply("reply-with-our-mail-attached", ours, kind='multipart/mixed; boundary="b"')


def _broken() -> Iterator[Case]:
    yield _reply("broken-charset", "Vi återkommer.", kind="text/plain; charset=klingon-7")
    yield _reply("broken-charset-with-nul", "Vi återkommer.", kind='text/plain; charset="utf\x00-8"')
    yield _reply("broken-encoded-words", _SAID, subject="=?utf-8?b?!!!?= =?x-nope?q?=E5?= =?utf-8?q?=FF?=")
    yield _reply("broken-nul-in-body", "Vi\x00 återkommer.\x00")
    yield _reply("broken-boundary-never-comes", "Vi återkommer.", kind='multipart/mixed; boundary="nowhere"')
    yield _reply("broken-transfer-encoding", "Vi återkommer.", thread="Content-Transfer-Encoding: x-uuencode")
    yield _reply("broken-eight-bit-subject", _SAID, subject="Nämnden återkommer", charset="cp1252")
    unknown = {"kind": "unknown"}
    yield Case(name="broken-empty", raw=b"", **unknown)
    yield Case(name="broken-nuls", raw=b"\x00" * 2_000, **unknown)
    yield Case(name="broken-bytes", raw=bytes(range(256)) * 8, **unknown)
    yield Case(name="broken-no-sender", raw=mail(f"To: {OURS}\nSubject: Hej", "Hej"), **unknown)
    yield Case(name="broken-empty-from", raw=mail(f"From:\nTo: {OURS}", "Hej"), **unknown)
    layers = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(1_000))
    deep = f"From: {TO}\r\nSubject: Hej\r\n{layers}\r\nHej\r\n".encode()
    yield Case(name="broken-a-thousand-layers", raw=deep, **unknown)
    letters = "Content-Type: message/rfc822\r\n\r\n" * 1_000
    yield Case(
        name="broken-a-thousand-letters", raw=f"From: {TO}\r\nSubject: Hej\r\n{letters}\r\nx".encode(), **unknown
    )


def _forged() -> Iterator[Case]:
    """By its class a report, which changes nothing: no key of ours has signed where it went."""
    elsewhere = Report(subject="To an address of ours").raw().replace(PLACEHOLDER.encode(), OURS.encode())
    yield Case(name="forged-to-our-sender", kind="failed", raw=elsewhere, status="5.1.1")
    domain = Report().raw().replace(b"bounce.example.org", b"bounce.other.example.org")
    yield Case(name="forged-other-domain", kind="failed", raw=domain, status="5.1.1")
    cut = Report().raw().replace(b"-b4a5e-" + b"a" * 16, b"")
    yield Case(name="forged-unsigned", kind="failed", raw=cut, status="5.1.1")
    person = Report(sender=TO, head="X-Mailer: forger").raw().replace(b"Return-Path: <>", b"X-A: b")
    yield Case(name="forged-by-a-person", kind="failed", raw=person.replace(b"a" * 16, b"b" * 16), status="5.1.1")


def _reply(
    name: str,
    body: str,
    *,
    subject: str = "SV: Nämndens mål",
    to: str = OURS,
    thread: str = f"In-Reply-To: {OUR_ID}",
    kind: str = "text/plain; charset=utf-8",
    charset: str = "utf-8",
) -> Case:
    head = (
        f"Return-Path: <{TO}>\nDelivered-To: {to}\nFrom: Anna Exempel <{TO}>\nTo: {to}\n"
        f"Subject: {subject}\nDate: {DAY}\nMessage-ID: <{name}@lillby.example.org>\nMIME-Version: 1.0\n"
        f"{thread}\nContent-Type: {kind}\n"
    )
    return Case(name=name, kind="reply", raw=mail(head, body, charset=charset))
