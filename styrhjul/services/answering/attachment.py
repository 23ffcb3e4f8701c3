"""Files with an answer: sent with the draft, taken away again before it is handed in, and part of it from then on.

A file before that belongs to the office, as its draft does. The gate in `web.upload` has looked at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from styrhjul.db.asked_query import LinkFacts
from styrhjul.db.attachment_query import (
    GivenAttachment,
    KeptFile,
    attach_files,
    bytes_kept,
    drop_file,
    drop_unused,
    find_same,
    keep_file,
    load_file,
    load_listed,
    receive_files,
)
from styrhjul.db.case_write import lock_case
from styrhjul.db.model import new_id
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.mail.seal import Sealer
from styrhjul.services.answering.draft import Typed, keep_typed
from styrhjul.services.answering.opened_link import find_opened, opened_question
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.municipality.directory import NotHere, municipality_by

#: Files with one answer.
MOST_FILES = 10
MOST_BYTES_OF_CASE = 100_000_000
MOST_BYTES_OF_MUNICIPALITY = 10_000_000_000


class TooMany(Exception):
    """The answer has as many files as it can hold."""


class NoRoom(Exception):
    """The case, or the municipality, has as many bytes of files as it can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that passed the gate."""

    name: str
    media_type: str
    content: bytes


def attach(  # noqa: PLR0913 - whose, what stands in the form, the file and when
    database: Database, sealer: Sealer, token: str, typed: Typed, file: SentFile, *, now: datetime
) -> None:
    """Keep a file with what stands in the form. The same file again is kept once.

    Raises LinkGone, NotKept, TooMany or NoRoom; then nothing is kept.
    """
    link = find_opened(database, token)
    with database.municipality(link.municipality_id) as session:
        lock_case(session, link.case_id)
        digest = sha256(file.content).hexdigest()
        key = {"case_id": link.case_id, "post_id": link.post_id, "form_id": typed.form_id, "sha256": digest}
        attachment_id = find_same(session, key)
        if attachment_id is None:
            _refuse_unless_room(session, link, len(file.content))
            attachment_id = new_id()
            row = {"id": attachment_id, **key, "size_bytes": len(file.content), "sent_at": now, "received_at": None}
            keep_file(session, {**row, "name": file.name, "media_type": file.media_type, "content": file.content})
        keep_typed(session, sealer, link, _with(typed, attachment_id), now)
        crashpoint("before_attachment_commit")
    crashpoint("after_attachment_commit")


def detach(  # noqa: PLR0913 - as above
    database: Database, sealer: Sealer, token: str, typed: Typed, attachment_id: str, *, now: datetime
) -> None:
    """Take a file away from a form; what has been handed in stays with that answer. Raises LinkGone or NotKept."""
    link = find_opened(database, token)
    left = [(name, value) for name, value in typed.fields if not (_names_file(name) and value == attachment_id)]
    with database.municipality(link.municipality_id) as session:
        keep_typed(session, sealer, link, Typed(typed.form_id, left), now)
        drop_file(session, attachment_id, link.post_id)


def listed(database: Database, token: str, ids: Sequence[str]) -> tuple[GivenAttachment, ...]:
    """Return those of the files that the link's office may hand in, in the order of `ids`. Raises LinkGone."""
    if not ids:
        return ()
    link = find_opened(database, token)
    with database.reading(link.municipality_id) as session:
        return load_listed(session, link.case_id, link.post_id, ids)


def file_of_link(database: Database, token: str, attachment_id: str, *, now: datetime) -> KeptFile:
    """Return a file for whoever holds the link: handed in, or the office's own. Raises LinkGone or NotHere."""
    link = find_opened(database, token)
    with database.reading(link.municipality_id) as session:
        opened_question(session, link, load_organisation(session), now)  # dead links give nothing
        file = load_file(session, link.case_id, attachment_id)
        if file is None or not (file.is_received or file.post_id == link.post_id):
            raise NotHere(attachment_id)
        return file


def file_of_case(database: Database, slug: str, case_id: str, attachment_id: str) -> KeptFile:
    """Return a file for an official, once it has been handed in. Raises NotHere."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        file = load_file(session, case_id, attachment_id)
    if file is None or not file.is_received:
        raise NotHere(attachment_id)
    return file


def handed_in(
    session: Session, link: LinkFacts, ids: Sequence[str], form_id: str, *, now: datetime
) -> tuple[GivenAttachment, ...]:
    """Receive the files of a form, and forget what it sent but left out; return them."""
    files = load_listed(session, link.case_id, link.post_id, ids)
    receive_files(session, [file.attachment_id for file in files], now)
    drop_unused(session, link.case_id, link.post_id, form_id)
    return files


def add_to_answer(session: Session, answer_id: str, files: Sequence[GivenAttachment]) -> None:
    """Make files part of a version of an answer."""
    rows = [
        {"id": new_id(), "attachment_id": file.attachment_id, "position": position}
        for position, file in enumerate(files, 1)
    ]
    attach_files(session, answer_id, rows)


def _refuse_unless_room(session: Session, link: LinkFacts, size: int) -> None:
    of_case = bytes_kept(session, link.case_id) + size > MOST_BYTES_OF_CASE
    if of_case or bytes_kept(session) + size > MOST_BYTES_OF_MUNICIPALITY:
        raise NoRoom


def _with(typed: Typed, attachment_id: str) -> Typed:
    files = [value for name, value in typed.fields if _names_file(name)]
    if attachment_id in files:
        return typed
    if len(files) >= MOST_FILES:
        raise TooMany
    return Typed(typed.form_id, [*typed.fields, (f"attachments-{len(files)}", attachment_id)])


def _names_file(name: str) -> bool:
    return name.startswith("attachments-")
