"""Saving records: one mail, one answer, all of a case, or all of a municipality from one day to another. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from sqlalchemy import select

from styrhjul.db.attachment_query import load_file
from styrhjul.db.inbound_record_query import forwards_of, inbound_of_case, inbound_received, load_inbound
from styrhjul.db.mail_model import Mail
from styrhjul.db.record_query import cases_answered, find_mail, mails_composed, mails_of_case
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_moment
from styrhjul.mail.seal import Sealer
from styrhjul.services.cases.decision import case_starting_with
from styrhjul.services.foundation.leaving_file import LeavingFile
from styrhjul.services.foundation.new_file import new_folder, write_new
from styrhjul.services.records.answer_record import AnswerRecord, answer_record
from styrhjul.services.records.erms import erms_xml
from styrhjul.services.records.file import answer_files, attached_name, inbound_files, mail_files
from styrhjul.services.records.inbound_record import inbound_record, kind_of
from styrhjul.services.records.index import IndexRow, answer_row, inbound_row, mail_row, write_index
from styrhjul.services.records.mail_record import MailRecord, mail_record
from styrhjul.services.records.record import NoSuchRecord, NotARecord, Shelf

#: Told how many of how many are done.
Progress = Callable[[int, int], None]
#: Saves one record in a folder.
Step = Callable[[Shelf, Path], IndexRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where records are saved from, and when. `sealer` opens the mails that came in."""

    database: Database
    sealer: Sealer
    now: datetime
    progress: Progress = lambda *_: None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRecords:
    """What was saved where. `left_out` are mails that have not left, or that cannot be opened; the index says why.

    `mails` are ours, those passed on to the registrar too; `came_in` are replies, reports and all else that came in.
    """

    out: str
    mails: int
    came_in: int
    answers: int
    left_out: int
    files: int


def find_mail_record(database: Database, wanted: str) -> MailRecord:
    """Return a mail's record by its id or Message-ID, whosever it is. Raises NoSuchRecord, NotARecord."""
    with database.system(read_only=True) as session:
        found = find_mail(session, wanted)
    if found is None:
        raise NoSuchRecord(f"Det finns inget mejl med id eller Message-ID {wanted}.")
    return mail_record_of(database, *found)


def mail_record_of(database: Database, municipality_id: str, mail_id: str) -> MailRecord:
    """Return the record of one of a municipality's mails. Raises NoSuchRecord, NotARecord."""
    with _shelf(database, municipality_id) as shelf:
        return mail_record(shelf, mail_id)


def answer_record_of(database: Database, municipality_id: str, case_id: str) -> AnswerRecord:
    """Return the record of the answer to one of a municipality's cases. Raises NoSuchRecord."""
    with _shelf(database, municipality_id) as shelf:
        return answer_record(shelf, case_id)


def save_case(source: Source, start: str, out: Path) -> SavedRecords:
    """Save the mails of a case, what came in about it, how that went on, and the answer, in a new folder.

    Raises NoSuchCase, FileExists.
    """
    municipality_id, case_id = case_starting_with(source.database, start)
    with _shelf(source.database, municipality_id) as shelf:
        came_in = inbound_of_case(shelf.session, case_id)
        chosen = _Chosen(
            mails=[*mails_of_case(shelf.session, case_id), *forwards_of(shelf.session, came_in)],
            came_in=came_in,
            answered=[case_id] if shelf.case(case_id).versions else [],
        )
        return _save(source, shelf, chosen, out)


