"""A municipality's cases in outline, many at a time, and its register by name: what a page of the whole year needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, SubjectKind, Wake
from styrhjul.db.decided_query import last_decided
from styrhjul.db.model import Duty, DutyStatus, Edition, Policy
from styrhjul.db.office_query import body_names
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.overview_query import DutyLine, PolicyLine, in_swedish_order
from styrhjul.db.prepared import Reading
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import LifecycleKey


class CaseOutline(NamedTuple):
    """A case with what its place in the year needs, and no more."""

    case_id: str
    policy_id: str | None
    lifecycle: str
    period: str
    body_id: str
    state: State
    opens_on: date
    due_on: date
    agenda_on: date | None
    limit_on: date | None
    unreachable_on: date | None
    is_binding: bool


class Waking(NamedTuple):
    """A case or a policy, and the day the planner looks at it again."""

    lifecycle: str
    subject_id: str
    kind: SubjectKind
    wake_on: date


_FIELDS = CaseOutline._fields[1:]
_OUTLINES = Reading(
    select(Case.id, *(getattr(Case, name) for name in _FIELDS))
    .where(Case.closed_on.is_(None) | Case.due_on.between(bindparam("first"), bindparam("last")))
    .order_by(Case.due_on, Case.id)
)
_OWNERS = Reading(select(Policy.id, Policy.owner_post_id))
_WAKING = Reading(
    select(Wake.lifecycle, Wake.subject_id, Wake.subject_kind, Wake.wake_on)
    .where(Wake.wake_on <= bindparam("until"))
    .order_by(Wake.wake_on, Wake.lifecycle, Wake.subject_id)
    .limit(bindparam("most"))
)
_RECORDED = Reading(
    select(Case.lifecycle, Case.policy_id, Case.body_id, Case.period).where(
        Case.policy_id.in_(bindparam("policy_ids", expanding=True))
    )
)
_POLICY = ("slug", "title", "document_type", "repealed_on", "released_at")
_EDITION = (
    *("adopted_by", "adopted_on", "paragraph", "diary_number", "version"),
    *("valid_from", "valid_until", "last_revised_on", "document_owner", "replaces"),
)
_DUTY = (
    *("quote", "start", "end", "actor", "modality", "action_kind", "recurrence", "deadline", "goal_min", "goal_max"),
    *("confidence", "reason", "status", "lifecycle", "of_plans"),
)
_POLICIES = Reading(
    select(
        Policy.id,
        Policy.adopted_by_id,
        Policy.owner_post_id,
        Edition.id,
        *(getattr(Policy, name) for name in _POLICY),
        *(getattr(Edition, name) for name in _EDITION),
    )
    .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
    .where(Edition.superseded_on.is_(None))
)
_KEPT: ColumnElement[bool] = Duty.status != DutyStatus.REJECTED
_DUTIES = Reading(
    select(Duty.edition_id, *(getattr(Duty, name) for name in _DUTY))
    .join(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
    .where(_KEPT, Edition.superseded_on.is_(None))
    .order_by(Duty.start, Duty.id)
)


def load_outlines(session: Session, first: date, last: date) -> list[CaseOutline]:
    """Return the cases that have not ended and those due between two days, both included, by their due day."""
    return [CaseOutline(*row) for row in _OUTLINES.rows(session, first=first, last=last)]


def owner_posts(session: Session, organisation: Organisation) -> Mapping[str, str | None]:
    """Return the post of each document's owner, by the document's id; read once for each state of the register."""
    if _OWNERS not in organisation.memory:
        organisation.memory[_OWNERS] = dict(_OWNERS.rows(session))
    found: Mapping[str, str | None] = organisation.memory[_OWNERS]
    return found


def load_waking(session: Session, until: date, most: int) -> list[Waking]:
    """Return what the planner looks at up to a day, the first to wake first; at most so many."""
    return [Waking(*row) for row in _WAKING.rows(session, until=until, most=most)]


def load_recorded(session: Session, policy_ids: Collection[str]) -> Mapping[tuple[str, str], set[tuple[str, str]]]:
    """Return the body and period of every case, by lifecycle and policy."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for lifecycle, policy_id, body_id, period in _RECORDED.rows(session, policy_ids=list(policy_ids)):
        if policy_id is not None:
            found[lifecycle, policy_id].add((body_id, period))
    return found


def load_policy_lines(session: Session, organisation: Organisation) -> list[PolicyLine]:
    """Return the policies as `load_policies` does, without their texts.

    The register is read once for each state of it; what has been decided in cases since is read every time.
    """
    if _POLICIES not in organisation.memory:
        organisation.memory[_POLICIES] = _policy_lines(session, organisation)
    lines: Sequence[PolicyLine] = organisation.memory[_POLICIES]
    looked_at = (LifecycleKey.REVISION, LifecycleKey.CURRENCY_REVIEW)
    decided = last_decided(session, [line.policy_id for line in lines], *looked_at) if lines else {}
    return [_as_decided(line, decided.get(line.policy_id)) for line in lines]


def _as_decided(line: PolicyLine, decided_on: date | None) -> PolicyLine:
    is_later = decided_on is not None and (line.decided_on is None or decided_on > line.decided_on)
    return replace(line, decided_on=decided_on) if is_later else line


def _policy_lines(session: Session, organisation: Organisation) -> tuple[PolicyLine, ...]:
    names = body_names(session, organisation)
    duties: dict[str, list[DutyLine]] = defaultdict(list)
    for row in _DUTIES.rows(session):
        duties[row[0]].append(DutyLine(**dict(zip(_DUTY, row[1:], strict=True))))
    lines = []
    for policy_id, adopter_id, owner_post_id, edition_id, *rest in _POLICIES.rows(session):
        own = dict(zip((*_POLICY, *_EDITION), rest, strict=True))
        lines.append(
            PolicyLine(
                policy_id=policy_id,
                adopter_name=names[adopter_id].name,
                adopter=organisation.by_id[adopter_id],
                has_owner_post=owner_post_id is not None,
                decided_on=own["adopted_on"],
                text="",
                duties=tuple(duties[edition_id]),
                **own,
            )
        )
    return tuple(sorted(lines, key=lambda line: in_swedish_order(line.title)))
