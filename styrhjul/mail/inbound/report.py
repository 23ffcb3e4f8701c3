"""What servers report of a delivery: by RFC 3464 where they know it, else by the habits of those that do not."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from flufl.bounce import all_failures

from styrhjul.domain.inbound import InboundKind
from styrhjul.mail.inbound.text import (
    addresses,
    decoded,
    header,
    headers,
    inside,
    message_ids,
    own_parts,
    plain,
    written,
)

_STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
#: Who speaks for a server.
DAEMON = re.compile(r"(?:mailer-daemon|postmaster|mail-?daemon|microsoftexchange[0-9a-f]+)@", re.IGNORECASE)
#: The gravest first: a report on several recipients is about the worst of them.
_ACTIONS = {
    "failed": InboundKind.FAILED,
    "delayed": InboundKind.DELAYED,
    "expanded": InboundKind.EXPANDED,
    "relayed": InboundKind.RELAYED,
    "delivered": InboundKind.DELIVERED,
}
_CLASSES = {"5": InboundKind.FAILED, "4": InboundKind.DELAYED, "2": InboundKind.DELIVERED}
_CODE = re.compile(r"(?<![\d.])([245]\.\d\.\d{1,3})(?!\.?\d)")
_SAYS_LITTLE = re.compile(r"[245]\.[0-9]\.0|[245]\.0\.[0-9]+|")
_GIVEN_UP = re.compile(
    r"undeliver|delivery (?:has )?fail|delivery status notification \(failure\)|returned mail|failure notice"
    r"|mail delivery failed|could not be delivered|not delivered|olevererbar|kunde inte levereras"
    r"|gick inte att leverera|misslyckad leverans"
    r"|ei voitu toimittaa|toimittaminen epäonnistui|toimitus epäonnistui|perille toimittamaton",
    re.IGNORECASE,
)
_STILL_TRYING = re.compile(
    r"delayed|will be retried|warning only|do not need to resend|fördröj|försenad|försöker igen|viivästy|yritetään",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report: the addresses it names (as we wrote them and as they ended), its code and the server's words."""

    kind: InboundKind
    failed: tuple[str, ...]
    status: str
    diagnosis: str


def standard_report(message: Message) -> Report | None:
    """Return what a report by RFC 3464 says; None when the mail is none, or names no recipient that can be read."""
    blocks = [
        block
        for part in own_parts(message)
        if part.get_content_type() in _STATUS_PARTS
        for block in _blocks(part)
        if _kind(block) is not None
    ]
    order = list(_ACTIONS.values())
    for block in sorted(blocks, key=lambda block: order.index(_kind(block) or InboundKind.DELIVERED)):
        diagnosis = header(block, "Diagnostic-Code")
        return Report(
            kind=_kind(block) or InboundKind.DELIVERED,
            failed=addresses(headers(block, "Final-Recipient", "Original-Recipient", "X-Actual-Recipient")),
            status=_code(header(block, "Status"), diagnosis),
            diagnosis=diagnosis[:500],
        )
    return None


def unusual_report(message: Message) -> Report | None:
    """Return what a report says whose server knows no RFC 3464; to be asked only of what no person wrote."""
    temporary, permanent = _found_by_habit(message)
    text = written(message)
    names = permanent or temporary
    failed = tuple(sorted(name.decode("utf-8", "replace").lower() for name in names))
    failed = failed or addresses(headers(message, "X-Failed-Recipients"))
    subject = header(message, "Subject")
    given_up = bool(_GIVEN_UP.search(subject))
    if not (failed or given_up):
        return None
    diagnosis = _telling_line(text)
    code = _code("", diagnosis)
    final = permanent or (given_up and code.startswith("5"))
    trying = not final and bool(temporary or _STILL_TRYING.search(subject))
    return Report(
        kind=InboundKind.DELAYED if trying else InboundKind.FAILED,
        failed=failed,
        status=code,
        diagnosis=diagnosis[:500],
    )


def _found_by_habit(message: Message) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Return the addresses that failed for now and for good; none where the library stumbles over a header."""
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - it expects every header to be ASCII, and raises what it likes
        return frozenset(), frozenset()
    return frozenset(temporary), frozenset(permanent)


def reported_on(message: Message) -> tuple[str, ...]:
    """Return the Message-IDs of the mails that a report carries a copy of, or of whose headers."""
    found: list[str] = []
    for part in own_parts(message):
        kind = part.get_content_type()
        if kind in ("message/rfc822", "message/global"):
            found += [value for child in inside(part) for value in headers(child, "Message-ID")]
        elif kind in ("text/rfc822-headers", "message/global-headers"):
            found += headers(HeaderParser().parsestr(decoded(part)), "Message-ID")
        elif kind in ("message/disposition-notification", *_STATUS_PARTS):
            found += [value for block in _blocks(part) for value in headers(block, "Original-Message-ID")]
    found += re.findall(r"^Message-ID:\s*(<[^>\s]{3,300}>)", written(message), re.IGNORECASE | re.MULTILINE)
    return message_ids(found)


def _blocks(part: Message) -> Iterator[Message]:
    """Yield the groups of fields of a status part, however the library took it apart."""
    children = inside(part)
    if not children:
        yield from _cut(decoded(part))
    elif header(part, "Content-Transfer-Encoding").lower() == "base64":
        coded = "".join(str(child.get_payload()) for child in children)
        with suppress(ValueError):
            yield from _cut(b64decode(coded.encode("ascii", "ignore")).decode("utf-8", "replace"))
    else:
        for child in children:
            yield child
            yield from _cut("" if child.is_multipart() else decoded(child))


def _cut(text: str) -> Iterator[Message]:
    parser = HeaderParser()
    for group in re.split(r"\r?\n[ \t]*\r?\n", text[:200_000]):
        if group.strip():
            yield parser.parsestr(group.lstrip())


def _kind(block: Message) -> InboundKind | None:
    action = header(block, "Action").lower().partition(" ")[0].strip("();,.")
    if action in _ACTIONS:
        return _ACTIONS[action]
    return _CLASSES.get(header(block, "Status")[:1]) if "Final-Recipient" in block else None


def _code(status: str, diagnosis: str) -> str:
    """Return the code that says most: many servers write 5.0.0 and mean what stands in the diagnosis."""
    own, others = _CODE.search(status), _CODE.findall(diagnosis)
    code = own.group(1) if own else ""
    if not _SAYS_LITTLE.fullmatch(code):
        return code
    telling = [other for other in others if not _SAYS_LITTLE.fullmatch(other) and other[0] == (code or other)[0]]
    return telling[0] if telling else code or (others[0] if others else "")


def _telling_line(text: str) -> str:
    lines = [plain(line) for line in text.split("\n")]
    return next((line for line in lines if _CODE.search(line)), "")
