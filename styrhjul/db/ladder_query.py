"""A municipality's own ladders, as the frozen overrides that the domain lays over the declared ones."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.course_model import LadderOverride
from styrhjul.domain.override import RungOverride


def load_overrides(session: Session) -> tuple[RungOverride, ...]:
    """Return every override, those of the whole municipality first, then by policy, lifecycle and rung."""
    rows = session.scalars(
        select(LadderOverride).order_by(
            LadderOverride.policy_id.is_not(None),
            LadderOverride.policy_id,
            LadderOverride.lifecycle,
            LadderOverride.rung,
            LadderOverride.id,
        )
    )
    return tuple(
        RungOverride(
            lifecycle=row.lifecycle,
            policy_id=row.policy_id,
            rung=row.rung,
            anchor=row.anchor,
            days=row.days,
            unit=row.unit,
            audience=row.audience,
            email=row.email,
            cap=row.cap,
            every=row.every,
        )
        for row in rows
    )
