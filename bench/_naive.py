"""The obvious way to sweep, to measure ours against: no wake days, so every open case is asked on every pulse.

It is no straw man. Facts come in bulk through the same queries as ours, the planner is the same, and each municipality
is one transaction; a loop that fetched each case by itself would be several times slower.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.model import Municipality, new_id
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.action import SendNotice
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.moment import local_date
from styrhjul.domain.planner import plan


def naive_sweep(database: Database, lifecycle: Lifecycle, now: datetime) -> int:
    """Ask about every open case of a lifecycle and write what is owed; return how many notices that was."""
    with database.system(read_only=True) as session:
        municipalities = list(session.scalars(select(Municipality.id)))
    written = 0
    for municipality_id in municipalities:
        with database.municipality(municipality_id) as session:
            written += _sweep_municipality(session, lifecycle, local_date(now), now)
    return written


def _sweep_municipality(session: Session, lifecycle: Lifecycle, today: date, now: datetime) -> int:
    open_cases = select(Case.id).where(Case.lifecycle == lifecycle.key, Case.state.in_(lifecycle.chased))
    facts = load_case_facts(session, load_organisation(session), session.scalars(open_cases))
    notices = [
        _notice(action, today, now)
        for case in facts
        for action in plan(lifecycle, case, today)
        if isinstance(action, SendNotice)
    ]
    session.add_all(notices)
    return len(notices)


def _notice(action: SendNotice, today: date, now: datetime) -> Notice:
    return Notice(
        id=new_id(),
        case_id=action.case_id,
        due_on=action.due_on,
        rung=action.rung,
        post_id=action.post_id,
        status=NoticeStatus.PLANNED,
        planned_on=today,
        not_before_at=now,
    )
