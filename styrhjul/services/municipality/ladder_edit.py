"""One ladder changed rung by rung, in general or in one policy: what differs from below it is kept, checked whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.ladder_query import load_overrides
from styrhjul.db.model import Policy
from styrhjul.db.session import Database
from styrhjul.domain.override import CHANGEABLE, RungOverride, WrongLadder, as_followed, effective
from styrhjul.services.foundation.seen_version import refuse_changed
from styrhjul.services.municipality.ladder import NoSuchPolicy, lay_over, policies_by_slug
from workflows import LIFECYCLES


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderEdit:
    """How somebody wants one ladder, every field of each rung stated. `policy` is a short name, None = in general."""

    lifecycle: str
    policy: str | None
    rungs: tuple[RungOverride, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderSheet:
    """A ladder as it is followed, beside what stands below it; both by rung, in the ladder's order."""

    followed: Mapping[str, RungOverride]
    below: Mapping[str, RungOverride]


class BrokenElsewhere(ValueError):
    """The ladder is sound by itself, and makes that of a policy impossible: which one, and why, in Swedish."""

    def __init__(self, policy: str, sentence: str) -> None:
        super().__init__(f"Trappan i {policy} skulle inte gå ihop: {sentence}")


def ladder_sheet(database: Database, municipality_id: str, lifecycle: str, policy: str | None) -> LadderSheet:
    """Return a ladder for a form. Raises NoSuchPolicy; KeyError for a lifecycle that nobody declared."""
    with database.reading(municipality_id) as session:
        overrides = load_overrides(session)
        policy_id = _policy_id(session, policy)
    return _sheet(lifecycle, overrides, policy_id)


def ladder_policies(database: Database, municipality_id: str) -> tuple[tuple[str, str], ...]:
    """Return the municipality's documents by short name and title, in the order of their titles."""
    with database.reading(municipality_id) as session:
        rows = session.execute(select(Policy.slug, Policy.title).order_by(Policy.title, Policy.slug))
        return tuple((slug, title) for slug, title in rows)


def edited(session: Session, edit: LadderEdit) -> tuple[RungOverride, ...]:
    """Return every override of the municipality as the edit would have them. Raises WrongLadder, BrokenElsewhere."""
    overrides = load_overrides(session)
    policies = policies_by_slug(session)
    policy_id = _policy_id(session, edit.policy)
    below = _sheet(edit.lifecycle, overrides, policy_id).below
    rows = [kept for row in edit.rungs if (kept := _differing(row, below[row.rung], policy_id)) is not None]
    others = [row for row in overrides if (row.lifecycle, row.policy_id) != (edit.lifecycle, policy_id)]
    new = (*others, *rows)
    effective(LIFECYCLES[edit.lifecycle], new, policy_id=policy_id)
    _refuse_broken(edit.lifecycle, new, policies)
    return new


def set_ladder(  # noqa: PLR0913 - what, when, by whom, and on what was seen
    database: Database, municipality_id: str, edit: LadderEdit, now: datetime, *, by: str, seen: str
) -> bool:
    """Let one ladder be as edited, journalled; return whether anything changed. All or nothing.

    `seen` is the register's version that its forecast was shown for. Raises ChangedMeanwhile, WrongLadder,
    BrokenElsewhere and NoSuchPolicy.
    """
    with database.register(municipality_id) as session:
        refuse_changed(session, seen)
        return bool(lay_over(session, edited(session, edit), now, by=by).changed)


def _sheet(lifecycle: str, overrides: tuple[RungOverride, ...], policy_id: str | None) -> LadderSheet:
    declared = LIFECYCLES[lifecycle]
    general = overrides if policy_id else ()
    return LadderSheet(
        followed=as_followed(declared, overrides, policy_id=policy_id), below=as_followed(declared, general)
    )


def _policy_id(session: Session, policy: str | None) -> str | None:
    if policy is None:
        return None
    known = policies_by_slug(session)
    if policy not in known:
        raise NoSuchPolicy(policy, known)
    return known[policy]


def _differing(row: RungOverride, below: RungOverride, policy_id: str | None) -> RungOverride | None:
    """Return what a rung has of its own; None for nothing."""
    own: dict[str, Any] = {
        name: value
        for name in CHANGEABLE
        if (value := getattr(row, name)) is not None and value != getattr(below, name)
    }
    return RungOverride(lifecycle=row.lifecycle, rung=row.rung, policy_id=policy_id, **own) if own else None


def _refuse_broken(lifecycle: str, rows: tuple[RungOverride, ...], policies: Mapping[str, str]) -> None:
    slugs = {policy_id: slug for slug, policy_id in policies.items()}
    for policy_id in sorted({row.policy_id for row in rows if row.lifecycle == lifecycle and row.policy_id}):
        try:
            effective(LIFECYCLES[lifecycle], rows, policy_id=policy_id)
        except WrongLadder as wrong:
            raise BrokenElsewhere(slugs[policy_id], wrong.sentence) from None
