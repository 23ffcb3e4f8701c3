"""A mail that came in, passed on: a covering note, and the mail itself as an attachment without links that work."""

from __future__ import annotations

import re
from base64 import b64decode, encodebytes
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from styrhjul.mail.message import Envelope, build
from styrhjul.mail.render import Rendered, environment

#: Where quoted-printable breaks a line; it may do so anywhere.
_BREAK = rb"(?:=[ \t]{0,9}\r\n)?"


def _apart(*atoms: bytes) -> bytes:
    return b"".join(atom + _BREAK for atom in atoms)


_SLASH = b"|".join(
    (
        _apart(rb"\\?/"),
        _apart(rb"[%=]", rb"(?:2" + _BREAK + rb"5" + _BREAK + rb")*2", rb"[Ff]"),
        _apart(rb"&", rb"\#", rb"[Xx]", rb"2", rb"[Ff]", rb";"),
        _apart(rb"&", rb"\#", rb"4", rb"7", rb";"),
        _apart(rb"&", rb"s", rb"o", rb"l", rb";"),
    )
)
#: A letter of a link, also encoded. A letter has one spelling only at each place, so that no run is tried twice.
_LETTER = rb"(?:[A-Za-z0-9_-]|[%=](?:25)*(?:2[Dd]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]))" + _BREAK
#: A link that answers, as programs and mail filters write it. Filters put signs of their own behind: they go with it.
_LINK = re.compile(rb"((?:" + _SLASH + rb")" + _apart(rb"a") + rb"(?:" + _SLASH + rb"))(?:" + _LETTER + rb"){43,}")
#: The same in UTF-16, whichever end comes first.
_WIDE_LINK = re.compile(rb"(/\x00a\x00/\x00)((?:[A-Za-z0-9_-]\x00){42,}[A-Za-z0-9_-])")
_WIDE_LETTER = re.compile(rb"[A-Za-z0-9_-]")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}[ \t]*")
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

    Takes time in proportion to the length. Packed attachments are not looked into.
    """
    lines = _masked(re.sub(rb"\r\n|\r|\n", b"\r\n", raw)).split(b"\r\n")
    parts: list[bytes] = []
    for is_coded, run in groupby(lines, key=lambda line: _BASE64.fullmatch(line) is not None):
        block = list(run)
        parts += _cleaned(block) if is_coded else block
    return b"\r\n".join(parts)


def text_without_links(text: str) -> str:
    """Return a text in which no link of ours works."""
    return _LINK.sub(rb"\1" + _MARK, text.encode()).decode()


def _masked(some: bytes) -> bytes:
    plain = _LINK.sub(rb"\1" + _MARK, some)
    return _WIDE_LINK.sub(lambda found: found[1] + _WIDE_LETTER.sub(b"-", found[2]), plain)


def _cleaned(lines: list[bytes]) -> list[bytes]:
    """Return lines of base64 without links; those that hold none as they were."""
    letters = b"".join(lines).translate(None, b" \t=")
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    inside = b64decode(whole + b"=" * (-len(whole) % 4))
    clean = _masked(inside)
    return lines if clean == inside else encodebytes(clean).rstrip(b"\n").split(b"\n")


def _attached(original: bytes) -> bytes:
    plain = original.isascii() and b"\x00" not in original and max(map(len, original.split(b"\r\n"))) <= _LONGEST_LINE
    if plain:
        return (
            b'Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="svar.eml"\r\n\r\n' + original
        )
    coded = encodebytes(original).replace(b"\n", b"\r\n")
    head = b'Content-Type: application/octet-stream; name="svar.eml"\r\nContent-Transfer-Encoding: base64\r\n'
    return head + b'Content-Disposition: attachment; filename="svar.eml"\r\n\r\n' + coded
