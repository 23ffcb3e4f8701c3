"""Duties in force on a day: what every question about who owes something is narrowed to."""

from __future__ import annotations

from datetime import date
from typing import TypeVarTuple

from sqlalchemy import BindParameter, Select, or_

from styrhjul.db.model import Duty, DutyStatus, Edition, Policy

Ts = TypeVarTuple("Ts")


def in_force(question: Select[*Ts], on: date | BindParameter[date]) -> Select[*Ts]:
    """Narrow a question about duties to confirmed ones of present editions, whose policy is not repealed on the day."""
    return (
        question.join(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
        .join(Policy, (Policy.municipality_id == Duty.municipality_id) & (Policy.id == Duty.policy_id))
        .where(
            Duty.status == DutyStatus.CONFIRMED,
            Edition.superseded_on.is_(None),
            or_(Policy.repealed_on.is_(None), Policy.repealed_on > on),
        )
    )
