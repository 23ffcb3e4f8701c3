"""When a setting was last changed, and by whom: read from the journal, which is the only place that keeps it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalEntry
from styrhjul.domain.journal import EntryKind

#: Settings change a few times a year; further back than this nobody is asked about.
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """One entry of the journal about settings."""

    kind: EntryKind
    at: datetime
    by: str
    data: dict[str, Any]


def setting_changes(session: Session, kinds: Collection[EntryKind]) -> list[SettingChange]:
    """Return the entries of these kinds, newest first."""
    query = (
        select(JournalEntry.kind, JournalEntry.at, JournalEntry.by, JournalEntry.data)
        .where(JournalEntry.kind.in_(kinds))
        .order_by(JournalEntry.number.desc())
        .limit(_MOST)
    )
    return [SettingChange(kind=kind, at=at, by=by, data=data) for kind, at, by, data in session.execute(query)]
