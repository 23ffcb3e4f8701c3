"""Writing a release: the cases that began too late are closed unasked, and nothing planned for them leaves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.case_write import end_cases
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import end_notices
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State

#: Why a reminder from before the release is not sent: whoever has not heard of the case hears of it first; Swedish.
NOT_OPENED_YET = "Utskicken släpptes först nu. Mejlet om att ärendet är öppet går före."
#: Why what was planned before the release is not sent; Swedish.
TOO_LATE = "Fristen var för nära när utskicken släpptes."


def close_as_not_followed(session: Session, cases: Sequence[Case], now: datetime, *, by: str) -> None:
    """Close cases as if they had been from before Styrhjul was in use; they sleep, and their notices are cancelled.

    Raises StaleDataError when somebody moved one of them in between.
    """
    for case in cases:
        case.state = State.NOT_FOLLOWED
    lines = [
        Line(kind=EntryKind.CASE_NOT_FOLLOWED, by=by, case_id=case.id, data={"due_on": case.due_on.isoformat()})
        for case in cases
    ]
    write_down(session, lines, now)
    end_cases(session, cases, TOO_LATE, now, by=by)


def open_first(
    session: Session, case_ids: Collection[str], opening_rungs: Collection[str], now: datetime, *, by: str
) -> None:
    """Let the mail about the opening go instead of the reminders that waited for the release to the same post.

    They gave way and are not cancelled: what was cancelled nobody has heard, and the planner owes it still.
    """
    waiting = session.scalars(
        select(Notice)
        .where(Notice.case_id.in_(case_ids), Notice.status.in_((NoticeStatus.PLANNED, NoticeStatus.VACANT)))
        .order_by(Notice.case_id, Notice.planned_on, Notice.rung, Notice.post_id)
    ).all()
    unopened = {(notice.case_id, notice.post_id) for notice in waiting if notice.rung in opening_rungs}
    later = [
        notice
        for notice in waiting
        if notice.rung not in opening_rungs and (notice.case_id, notice.post_id) in unopened
    ]
    end_notices(session, later, NoticeStatus.SUPERSEDED, NOT_OPENED_YET, now, by=by)
