"""Records as files: what they are called, and writing each whole or not at all, over nothing."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO

from styrhjul.services.answer_pdf import answer_pdf
from styrhjul.services.answer_record import AnswerMetadata, AnswerRecord
from styrhjul.services.inbound_record import InboundMetadata, InboundRecord
from styrhjul.services.mail_pdf import mail_pdf
from styrhjul.services.mail_record import MailMetadata, MailRecord
from styrhjul.services.record import Party, metadata_json

_LONGEST = 60
_UNSAFE = re.compile(r"[^a-z0-9]+")
_ENDING = re.compile(r"[a-z0-9]{1,8}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\"*/:<>?\\|]|\s+")
#: What a spreadsheet would run instead of show.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FileExists(ValueError):
    """Där finns redan något. Välj ett annat namn, så att inget skrivs över."""

    def __init__(self, out: Path) -> None:
        super().__init__(f"{out}: {self.__doc__}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One record of a folder, as its index lists it. `files` is empty where nothing was saved; `why_not` says why.

    `trial_for` is whom a mail on trial was written for; `receiver` is who got it. `sha256_sent` is of the bytes as they
    left or came in.
    """

    kind: str
    dated_at: str
    diary_number: str
    sender: str
    receiver: str
    trial_for: str
    subject: str
    document: str
    case_ids: str
    identity: str
    status: str
    sha256_sent: str
    sha256_file: str
    files: str
    why_not: str


def mail_files(record: MailRecord) -> dict[str, bytes]:
    """Return the files of a mail by name: the mail, its metadata, and both as a PDF."""
    name = file_name(record.metadata.dated_at.date(), record.metadata.subject, record.metadata.mail_id)
    return {
        f"{name}.eml": record.eml,
        f"{name}.json": metadata_json(record.metadata),
        f"{name}.pdf": mail_pdf(record),
    }


def inbound_files(record: InboundRecord) -> dict[str, bytes]:
    """Return the files of a mail that came in by name: no PDF, since what others wrote can be anything."""
    told = record.metadata
    name = file_name(told.dated_at.date(), told.subject, told.inbound_id)
    return {f"{name}.eml": record.eml, f"{name}.json": metadata_json(told)}


def answer_files(record: AnswerRecord) -> dict[str, bytes]:
    """Return the files of an answer by name, without those that came with it."""
    name = _answer_name(record)
    return {f"{name}.json": metadata_json(record.metadata), f"{name}.pdf": answer_pdf(record)}


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


def write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there, on disk before it has its name. Raises FileExists, and leaves nothing half."""
    with new_file(path) as file:
        file.write(content)


@contextlib.contextmanager
def new_file(path: Path, *, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """As `write_new`, for what is written a piece at a time; it has its name once the block has ended well.

    `mode` is who may read it, as far as the process lets others do anything.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(draft, "xb", opener=partial(os.open, mode=mode)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _give_name(draft: Path, path: Path) -> None:
    """Give a file its name unless somebody else took it meanwhile; a rename would take it from them."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise FileExists(path) from None
    except OSError:  # a file system without links
        if path.exists():
            raise FileExists(path) from None
        draft.rename(path)


def new_folder(out: Path) -> None:
    """Make the folder; an empty one will do. Raises FileExists."""
    with contextlib.suppress(FileExistsError):
        out.mkdir(parents=True)
    if not out.is_dir() or any(out.iterdir()):
        raise FileExists(out)


def write_index(out: Path, rows: Sequence[IndexRow]) -> None:
    """Write the index as JSON and as CSV. It comes last: a folder without an index is not finished."""
    document = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2)
    write_new(out / "index.csv", _csv(rows))
    write_new(out / "index.json", f"{document}\n".encode())


def mail_row(told: MailMetadata, files: Iterable[str]) -> IndexRow:
    """Return a saved mail's row."""
    return IndexRow(
        kind=told.kind,
        dated_at=told.dated_at.isoformat(),
        diary_number=told.diary_number or "",
        sender=told.sender.address or told.sender.name,
        receiver=_by_office(told.receiver),
        trial_for=_by_office(told.trial_for) if told.trial_for else "",
        subject=told.subject,
        document="; ".join(dict.fromkeys(matter.document or "" for matter in told.matters)),
        case_ids=" ".join(matter.case_id for matter in told.matters),
        identity=told.message_id,
        status=told.status.value,
        sha256_sent=told.sha256_sent,
        sha256_file=told.sha256_file,
        files=" ".join(files),
        why_not="",
    )


def inbound_row(told: InboundMetadata, files: Iterable[str]) -> IndexRow:
    """Return the row of a saved mail that came in."""
    return IndexRow(
        kind=told.kind,
        dated_at=told.dated_at.isoformat(),
        diary_number=told.diary_number or "",
        sender=told.sender.address or "",
        receiver=told.receiver.address or told.receiver.name,
        trial_for="",
        subject=told.subject,
        document="; ".join(dict.fromkeys(matter.document or "" for matter in told.matters)),
        case_ids=" ".join(matter.case_id for matter in told.matters),
        identity=told.message_id,
        status=told.read_as.value,
        sha256_sent=told.sha256_received,
        sha256_file=told.sha256_file,
        files=" ".join(files),
        why_not="",
    )


def answer_row(told: AnswerMetadata, files: Iterable[str]) -> IndexRow:
    """Return a saved answer's row."""
    holds = told.versions[-1]
    return IndexRow(
        kind=told.kind,
        dated_at=told.dated_at.isoformat(),
        diary_number=told.diary_number or "",
        sender=f"{holds.signed_by}, {holds.office}",
        receiver=told.receiver.address or told.receiver.name,
        trial_for="",
        subject=told.subject,
        document=told.matter.document or "",
        case_ids=told.matter.case_id,
        identity=f"version {holds.version}",
        status="decided" if holds.decided_on else "handed_in",
        sha256_sent=holds.sha256,
        sha256_file="",
        files=" ".join(files),
        why_not="",
    )


def _by_office(party: Party) -> str:
    return ", ".join(filter(None, (party.office, party.address)))


def _csv(rows: Sequence[IndexRow]) -> bytes:
    """Return the rows for a Swedish spreadsheet: semicolons, a byte order mark, no cell that is run as a formula."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=";")
    writer.writerow([field.name for field in fields(IndexRow)])
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in asdict(row).values()])
    return table.getvalue().encode("utf-8-sig")
