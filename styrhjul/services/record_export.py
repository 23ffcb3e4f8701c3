"""Saving records: one mail, one answer, all of a case, or all of a municipality from one day to another. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from sqlalchemy import select

from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import Mail
from styrhjul.db.record_query import MailLink, cases_answered, find_mail, mail_links, mails_composed, mails_of_case
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_moment
from styrhjul.services.answer_record import AnswerRecord, answer_record
from styrhjul.services.mail_record import MailRecord, mail_record
from styrhjul.services.record import NoSuchRecord, NotARecord, Shelf
from styrhjul.services.record_file import (
    IndexRow,
    answer_files,
    answer_row,
    mail_files,
    mail_row,
    new_folder,
    write_index,
    write_new,
)

#: Told how many of how many are done.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRecords:
    """What was saved where. `left_out` are mails that have not left, or never did; the index says why."""

    out: str
    mails: int
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


def mails_about(database: Database, municipality_id: str, case_id: str) -> list[MailLink]:
    """Return the mails that speak of a case, by name, oldest first."""
    with database.reading(municipality_id) as session:
        return mail_links(session, mails_of_case(session, case_id))


def find_case(database: Database, start: str) -> tuple[str, str]:
    """Return municipality and id of the one case whose id begins so. Raises NoSuchRecord."""
    with database.system(read_only=True) as session:
        query = select(Case.municipality_id, Case.id).where(Case.id.startswith(start, autoescape=True)).limit(2)
        found = session.execute(query).all()
    if len(found) != 1 or not start:
        raise NoSuchRecord(f"Inget ärende, eller flera, börjar med {start}. Skriv hela id:t.")
    return found[0].municipality_id, found[0].id


def save_case(database: Database, start: str, out: Path) -> SavedRecords:
    """Save every mail and the answer of a case in a new folder. Raises NoSuchRecord, FileExists."""
    municipality_id, case_id = find_case(database, start)
    with _shelf(database, municipality_id) as shelf:
        has_answer = bool(shelf.case(case_id).answered_at)
        return _save(shelf, mails_of_case(shelf.session, case_id), [case_id] if has_answer else [], out)


def save_span(
    database: Database, municipality_id: str, days: tuple[date, date], out: Path, *, progress: Progress
) -> SavedRecords:
    """Save the mails written, and the cases answered, from one day to another, both included, in a new folder.

    An answer comes with all its versions. Raises FileExists.
    """
    first, last = days
    since, before = local_moment(first, time.min), local_moment(last + timedelta(days=1), time.min)
    with _shelf(database, municipality_id) as shelf:
        mails = mails_composed(shelf.session, since, before)
        return _save(shelf, mails, cases_answered(shelf.session, since, before), out, progress=progress)


@contextmanager
def _shelf(database: Database, municipality_id: str) -> Iterator[Shelf]:
    with database.reading(municipality_id) as session:
        yield Shelf(session)


def _save(
    shelf: Shelf, mails: Sequence[str], cases: Sequence[str], out: Path, *, progress: Progress = lambda *_: None
) -> SavedRecords:
    """Write one record at a time: a municipality's mails of many years are more than a machine holds at once."""
    new_folder(out)
    rows: list[IndexRow] = []
    steps = [*((_mail, mail_id) for mail_id in mails), *((_answer, case_id) for case_id in cases)]
    for done, (step, identity) in enumerate(steps, 1):
        rows.append(step(shelf, identity, out))
        progress(done, len(steps))
    write_index(out, rows)
    left_out = sum(1 for row in rows if row.why_not)
    return SavedRecords(
        out=str(out),
        mails=len(mails) - left_out,
        answers=len(cases),
        left_out=left_out,
        files=sum(len(row.files.split()) for row in rows) + 2,
    )


def _mail(shelf: Shelf, mail_id: str, out: Path) -> IndexRow:
    try:
        record = mail_record(shelf, mail_id)
    except NotARecord as why:
        return _left_out(shelf, mail_id, str(why))
    return mail_row(record.metadata, _write(out, mail_files(record).items()))


def _answer(shelf: Shelf, case_id: str, out: Path) -> IndexRow:
    record = answer_record(shelf, case_id)
    return answer_row(record.metadata, _write(out, answer_files(record).items()))


def _write(out: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    names = []
    for name, content in files:
        write_new(out / name, content)
        names.append(name)
    return names


def _left_out(shelf: Shelf, mail_id: str, why_not: str) -> IndexRow:
    """List a mail that is no record, so that nobody has to wonder where it is."""
    mail = shelf.session.scalars(select(Mail).where(Mail.id == mail_id)).one()
    empty = dict.fromkeys(("diary_number", "sender", "document", "case_ids", "sha256_sent", "sha256_file", "files"), "")
    return IndexRow(
        **empty,
        kind="mail",
        dated_at=mail.composed_at.isoformat(),
        receiver=mail.trial_to or mail.address,
        trial_for=mail.address if mail.trial_to else "",
        subject=mail.subject,
        identity=mail.message_id,
        status=mail.status.value,
        why_not=why_not,
    )
