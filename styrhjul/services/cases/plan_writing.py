"""Writing what a batch of subjects was planned to: all together, and one by one where one of them stops the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from styrhjul.db.plan_write import Entered, write_actions
from styrhjul.db.quarantine_write import clear_quarantine
from styrhjul.db.wake import Waking, set_wakes
from styrhjul.domain.action import Action
from styrhjul.services.cases.ending import end_documents

log = structlog.get_logger()


class Planned(NamedTuple):
    """What is to be done about a subject, and when it wakes next; None = only an event can wake it."""

    subject: Waking
    actions: list[Action]
    wake_on: date | None


class Broken(NamedTuple):
    """A subject that cannot be planned or written about, and why."""

    subject_id: str
    error: str


def write_all(
    session: Session, lifecycle: str, planned: Sequence[Planned], broken: list[Broken], now: datetime
) -> tuple[int, list[Entered]]:
    """Write it all; return how many cases were opened, and what was entered. What cannot be written joins `broken`.

    What is no subject's fault is raised: the database's own trouble, and that somebody else wrote in between.
    """
    if not planned:
        return 0, []
    try:
        with session.begin_nested():
            return _write(session, lifecycle, planned, now)
    except Exception as error:
        if _is_nobodys_fault(error):
            raise
        log.exception("subjects_one_by_one", lifecycle=lifecycle)
    opened, entered = 0, list[Entered]()
    for each in planned:
        try:
            with session.begin_nested():
                opened_here, entered_here = _write(session, lifecycle, [each], now)
        except Exception as error:
            if _is_nobodys_fault(error):
                raise
            log.exception("quarantined", lifecycle=lifecycle, subject=each.subject.subject_id)
            broken.append(Broken(each.subject.subject_id, _told(error)))
        else:
            opened += opened_here
            entered += entered_here
    return opened, entered


def _write(session: Session, lifecycle: str, planned: Sequence[Planned], now: datetime) -> tuple[int, list[Entered]]:
    actions = [action for each in planned for action in each.actions]
    opened, entered = write_actions(session, actions, now)
    set_wakes(session, lifecycle, [(each.subject.kind, each.subject.subject_id, each.wake_on) for each in planned])
    end_documents(session, actions, now)
    clear_quarantine(session, lifecycle, [each.subject.subject_id for each in planned if each.subject.is_aside], now)
    return opened, entered


def _is_nobodys_fault(error: Exception) -> bool:
    """Whether it goes over by itself or is for the operator: a lock, a lost line, a table that is not there."""
    if isinstance(error, DBAPIError):
        return not isinstance(error, IntegrityError | DataError)
    return isinstance(error, StaleDataError)


def _told(error: Exception) -> str:
    """Return what it is in one line, without the statement and the rows that a database's error brings along."""
    cause = error.orig if isinstance(error, StatementError) else error
    return f"{type(error).__name__}: {cause}".splitlines()[0]
