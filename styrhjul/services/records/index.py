"""What a folder of saved records lists of them, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from styrhjul.reports.json_document import json_document
from styrhjul.services.foundation.new_file import write_new
from styrhjul.services.records.answer_record import AnswerMetadata
from styrhjul.services.records.inbound_record import InboundMetadata
from styrhjul.services.records.mail_record import MailMetadata
from styrhjul.services.records.record import Party

#: What a spreadsheet would run instead of show.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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


def write_index(out: Path, rows: Sequence[IndexRow]) -> None:
    """Write the index as JSON and as CSV. It comes last: a folder without an index is not finished."""
    write_new(out / "index.csv", _csv(rows))
    write_new(out / "index.json", json_document([asdict(row) for row in rows]))


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
