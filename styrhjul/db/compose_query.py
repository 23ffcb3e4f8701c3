"""What a mail needs to know, loaded for the notices of one municipality that may leave now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, CaseDuty, Notice, Quarantine, Wake
from styrhjul.db.mail_model import Mail
from styrhjul.db.model import Body, Duty, Edition, Municipality, Policy
from styrhjul.db.session import municipality_of
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.vocabulary import BodyKind

#: What is looked at again each working day: a vacant post may have a holder by then.
WAITING = (NoticeStatus.PLANNED, NoticeStatus.VACANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseText:
    """A case with the decided words it rests on. `duties` stand in the order of the text."""

    case: Case
    policy: Policy
    edition: Edition
    body: Body
    adopter_kind: BodyKind
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
    """Return all notices that may leave, oldest first, locked; those in quarantine left out."""
    aside = select(Quarantine.subject_id).scalar_subquery()
    query = (
        select(Notice)
        .where(Notice.status.in_(WAITING), Notice.not_before_at <= now, Notice.id.not_in(aside))
        .order_by(Notice.not_before_at, Notice.id)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(query))


def mailboxes_written_to(session: Session, addresses: Collection[str], today: date) -> set[str]:
    """Return those of the addresses that have had their mail of the day."""
    return set(session.scalars(select(Mail.address).where(Mail.digest_on == today, Mail.address.in_(addresses))))


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
    kinds = {body.id: body.kind for body in session.scalars(select(Body))}
    rows = session.execute(
        select(Case, Policy, Edition, Body)
        .join(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
        .join(Edition, (Edition.municipality_id == Case.municipality_id) & (Edition.policy_id == Policy.id))
        .join(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
        .where(Case.id.in_(ids), Edition.superseded_on.is_(None))
    )
    return {
        case.id: CaseText(
            case=case,
            policy=policy,
            edition=edition,
            body=body,
            adopter_kind=kinds[policy.adopted_by_id],
            duties=tuple(duties[case.id]),
            delivered=tuple(delivered[case.id]),
        )
        for case, policy, edition, body in rows
    }


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