def save_span(source: Source, municipality_id: str, days: tuple[date, date], out: Path) -> SavedRecords:
    """Save the mails written or come in, and the cases answered, from one day to another, both included.

    In a new folder; an answer comes with all its versions. Raises FileExists.
    """
    first, last = days
    since, before = local_moment(first, time.min), local_moment(last + timedelta(days=1), time.min)
    with _shelf(source.database, municipality_id) as shelf:
        chosen = _Chosen(
            mails=mails_composed(shelf.session, since, before),
            came_in=inbound_received(shelf.session, since, before),
            answered=cases_answered(shelf.session, since, before),
        )
        return _save(source, shelf, chosen, out)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What is to be saved, each by id; answers by their case."""

    mails: Sequence[str]
    came_in: Sequence[str]
    answered: Sequence[str]


#: What the index leaves empty for what was not saved.
_UNKNOWN = ("diary_number", "document", "case_ids", "sha256_file", "files")


@contextmanager
def _shelf(database: Database, municipality_id: str) -> Iterator[Shelf]:
    with database.reading(municipality_id) as session:
        yield Shelf(session)


def _save(source: Source, shelf: Shelf, chosen: _Chosen, out: Path) -> SavedRecords:
    """Write one record at a time: a municipality's mails of many years are more than a machine holds at once."""
    new_folder(out)
    rows: list[IndexRow] = []
    steps: list[Step] = [
        *(partial(_mail, mail_id) for mail_id in chosen.mails),
        *(partial(_came_in, source.sealer, inbound_id) for inbound_id in chosen.came_in),
        *(partial(_answer, case_id) for case_id in chosen.answered),
    ]
    for done, step in enumerate(steps, 1):
        rows.append(step(shelf, out))
        source.progress(done, len(steps))
    saved = Counter(row.kind for row in rows if not row.why_not)
    if saved:
        write_new(out / "erms.xml", erms_xml(shelf, rows, source.now))
    write_index(out, rows)
    return SavedRecords(
        out=str(out),
        mails=saved["mail"],
        came_in=saved.total() - saved["mail"] - saved["answer"],
        answers=saved["answer"],
        left_out=len(rows) - saved.total(),
        files=sum(len(row.files.split()) for row in rows) + (3 if saved else 2),
    )


def _mail(mail_id: str, shelf: Shelf, out: Path) -> IndexRow:
    try:
        record = mail_record(shelf, mail_id)
    except NotARecord as why:
        return _left_out(shelf, mail_id, str(why))
    return mail_row(record.metadata, _write(out, mail_files(record)))


def _came_in(sealer: Sealer, inbound_id: str, shelf: Shelf, out: Path) -> IndexRow:
    try:
        record = inbound_record(shelf, sealer, inbound_id)
    except NotARecord as why:
        return _unopened(shelf, inbound_id, str(why))
    return inbound_row(record.metadata, _write(out, inbound_files(record)))


def _answer(case_id: str, shelf: Shelf, out: Path) -> IndexRow:
    record = answer_record(shelf, case_id)
    return answer_row(record.metadata, _write(out, chain(answer_files(record), _attached(shelf, record))))


def _attached(shelf: Shelf, record: AnswerRecord) -> Iterator[LeavingFile]:
    """Yield every file of any version once, one at a time."""
    files = {file.attachment_id: file for given in record.given for file in given.attachments}
    for number, file in enumerate(files.values(), 1):
        kept = load_file(shelf.session, record.metadata.matter.case_id, file.attachment_id)
        if kept is not None:
            yield LeavingFile(attached_name(record, number, file.name), kept.media_type, kept.content)


def _write(out: Path, files: Iterable[LeavingFile]) -> list[str]:
    names = []
    for file in files:
        write_new(out / file.name, file.content)
        names.append(file.name)
    return names


def _left_out(shelf: Shelf, mail_id: str, why_not: str) -> IndexRow:
    """List a mail that is no record, so that nobody has to wonder where it is."""
    mail = shelf.session.scalars(select(Mail).where(Mail.id == mail_id)).one()
    return IndexRow(
        **dict.fromkeys(("sender", "sha256_sent", *_UNKNOWN), ""),
        kind="mail",
        dated_at=mail.composed_at.isoformat(),
        receiver=mail.trial_to or mail.address,
        trial_for=mail.address if mail.trial_to else "",
        subject=mail.subject,
        identity=mail.message_id,
        status=mail.status.value,
        why_not=why_not,
    )


def _unopened(shelf: Shelf, inbound_id: str, why_not: str) -> IndexRow:
    """List a mail that came in and cannot be opened."""
    mail = load_inbound(shelf.session, inbound_id)
    return IndexRow(
        **dict.fromkeys(("trial_for", *_UNKNOWN), ""),
        kind=kind_of(mail.kind),
        dated_at=mail.received_at.isoformat(),
        sender=mail.sender,
        receiver=mail.recipient,
        subject=mail.subject,
        identity=mail.message_id,
        status=mail.kind.value,
        sha256_sent=mail.sha256,
        why_not=why_not,
    )
