"""A municipality's own ladders, as the frozen overrides that the domain lays over the declared ones."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.course_model import LadderOverride
from styrhjul.db.prepared import Reading
from styrhjul.domain.override import RungOverride

_COLUMNS = ("lifecycle", "policy_id", "rung", "anchor", "days", "unit", "audience", "email", "cap", "every")
_OVERRIDES = Reading(
    select(*(getattr(LadderOverride, name) for name in _COLUMNS)).order_by(
        LadderOverride.policy_id.is_not(None),
        LadderOverride.policy_id,
        LadderOverride.lifecycle,
        LadderOverride.rung,
        LadderOverride.id,
    )
)


def load_overrides(session: Session) -> tuple[RungOverride, ...]:
    """Return every override, those of the whole municipality first, then by policy, lifecycle and rung."""
    return tuple(RungOverride(**dict(zip(_COLUMNS, row, strict=True))) for row in _OVERRIDES.rows(session))
