"""Checking the journal: every seal is recomputed from the entry and the seal before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalHead
from styrhjul.db.journal import entries
from styrhjul.db.model import Municipality
from styrhjul.db.session import municipality_of
from styrhjul.domain.journal import GENESIS, seal

#: Told how many of how many lines are checked, now and then.
Progress = Callable[[int, int], None]
_NOW_AND_THEN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a chain does not hold. `municipality` is its short name; `fault` is Swedish."""

    municipality_id: str
    municipality: str
    number: int
    fault: str


def check_chain(session: Session, progress: Progress = lambda *_: None) -> tuple[int, list[Break]]:
    """Return how many entries a municipality has and where its chain breaks: edits, gaps, reorderings, a cut tail.

    Adding a municipality is its first line, so an empty journal is a broken one. The seals have no key: whoever can
    rewrite every later line and the head as well leaves no trace.
    """
    municipality_id = municipality_of(session)
    breaks: list[Break] = []
    slug = session.scalars(select(Municipality.slug).where(Municipality.id == municipality_id)).one_or_none() or ""
    whose = {"municipality_id": municipality_id, "municipality": slug}
    previous, number = GENESIS, 0
    last = session.scalar(select(JournalHead.number)) or 0
    for entry, sealed in entries(session):
        number += 1
        if entry.number != number:
            breaks.append(Break(**whose, number=number, fault=f"rad {number} saknas"))
            number = entry.number
        if seal(previous, entry) != sealed:
            breaks.append(Break(**whose, number=number, fault="raden är ändrad"))
        previous = sealed
        if number % _NOW_AND_THEN == 0:
            progress(number, max(last, number))
    head = session.scalars(select(JournalHead)).one_or_none()
    if head is None or (head.number, head.seal) != (number, previous):
        breaks.append(Break(**whose, number=number, fault="slutet saknas"))
    return number, breaks
