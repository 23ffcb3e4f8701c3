"""The days of duties: what the document states is told from what somebody here corrected it to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.model import Edition
from styrhjul.domain.date_rule import DateRule
from styrhjul.domain.deadline import corrected_source, deadline_rule, deadline_source, names_the_day, stands_in
from styrhjul.domain.facts import Deadline
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import DueBasis


def deadlines_of(session: Session, duties: Sequence[Any]) -> Mapping[str, Deadline]:
    """Return by id the days of those duties that name one.

    A duty's words stand as a rule in its own sentence; where they do not, the whole text is asked.
    """
    dated = [duty for duty in duties if duty.deadline]
    elsewhere = {duty.edition_id for duty in dated if not stands_in(duty.deadline, duty.quote)}
    texts = _texts(session, elsewhere) if elsewhere else {}
    found: dict[str, Deadline] = {}
    for duty in dated:
        stated = stands_in(duty.deadline, duty.quote) or stands_in(duty.deadline, texts[duty.edition_id])
        day = _stated(duty.deadline) if stated else _corrected(duty.deadline, duty.confirmed_by, duty.confirmed_at)
        if day is not None:
            found[duty.id] = day
    return found


def _texts(session: Session, edition_ids: set[str]) -> dict[str, str]:
    rows = session.execute(select(Edition.id, Edition.text).where(Edition.id.in_(sorted(edition_ids))))
    return {row.id: row.text for row in rows}


@lru_cache(maxsize=1024)
def _stated(words: str) -> Deadline | None:
    """Return the day a text names itself; one that only names a report gets the lifecycle's own day."""
    day = _day(words)
    return Deadline(day=day, source=deadline_source(words)) if day is not None else None


def _corrected(words: str, by: str | None, at: datetime | None) -> Deadline | None:
    day = _day(words)
    if day is None:
        return None
    source = corrected_source(words, by, local_date(at) if at else None)
    return Deadline(day=day, source=source, basis=DueBasis.CORRECTION)


def _day(words: str) -> DateRule | date | None:
    return deadline_rule(words) if names_the_day(words) else None
