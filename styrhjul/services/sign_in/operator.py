"""Break-glass: an operator opens one municipality for a while, says why, and the municipality is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import User, UserRole, new_id
from styrhjul.db.session import Database
from styrhjul.db.sign_in_model import BreakGlass
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import STOCKHOLM, local_date
from styrhjul.domain.written import SHORT, faults_in, tidy
from styrhjul.mail.sign_in import BreakGlassOpened
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.foundation.secret import new_token, token_hash
from styrhjul.services.mailing.franking import Recipient
from styrhjul.services.mailing.outbox import sender_of
from styrhjul.services.mailing.sign_in_mail import franking_for_sign_in, post, reader_of, written
from styrhjul.services.sign_in.session import OPERATOR_NAME, begin_session

SHORTEST_REASON = 10
MOST_MINUTES = 240
_BY = "operator open"


class OpeningRefused(ValueError):
    """The municipality cannot be opened so; the message says what to write instead."""


class OpeningGone(LookupError):
    """The address has been used, has run out, or never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A way in that stands open. `token` is None when it is only looked at."""

    municipality_id: str
    opening_id: str
    reason: str
    ends_at: datetime
    token: str | None = None


def open_glass(  # noqa: PLR0913 - where, why, how long and when
    database: Database, mailroom: Mailroom, *, municipality_id: str, reason: str, minutes: int, now: datetime
) -> Opening:
    """Open a municipality to whoever has the token returned, once; tell its registrar and its coordinators by mail.

    The opening, the journal and the mails are one transaction. Raises OpeningRefused.
    """
    why = tidy(reason)
    _check(why, minutes)
    token, ends_at = new_token(), now + timedelta(minutes=minutes)
    with database.municipality(municipality_id) as session:
        row = BreakGlass(id=new_id(), token_sha256=token_hash(token), reason=why, opened_at=now, ends_at=ends_at)
        session.add(row)
        session.flush()
        _tell(session, mailroom, row, minutes, now)
        data: dict[str, Value] = {"opening": row.id, "reason": why, "minutes": minutes}
        write_down(session, [Line(kind=EntryKind.BREAK_GLASS_OPENED, by=_BY, data=data)], now)
        return Opening(
            municipality_id=municipality_id,
            opening_id=row.id,
            reason=why,
            ends_at=ends_at,
            token=f"{municipality_id}.{token}",
        )


def look_at_opening(database: Database, token: str, now: datetime) -> Opening:
    """Return what a token would open; changes nothing. Raises OpeningGone."""
    municipality_id, _, secret = token.partition(".")
    with database.reading(municipality_id) as session:
        row = _open_row(session, secret, now)
        return Opening(municipality_id=municipality_id, opening_id=row.id, reason=row.reason, ends_at=row.ends_at)


def use_opening(database: Database, token: str, now: datetime) -> str:
    """Begin the operator's session and return its token; the opening's own works never again. Raises OpeningGone."""
    municipality_id, _, secret = token.partition(".")
    with database.municipality(municipality_id) as session:
        row = _open_row(session, secret, now)
        row.used_at = now
        line = Line(kind=EntryKind.BREAK_GLASS_USED, by=OPERATOR_NAME, data={"opening": row.id})
        write_down(session, [line], now)
        return begin_session(session, now, opening=row)


def _open_row(session: Session, secret: str, now: datetime) -> BreakGlass:
    query = select(BreakGlass).where(BreakGlass.token_sha256 == token_hash(secret)).with_for_update()
    row = session.scalars(query).first()
    if row is None or row.used_at is not None or not row.opened_at <= now < row.ends_at:
        raise OpeningGone
    return row


def _check(why: str, minutes: int) -> None:
    if len(why) < SHORTEST_REASON:
        raise OpeningRefused(f"Skriv ett skäl på minst {SHORTEST_REASON} tecken. Kommunen läser det.")
    for fault in faults_in(why, SHORT):
        raise OpeningRefused(f"Skälet: {fault}.")
    if not 1 <= minutes <= MOST_MINUTES:
        raise OpeningRefused(f"Skriv mellan 1 och {MOST_MINUTES} minuter.")


def _tell(session: Session, mailroom: Mailroom, row: BreakGlass, minutes: int, now: datetime) -> None:
    franking, ends = franking_for_sign_in(session, mailroom, now), row.ends_at.astimezone(STOCKHOLM)
    registrar = franking.municipality.reply_to.lower()
    told = {registrar: "registrator"}
    for user in session.scalars(select(User).order_by(User.id)):
        if UserRole.COORDINATOR in user.roles:
            told.setdefault(user.address, "samordnare")
    for address, office in told.items():
        context = BreakGlassOpened(
            why=row.reason,
            minutes=minutes,
            ends_on=local_date(row.ends_at),
            ends_time=f"{ends:%H.%M}",
            today=local_date(now),
            recipient=reader_of(franking, office),
            sender=sender_of(franking.municipality),
        )
        post(session, written(franking, Recipient(address=address, name=""), context))
