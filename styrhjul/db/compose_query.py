"""What a mail needs to know, loaded for the notices of one municipality that may leave now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, CaseDuty, Notice, Quarantine, Wake
from styrhjul.db.mail_model import Mail, MailItem
from styrhjul.db.model import Body, Duty, Edition, Municipality, Policy, TermStart
from styrhjul.db.session import municipality_of
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.vocabulary import BodyKind

#: What is looked at again each ordinary day: a vacant post may have a holder by then.
WAITING = (NoticeStatus.PLANNED, NoticeStatus.VACANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The decided document a case rests on. None = the text does not state it."""

    policy_id: str | None
    title: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    document_owner: str | None
    owner_post_id: str | None
    #: The body whose term of office names the period.
    clock: BodyKind
    term_starts: tuple[date, ...]


#: A body's kind, and the first days of its terms that the municipality has decided.
Clock = tuple[BodyKind, tuple[date, ...]]

#: What rounds that no policy asks for rest on.
THE_LAW = "Kommunallagen (2017:725)"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseText:
    """A case with the decided words it rests on, none where the law asks. `duties` stand in the order of the text."""

    case: Case
    source: Source
    body: Body
    duties: tuple[Duty, ...]
    #: Days on which earlier notices about the present due day reached the same audience, ascending.
    delivered: tuple[tuple[str, date], ...]


def municipalities_with_notices(session: Session, now: datetime) -> list[str]:
    """Return the municipalities with a notice that may leave now; for a system session."""
    query = select(Notice.municipality_id).where(Notice.status.in_(WAITING), Notice.not_before_at <= now).distinct()
    return sorted(session.scalars(query))


def municipality_row(session: Session) -> Municipality:
    """Return the session's own municipality; NoResultFound if it is gone."""
    return session.scalars(select(Municipality).where(Municipality.id == municipality_of(session))).one()


def lock_composing(session: Session) -> None:
    """Wait until no other composer writes this municipality's mails, and keep others out until the end."""
    own = Municipality.id == municipality_of(session)
    session.execute(select(Municipality.id).where(own).with_for_update(key_share=True)).all()


def is_waking(session: Session, today: date) -> bool:
    """Whether any sweep of this municipality still has something to do today."""
    return session.scalar(select(func.count()).select_from(Wake).where(Wake.wake_on <= today)) != 0


def notices_to_send(session: Session, now: datetime) -> list[Notice]:
    """Return all notices that may leave, oldest first, locked; those in quarantine or not yet released left out."""
    aside = select(Quarantine.subject_id).scalar_subquery()
    held = select(Case.id).where(Case.policy_id.in_(unreleased_policy_ids(session, now))).scalar_subquery()
    query = (
        select(Notice)
        .where(Notice.status.in_(WAITING), Notice.not_before_at <= now, Notice.id.not_in(aside))
        .where(Notice.case_id.not_in(held))
        .order_by(Notice.not_before_at, Notice.id)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(query))


def unreleased_policy_ids(session: Session, now: datetime) -> list[str]:
    """Return the policies whose mails wait until the coordinator has seen the forecast and released them."""
    waiting = or_(Policy.released_at.is_(None), Policy.released_at > now)
    return list(session.scalars(select(Policy.id).where(waiting).order_by(Policy.id)))


def mailboxes_written_to(session: Session, addresses: Collection[str], today: date) -> set[str]:
    """Return those of the addresses that have had their mail of the day."""
    return set(session.scalars(select(Mail.address).where(Mail.digest_on == today, Mail.address.in_(addresses))))


def posts_with_digest(
    session: Session, post_ids: Collection[str], rungs: Collection[str], week: tuple[date, date]
) -> set[str]:
    """Return those of the posts that one of these rungs was written to in a week, both days included."""
    query = (
        select(Notice.post_id)
        .join(MailItem, (MailItem.municipality_id == Notice.municipality_id) & (MailItem.notice_id == Notice.id))
        .join(Mail, (Mail.municipality_id == MailItem.municipality_id) & (Mail.id == MailItem.mail_id))
        .where(Notice.post_id.in_(post_ids), Notice.rung.in_(rungs), Mail.digest_on.between(*week))
    )
    return set(session.scalars(query))


