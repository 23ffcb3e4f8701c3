"""An answer as a record: every version, who gave it in which office, what was decided, and when it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.answer_query import GivenAnswer, QuotedDuty, load_versions
from styrhjul.db.office_query import office_names
from styrhjul.db.record_query import JournalLine, journal_of
from styrhjul.domain.moment import STOCKHOLM
from styrhjul.services.answering.content import AttachedFile, attached, content_hash, content_of
from styrhjul.services.records.record import Matter, NoSuchRecord, Party, Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One version. `content` is all that was handed in.

    `sha256` is of its JSON with sorted keys, no spaces, in UTF-8: whoever has the file can work it out again.
    """

    version: int
    dated_at: datetime
    submitted_at: datetime
    signed_by: str
    office: str
    decided_on: date | None
    paragraph: str | None
    sha256: str
    content: Mapping[str, object]
    journal: tuple[JournalLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMetadata:
    """A case's answer; `versions` the first one first, the last one holds.

    `diary_number` is the decision's own where the answer names it, else that of the document it is about; `source` is
    where the sentences stand that it rests on. `attachments` are the files of the version that holds; each version's
    own stand in its content, and so in its hash.
    """

    kind: str
    municipality: str
    diary_number: str | None
    dated_at: datetime
    subject: str
    sender: Party
    receiver: Party
    matter: Matter
    quotes: tuple[str, ...]
    source: str | None
    attachments: tuple[AttachedFile, ...]
    versions: tuple[VersionRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """An answer to keep; `given` are the versions as they were handed in, in the same order."""

    metadata: AnswerMetadata
    given: tuple[GivenAnswer, ...]


def answer_record(shelf: Shelf, case_id: str) -> AnswerRecord:
    """Return the record of the answer to a case. Raises NoSuchRecord where there is no case or no answer."""
    matter = shelf.matter(case_id)
    given = load_versions(shelf.session, case_id)
    if not given:
        raise NoSuchRecord(f"Ärendet {matter.round}, {matter.body}, har inget svar än.")
    offices = office_names(shelf.session, {answer.post_id for answer in given})
    versions = tuple(_version(shelf, answer, offices[answer.post_id]) for answer in given)
    last, quotes = versions[-1], shelf.quotes(case_id)
    metadata = AnswerMetadata(
        kind="answer",
        municipality=shelf.municipality.name,
        diary_number=given[-1].diary_number or matter.document_diary_number,
        dated_at=last.dated_at,
        subject=f"Svar: {matter.round}, {matter.body}",
        sender=Party(name=matter.body, office=last.office, address=None),
        receiver=Party(name=shelf.municipality.name, office=None, address=shelf.municipality.reply_to),
        matter=matter,
        quotes=tuple(dict.fromkeys(duty.quote for duty in quotes)),
        source=_source(quotes[0]) if quotes else None,
        attachments=tuple(map(attached, given[-1].attachments)),
        versions=versions,
    )
    return AnswerRecord(metadata=metadata, given=tuple(given))


def _source(duty: QuotedDuty) -> str:
    """Return "Integrationspolicy, Kommunfullmäktige 2017-11-14 § 82, dnr KS-2016-284", as far as it is stated."""
    on = duty.adopted_on.isoformat() if duty.adopted_on else None
    decided = (duty.adopted_by, on, f"§ {duty.paragraph}" if duty.paragraph else None)
    number = f"dnr {duty.diary_number}" if duty.diary_number else None
    return ", ".join(filter(None, (duty.policy_title, " ".join(filter(None, decided)), number)))


def _version(shelf: Shelf, answer: GivenAnswer, office: str) -> VersionRecord:
    content = content_of(answer)
    return VersionRecord(
        version=answer.version,
        dated_at=answer.submitted_at.astimezone(STOCKHOLM),
        submitted_at=answer.submitted_at,
        signed_by=answer.signed_by,
        office=office,
        decided_on=answer.decided_on,
        paragraph=answer.paragraph,
        sha256=content_hash(content),
        content=content,
        journal=tuple(journal_of(shelf.session, [answer.case_id], "answer", answer.answer_id)),
    )
