"""Writing mails into the outbox, what each carries, and the links in them: one statement a table, however many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from styrhjul.db.mail_model import AnswerLink, Mail, MailItem
from styrhjul.db.prepared import Addition
from styrhjul.db.session import municipality_of

_MAILS, _ITEMS, _LINKS = (Addition(insert(table)) for table in (Mail, MailItem, AnswerLink))


def add_mails(session: Session, mails: Sequence[Mapping[str, Any]], items: Sequence[Mapping[str, Any]]) -> None:
    """Add mails and their items, rows by column name. Raises IntegrityError for a mailbox's second of a day."""
    _MAILS.make(session, _owned(session, mails))
    _ITEMS.make(session, _owned(session, items))


def add_links(session: Session, links: Sequence[Mapping[str, Any]]) -> None:
    """Add links that answer, rows by column name."""
    _LINKS.make(session, _owned(session, links))


def _owned(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"municipality_id": municipality_of(session), **row} for row in rows]
