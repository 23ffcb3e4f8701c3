"""Drafts of an answer: what stands in an opened form is kept until it is handed in or the case closes.

A draft is no answer: it moves nothing, is in no record, and rests under the key that also seals the mails. It belongs
to the office: whoever holds it, or stands in for it, goes on where the last one stopped. Another office never sees it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from styrhjul.db.answer_query import load_answer_of_form
from styrhjul.db.asked_query import LinkFacts
from styrhjul.db.draft_query import KeptDraft, keep_draft, load_drafts
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.mail.seal import SealBroken, Sealer
from styrhjul.services.answering.opened_link import find_opened, opened_question
from styrhjul.services.foundation.crashpoint import crashpoint

log = structlog.get_logger()

#: Forms of one office and case that are kept at once: two people and their tabs.
MOST_DRAFTS = 6
#: In bytes, of what was typed; more than any form can hold.
LARGEST = 400_000


class NotKept(Exception):
    """There is nothing to keep: the form has been handed in, holds too much, or its reader may not answer."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form: its fields, name and value, in the order they stand."""

    form_id: str
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A form as it was last saved."""

    form_id: str
    fields: tuple[tuple[str, str], ...]
    saved_at: datetime


def save_draft(database: Database, sealer: Sealer, token: str, typed: Typed, *, now: datetime) -> None:
    """Keep what stands in a form. Safe to repeat; the last one saved holds. Raises LinkGone or NotKept."""
    link = find_opened(database, token)
    with database.municipality(link.municipality_id) as session:
        keep_typed(session, sealer, link, typed, now)
        crashpoint("before_draft_commit")
    crashpoint("after_draft_commit")


def keep_typed(session: Session, sealer: Sealer, link: LinkFacts, typed: Typed, now: datetime) -> None:
    """Keep what stands in a form in the caller's transaction. Raises LinkGone or NotKept."""
    plain = json.dumps(list(typed.fields), ensure_ascii=False).encode("utf-8", "replace")
    if len(plain) > LARGEST:
        raise NotKept
    question = opened_question(session, link, load_organisation(session), now)
    if not (question.is_theirs and question.may_answer) or load_answer_of_form(session, typed.form_id) is not None:
        raise NotKept
    kept = load_drafts(session, link.case_id, link.post_id)
    if len(kept) >= MOST_DRAFTS and typed.form_id not in {draft.form_id for draft in kept}:
        raise NotKept
    key = {"case_id": link.case_id, "post_id": link.post_id, "form_id": typed.form_id}
    keep_draft(session, key, sealer.seal(plain, _purpose(link)), now)


def drafts_of(database: Database, sealer: Sealer, link: LinkFacts) -> list[SavedDraft]:
    """Return the drafts of the link's own office, the one saved last first.

    One that does not open, since the installation's key is another, is left out.
    """
    with database.reading(link.municipality_id) as session:
        return _opened(session, sealer, link)


def _opened(session: Session, sealer: Sealer, link: LinkFacts) -> list[SavedDraft]:
    found = (_draft(sealer, link, kept) for kept in load_drafts(session, link.case_id, link.post_id))
    return [draft for draft in found if draft is not None]


def _draft(sealer: Sealer, link: LinkFacts, kept: KeptDraft) -> SavedDraft | None:
    try:
        plain = sealer.open(kept.sealed_fields, _purpose(link))
    except SealBroken:
        log.warning("draft_not_opened", municipality=link.municipality_id, case=link.case_id)
        return None
    return SavedDraft(kept.form_id, tuple((name, value) for name, value in json.loads(plain)), kept.saved_at)


def _purpose(link: LinkFacts) -> bytes:
    return f"draft {link.municipality_id} {link.case_id} {link.post_id}".encode()
