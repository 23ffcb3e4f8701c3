"""A rendered mail becomes the bytes that leave, put together by hand: the library's objects take fifty times as long.

The library is the judge all the same: a test parses what is built and compares every part and header.
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from email.base64mime import header_encode
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate

from styrhjul.mail.render import Rendered

_CRLF = "\r\n"
#: So that an encoded word with the longest header name before it stays within 76 characters.
_WORD_BYTES = 39
_PLAIN_LIMIT = 60
#: No name of a person or a municipality is longer.
_NAME_LIMIT = 500
_MARK = b"borttagen"
#: The calendar as readers see it: a file beside the mail.
CALENDAR_FILE = "deadline.ics"
_SOFT_BREAK = b"=\r\n"

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#: RFC 5321, 4.5.3.1: 64 before the @. No dash first, which servers take for an option; no encoded word, which readers
#: decode into another address. A last label without a letter is an address of the network, which wants brackets.
_ADDRESS = re.compile(rf"(?!-|.*=\?)(?=[^@]{{1,64}}@){_ATOMS}@(?:{_LABEL}\.)*(?=[0-9-]*[A-Za-z]){_LABEL}")
_LONGEST_ADDRESS = 254
_MESSAGE_ID = re.compile(rf"<{_ATOMS}@[A-Za-z0-9.-]+>")
_TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_WORDS = re.compile(r"[^ ]+ *| +")
_PLAIN = re.compile(r"[A-Za-z0-9!'*+/-]+(?: [A-Za-z0-9!'*+/-]+)*")


class MessageRefused(ValueError):
    """A value cannot stand in a mail's header."""

    def __init__(self, name: str, value: str, why: str) -> None:
        super().__init__(f"{name} {value!r}: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who writes to whom, and under which identity. `date_at` is aware. `references` are Message-IDs, oldest first.

    `language` is the mail's own (BCP 47): "sv".
    """

    message_id: str
    date_at: datetime
    sender_address: str
    sender_name: str
    to_address: str
    to_name: str
    reply_to: str
    return_path: str
    mail_id: str
    list_id: str | None = None
    references: tuple[str, ...] = ()
    language: str | None = None
    #: A header that gets the mail's id, for a relay that sends nothing twice under one.
    idempotency_header: str | None = None
    #: On trial: the address it would have gone to.
    trial_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPart:
    """A calendar that goes with a mail: iCalendar bytes with CRLF, and the METHOD that stands in them."""

    method: str
    content: bytes


def build(rendered: Rendered, envelope: Envelope, calendar: CalendarPart | None = None) -> bytes:
    """Return the message with CRLF line ends and no line above 998 bytes; the same for the same arguments.

    A calendar is a file beside the words, never one of their alternatives: see docs/decisions/0026. Raises
    MessageRefused for a value that cannot stand in a header, and for an address outside ASCII.
    """
    ascii_address(envelope.return_path)
    digest = sha256(envelope.message_id.encode()).hexdigest()
    inner, outer = f"=_{digest[:32]}", f"=_{digest[32:]}"  # "=_" never occurs in quoted-printable
    words = b"".join(
        (
            f'Content-Type: multipart/alternative; boundary="{inner}"\r\n\r\n'.encode(),
            _part(inner, "plain", rendered.text),
            _part(inner, "html", rendered.html),
            f"--{inner}--\r\n".encode(),
        )
    )
    head = (_CRLF.join([*_headers(rendered.subject, envelope), "MIME-Version: 1.0"]) + _CRLF).encode("ascii")
    if calendar is None:
        return head + words
    return b"".join(
        (
            head,
            f'Content-Type: multipart/mixed; boundary="{outer}"\r\n\r\n--{outer}\r\n'.encode(),
            words,
            _calendar_part(outer, calendar),
            f"--{outer}--\r\n".encode(),
        )
    )


def new_message_id(uuid_hex: str, domain: str) -> str:
    """Return `<uuid@domain>`. Raises MessageRefused."""
    return _message_id(f"<{uuid_hex}@{ascii_domain(domain)}>")


def ascii_address(address: str) -> str:
    """Return the address as it travels, the domain in its ASCII form (växjö.se). Raises MessageRefused."""
    local, _, domain = address.rpartition("@")
    travelling = f"{local}@{ascii_domain(domain)}"
    if not _ADDRESS.fullmatch(travelling) or len(travelling) > _LONGEST_ADDRESS:
        raise MessageRefused("Address", address, "is not an address that every mail server understands")
    return travelling


def ascii_domain(domain: str) -> str:
    """Return the domain in its ASCII form. Raises MessageRefused."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise MessageRefused("Domain", domain, "cannot be written in ASCII") from None


def redact(raw: bytes, link: re.Pattern[bytes]) -> bytes:
    """Return the message with every token replaced by a mark of its length: same size, same lines, no link that works.

    A token is what the group of `link` finds; it goes wherever it stands, in a link or by itself. Quoted-printable may
    break one over two lines; the break stays where it was.
    """
    lines = raw.split(_SOFT_BREAK)
    text, ends, redacted = b"".join(lines), list(accumulate(map(len, lines))), bytearray(raw)
    for token in set(link.findall(text)):
        start = -1
        while (start := text.find(token, start + 1)) >= 0:
            _overwrite(redacted, ends, start, _MARK.ljust(len(token), b"-"))
    return bytes(redacted)


def _overwrite(raw: bytearray, ends: list[int], start: int, mark: bytes) -> None:
    """Write a mark over what stands from `start` in the text; `ends` are where its lines end there."""
    line, end = bisect_right(ends, start), start + len(mark)
    while start < end:
        stop, skipped = min(end, ends[line]), line * len(_SOFT_BREAK)
        raw[start + skipped : stop + skipped] = mark[: stop - start]
        start, mark, line = stop, mark[stop - start :], line + 1


# -- headers -----------------------------------------------------------------------------------------------------------


def _headers(subject: str, envelope: Envelope) -> list[str]:
    if envelope.date_at.utcoffset() is None:
        raise MessageRefused("Date", str(envelope.date_at), "has no time zone")
    lines = [
        f"Message-ID: {_message_id(envelope.message_id)}",
        f"Date: {format_datetime(envelope.date_at)}",
        f"From: {_sender(envelope.sender_name, envelope.sender_address)}",
        f"To: {_mailbox('To', envelope.to_name, envelope.to_address)}",
        f"Reply-To: {ascii_address(envelope.reply_to)}",
        f"Subject: {_unstructured('Subject', subject)}",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        f"X-Styrhjul-Mail-Id: {_token('X-Styrhjul-Mail-Id', envelope.mail_id)}",
    ]
    if envelope.language is not None:
        lines.append(f"Content-Language: {_language(envelope.language)}")
    if envelope.idempotency_header is not None:
        lines.append(f"{_token('Header', envelope.idempotency_header)}: {_token('Mail id', envelope.mail_id)}")
    if envelope.list_id is not None:
        lines.append(f"List-Id: <{_token('List-Id', envelope.list_id)}>")
    if envelope.trial_for is not None:
        lines.append(f"X-Styrhjul-Trial-For: {ascii_address(envelope.trial_for)}")
    if envelope.references:
        references = [_message_id(reference) for reference in envelope.references]
        lines += [f"In-Reply-To: {references[-1]}", f"References: {f'{_CRLF} '.join(references)}"]
    return lines


@lru_cache(maxsize=512)
def _sender(display_name: str, address: str) -> str:
    return _mailbox("From", display_name, address)


def _mailbox(name: str, display_name: str, address: str) -> str:
    travelling, shown = ascii_address(address), display_name.strip(" ")
    if not shown:
        return travelling
    if len(shown) > _NAME_LIMIT:
        raise MessageRefused(name, f"{shown[:_PLAIN_LIMIT]}…", f"is longer than {_NAME_LIMIT} characters")
    return f"{_unstructured(name, shown)}{_CRLF} <{travelling}>"


def _unstructured(name: str, value: str) -> str:
    """Return the value as it is where every reader takes it literally, else as encoded words, folded."""
    if _FORBIDDEN.search(value):
        raise MessageRefused(name, value, "holds a line break or another control character")
    if len(value) <= _PLAIN_LIMIT and _PLAIN.fullmatch(value):
        return value
    return f"{_CRLF} ".join(header_encode(chunk, "utf-8") for chunk in _chunks(value))


def _chunks(value: str) -> list[bytes]:
    """Return the value in UTF-8, cut after spaces, and between letters where a word is too long.

    Some readers, Python's own among them, show a space wherever two encoded words meet in a name.
    """
    chunks = [b""]
    for word in _WORDS.findall(value):
        pieces = [word] if len(word.encode()) <= _WORD_BYTES else list(word)
        for piece in pieces:
            encoded = piece.encode()
            if len(chunks[-1]) + len(encoded) > _WORD_BYTES:
                chunks.append(b"")
            chunks[-1] += encoded
    return chunks


def _token(name: str, value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise MessageRefused(name, value, "may hold letters, digits, points, dashes and low lines only")
    return value


def _message_id(value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value) or len(value) > 250:
        raise MessageRefused("Message-ID", value, "is not <something@domain>")
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise MessageRefused("Content-Language", value, "is not a language tag")
    return value


# -- parts -------------------------------------------------------------------------------------------------------------


def _part(boundary: str, subtype: str, text: str) -> bytes:
    lines = text.replace(_CRLF, "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    head = (
        f"--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    # The line end before the next boundary belongs to the boundary.
    # What every mail has is remembered line by line; a link is somebody's own.
    encoded = [_quoted_printable(line) if "://" in line else _known_line(line) for line in lines]
    return b"".join((head.encode(), *encoded, b"\r\n"))


def _quoted_printable(line: str) -> bytes:
    return b2a_qp((line + _CRLF).encode(), istext=True)


_known_line = lru_cache(maxsize=2048)(_quoted_printable)


def _calendar_part(boundary: str, calendar: CalendarPart) -> bytes:
    kind = f'text/calendar; charset=utf-8; method={_token("method", calendar.method)};\r\n name="{CALENDAR_FILE}"'
    head = (
        f"--{boundary}\r\nContent-Type: {kind}\r\n"
        f'Content-Disposition: attachment; filename="{CALENDAR_FILE}"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + b2a_qp(calendar.content, istext=True) + b"\r\n"
