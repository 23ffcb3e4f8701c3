"""Sessions of those who have signed in: begun, found again at each request, and ended at once when anything changes.

The browser has the only copy of its token; here is a hash. Roles are read from the user's row each time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Municipality, User, UserRole, new_id
from styrhjul.db.session import Database, municipality_of
from styrhjul.db.sign_in_model import BreakGlass, SignInSession
from styrhjul.domain.journal import EntryKind
from styrhjul.services.foundation.secret import new_token, token_hash

#: However busy it is, and when nobody touches it (ASVS 7.3).
LONGEST = timedelta(hours=8)
IDLE = timedelta(minutes=30)
#: Kept so long that a page of many requests writes once.
_SEEN_TO_THE = timedelta(minutes=1)
#: An ended session says nothing to anybody after that.
_KEPT = timedelta(days=30)
_TOKEN = re.compile(r"([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")
OPERATOR_NAME = "driften"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who a session is. `user_id` is None for an operator, who has `reason` and `ends_at` to show."""

    session_id: str
    municipality_id: str
    slug: str
    user_id: str | None
    name: str
    roles: frozenset[UserRole]
    ends_at: datetime
    reason: str | None = None


def begin_session(
    session: Session, now: datetime, *, user_id: str | None = None, opening: BreakGlass | None = None
) -> str:
    """Write a new session of a user, or of an operator, and return its token, which is kept nowhere else."""
    token = new_token()
    session.execute(delete(SignInSession).where(SignInSession.ends_at < now - _KEPT))
    longest = now + LONGEST
    session.add(
        SignInSession(
            id=new_id(),
            token_sha256=token_hash(token),
            user_id=user_id,
            break_glass_id=opening.id if opening else None,
            created_at=now,
            last_seen_at=now,
            ends_at=min(longest, opening.ends_at) if opening else longest,
        )
    )
    session.flush()
    return f"{municipality_of(session)}.{token}"


def find_session(database: Database, token: str, now: datetime) -> SignedIn | None:
    """Return who holds a token; None for nobody, and for one that has ended. Notes that it was seen."""
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        return None
    municipality_id = parts[1]
    with database.reading(municipality_id) as session:
        row = session.execute(
            select(SignInSession, User, BreakGlass, Municipality.slug)
            .join(Municipality, Municipality.id == SignInSession.municipality_id)
            .outerjoin(User, User.id == SignInSession.user_id)
            .outerjoin(BreakGlass, BreakGlass.id == SignInSession.break_glass_id)
            .where(SignInSession.token_sha256 == token_hash(parts[2]))
        ).first()
    if row is None or not _is_open(row[0], now):
        return None
    found, user, opening, slug = row
    if found.last_seen_at + _SEEN_TO_THE <= now:
        with database.municipality(municipality_id) as session:
            session.execute(
                update(SignInSession)
                .where(SignInSession.id == found.id, SignInSession.ended_at.is_(None))
                .values(last_seen_at=now)
            )
    return _who(found, user, opening, slug)


def sign_out(database: Database, signed_in: SignedIn, now: datetime) -> None:
    """End one session, journalled. Safe to repeat."""
    with database.municipality(signed_in.municipality_id) as session:
        ended = session.execute(
            update(SignInSession)
            .where(SignInSession.id == signed_in.session_id, SignInSession.ended_at.is_(None))
            .values(ended_at=now)
            .returning(SignInSession.id)
        ).all()
        if ended:
            line = Line(kind=EntryKind.USER_SIGNED_OUT, by=signed_in.name, data={"user": signed_in.user_id})
            write_down(session, [line], now)


def end_sessions_of(session: Session, user_id: str, now: datetime) -> None:
    """End every session of a user, in the transaction that changes what the user may."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def _is_open(row: SignInSession, now: datetime) -> bool:
    return row.ended_at is None and row.created_at <= now < row.ends_at and now < row.last_seen_at + IDLE


def _who(row: SignInSession, user: User | None, opening: BreakGlass | None, slug: str) -> SignedIn | None:
    if user is not None:
        name, roles = user.name, frozenset(UserRole(role) for role in user.roles)
    elif opening is not None:
        name, roles = OPERATOR_NAME, frozenset({UserRole.OPERATOR})
    else:
        return None
    return SignedIn(
        session_id=row.id,
        municipality_id=row.municipality_id,
        slug=slug,
        user_id=user.id if user else None,
        name=name,
        roles=roles,
        ends_at=row.ends_at,
        reason=opening.reason if opening else None,
    )