def delivered_digests(session: Session, post_ids: Collection[str], rungs: Collection[str]) -> list[Notice]:
    """Return what reached these posts on one of these rungs about cases still open, for their present due day.

    Oldest first.
    """
    query = (
        select(Notice)
        .join(Case, (Case.municipality_id == Notice.municipality_id) & (Case.id == Notice.case_id))
        .where(
            Notice.post_id.in_(post_ids),
            Notice.rung.in_(rungs),
            Notice.status == NoticeStatus.DELIVERED,
            Notice.due_on == Case.due_on,
            Case.closed_on.is_(None),
        )
        .order_by(Notice.delivered_on, Notice.id)
    )
    return list(session.scalars(query))


def load_case_texts(session: Session, case_ids: Iterable[str]) -> dict[str, CaseText]:
    """Return each case with its policy, edition, body and duties."""
    ids = list(case_ids)
    duties: dict[str, list[Duty]] = defaultdict(list)
    for case_id, duty in session.execute(
        select(CaseDuty.case_id, Duty)
        .join(Duty, (Duty.municipality_id == CaseDuty.municipality_id) & (Duty.id == CaseDuty.duty_id))
        .where(CaseDuty.case_id.in_(ids))
        .order_by(Duty.start, Duty.id)
    ):
        duties[case_id].append(duty)
    delivered = _delivered(session, ids)
    rows = session.execute(
        select(Case, Body)
        .join(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
        .where(Case.id.in_(ids))
    ).all()
    clocks = _clocks(session)
    sources = _sources(session, {case.policy_id for case, _ in rows if case.policy_id}, clocks)
    return {
        case.id: CaseText(
            case=case,
            source=sources[case.policy_id] if case.policy_id else _the_law(clocks[body.id]),
            body=body,
            duties=tuple(duties[case.id]),
            delivered=tuple(delivered[case.id]),
        )
        for case, body in rows
        if case.policy_id is None or case.policy_id in sources
    }


def load_sources(session: Session, policy_ids: Collection[str]) -> dict[str, Source]:
    """Return, by id, the documents in their present editions; a policy without one is left out."""
    return _sources(session, policy_ids, _clocks(session))


def _sources(session: Session, policy_ids: Collection[str], clocks: Mapping[str, Clock]) -> dict[str, Source]:
    rows = session.execute(
        select(Policy, Edition)
        .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
        .where(Edition.superseded_on.is_(None), Policy.id.in_(policy_ids))
    )
    return {policy.id: _the_document(policy, edition, clocks[policy.adopted_by_id]) for policy, edition in rows}


def _clocks(session: Session) -> dict[str, Clock]:
    starts: dict[str, list[date]] = defaultdict(list)
    for body_id, day in session.execute(select(TermStart.body_id, TermStart.starts_on).order_by(TermStart.starts_on)):
        starts[body_id].append(day)
    return {body_id: (kind, tuple(starts[body_id])) for body_id, kind in session.execute(select(Body.id, Body.kind))}


def _the_document(policy: Policy, edition: Edition, clock: Clock) -> Source:
    return Source(
        policy_id=policy.id,
        title=policy.title,
        adopted_by=edition.adopted_by,
        adopted_on=edition.adopted_on,
        paragraph=edition.paragraph,
        diary_number=edition.diary_number,
        document_owner=edition.document_owner,
        owner_post_id=policy.owner_post_id,
        clock=clock[0],
        term_starts=clock[1],
    )


def _the_law(clock: Clock) -> Source:
    return Source(
        policy_id=None,
        title=THE_LAW,
        adopted_by="Riksdagen",
        adopted_on=None,
        paragraph=None,
        diary_number=None,
        document_owner=None,
        owner_post_id=None,
        clock=clock[0],
        term_starts=clock[1],
    )


def _delivered(session: Session, case_ids: list[str]) -> dict[str, list[tuple[str, date]]]:
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    rows = session.execute(
        select(Notice.case_id, Notice.rung, Notice.delivered_on)
        .join(Case, (Case.municipality_id == Notice.municipality_id) & (Case.id == Notice.case_id))
        .where(Notice.case_id.in_(case_ids), Notice.delivered_on.is_not(None), Notice.due_on == Case.due_on)
        .order_by(Notice.delivered_on)
        .distinct()
    )
    for case_id, rung, delivered_on in rows:
        if delivered_on is not None:
            found[case_id].append((rung, delivered_on))
    return found
