"""Waking subjects early: an event has changed what the planner would say, so the next sweep must look again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from styrhjul.db.case_model import SubjectKind, Wake
from styrhjul.db.prepared import Addition
from styrhjul.db.session import municipality_of
from styrhjul.db.upsert import insert_of


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
    _no_later(session.get_bind().dialect.name).make(session, rows)


@cache
def _no_later(dialect: str) -> Addition:
    insert = insert_of(dialect, Wake)
    return Addition(
        insert.on_conflict_do_update(
            index_elements=["municipality_id", "lifecycle", "subject_id"],
            set_={"wake_on": insert.excluded.wake_on},
            where=insert.excluded.wake_on < Wake.wake_on,
        )
    )
