"""Municipalities and their users: adding them and finding them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Municipality, User, UserRole, new_id
from styrhjul.db.overview_query import MunicipalityLine, load_municipalities
from styrhjul.db.session import Database
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.given_day import day_fault
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.written import SHORT, faults_in, tidy
from styrhjul.services.foundation.address import address_fault, key_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMunicipality:
    """What a municipality begins with. `starts_on` is the first day anything is followed; replies go to `reply_to`."""

    slug: str
    name: str
    starts_on: date
    sender_address: str
    reply_to: str
    chief_executive_title: str = "kommunchef"
    is_example: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Somebody who will sign in."""

    address: str
    name: str
    roles: frozenset[UserRole]


class NotHere(LookupError):
    """There is no such municipality, policy or case here; the message is for whoever runs a command."""

    def __init__(self, name: str = "", *, told: str = "") -> None:
        super().__init__(told or f"Här finns inget som heter ”{name}”. Kontrollera kortnamnet.")


class UnknownMunicipality(NotHere):
    """No municipality has this short name."""

    def __init__(self, slug: str, known: Iterable[str]) -> None:
        listed = ", ".join(known)
        advice = f"De som finns är {listed}." if listed else "Lägg till den med: styrhjul municipality add"
        super().__init__(told=f"Ingen kommun har kortnamnet ”{slug}”. {advice}")


#: Options that are not called what their field is.
_OPTIONS = {"sender_address": "sender", "roles": "role", "scopes": "scope"}


class Refused(ValueError):
    """Something about a new municipality, user or key cannot be; `error` says where, and in Swedish what to do.

    As text it names the option of the command line; pages show `error` beside its field.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"--{_OPTIONS.get(field, field).replace('_', '-')}: {message}")
        self.error = FieldError(field, message)


#: What already stands first in an address of the web.
_OTHER_PAGES = frozenset(
    {
        "a",
        "answer",
        "api",
        "calendar",
        "demo",
        "health",
        "inbox",
        "logga-in",
        "login",
        "metrics",
        "promises",
        "sign-in",
        "sign-out",
        "static",
    }
)


def add_municipality(database: Database, new: NewMunicipality, now: datetime, *, by: str = "municipality add") -> str:
    """Add a municipality and return its id; nothing is sent for it until it is released. Raises Refused."""
    _check(new)
    municipality_id = new_id()
    with database.municipality(municipality_id) as session:
        if session.scalar(select(Municipality.id).where(Municipality.slug == new.slug)):
            raise Refused("slug", f"Kortnamnet ”{new.slug}” är upptaget. Välj ett annat.")
        session.add(
            Municipality(
                id=municipality_id,
                slug=new.slug,
                name=new.name,
                starts_on=new.starts_on,
                chief_executive_title=new.chief_executive_title,
                sender_address=new.sender_address,
                reply_to=new.reply_to,
                is_example=new.is_example,
            )
        )
        session.flush()
        line = Line(kind=EntryKind.MUNICIPALITY_ADDED, by=by, data={"slug": new.slug, "name": new.name})
        write_down(session, [line], now)
    return municipality_id


def add_user(database: Database, municipality_id: str, new: NewUser, now: datetime, *, by: str = "user add") -> str:
    """Add a user and return the id. Raises Refused for a bad address or one that is there already."""
    _check_address("address", new.address)
    _check_text("name", new.name, "Skriv ett namn.")
    roles = checked_roles(new.roles)
    with database.municipality(municipality_id) as session:
        if session.scalar(select(User.id).where(User.address == new.address.lower())):
            raise Refused("address", "Adressen hör redan till en användare i kommunen.")
        user = User(id=new_id(), address=new.address.lower(), name=tidy(new.name), roles=roles)
        session.add(user)
        session.flush()
        write_down(session, [Line(kind=EntryKind.USER_ADDED, by=by, data={"user": user.id, "roles": roles})], now)
        return user.id


def checked_roles(roles: Collection[UserRole]) -> list[str]:
    """Return a user's roles as they are kept, in their own order. Raises Refused for none, or the operator's."""
    kept: list[str] = [role.value for role in UserRole if role in roles]
    if not kept:
        raise Refused("roles", "Välj minst en roll.")
    if UserRole.OPERATOR in roles:
        raise Refused("roles", "Driftens roll ges bara för en stund, med: styrhjul operator open")
    return kept


def municipality_by(database: Database, slug: str) -> MunicipalityLine:
    """Return the municipality with a short name. Raises UnknownMunicipality, which lists those there are."""
    with database.system(read_only=True) as session:
        if found := load_municipalities(session, slug):
            return found[0]
        known = session.scalars(select(Municipality.slug)).all()
    raise UnknownMunicipality(slug, sorted(known))


def municipalities_meant(database: Database, slug: str | None) -> list[MunicipalityLine]:
    """Return the one with a short name, or all of them. Raises UnknownMunicipality."""
    if slug is not None:
        return [municipality_by(database, slug)]
    with database.system(read_only=True) as session:
        return load_municipalities(session)


def municipality_named(database: Database, name: str) -> str | None:
    """Return the id of the only municipality with this name, in any case; None when there is none or several."""
    with database.system(read_only=True) as session:
        named = session.execute(select(Municipality.name, Municipality.id)).all()
    fitting = [municipality_id for known, municipality_id in named if known.casefold() == name.casefold()]
    return fitting[0] if len(fitting) == 1 else None


def _check(new: NewMunicipality) -> None:
    if fault := key_fault(new.slug):
        raise Refused("slug", fault)
    if new.slug in _OTHER_PAGES:
        raise Refused("slug", f"”{new.slug}” är en annan sidas adress. Välj ett annat kortnamn.")
    for field, text in (("name", new.name), ("chief_executive_title", new.chief_executive_title)):
        _check_text(field, text, "Fältet är tomt. Fyll i det.")
    if fault := day_fault(new.starts_on):
        raise Refused("starts_on", f"{fault}.")
    _check_address("sender_address", new.sender_address)
    _check_address("reply_to", new.reply_to)


def _check_text(field: str, text: str, if_empty: str) -> None:
    if not text.strip():
        raise Refused(field, if_empty)
    for fault in faults_in(text, SHORT):
        raise Refused(field, f"{fault}.")


def _check_address(field: str, address: str) -> None:
    if fault := address_fault(address):
        raise Refused(field, fault)
