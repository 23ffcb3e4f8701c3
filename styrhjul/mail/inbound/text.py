"""The words of a mail whatever its charset says: headers, addresses, Message-IDs, and what a person wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from html import unescape

#: Characters of a text that are kept beside the bytes.
LONGEST = 20_000
_LONGEST_HEADER = 1_000
_MOST_PARTS = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_SPACE = re.compile(r"\s+")
_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,100}>")
_ADDRESS = re.compile(r"[^\s<>@,;:\"']{1,128}@[A-Za-z0-9.\-\u00c0-\u024f]{1,190}")
_TAG = re.compile(r"<(?:br|/p|/div|/tr)\b[^>]{0,200}>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style|head)\b.{0,50000}?</\1>", re.IGNORECASE | re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]{0,2000}>")


def header(message: Message, name: str) -> str:
    """Return a header decoded onto one line, cut; empty when it is missing. Never raises for its content."""
    return next(iter(headers(message, name)), "")[:_LONGEST_HEADER]


def headers(message: Message, *names: str) -> list[str]:
    """Return every header of these names, in their order."""
    raw = list(message.raw_items())  # what is not ASCII is lost otherwise
    return [
        plain(_words(str(value)[: 16 * _LONGEST_HEADER]))
        for name in names
        for named, value in raw
        if named.lower() == name.lower()
    ]


def plain(text: str) -> str:
    """Return the text on one line, without control characters."""
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()


def addresses(values: list[str]) -> tuple[str, ...]:
    """Return the addresses in header values, lower-case, each once, in their order."""
    found = [address for _, address in getaddresses(values)]
    found += [each for value in values for each in _ADDRESS.findall(value)]
    return tuple(dict.fromkeys(each.lower() for each in found if _ADDRESS.fullmatch(each)))


def message_ids(values: list[str]) -> tuple[str, ...]:
    """Return the Message-IDs in header values, each once, in their order."""
    return tuple(dict.fromkeys(each for value in values for each in _MESSAGE_ID.findall(value)))


def own_parts(message: Message) -> Iterator[Message]:
    """Yield the parts that the mail itself consists of, in order; never what lies within an attached mail."""
    waiting, seen = [message], 0
    while waiting and seen < _MOST_PARTS:
        part, seen = waiting.pop(0), seen + 1
        yield part
        if part.get_content_maintype() == "multipart":
            waiting = inside(part) + waiting


def inside(part: Message) -> list[Message]:
    """Return the parts of a part; none when it is a single one."""
    children = part.get_payload() if part.is_multipart() else None
    return [child for child in children if isinstance(child, Message)] if isinstance(children, list) else []


def written(message: Message) -> str:
    """Return what is written in the mail: its first plain text, else the words of its first HTML; cut."""
    texts = [part for part in own_parts(message) if part.get_content_maintype() == "text" and not _is_attached(part)]
    for part in texts:
        if part.get_content_subtype() == "plain" and (text := _tidy(decoded(part))):
            return text
    pages = (part for part in texts if part.get_content_subtype() == "html")
    return next((text for part in pages if (text := _tidy(_without_tags(decoded(part))))), "")


def decoded(part: Message) -> str:
    """Return a part's text, its charset guessed where the name is unknown or untrue."""
    try:
        payload, charset = part.get_payload(decode=True), part.get_content_charset()
    except (LookupError, ValueError):  # a charset with a NUL in its name, for one
        part.del_param("charset")
        payload, charset = part.get_payload(decode=True), None
    return in_charset(payload, charset or "utf-8") if isinstance(payload, bytes) else ""


def in_charset(octets: bytes, charset: str) -> str:
    """Return octets as text: as they say, else as UTF-8, else as Windows does."""
    for name in (charset, "utf-8"):
        try:
            return octets.decode(name)
        except (LookupError, ValueError):  # UnicodeError is one, and so is a NUL in the name
            continue
    return octets.decode("cp1252", "replace")


def _words(value: str) -> str:
    """Return a header's value with its encoded words read; what is not ASCII came as bytes."""
    raw = value.encode("utf-8", "surrogateescape")
    value = in_charset(raw, "utf-8")
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (HeaderParseError, LookupError, ValueError):
        return value
    return "".join(
        piece if isinstance(piece, str) else in_charset(piece, charset or "utf-8") for piece, charset in pieces
    )


def _is_attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _without_tags(page: str) -> str:
    return unescape(_ANY_TAG.sub("", _TAG.sub("\n", _HIDDEN.sub("", page[: 10 * LONGEST]))))


def _tidy(text: str) -> str:
    lines = (plain(line) for line in text[: 10 * LONGEST].replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST]
