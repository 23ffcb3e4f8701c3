"""Writing a municipality's own ladders: all of them at once, with what no longer belongs to any ladder ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.course_model import LadderOverride
from styrhjul.db.ledger_write import end_notices
from styrhjul.db.session import municipality_of
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.moment import local_date
from styrhjul.domain.override import RungOverride

NO_LONGER_A_RUNG = "Steget finns inte längre i kommunens trappa."


def replace_overrides(session: Session, overrides: Iterable[RungOverride]) -> None:
    """Let these be the municipality's overrides and no others."""
    session.execute(delete(LadderOverride))
    session.add_all(LadderOverride(municipality_id=municipality_of(session), **asdict(row)) for row in overrides)
    session.flush()


def wake_open_cases(session: Session, lifecycles: Collection[str], now: datetime) -> int:
    """Let the planner look at every open case of these lifecycles today; return how many there are."""
    query = select(Case.id, Case.lifecycle).where(Case.closed_on.is_(None), Case.lifecycle.in_(lifecycles))
    cases = [(case_id, lifecycle) for case_id, lifecycle in session.execute(query.order_by(Case.id))]
    touch_cases(session, cases, local_date(now))
    return len(cases)


def cancel_lost_rungs(
    session: Session, has_rung: Callable[[str, str | None, str], bool], now: datetime, *, by: str
) -> None:
    """Cancel what waits to be written for a rung that its ladder no longer has: nobody could write that mail.

    `has_rung` is asked with a lifecycle's key, a policy and a rung's key.
    """
    waiting = (NoticeStatus.PLANNED, NoticeStatus.VACANT)
    rows = session.execute(
        select(Notice, Case.lifecycle, Case.policy_id)
        .join(Case, (Case.municipality_id == Notice.municipality_id) & (Case.id == Notice.case_id))
        .where(Notice.status.in_(waiting))
        .order_by(Notice.id)
        .with_for_update(of=Notice)
    )
    lost = [notice for notice, key, policy_id in rows if not has_rung(key, policy_id, notice.rung)]
    end_notices(session, lost, NoticeStatus.CANCELLED, NO_LONGER_A_RUNG, now, by=by)
