"""Signing in by a six-digit code in a mail: asked for, sent, tried and used once.

An address that nobody has is treated as one that somebody has, but for the mail itself: the same rows are written, the
same mail is rendered and sealed, and the same answer is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import User, new_id
from styrhjul.db.session import Database
from styrhjul.db.sign_in_model import OidcProvider, SignInCode
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.mail import sign_in as mails
from styrhjul.services.foundation.limit import CODES_TO_ADDRESS, is_within
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.foundation.secret import SignInKey, is_same, new_code
from styrhjul.services.mailing.franking import Recipient
from styrhjul.services.mailing.outbox import sender_of
from styrhjul.services.mailing.sign_in_mail import franking_for_sign_in, post, reader_of, written
from styrhjul.services.sign_in.session import begin_session

#: As long as an out-of-band code may (ASVS 6.5.5), and as often as it may be tried.
CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
_KEPT = timedelta(days=1)
_BY = "inloggningen"
_OFFICE = "användare"


class ProviderOnly(ValueError):
    """The municipality signs in with its own account; no code is sent for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a try gave: a session's token, or how many tries are left; 0 for a code that is used, old or unknown."""

    token: str | None = None
    tries_left: int = 0


def ask_for_code(  # noqa: PLR0913 - who asks, where and when
    database: Database, mailroom: Mailroom, key: SignInKey, *, municipality_id: str, address: str, now: datetime
) -> str:
    """Queue a code for the user with this address, if there is one, and return the request's id, which is no secret.

    More often than `CODES_TO_ADDRESS` nothing is sent, and the answer is the same. Raises ProviderOnly.
    """
    address, code, request_id = address.strip().lower(), new_code(), new_id()
    may_send = is_within(database, key, CODES_TO_ADDRESS, f"{municipality_id} {address}", now)
    with database.municipality(municipality_id) as session:
        if session.scalar(select(OidcProvider.municipality_id)) is not None:
            raise ProviderOnly
        session.execute(delete(SignInCode).where(SignInCode.made_at < now - _KEPT))
        user = session.scalars(select(User).where(User.address == address)).first()
        row = _mail(session, mailroom, address, code, now)
        session.add(
            SignInCode(
                id=request_id,
                user_id=user.id if user and may_send else None,
                code_mac=key.mac(f"code {request_id}", code),
                tries=0,
                made_at=now,
                expires_at=now + CODE_LASTS,
            )
        )
        session.flush()
        if user and may_send:
            post(session, row)
            data = {"user": user.id, "mail": str(row["id"])}
            write_down(session, [Line(kind=EntryKind.SIGN_IN_CODE_SENT, by=_BY, data=data)], now)
    return request_id


def try_code(  # noqa: PLR0913 - which request, what was typed and when
    database: Database, key: SignInKey, *, municipality_id: str, request_id: str, given: str, now: datetime
) -> Tried:
    """Try a code, at most five times for each request; the right one begins a session and works once."""
    with database.municipality(municipality_id) as session:
        row = session.scalars(select(SignInCode).where(SignInCode.id == request_id).with_for_update()).first()
        if row is None or row.used_at is not None or row.tries >= MOST_TRIES or not row.made_at <= now < row.expires_at:
            return Tried()
        row.tries += 1
        is_right = is_same(row.code_mac, key.mac(f"code {request_id}", given))
        user = session.scalars(select(User).where(User.id == row.user_id)).first() if row.user_id else None
        if not is_right or user is None:
            return Tried(tries_left=MOST_TRIES - row.tries)
        row.used_at = now
        return Tried(token=let_in(session, user, "code", now))


def let_in(session: Session, user: User, way: str, now: datetime) -> str:
    """Begin a user's session, journalled; return its token."""
    data = {"user": user.id, "way": way}
    write_down(session, [Line(kind=EntryKind.USER_SIGNED_IN, by=user.name, data=data)], now)
    return begin_session(session, now, user_id=user.id)


def _mail(session: Session, mailroom: Mailroom, address: str, code: str, now: datetime) -> dict[str, object]:
    franking = franking_for_sign_in(session, mailroom, now)
    context = mails.SignInCode(
        code=code,
        minutes=int(CODE_LASTS.total_seconds() // 60),
        today=local_date(now),
        recipient=reader_of(franking, _OFFICE),
        sender=sender_of(franking.municipality),
    )
    return written(franking, Recipient(address=address, name=""), context)
