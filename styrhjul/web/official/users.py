"""Who may sign in to the municipality, and as what: list, add, give other roles, remove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from styrhjul.db.model import UserRole
from styrhjul.domain.field_fault import FieldError
from styrhjul.services.municipality.directory import NewUser, NotHere, Refused, add_user, municipality_by
from styrhjul.services.sign_in.user import (
    USER_ROLES,
    By,
    LastAdministrator,
    NoSuchUser,
    UserLine,
    Yourself,
    change_roles,
    remove_user,
    users_of,
)
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.permission import posted
from styrhjul.web.session import flash_of, set_flash
from styrhjul.web.sign_in.sign_in_words import ROLE_EXPLAINED, ROLE_WORDS, roles_listed

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersPage(OfficialPage):
    """The users, and the form for a new one as it was typed. `refusal` is about a user already there."""

    users: tuple[UserLine, ...]
    flash: str | None
    refusal: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[UserRole] = frozenset()
    errors: tuple[FieldError, ...] = ()
    roles: tuple[UserRole, ...] = USER_ROLES
    role_words: Mapping[UserRole, str] = field(default_factory=lambda: ROLE_WORDS)
    role_explained: Mapping[UserRole, str] = field(default_factory=lambda: ROLE_EXPLAINED)

    @property
    def said(self) -> Mapping[str, str]:
        """The faults by field."""
        return {error.field: error.message for error in reversed(self.errors)}

    @property
    def lacks_administrator(self) -> bool:
        """Whether somebody may sign in and nobody of them may let in another."""
        return bool(self.users) and not any(UserRole.ADMINISTRATOR in user.roles for user in self.users)

    def listed(self, user: UserLine) -> str:
        """A user's roles in words."""
        return roles_listed(user.roles)


@router.get("/{municipality}/users")
def users(request: Request, municipality: str) -> Response:
    """Show who may sign in."""
    return _page(request, municipality)


@router.post("/{municipality}/users")
def add(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Add somebody who will sign in."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    name, address, roles = str(fields.get("name", "")), str(fields.get("address", "")).strip(), _roles(fields)
    new = NewUser(address=address, name=name, roles=roles)
    try:
        add_user(home.database, line.municipality_id, new, home.clock.now(), by=actor_of(request).name)
    except Refused as refused:
        typed = {"name": name, "address": address}
        return _page(request, municipality, typed=typed, chosen=roles, errors=(refused.error,))
    return _done(request, municipality, f"{name.strip()} är tillagd och kan logga in.")


@router.post("/{municipality}/users/{user_id}/roles")
def give_roles(
    request: Request, municipality: str, user_id: str, fields: Annotated[FormData, Depends(posted)]
) -> Response:
    """Give a user other roles."""
    home, by = home_of(request), _by(request)
    line = municipality_by(home.database, municipality)
    try:
        now = home.clock.now()
        change_roles(home.database, line.municipality_id, user_id, _roles(fields), by=by, now=now)
    except NoSuchUser:
        raise NotHere from None
    except Refused as refused:
        return _page(request, municipality, refusal=refused.error.message)
    except (LastAdministrator, Yourself) as refused:
        return _page(request, municipality, refusal=str(refused))
    return _done(request, municipality, "Rollerna är ändrade. Användaren får logga in på nytt.")


@router.post("/{municipality}/users/{user_id}/remove")
def remove(request: Request, municipality: str, user_id: str) -> Response:
    """Remove a user, and sign them out."""
    home, by = home_of(request), _by(request)
    line = municipality_by(home.database, municipality)
    try:
        remove_user(home.database, line.municipality_id, user_id, by=by, now=home.clock.now())
    except NoSuchUser:
        raise NotHere from None
    except (LastAdministrator, Yourself) as refused:
        return _page(request, municipality, refusal=str(refused))
    return _done(request, municipality, "Användaren är borttagen och utloggad.")


def _by(request: Request) -> By:
    actor = actor_of(request)
    return By(name=actor.name, user_id=actor.user_id)


def _roles(fields: FormData) -> frozenset[UserRole]:
    known = {role.value: role for role in USER_ROLES}
    return frozenset(known[str(value)] for value in fields.getlist("roles") if str(value) in known)


def _page(
    request: Request,
    municipality: str,
    *,
    refusal: str | None = None,
    typed: Mapping[str, str] | None = None,
    chosen: frozenset[UserRole] = frozenset(),
    errors: tuple[FieldError, ...] = (),
) -> Response:
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    page = UsersPage(
        frame=framed(request, line, "users"),
        users=tuple(users_of(home.database, line.municipality_id)),
        flash=flash_of(request),
        refusal=refusal,
        typed=typed or {"name": "", "address": ""},
        chosen=chosen,
        errors=errors,
    )
    return shown(request, "users.html", page, status=422 if errors or refusal else 200)


def _done(request: Request, municipality: str, text: str) -> Response:
    response = RedirectResponse(f"/{municipality}/users", status_code=303)
    set_flash(request, response, text)
    return response
