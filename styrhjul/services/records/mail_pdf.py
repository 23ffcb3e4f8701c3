"""A mail's record as a PDF: what the registry asks for, the text as it was written, and the mail itself inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

from styrhjul.db.mail_model import MailStatus
from styrhjul.mail.swedish import the_office
from styrhjul.reports.pdf import Attachment, typeset
from styrhjul.services.records import pdf as page
from styrhjul.services.records.mail_record import MailMetadata, MailRecord
from styrhjul.services.records.pdf import Node
from styrhjul.services.records.words import (
    ENGLISH,
    WORDS,
    language_of,
    moment,
    moment_in_english,
    outcome_words,
)

_INSIDE = "mejl.eml"
_LANG = re.compile(r"<html\b[^>]*\blang=[\"']?([A-Za-z-]+)", re.IGNORECASE)
_MARKS = "\"”“„'‘’"


def mail_pdf(record: MailRecord) -> bytes:
    """Return the PDF of a mail's record; the same record gives the same bytes."""
    told = record.metadata
    inside = Attachment(
        name=_INSIDE,
        mime_type="message/rfc822",
        description=told.subject,
        relationship="source",
        content=record.eml,
    )
    return typeset("records/record.typ", mail_content(record), at=told.dated_at, attachments=[inside])


def mail_content(record: MailRecord) -> Node:
    """Return what the PDF says, in the mail's own language, as the template takes it."""
    language = _language(record.message)
    words, told = WORDS[language], record.metadata
    return {
        "lang": language,
        "title": told.subject,
        "subtitle": words["mail_to"].format(office=_to_whom(told, language)),
        "municipality": told.municipality,
        "kind": words["mail"],
        "columns": [words["what"], words["said"]],
        "page": words["page"],
        "footer": words["footer"].format(hash=told.sha256_sent),
        "facts": list(_facts(record, language)),
        "sections": [
            page.section(words["text"], _text(record)),
            page.section(words["proof"], [page.facts(_proof(told, language)), *_notes(told, language)]),
        ],
    }


def _to_whom(told: MailMetadata, language: str) -> str:
    if told.trial_for:
        return told.receiver.address or told.receiver.name
    office = told.receiver.office or told.receiver.name
    return office if language == ENGLISH else the_office(office)


def _facts(record: MailRecord, language: str) -> Iterator[Node]:
    words, told = WORDS[language], record.metadata
    when = moment_in_english if language == ENGLISH else moment
    yield page.row(words["municipality"], page.said(told.municipality))
    number = words["of_document"].format(number=told.diary_number) if told.diary_number else None
    yield page.row(words["diary_number"], page.stated(number, language))
    yield from page.of_matters(told.matters, language)
    yield page.row(words["composed"], page.said(when(told.composed_at)))
    yield page.row(words["dated"], page.stated(when(told.accepted_at) if told.accepted_at else None, language))
    yield page.row(words["sender"], page.of_party(told.sender))
    yield page.row(words["receiver"], page.of_party(told.receiver))
    yield from _on_trial(told, language)
    yield page.row(words["subject"], page.said(told.subject))
    yield page.row(words["attached"], page.said(*(_attached(record.message) or [words["none"]])))
    yield page.row(words["delivery"], page.said(*_delivery(told, language)))
    yield page.row(words["sha256_sent"], page.code(told.sha256_sent))
    yield from page.of_journal(told.journal[-1:], words["last_line"], language)


def _on_trial(told: MailMetadata, language: str) -> Iterator[Node]:
    """Yield the row that says whom a mail on trial was written for."""
    if meant_for := told.trial_for:
        words = WORDS[language]
        office = meant_for.office or meant_for.name
        yield page.row(words["trial"], page.said(words["trial_for"].format(office=office, address=meant_for.address)))


def _delivery(told: MailMetadata, language: str) -> Iterator[str]:
    """Yield what became of the mail, what the server said where it did not take it, and how often it was tried."""
    said = outcome_words(told.status, language)
    yield said
    if told.outcome and told.outcome.rstrip(".") != said and told.status is not MailStatus.ACCEPTED:
        yield told.outcome
    if told.attempts > 1:
        yield WORDS[language]["attempts"].format(n=told.attempts)


def _proof(told: MailMetadata, language: str) -> Iterator[Node]:
    words = WORDS[language]
    yield page.row(words["message_id"], page.code(told.message_id))
    yield page.row(words["sha256_sent"], page.code(told.sha256_sent))
    yield page.row(words["sha256_file"], page.code(told.sha256_file))
    yield from page.of_journal(told.journal, words["journal"], language)


def _notes(told: MailMetadata, language: str) -> Iterator[Node]:
    words = WORDS[language]
    if told.why_they_differ:
        yield page.text((0, words["differ"]))
    yield page.text((0, words["inside"].format(name=_INSIDE)))


def _language(message: EmailMessage) -> str:
    """Return the mail's language: as its header says, else as its HTML does."""
    if message["Content-Language"]:
        return language_of(str(message["Content-Language"]))
    found = _LANG.search(_part(message, "html"))
    return language_of(found.group(1) if found else None)


def _part(message: EmailMessage, subtype: str) -> str:
    found = message.get_body((subtype,))
    return str(found.get_content()) if found is not None else ""


def _attached(message: EmailMessage) -> list[str]:
    """Return the parts of a mail beside its two texts, by name."""
    texts = ("text/plain", "text/html")
    parts = (part for part in message.walk() if not part.is_multipart())
    return [
        part.get_filename() or part.get_content_type()
        for part in parts
        if part.get_filename() or part.get_content_type() not in texts
    ]


# -- the text ----------------------------------------------------------------------------------------------------------


def _text(record: MailRecord) -> Iterator[Node]:
    """Yield the mail's own text, line by line as it was written; decided words and headings as such."""
    decided = {_bare(each): each for each in record.quotes}
    for block in re.split(r"\n(?:[ \t]*\n)+", _part(record.message, "plain").replace("\r\n", "\n").strip("\n")):
        lines = block.split("\n")
        if found := decided.get(_bare(block)):
            yield page.quote(found)
        elif block.isupper():
            yield page.heading(" ".join(line.strip() for line in lines))
        else:
            yield page.text(*((len(line) - len(line.lstrip(" ")), line.strip()) for line in lines))


def _bare(text: str) -> str:
    """Return words without their marks and breaks, as two settings of one sentence share them."""
    return " ".join(text.translate(dict.fromkeys(map(ord, _MARKS))).split())
