"""What is this mail? A pure function from bytes to a reading: no clock, no key, no database, nothing is answered.

Reports come first, since they look automatic; then what a machine wrote; what is left and has a sender is a person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any

from styrhjul.domain.inbound import InboundKind
from styrhjul.mail.inbound.automatic import circling, has_null_path, machine_like, machine_made, receipt
from styrhjul.mail.inbound.reading import Reading
from styrhjul.mail.inbound.report import DAEMON, Report, reported_on, standard_report, unusual_report
from styrhjul.mail.inbound.text import addresses, header, headers, message_ids, own_parts, written

#: Reports and replies say what they have to say in the beginning; what follows are attachments.
READ_AT_MOST = 4 * 1024 * 1024
_SENT_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc")
_REPORTED = {
    InboundKind.FAILED: "En server har gett upp: mejlet kom inte fram.",
    InboundKind.DELAYED: "En server försöker fortfarande lämna mejlet.",
    InboundKind.RELAYED: "Mejlet har gått vidare till en server som inte rapporterar.",
    InboundKind.EXPANDED: "Mejlet har gått vidare till dem som står på en lista.",
    InboundKind.DELIVERED: "En server säger att mejlet kom fram.",
}
#: Of a longer row of Message-IDs the nearest and the oldest are enough to find the thread.
_EACH_END = 100
BY_A_PERSON = "En människa har skrivit det."
_TOO_DEEP = "Det har så många lager att det inte går att läsa."
_NOBODY = "Det går inte att se vem som har skrivit det."


def classify(raw: bytes) -> Reading:
    """Return what a mail is. Any bytes will do; beyond `READ_AT_MOST` they are not looked at.

    A mail with more layers than can be read is unknown, by its headers alone.
    """
    beginning = raw[:READ_AT_MOST]
    try:
        message = message_from_bytes(beginning)
        return _read(message)
    except RecursionError:
        outer = BytesHeaderParser().parsebytes(beginning)
        return Reading(kind=InboundKind.UNKNOWN, reason=_TOO_DEEP, **_outside(outer))


def _read(message: Message) -> Reading:
    outside = _outside(message)
    if said := circling(message):
        return Reading(kind=InboundKind.LOOP, reason=said, **outside)
    if said := receipt(message):
        return Reading(kind=InboundKind.READ_RECEIPT, reason=said, **outside | _about(message, outside))
    if report := _report(message, outside["sender"]):
        return _reported(message, report, outside)
    if said := machine_made(message, outside["sender"]):
        return Reading(kind=InboundKind.AUTOMATIC, reason=said, text=written(message), **outside)
    reading = _by_a_person(message, outside)
    if said := machine_like(outside["subject"]):
        kind = InboundKind.AUTOMATIC
        return replace(reading, kind=kind, reason=said, by_subject_alone=reading.kind is InboundKind.REPLY)
    return reading


def _by_a_person(message: Message, outside: Mapping[str, Any]) -> Reading:
    text, sender = written(message), outside["sender"]
    if not sender or DAEMON.match(sender):
        return Reading(kind=InboundKind.UNKNOWN, reason=_NOBODY, text=text, **outside)
    if not (text or outside["subject"] or len(list(own_parts(message))) > 1):
        return Reading(kind=InboundKind.UNKNOWN, reason="Det är tomt.", **outside)
    return Reading(kind=InboundKind.REPLY, reason=BY_A_PERSON, text=text, **outside)


def _report(message: Message, sender: str) -> Report | None:
    if report := standard_report(message):
        return report
    by_server = has_null_path(message) or DAEMON.match(sender) or message.get("X-Failed-Recipients") is not None
    return unusual_report(message) if by_server else None


def _reported(message: Message, report: Report, outside: Mapping[str, Any]) -> Reading:
    words = {"failed": report.failed, "status": report.status, "diagnosis": report.diagnosis}
    about = {**outside, **words, **_about(message, outside)}
    return Reading(kind=report.kind, reason=_REPORTED[report.kind], text=written(message), **about)


def _about(message: Message, outside: Mapping[str, Any]) -> dict[str, Any]:
    """The mail that a report carries comes before what its headers refer to."""
    return {"refers_to": tuple(dict.fromkeys((*_ends(reported_on(message)), *outside["refers_to"])))}


def _ends(message_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return the row, or its two ends: what a stranger writes must not decide how much is asked of the database."""
    return message_ids if len(message_ids) <= 2 * _EACH_END else message_ids[:_EACH_END] + message_ids[-_EACH_END:]


def _outside(message: Message) -> dict[str, Any]:
    sender = addresses(headers(message, "From")[:1])
    references = message_ids(headers(message, "References"))
    return {
        "sender": sender[0] if sender else "",
        "subject": header(message, "Subject"),
        "message_id": next(iter(message_ids(headers(message, "Message-ID"))), ""),
        "recipients": addresses(headers(message, *_SENT_TO))[:50],
        "refers_to": _ends(
            tuple(dict.fromkeys((*message_ids(headers(message, "In-Reply-To")), *reversed(references))))
        ),
    }
