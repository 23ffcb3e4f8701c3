"""Writing a release: the cases that began too late are closed unasked, and nothing planned for them leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice, Wake
from styrhjul.db.journal import Line, write_down
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date

#: Why what was planned before the release is not sent; Swedish.
TOO_LATE = "Fristen var för nära när utskicken släpptes."


def close_as_not_followed(session: Session, cases: Sequence[Case], now: datetime, *, by: str) -> None:
    """Close cases as if they had been from before Styrhjul was in use; they sleep, and their notices are cancelled.

    Raises StaleDataError when somebody moved one of them in between.
    """
    ids = [case.id for case in cases]
    for case in cases:
        case.state = State.NOT_FOLLOWED
        case.closed_on = local_date(now)
    session.flush()
    session.execute(delete(Wake).where(Wake.subject_id.in_(ids)))
    lines = [
        Line(kind=EntryKind.CASE_NOT_FOLLOWED, by=by, case_id=case.id, data={"due_on": case.due_on.isoformat()})
        for case in cases
    ]
    write_down(session, [*lines, *_cancel_notices(session, ids, by)], now)


def _cancel_notices(session: Session, case_ids: Sequence[str], by: str) -> list[Line]:
    waiting = select(Notice).where(
        Notice.case_id.in_(case_ids), Notice.status.in_([NoticeStatus.PLANNED, NoticeStatus.VACANT])
    )
    lines = []
    for notice in session.scalars(waiting.order_by(Notice.case_id, Notice.planned_on, Notice.rung, Notice.id)):
        notice.status, notice.reason = NoticeStatus.CANCELLED, TOO_LATE
        lines.append(
            Line(
                kind=EntryKind.NOTICE_CANCELLED,
                by=by,
                case_id=notice.case_id,
                data={
                    "rung": notice.rung,
                    "post": notice.post_id,
                    "due_on": notice.due_on.isoformat(),
                    "reason": TOO_LATE,
                },
            )
        )
    return lines
