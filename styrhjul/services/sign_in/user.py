"""Those who may sign in: listed, given other roles, removed. A change ends their sessions in the same moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import User, UserRole
from styrhjul.db.session import Database
from styrhjul.db.sign_in_model import SignInCode, SignInSession
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.services.municipality.directory import checked_roles
from styrhjul.services.sign_in.session import end_sessions_of

#: What a user can be; the operator's role is given for a while only, by `operator open`.
USER_ROLES = tuple(role for role in UserRole if role is not UserRole.OPERATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLine:
    """A user as a list shows them; roles in their own order."""

    user_id: str
    name: str
    address: str
    roles: tuple[UserRole, ...]
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who changes a user: what the journal calls them, and which user that is, if one."""

    name: str
    user_id: str | None = None


class NoSuchUser(LookupError):
    """The municipality has no such user."""

    def __init__(self) -> None:
        super().__init__("Kommunen har ingen sådan användare. De som finns visas av: styrhjul user list")


class LastAdministrator(ValueError):
    """Somebody must be able to add users; give another user the role first."""

    def __init__(self) -> None:
        super().__init__("Användaren är den sista administratören. Ge någon annan den rollen först.")


class Yourself(ValueError):
    """Nobody locks themselves out; another administrator does it."""

    def __init__(self) -> None:
        super().__init__(
            "Du kan inte ta bort dig själv, eller din egen roll som administratör. Be en annan administratör."
        )


def users_of(database: Database, municipality_id: str) -> list[UserLine]:
    """Return the municipality's users by name. `last_seen_at` is of the last thirty days; None = not seen in them."""
    with database.reading(municipality_id) as session:
        seen: dict[str, datetime] = {}
        for user_id, at in session.execute(select(SignInSession.user_id, SignInSession.last_seen_at)):
            if user_id:
                seen[user_id] = max(at, seen.get(user_id, at))
        users = session.scalars(select(User).order_by(User.name, User.id)).all()
        return [
            UserLine(
                user_id=user.id,
                name=user.name,
                address=user.address,
                roles=tuple(UserRole(role) for role in user.roles),
                last_seen_at=seen.get(user.id),
            )
            for user in users
        ]


def user_by_address(database: Database, municipality_id: str, address: str) -> str:
    """Return the id of the user with an address. Raises NoSuchUser."""
    with database.reading(municipality_id) as session:
        found = session.scalar(select(User.id).where(User.address == address.strip().lower()))
    if found is None:
        raise NoSuchUser
    return found


def change_roles(  # noqa: PLR0913 - whose, to what, by whom and when
    database: Database, municipality_id: str, user_id: str, roles: Collection[UserRole], *, by: By, now: datetime
) -> None:
    """Give a user other roles, and sign them out. Safe to repeat: the same roles change nothing.

    Raises NoSuchUser, Refused, LastAdministrator, Yourself.
    """
    kept = checked_roles(roles)
    with database.register(municipality_id) as session:
        user = _user(session, user_id)
        if user.roles == kept:
            return
        if UserRole.ADMINISTRATOR not in roles:
            _refuse_locking_out(session, user, by)
        user.roles = kept
        session.flush()
        end_sessions_of(session, user_id, now)
        data: dict[str, Value] = {"user": user_id, "roles": kept}
        write_down(session, [Line(kind=EntryKind.USER_ROLES_CHANGED, by=by.name, data=data)], now)


def remove_user(database: Database, municipality_id: str, user_id: str, *, by: By, now: datetime) -> None:
    """Remove a user with their sessions and codes; the journal keeps what they did, by their name.

    Raises NoSuchUser, LastAdministrator, Yourself.
    """
    with database.register(municipality_id) as session:
        user = _user(session, user_id)
        if by.user_id == user_id:
            raise Yourself
        _refuse_locking_out(session, user, by)
        for table in (SignInSession, SignInCode):
            session.execute(delete(table).where(table.user_id == user_id))
        session.delete(user)
        session.flush()
        write_down(session, [Line(kind=EntryKind.USER_REMOVED, by=by.name, data={"user": user_id})], now)


def _user(session: Session, user_id: str) -> User:
    user = session.scalars(select(User).where(User.id == user_id)).first()
    if user is None:
        raise NoSuchUser
    return user


def _refuse_locking_out(session: Session, user: User, by: By) -> None:
    if UserRole.ADMINISTRATOR not in user.roles:
        return
    if by.user_id == user.id:
        raise Yourself
    others = session.scalars(select(User).where(User.id != user.id))
    if not any(UserRole.ADMINISTRATOR in other.roles for other in others):
        raise LastAdministrator
