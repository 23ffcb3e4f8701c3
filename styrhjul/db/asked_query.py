"""The link somebody followed and the case it asks about, frozen, with the names people know it by.

Only `find_link` looks across municipalities, by the hash of a token nobody can guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from styrhjul.db.case_model import Case
from styrhjul.db.compose_query import THE_LAW
from styrhjul.db.mail_model import AnswerLink
from styrhjul.db.model import Body, Municipality, Policy, Post, Row, TermStart
from styrhjul.db.session import municipality_of
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.period import period_in_words
from styrhjul.domain.vocabulary import BodyKind, DueBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """One link, as stored."""

    municipality_id: str
    link_id: str
    case_id: str
    post_id: str
    appointment_id: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCase:
    """The case behind a link, with the names people know it by."""

    case_id: str
    lifecycle: str
    period: str
    #: The period as people write it.
    period_words: str
    state: State
    opens_on: date
    due_on: date
    due_source: str
    due_basis: DueBasis
    is_binding: bool
    meeting_on: date | None
    holder: Holder
    body_id: str
    body_name: str
    body_kind: BodyKind
    policy_id: str | None
    policy_title: str
    #: The body that adopted the policy, or the one asked where no policy asks.
    adopter_id: str
    owner_post_id: str | None
    assigned_post_id: str | None
    municipality_name: str
    municipality_slug: str
    registrar: str
    chief_executive_title: str


def find_link(session: Session, token_sha256: str) -> LinkFacts | None:
    """Return the link whose token has this hash; for a system session."""
    row = session.execute(
        select(
            AnswerLink.municipality_id,
            AnswerLink.id,
            AnswerLink.case_id,
            AnswerLink.post_id,
            AnswerLink.appointment_id,
            AnswerLink.revoked_at,
        ).where(AnswerLink.token_sha256 == token_sha256)
    ).one_or_none()
    if row is None:
        return None
    municipality_id, link_id, case_id, post_id, appointment_id, revoked_at = row
    return LinkFacts(
        municipality_id=municipality_id,
        link_id=link_id,
        case_id=case_id,
        post_id=post_id,
        appointment_id=appointment_id,
        revoked_at=revoked_at,
    )


def load_asked_case(session: Session, case_id: str) -> AskedCase:
    """Return the case; NoResultFound if it is not this municipality's. Where no policy asks, the law does."""
    adopting = aliased(Body)
    row = session.execute(
        select(Case, Body, Policy, adopting)
        .join(Body, _same(Body, Case.municipality_id, Case.body_id))
        .outerjoin(Policy, _same(Policy, Case.municipality_id, Case.policy_id))
        .outerjoin(
            adopting, (adopting.municipality_id == Policy.municipality_id) & (adopting.id == Policy.adopted_by_id)
        )
        .where(Case.id == case_id)
    ).one()
    case, body = row[0], row[1]
    policy: Policy | None = row[2]
    adopter: Body | None = row[3]
    clock = body if adopter is None else adopter
    municipality = session.scalars(select(Municipality).where(Municipality.id == municipality_of(session))).one()
    return AskedCase(
        case_id=case.id,
        lifecycle=case.lifecycle,
        period=case.period,
        period_words=_period(session, case, clock),
        state=case.state,
        opens_on=case.opens_on,
        due_on=case.due_on,
        due_source=case.due_source,
        due_basis=case.due_basis,
        is_binding=case.is_binding,
        meeting_on=case.meeting_on,
        holder=case.holder,
        body_id=body.id,
        body_name=body.name,
        body_kind=body.kind,
        policy_id=case.policy_id,
        policy_title=policy.title if policy else THE_LAW,
        adopter_id=clock.id,
        owner_post_id=policy.owner_post_id if policy else None,
        assigned_post_id=case.assigned_post_id,
        municipality_name=municipality.name,
        municipality_slug=municipality.slug,
        registrar=municipality.reply_to,
        chief_executive_title=municipality.chief_executive_title,
    )


def load_post_title(session: Session, post_id: str) -> str:
    """Return what the post is called; NoResultFound if it is not this municipality's."""
    return session.scalars(select(Post.title).where(Post.id == post_id)).one()


def count_links_since(session: Session, case_id: str, since: datetime) -> int:
    """Return how many links to a case were made from a moment on. Locks the case, so that two counts never overlap."""
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    query = select(func.count()).select_from(AnswerLink)
    return session.scalar(query.where(AnswerLink.case_id == case_id, AnswerLink.made_at >= since)) or 0


def _period(session: Session, case: Case, clock: Body) -> str:
    starts = session.scalars(
        select(TermStart.starts_on).where(TermStart.body_id == clock.id).order_by(TermStart.starts_on)
    )
    return period_in_words(case.period, clock.kind, tuple(starts))


def _same(table: type[Row], municipality_id: object, row_id: object):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return (table.municipality_id == municipality_id) & (table.id == row_id)
