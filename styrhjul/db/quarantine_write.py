"""Setting aside a subject that cannot be planned or written about, and taking it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Quarantine, Wake
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.model import new_id
from styrhjul.db.session import municipality_of
from styrhjul.db.upsert import insert_new
from styrhjul.domain.journal import EntryKind


def quarantine(session: Session, lifecycle: str, subject_id: str, error: str, now: datetime) -> None:
    """Set a subject aside: it wakes no more until somebody touches or releases it. Safe to repeat."""
    row = {
        "municipality_id": municipality_of(session),
        "id": new_id(),
        "lifecycle": lifecycle,
        "subject_id": subject_id,
        "error": error,
        "quarantined_at": now,
    }
    if insert_new(session, Quarantine, [row], Quarantine.id):
        data = {"lifecycle": lifecycle, "subject": subject_id, "error": error}
        write_down(session, [Line(kind=EntryKind.QUARANTINED, by=PLANNER, data=data)], now)
    session.execute(delete(Wake).where(Wake.lifecycle == lifecycle, Wake.subject_id == subject_id))


def clear_quarantine(session: Session, lifecycle: str, mended: Collection[str], now: datetime) -> None:
    """Forget the quarantine of subjects that could be planned after all, and journal it."""
    if not mended:
        return
    session.execute(delete(Quarantine).where(Quarantine.lifecycle == lifecycle, Quarantine.subject_id.in_(mended)))
    write_down(
        session,
        [
            Line(kind=EntryKind.QUARANTINE_RELEASED, by=PLANNER, data={"lifecycle": lifecycle, "subject": subject_id})
            for subject_id in sorted(mended)
        ],
        now,
    )
