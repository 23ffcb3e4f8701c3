"""Ending notices that will not leave: each is journalled with its reason, in the session's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Notice
from styrhjul.db.journal import Line, write_down
from styrhjul.db.mail_model import Mail, MailItem, MailStatus
from styrhjul.db.prepared import Reading
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import PLANNER as _PLANNER
from styrhjul.domain.journal import EntryKind

#: Who is named in the journal for what the calendar did.
PLANNER = _PLANNER
#: What has not reached anybody and still could.
OPEN_NOTICES = (NoticeStatus.PLANNED, NoticeStatus.MAILED, NoticeStatus.VACANT)
_KINDS = {
    NoticeStatus.CANCELLED: EntryKind.NOTICE_CANCELLED,
    NoticeStatus.SUPERSEDED: EntryKind.NOTICE_SUPERSEDED,
    NoticeStatus.VACANT: EntryKind.NOTICE_VACANT,
}

_OPEN = Reading(
    select(Notice.id)
    .where(Notice.case_id.in_(bindparam("case_ids", expanding=True)), Notice.status.in_(OPEN_NOTICES))
    .limit(1)
)


def cancel_open_notices(  # noqa: PLR0913 - of what, why, when, by whom, whose and which
    session: Session,
    case_ids: Collection[str],
    reason: str,
    now: datetime,
    *,
    by: str,
    post_ids: Collection[str] | None = None,
    rungs: Collection[str] = (),
    kept: Collection[str] = (),
) -> None:
    """Cancel everything about some cases that has not begun to leave, or only what goes to some posts or on some rungs.

    Safe to repeat. `kept` are notices that leave all the same.

    What a server may have by now is left as it is: its mail ends it. A mail that has not begun is withdrawn when its
    turn comes.
    """
    if not case_ids or not _OPEN.rows(session, case_ids=list(case_ids)):
        return
    begun = (
        select(MailItem.notice_id)
        .join(Mail, (Mail.municipality_id == MailItem.municipality_id) & (Mail.id == MailItem.mail_id))
        .where(
            MailItem.case_id.in_(case_ids),
            MailItem.notice_id.is_not(None),
            Mail.status.in_((MailStatus.QUEUED, MailStatus.SENDING)),
            Mail.data_started_at.is_not(None),
        )
    )
    query = (
        select(Notice)
        .where(Notice.case_id.in_(case_ids), Notice.status.in_(OPEN_NOTICES), Notice.id.not_in(begun))
        .order_by(Notice.case_id, Notice.planned_on, Notice.rung, Notice.post_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if post_ids is not None:
        query = query.where(or_(Notice.post_id.in_(post_ids), Notice.rung.in_(rungs)))
    if kept:
        query = query.where(Notice.id.not_in(kept))
    end_notices(session, session.scalars(query).all(), NoticeStatus.CANCELLED, reason, now, by=by)


def end_notices(  # noqa: PLR0913 - what, to what, why, when and by whom
    session: Session, notices: Iterable[Notice], status: NoticeStatus, reason: str, now: datetime, *, by: str = PLANNER
) -> None:
    """Give notices a status that says why they do not leave: cancelled, superseded or vacant; journal each."""
    lines = []
    for notice in notices:
        notice.status, notice.reason = status, reason
        data = {"rung": notice.rung, "post": notice.post_id, "due_on": notice.due_on.isoformat(), "reason": reason}
        lines.append(Line(kind=_KINDS[status], by=by, case_id=notice.case_id, data=data))
    session.flush()
    write_down(session, lines, now)
