"""Records as files: what they are, what they are called, and what is in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from styrhjul.services.foundation.leaving_file import LeavingFile, leaving
from styrhjul.services.records.answer_pdf import answer_pdf
from styrhjul.services.records.answer_record import AnswerRecord
from styrhjul.services.records.inbound_record import InboundRecord
from styrhjul.services.records.mail_pdf import mail_pdf
from styrhjul.services.records.mail_record import MailRecord
from styrhjul.services.records.record import metadata_json

_LONGEST = 60
_UNSAFE = re.compile(r"[^a-z0-9]+")
_ENDING = re.compile(r"[a-z0-9]{1,8}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\"*/:<>?\\|]|\s+")
#: By the end of the file's name: the mail, its metadata, and both as a PDF.
_OF_MAIL: Mapping[str, Callable[[MailRecord], bytes]] = {
    "eml": lambda record: record.eml,
    "json": lambda record: metadata_json(record.metadata),
    "pdf": mail_pdf,
}
_OF_ANSWER: Mapping[str, Callable[[AnswerRecord], bytes]] = {
    "json": lambda record: metadata_json(record.metadata),
    "pdf": answer_pdf,
}


def mail_file(record: MailRecord, kind: str) -> LeavingFile:
    """Return a mail as a file; `kind` is eml, json (its metadata alone) or pdf."""
    told = record.metadata
    name = file_name(told.dated_at.date(), told.subject, told.mail_id)
    shown = shown_name(told.dated_at.date(), told.subject)
    return leaving(f"{name}.{kind}", _OF_MAIL[kind](record), f"{shown}.{kind}")


def answer_file(record: AnswerRecord, kind: str) -> LeavingFile:
    """Return an answer as a file, without those that came with it; `kind` is json or pdf."""
    told = record.metadata
    shown = shown_name(told.dated_at.date(), told.subject)
    return leaving(f"{_answer_name(record)}.{kind}", _OF_ANSWER[kind](record), f"{shown}.{kind}")


def mail_files(record: MailRecord) -> tuple[LeavingFile, ...]:
    """Return every file of a mail."""
    return tuple(mail_file(record, kind) for kind in _OF_MAIL)


def answer_files(record: AnswerRecord) -> tuple[LeavingFile, ...]:
    """Return every file of an answer."""
    return tuple(answer_file(record, kind) for kind in _OF_ANSWER)


def inbound_files(record: InboundRecord) -> tuple[LeavingFile, ...]:
    """Return the files of a mail that came in: no PDF, since what others wrote can be anything."""
    told = record.metadata
    name = file_name(told.dated_at.date(), told.subject, told.inbound_id)
    return (leaving(f"{name}.eml", record.eml), leaving(f"{name}.json", metadata_json(told)))


def attached_name(record: AnswerRecord, number: int, shown: str) -> str:
    """Return "…-bilaga-1.pdf" for a file that came with an answer; of its own name only a plain ending is kept."""
    ending = shown.rpartition(".")[2].lower()
    return f"{_answer_name(record)}-bilaga-{number}.{ending if _ENDING.fullmatch(ending) else 'bin'}"


def _answer_name(record: AnswerRecord) -> str:
    told = record.metadata
    return file_name(told.dated_at.date(), told.subject, told.matter.case_id)


def file_name(on: date, subject: str, identity: str) -> str:
    """Return "2027-03-10-socialnamnden-lamna-mal-1f3a5c7d", without an ending: any file system takes it."""
    letters = unicodedata.normalize("NFKD", subject.casefold()).encode("ascii", "ignore").decode()
    words = _UNSAFE.sub("-", letters).strip("-")[:_LONGEST].strip("-")
    return "-".join(filter(None, (on.isoformat(), words, identity[:8])))


def shown_name(on: date, subject: str) -> str:
    """Return "2027-03-10 Socialnämnden lämna mål", for people: nothing that a file system or a header refuses."""
    words = " ".join(_FORBIDDEN.sub(" ", subject).split())[:_LONGEST].strip(". ")
    return f"{on.isoformat()} {words}".strip()
