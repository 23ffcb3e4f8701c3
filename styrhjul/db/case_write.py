"""Locking a case, ending cases, giving one to another post: one way, whether people or the planner decided it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, delete, select
from sqlalchemy.orm import Session

from styrhjul.db.attachment_model import Attachment
from styrhjul.db.case_model import Case, Wake
from styrhjul.db.draft_model import Draft
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import cancel_open_notices
from styrhjul.db.prepared import Change
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date


def lock_case(session: Session, case_id: str) -> None:
    """Let nobody else who asks for this write about the case until the transaction ends."""
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())


def end_cases(session: Session, cases: Sequence[Case], reason: str, now: datetime, *, by: str) -> None:
    """Put cases that have been moved to their last state to rest: nothing leaves any more, and they never wake.

    Raises StaleDataError when somebody moved one of them in between.
    """
    for case in cases:
        case.closed_on = local_date(now)
    session.flush()
    ids = [case.id for case in cases]
    cancel_open_notices(session, ids, reason, now, by=by)
    if ids:
        _WAKES.make(session, {"case_ids": ids, "lifecycles": sorted({case.lifecycle for case in cases})})
        _DRAFTS.make(session, {"case_ids": ids})
        _UNUSED_FILES.make(session, {"case_ids": ids})


_CASE_IDS: BindParameter[list[str]] = bindparam("case_ids", expanding=True)
_WAKES = Change(
    delete(Wake).where(Wake.lifecycle.in_(bindparam("lifecycles", expanding=True)), Wake.subject_id.in_(_CASE_IDS))
)
#: Nobody can hand them in any more.
_DRAFTS = Change(delete(Draft).where(Draft.case_id.in_(_CASE_IDS)))
_UNUSED_FILES = Change(delete(Attachment).where(Attachment.case_id.in_(_CASE_IDS), Attachment.received_at.is_(None)))


def give_case(  # noqa: PLR0913 - what, to whom, why, when and by whom
    session: Session, case: Case, to: str, reason: str, now: datetime, *, by: str
) -> None:
    """Let another post answer for a case from today, which is no longer one in which nobody could be reached.

    What is withdrawn with it is the caller's to say. People may give a case to one of those who had it: what waits for
    that post stays, and others of the body may still be told. Of a body that is no more nothing stays.
    """
    case.assigned_post_id, case.assigned_on, case.unreachable_on = to, local_date(now), None
    session.flush()
    data = {"post": to, "reason": reason}
    write_down(session, [Line(kind=EntryKind.CASE_REASSIGNED, by=by, case_id=case.id, data=data)], now)
