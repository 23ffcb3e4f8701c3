"""What a question shows besides the case: plans in force, who holds the offices, who has answered, who may decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, bindparam, func, select
from sqlalchemy.orm import Session

from styrhjul.db.answer_query import PLAN, GivenPlan
from styrhjul.db.asked_query import AskedCase
from styrhjul.db.case_model import Answer, Case
from styrhjul.db.course_model import ActionPlan
from styrhjul.db.model import Body, Edition, Policy
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.prepared import Reading
from styrhjul.domain.answer import Decider, stands
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.office import PostRole, holder_of
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey

#: Not the body's own people.
_BESIDE = frozenset({PostRole.COORDINATOR, PostRole.REGISTRAR, PostRole.FUNCTION_MAILBOX, PostRole.DOCUMENT_OWNER})
_WITH_CHAIR = frozenset(
    {
        BodyKind.COUNCIL,
        BodyKind.EXECUTIVE_BOARD,
        BodyKind.COMMITTEE,
        BodyKind.SUBCOMMITTEE,
        BodyKind.COMPANY,
        BodyKind.JOINT_AUTHORITY,
    }
)
_EXPECTED = ((PostRole.CHAIR, "Ordförande"), (PostRole.SECRETARY, "Sekreterare"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLine:
    """An office of a body and who holds it; `name` None = vacant, `until` None = until further notice."""

    title: str
    answers: bool
    name: str | None = None
    since: date | None = None
    until: date | None = None
    has_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpLine:
    """What somebody was asked about a year, and when the answer came; None = it has not."""

    body_name: str
    by_chief_executive: bool
    is_projects: bool
    period: str
    due_on: date
    answered_at: datetime | None


def load_open_plans(session: Session, policy_id: str | None, body_id: str) -> tuple[GivenPlan, ...]:
    """Return the plans that a body has now, the oldest first."""
    rows = _OPEN_PLANS.rows(session, policy_id=policy_id, body_id=body_id)
    return tuple(GivenPlan(**row._asdict()) for row in rows)


_OPEN_PLANS = Reading(
    PLAN.where(
        ActionPlan.policy_id == bindparam("policy_id"),
        ActionPlan.body_id == bindparam("body_id"),
        ActionPlan.ended_on.is_(None),
    ).order_by(ActionPlan.registered_on, ActionPlan.title, ActionPlan.id)
)


def load_offices(organisation: Organisation, case: AskedCase, today: date) -> tuple[OfficeLine, ...]:
    """Return the body's offices with their holders, those that answer first; a chair and a secretary always stand."""
    posts = [
        post for post in organisation.posts_by_body.get(case.body_id, ()) if post.role not in _BESIDE and not post.ended
    ]
    has_chair = case.body_kind in _WITH_CHAIR
    answering = {role for role, _ in _EXPECTED} if has_chair else {post.role for post in posts}
    lines = []
    for post in sorted(posts, key=lambda post: (list(PostRole).index(post.role), post.title)):
        holder = holder_of(post.post_id, organisation.appointments, today)
        lines.append(
            OfficeLine(
                title=post.title,
                answers=post.role in answering,
                name=holder.name if holder else None,
                since=holder.starts_on if holder else None,
                until=holder.ends_on if holder else None,
                has_address=bool(holder and holder.address),
            )
        )
    known = {post.role for post in posts}
    missing = [OfficeLine(title=title, answers=True) for role, title in _EXPECTED if has_chair and role not in known]
    return (*missing, *lines)


def load_follow_ups(session: Session, case: AskedCase) -> tuple[FollowUpLine, ...]:
    """Return what each body was asked about the year of a compilation, by body and period."""
    rows = _FOLLOW_UPS.rows(session, policy_id=case.policy_id, year=case.period[:4])
    return tuple(
        FollowUpLine(
            body_name=name,
            by_chief_executive=holder is Holder.CHIEF_EXECUTIVE,
            is_projects=lifecycle == LifecycleKey.PROJECT_FOLLOW_UP,
            period=period,
            due_on=due_on,
            answered_at=at if stands(state, has_answer=at is not None) else None,
        )
        for name, holder, lifecycle, period, due_on, state, at in rows
    )


_FOLLOW_UPS = Reading(
    select(
        Body.name,
        Case.holder,
        Case.lifecycle,
        Case.period,
        Case.due_on,
        Case.state,
        select(func.max(Answer.submitted_at))
        .where(Answer.municipality_id == Case.municipality_id, Answer.case_id == Case.id)
        .scalar_subquery(),
    )
    .join(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
    .where(
        Case.policy_id == bindparam("policy_id"),
        Case.lifecycle.in_([LifecycleKey.FOLLOW_UP, LifecycleKey.PROJECT_FOLLOW_UP]),
        Case.period.startswith(bindparam("year", type_=String())),
        Case.state != State.NOT_FOLLOWED,
    )
    .order_by(Body.name, Case.lifecycle, Case.period)
)


def load_deciders(session: Session, case: AskedCase) -> tuple[Decider, ...]:
    """Return who can be said to have decided about the case's policy, the highest first, an official last.

    Committees are the adopter and the one asked: no others come near the document.
    """
    near = {case.adopter_id, case.body_id}
    found = [
        Decider(key=body_id, name=name, kind=kind, is_adopter=body_id == case.adopter_id)
        for body_id, name, kind in _NEAR.rows(session, near=list(near))
    ]
    found.sort(key=lambda decider: -decider.rank)
    if not any(decider.rank == 0 for decider in found):
        found.append(Decider(key="official", name="En tjänsteperson", kind=BodyKind.ADMINISTRATION))
    return tuple(found)


_NEAR = Reading(
    select(Body.id, Body.name, Body.kind)
    .where(
        Body.kind.in_([BodyKind.COUNCIL, BodyKind.EXECUTIVE_BOARD]) | Body.id.in_(bindparam("near", expanding=True)),
        Body.dissolved_on.is_(None),
    )
    .order_by(Body.name)
)


def load_editions(session: Session, policy_id: str | None) -> tuple[str, ...]:
    """Return the editions of a policy that a new one can take the place of, the latest first, in words."""
    return tuple(_edition(*row) for row in _EDITIONS.rows(session, policy_id=policy_id))


_EDITIONS = Reading(
    select(Policy.title, Edition.adopted_by, Edition.adopted_on, Edition.paragraph)
    .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
    .where(Policy.id == bindparam("policy_id"))
    .order_by(Edition.adopted_on.desc(), Edition.imported_at.desc())
)


def _edition(title: str, adopted_by: str | None, adopted_on: date | None, paragraph: str | None) -> str:
    section = f"§ {paragraph}" if paragraph else None
    decided = " ".join(filter(None, (adopted_by, adopted_on.isoformat() if adopted_on else None, section)))
    return f"{title}, {decided}" if decided else title
