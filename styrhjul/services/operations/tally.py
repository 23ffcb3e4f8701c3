"""Counting what an installation holds: policies, duties, cases and mails, by municipality and lifecycle."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import Mail, MailItem, MailStatus
from styrhjul.db.model import Duty, DutyStatus, Municipality, Policy
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import State
from workflows import LIFECYCLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One municipality and lifecycle: cases opened, and accepted mails that speak of them."""

    municipality: str
    lifecycle: str
    cases: int
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityTally:
    """One municipality. `waiting` quotes the duties that no person has confirmed yet, in the order of the text.

    `not_followed` counts the periods before Styrhjul was in use here: recorded, never chased.
    """

    name: str
    policies: int
    confirmed: int
    waiting: tuple[str, ...]
    not_followed: int
    mails: int
    lines: tuple[Line, ...]


def tally(database: Database) -> list[MunicipalityTally]:
    """Count everything, one per municipality in the order of their names. Writes nothing."""
    with database.system(read_only=True) as session:
        known = session.execute(select(Municipality.id, Municipality.name).order_by(Municipality.name)).all()
    counted = []
    for municipality_id, name in known:
        with database.reading(municipality_id) as session:
            counted.append(_count(session, name))
    return counted


def _count(session: Session, name: str) -> MunicipalityTally:
    waiting = select(Duty.quote).where(Duty.status == DutyStatus.PROPOSED).order_by(Duty.policy_id, Duty.start)
    return MunicipalityTally(
        name=name,
        policies=session.scalar(select(func.count(Policy.id))) or 0,
        confirmed=session.scalar(select(func.count(Duty.id)).where(Duty.status == DutyStatus.CONFIRMED)) or 0,
        waiting=tuple(session.scalars(waiting)),
        not_followed=session.scalar(select(func.count(Case.id)).where(Case.state == State.NOT_FOLLOWED)) or 0,
        mails=session.scalar(select(func.count(Mail.id)).where(Mail.status == MailStatus.ACCEPTED)) or 0,
        lines=tuple(_line(session, name, lifecycle) for lifecycle in LIFECYCLES),
    )


def _line(session: Session, name: str, lifecycle: str) -> Line:
    cases = select(func.count(Case.id)).where(Case.lifecycle == lifecycle, Case.state != State.NOT_FOLLOWED)
    mails = (
        select(func.count(func.distinct(MailItem.mail_id)))
        .join(Case, (Case.municipality_id == MailItem.municipality_id) & (Case.id == MailItem.case_id))
        .join(Mail, (Mail.municipality_id == MailItem.municipality_id) & (Mail.id == MailItem.mail_id))
        .where(Case.lifecycle == lifecycle, Mail.status == MailStatus.ACCEPTED)
    )
    return Line(
        municipality=name, lifecycle=lifecycle, cases=session.scalar(cases) or 0, mails=session.scalar(mails) or 0
    )
