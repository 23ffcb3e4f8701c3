"""A mail that came in, passed on: a covering note, and the mail itself as an attachment without links that work."""

from __future__ import annotations

import re
from base64 import b64decode, encodebytes
from dataclasses import dataclass
from datetime import date

from styrhjul.mail.message import Envelope, build
from styrhjul.mail.render import Rendered, environment

#: A link that answers, also as mail filters rewrite it: one or several times percent-encoded.
_LINK = re.compile(rb"((?:/|%(?:25)*2[Ff])a(?:/|%(?:25)*2[Ff]))([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")
_SOFT_BREAK = re.compile(rb"=[ \t]*\r?\n")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4,}={0,2}\r\n)+")
_MARK = b"borttagen".ljust(43, b"-")
_LONGEST_LINE = 998
_OUTER = b"mail-passed-on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the covering note tells: who wrote, about what and when. `matters` are titles, if a case is known."""

    municipality_name: str
    sender: str
    subject: str
    received_on: date
    matters: tuple[str, ...]
    #: Only the headers are attached: the mail is too large.
    is_cut: bool = False

    @property
    def title(self) -> str:
        """The covering mail's subject."""
        return f"Svar till Styrhjul: {self.subject}"[:200]


def passed_on(note: Note, original: bytes, envelope: Envelope) -> bytes:
    """Return the covering mail with the original attached; the same for the same arguments.

    As message/rfc822 where the original is plain ASCII in lines of ordinary length, else as a file: no server on the
    way may change or refuse it. Raises MessageRefused.
    """
    templates = environment()
    values = {"note": note}
    text = templates.get_template("inbound/passed_on.txt").render(values).strip() + "\n"
    page = templates.get_template("inbound/passed_on.html").render(values)
    covering = build(Rendered(subject=note.title, text=text, html=page), envelope)
    head, _, body = covering.partition(b"\r\n\r\n")
    kept, _, kind = head.rpartition(b"\r\nContent-Type: ")
    boundary = b"=_" + _OUTER + envelope.mail_id.encode()
    return b"".join(
        (
            kept + b'\r\nContent-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n',
            b"--" + boundary + b"\r\nContent-Type: " + kind + b"\r\n\r\n" + body,
            b"\r\n--" + boundary + b"\r\n" + _attached(without_links(original)),
            b"\r\n--" + boundary + b"--\r\n",
        )
    )


def without_links(raw: bytes) -> bytes:
    """Return a mail with CRLF line ends in which no link of ours works: plain, quoted-printable, base64 or rewritten.

    Packed attachments are not looked into.
    """
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    found = {token for _, token in _LINK.findall(_SOFT_BREAK.sub(b"", lines))}
    for token in found:
        broken = rb"(?:=[ \t]*\r\n)?".join(re.escape(token[place : place + 1]) for place in range(len(token)))
        lines = re.sub(broken, _MARK, lines)
    return _BASE64.sub(_cleaned, lines)


def text_without_links(text: str) -> str:
    """Return a text in which no link of ours works."""
    return _LINK.sub(rb"\1" + _MARK, text.encode()).decode()


def _cleaned(coded: re.Match[bytes]) -> bytes:
    block = coded.group()
    try:
        inside = b64decode(block.replace(b"\r\n", b""), validate=True)
    except ValueError:
        return block
    clean = _LINK.sub(rb"\1" + _MARK, inside)
    return block if clean == inside else encodebytes(clean).replace(b"\n", b"\r\n")


def _attached(original: bytes) -> bytes:
    plain = original.isascii() and b"\x00" not in original and max(map(len, original.split(b"\r\n"))) <= _LONGEST_LINE
    if plain:
        return (
            b'Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="svar.eml"\r\n\r\n' + original
        )
    coded = encodebytes(original).replace(b"\n", b"\r\n")
    head = b'Content-Type: application/octet-stream; name="svar.eml"\r\nContent-Transfer-Encoding: base64\r\n'
    return head + b'Content-Disposition: attachment; filename="svar.eml"\r\n\r\n' + coded
