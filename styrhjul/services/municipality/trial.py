"""Trial runs: every mail leaves to one address instead, and what left in a trial counts for nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from styrhjul.db.journal import Line, write_down
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.model import Municipality
from styrhjul.db.overview_query import load_municipalities
from styrhjul.db.session import Database
from styrhjul.db.trial_model import Trial as TrialRow
from styrhjul.db.trial_query import trial_address
from styrhjul.db.trial_write import wind_back
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.services.foundation.address import address_fault

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A municipality on trial, and where its mail goes."""

    slug: str
    name: str
    to_address: str


class NoTrial(ValueError):
    """A trial cannot begin, change or end so; the message says why and what to do."""


def begin_trial(database: Database, municipality_id: str, *, to_address: str, by: str, now: datetime) -> bool:
    """Let every mail of a municipality leave to one address, journalled; return whether anything changed.

    Only before its release: afterwards people have been asked, and a trial would leave them half warned. Raises
    NoTrial.
    """
    if fault := address_fault(to_address):
        raise NoTrial(f"to: {fault}")
    with database.register(municipality_id) as session:
        municipality = session.get_one(Municipality, municipality_id)
        if municipality.released_at is not None:
            raise NoTrial(
                "Kommunens mejl är släppta, och människor har fått frågor. Provkör före municipality release, eller i "
                "en kommun till."
            )
        if trial_address(session) == to_address:
            return False
        session.execute(delete(TrialRow))
        session.add(TrialRow(municipality_id=municipality_id, to_address=to_address, begun_by=by, begun_at=now))
        write_down(session, [Line(kind=EntryKind.TRIAL_BEGUN, by=by, data={"to": to_address})], now)
    return True


def end_trial(database: Database, municipality_id: str, *, by: str, now: datetime) -> int:
    """End a trial, journalled; return how many notices of it count for nobody.

    Nobody is half warned: everything the trial told of is owed still, and leaves when the municipality is released,
    each with its whole ladder ahead. Raises NoTrial when there is none.
    """
    with database.register(municipality_id) as session:
        if trial_address(session) is None:
            raise NoTrial("Kommunen provkörs inte. Börja med: styrhjul municipality trial KORTNAMN --to ADRESS")
        session.execute(delete(TrialRow))
        ended = wind_back(session, local_date(now), now, by=by)
        write_down(session, [Line(kind=EntryKind.TRIAL_ENDED, by=by, data={"notices": ended})], now)
    return ended


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialMail:
    """A mail that was written on trial: for whom, and about what."""

    at: datetime
    written_for: str
    subject: str
    has_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """A municipality's trial: `to_address` is None when none is running. `mails` are the newest, newest first."""

    to_address: str | None
    begun_by: str | None
    begun_at: datetime | None
    is_released: bool
    count: int
    mails: tuple[TrialMail, ...]


def trial_view(database: Database, municipality_id: str) -> TrialView:
    """Return how a municipality's trial stands, and what has left in it or in one before. Writes nothing."""
    with database.reading(municipality_id) as session:
        row = session.scalars(select(TrialRow)).one_or_none()
        municipality = session.get_one(Municipality, municipality_id)
        of_trial = Mail.trial_to.is_not(None)
        rows = session.execute(
            select(Mail.composed_at, Mail.address, Mail.subject, Mail.status)
            .where(of_trial)
            .order_by(Mail.composed_at.desc(), Mail.id)
            .limit(_MOST_SHOWN)
        ).all()
        count = session.scalar(select(func.count()).select_from(Mail).where(of_trial)) or 0
    return TrialView(
        to_address=row.to_address if row else None,
        begun_by=row.begun_by if row else None,
        begun_at=row.begun_at if row else None,
        is_released=municipality.released_at is not None,
        count=count,
        mails=tuple(
            TrialMail(at=at, written_for=address, subject=subject, has_left=status is MailStatus.ACCEPTED)
            for at, address, subject, status in rows
        ),
    )


def trials(database: Database) -> list[Trial]:
    """Return the municipalities on trial, by short name. Writes nothing."""
    with database.system(read_only=True) as session:
        every = load_municipalities(session)
    found = ((line, line.trial_to) for line in sorted(every, key=lambda line: line.slug))
    return [Trial(slug=line.slug, name=line.name, to_address=to) for line, to in found if to is not None]
