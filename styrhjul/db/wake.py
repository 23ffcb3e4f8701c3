"""When the planner looks at a subject again: who wakes today, when next, and at once where an event has changed it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, exists, func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Quarantine, SubjectKind, Wake
from styrhjul.db.prepared import Addition, Change, Reading
from styrhjul.db.session import municipality_of
from styrhjul.db.upsert import insert_of

_DUE = (Wake.lifecycle == bindparam("lifecycle"), Wake.wake_on <= bindparam("today"))
_IS_ASIDE = (
    exists()
    .where(Quarantine.municipality_id == Wake.municipality_id)
    .where(Quarantine.lifecycle == Wake.lifecycle, Quarantine.subject_id == Wake.subject_id)
)
_WAKING = Reading(
    select(Wake.subject_kind, Wake.subject_id, _IS_ASIDE)
    .where(*_DUE)
    .order_by(Wake.wake_on, Wake.subject_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_MUNICIPALITIES = Reading(
    select(Wake.municipality_id)
    .where(*_DUE)
    .group_by(Wake.municipality_id)
    .order_by(func.count(), Wake.municipality_id)
)

_ASLEEP = Change(
    delete(Wake).where(
        Wake.lifecycle == bindparam("lifecycle"), Wake.subject_id.in_(bindparam("subjects", expanding=True))
    )
)


class Waking(NamedTuple):
    """A subject that wakes. `is_aside`: it is in quarantine, and was touched or released since."""

    kind: SubjectKind
    subject_id: str
    is_aside: bool


def waking(session: Session, lifecycle: str, today: date, limit: int) -> list[Waking]:
    """Return up to `limit` subjects that wake, earliest first, locked until the transaction ends.

    On PostgreSQL rows another sweep holds are skipped; on SQLite the write lock already keeps others out.
    """
    return [Waking(*row) for row in _WAKING.rows(session, lifecycle=lifecycle, today=today, most=limit)]


def municipalities_waking(session: Session, lifecycle: str, today: date) -> list[str]:
    """Return the municipalities with anything to wake, the fewest first; for a system session."""
    return [row[0] for row in _MUNICIPALITIES.everywhere(session, lifecycle=lifecycle, today=today)]


def set_wakes(session: Session, lifecycle: str, wakes: Iterable[tuple[SubjectKind, str, date | None]]) -> None:
    """Set when each subject wakes next; None = only an event can wake it."""
    asleep: list[str] = []
    rows: list[dict[str, object]] = []
    for kind, subject_id, day in wakes:
        if day is None:
            asleep.append(subject_id)
        else:
            rows.append(
                {
                    "municipality_id": municipality_of(session),
                    "lifecycle": lifecycle,
                    "subject_kind": kind,
                    "subject_id": subject_id,
                    "wake_on": day,
                }
            )
    if asleep:
        _ASLEEP.make(session, {"lifecycle": lifecycle, "subjects": asleep})
    _woken(session.get_bind().dialect.name, only_earlier=False).make(session, rows)


def touch_policies(session: Session, policy_ids: Iterable[str], lifecycles: Iterable[str], today: date) -> None:
    """Wake each policy for each lifecycle key no later than `today`. Never moves a wake later; safe to repeat."""
    keys = tuple(lifecycles)
    _touch(session, ((policy_id, key) for policy_id in policy_ids for key in keys), SubjectKind.POLICY, today)


def touch_cases(session: Session, cases: Iterable[tuple[str, str]], today: date) -> None:
    """Wake each case, given with its own lifecycle's key, no later than `today`. As `touch_policies` otherwise."""
    _touch(session, cases, SubjectKind.CASE, today)


def _touch(session: Session, subjects: Iterable[tuple[str, str]], kind: SubjectKind, today: date) -> None:
    municipality_id = municipality_of(session)
    # A dict, since PostgreSQL refuses to meet the same row twice in one statement.
    rows: list[dict[str, Any]] = [
        {
            "municipality_id": municipality_id,
            "lifecycle": lifecycle,
            "subject_id": subject_id,
            "subject_kind": kind,
            "wake_on": today,
        }
        for subject_id, lifecycle in dict.fromkeys(subjects)
    ]
    _woken(session.get_bind().dialect.name, only_earlier=True).make(session, rows)


@cache
def _woken(dialect: str, *, only_earlier: bool) -> Addition:
    insert = insert_of(dialect, Wake)
    return Addition(
        insert.on_conflict_do_update(
            index_elements=["municipality_id", "lifecycle", "subject_id"],
            set_={"wake_on": insert.excluded.wake_on},
            where=insert.excluded.wake_on < Wake.wake_on if only_earlier else None,
        )
    )
