"""What a decision to dispose of texts reaches, counted and carried out. The rows stay, and so do their seals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.inbound_model import InboundMail
from styrhjul.db.mail_model import Mail, MailItem
from styrhjul.db.retention_model import RetentionRule
from styrhjul.domain.retention import Kept

#: What a mail that came in looks like when it is disposed of.
_EMPTY: dict[str, Any] = {"text": "", "sealed_bytes": b""}


def retention_rules(session: Session) -> Sequence[RetentionRule]:
    """Return the municipality's decisions, by the kind of text."""
    return session.scalars(select(RetentionRule).order_by(RetentionRule.kept)).all()


def retention_rule(session: Session, kept: Kept) -> RetentionRule | None:
    """Return the decision about one kind, locked."""
    return session.scalars(select(RetentionRule).where(RetentionRule.kept == kept).with_for_update()).one_or_none()


def count_reached(session: Session, kept: Kept, before: datetime) -> int:
    """Return how many mails have a text of this kind that is older; never one about a case that is open."""
    table, reached = _reached(kept, before)
    return session.scalar(select(func.count()).select_from(table).where(reached)) or 0


def dispose(session: Session, kept: Kept, before: datetime) -> int:
    """Empty the texts that `count_reached` counts; return how many. Safe to repeat."""
    count = count_reached(session, kept, before)
    table, reached = _reached(kept, before)
    values = {"redacted": None} if kept is Kept.MAIL_TEXT else _EMPTY
    if count:
        session.execute(update(table).where(reached).values(**values).execution_options(synchronize_session=False))
    return count


def _reached(kept: Kept, before: datetime) -> tuple[type[Mail | InboundMail], ColumnElement[bool]]:
    if kept is Kept.MAIL_TEXT:
        left = and_(Mail.finished_at < before, Mail.redacted.is_not(None))
        return Mail, and_(left, Mail.id.not_in(_in_open_cases()))
    of_open_case = or_(InboundMail.case_id.in_(_open_cases()), InboundMail.mail_id.in_(_in_open_cases()))
    came = and_(InboundMail.received_at < before, func.length(InboundMail.sealed_bytes) > 0)
    return InboundMail, and_(came, func.coalesce(of_open_case, False).is_(False))


def _open_cases() -> Select[str]:
    return select(Case.id).where(Case.closed_on.is_(None))


def _in_open_cases() -> Select[str]:
    return select(MailItem.mail_id).where(MailItem.case_id.in_(_open_cases()))
