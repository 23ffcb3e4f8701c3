"""The link somebody followed and the case it asks about, frozen, with the names people know it by.

Only `find_link` looks across municipalities, by the hash of a token nobody can guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from styrhjul.db.case_model import Case
from styrhjul.db.compose_query import THE_LAW
from styrhjul.db.mail_model import AnswerLink
from styrhjul.db.model import Appointment, Body, Municipality, Person, Policy, Post
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.prepared import Reading
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
    #: As it was read: whoever moves the case must still find it so.
    version: int
    opens_on: date
    due_on: date
    lapses_on: date
    due_source: str
    due_basis: DueBasis
    is_binding: bool
    meeting_on: date | None
    decides_on: date | None
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
    found = _LINK.everywhere(session, token_sha256=token_sha256)
    return LinkFacts(**found[0]._asdict()) if found else None


_LINK = Reading(
    select(
        AnswerLink.municipality_id,
        AnswerLink.id.label("link_id"),
        AnswerLink.case_id,
        AnswerLink.post_id,
        AnswerLink.appointment_id,
        AnswerLink.revoked_at,
    ).where(AnswerLink.token_sha256 == bindparam("token_sha256"))
)


def load_asked_case(session: Session, case_id: str) -> AskedCase:
    """Return the case; NoResultFound if it is not this municipality's. Where no policy asks, the law does."""
    found = _CASE.rows(session, case_id=case_id)
    if not found:
        raise NoResultFound(f"case {case_id}")
    [case] = found
    clocks = load_organisation(session).by_id
    body = clocks[case.body_id]
    adopter = body if case.adopter_id is None else clocks[case.adopter_id]
    return AskedCase(
        case_id=case.id,
        lifecycle=case.lifecycle,
        period=case.period,
        period_words=period_in_words(case.lifecycle, case.period, opens_on=case.opens_on, adopter=adopter, body=body),
        state=case.state,
        version=case.version,
        opens_on=case.opens_on,
        due_on=case.due_on,
        lapses_on=case.lapses_on,
        due_source=case.due_source,
        due_basis=case.due_basis,
        is_binding=case.is_binding,
        meeting_on=case.meeting_on,
        decides_on=case.decides_on,
        holder=case.holder,
        body_id=case.body_id,
        body_name=case.body_name,
        body_kind=case.body_kind,
        policy_id=case.policy_id,
        policy_title=THE_LAW if case.policy_title is None else case.policy_title,
        adopter_id=adopter.body_id,
        owner_post_id=case.owner_post_id,
        assigned_post_id=case.assigned_post_id,
        municipality_name=case.municipality_name,
        municipality_slug=case.municipality_slug,
        registrar=case.reply_to,
        chief_executive_title=case.chief_executive_title,
    )


_ADOPTING = aliased(Body)
_CASE = Reading(
    select(
        *(Case.id, Case.lifecycle, Case.period, Case.state, Case.version),
        *(Case.opens_on, Case.due_on, Case.lapses_on, Case.due_source),
        *(
            Case.due_basis,
            Case.is_binding,
            Case.meeting_on,
            Case.decides_on,
            Case.holder,
            Case.policy_id,
            Case.assigned_post_id,
        ),
        *(Case.body_id, Body.name.label("body_name"), Body.kind.label("body_kind")),
        *(Policy.title.label("policy_title"), Policy.owner_post_id),
        _ADOPTING.id.label("adopter_id"),
        *(Municipality.name.label("municipality_name"), Municipality.slug.label("municipality_slug")),
        *(Municipality.reply_to, Municipality.chief_executive_title),
    )
    .join(Municipality, Municipality.id == Case.municipality_id)
    .join(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
    .outerjoin(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
    .outerjoin(
        _ADOPTING, (_ADOPTING.municipality_id == Policy.municipality_id) & (_ADOPTING.id == Policy.adopted_by_id)
    )
    .where(Case.id == bindparam("case_id"))
)


def load_office(session: Session, post_id: str) -> tuple[str, str]:
    """Return what the post is called and its body's name; NoResultFound if it is not this municipality's."""
    found = _OFFICE.rows(session, post_id=post_id)
    if not found:
        raise NoResultFound(f"post {post_id}")
    return found[0][0], found[0][1]


_OFFICE = Reading(
    select(Post.title, Body.name)
    .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
    .where(Post.id == bindparam("post_id"))
)


def load_language(session: Session, appointment_id: str) -> str:
    """Return the language that whoever holds, or held, an appointment reads; NoResultFound if it is not ours."""
    found = _LANGUAGE.rows(session, appointment_id=appointment_id)
    if not found:
        raise NoResultFound(f"appointment {appointment_id}")
    return str(found[0][0])


_LANGUAGE = Reading(
    select(Person.language)
    .join(
        Appointment,
        (Appointment.municipality_id == Person.municipality_id) & (Appointment.person_id == Person.id),
    )
    .where(Appointment.id == bindparam("appointment_id"))
)
