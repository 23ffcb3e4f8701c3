"""What an officials import says, typed: bodies, posts, persons, appointments, and days that belong to a body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.mail.message import MessageRefused, ascii_address
from styrhjul.services.officials_sheet import SheetError

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ADDRESS = re.compile(r"[\x21-\x7e]+")
_LONGEST_ADDRESS = 254
_NEVER_IN_AN_ADDRESS = frozenset(',;:<>()[]\\"')
_NO_ADDRESS = (
    "Det här är ingen e-postadress. Skriv den som namn@kommun.se, utan punkt eller bindestreck först eller sist."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """A body; `answers_through` is another body's key."""

    key: str
    name: str
    kind: BodyKind
    answers_through: str | None = None
    bound_by: str | None = None
    dissolved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PostRow:
    """A post, known by all three of its fields."""

    body: str
    role: PostRole
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person, known by the municipality's key."""

    key: str
    name: str
    address: str | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRow:
    """A person in a post, both days included."""

    post: PostRow
    person: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyDay:
    """A day that belongs to a body: a meeting or the beginning of a term."""

    body: str
    on: date


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored already and an import may refer to. Bodies by key."""

    bodies: Mapping[str, BodyKind] = field(default_factory=dict)
    posts: frozenset[PostRow] = frozenset()
    persons: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """An import without faults. None: the source does not hold that kind, which is then left as it is."""

    bodies: tuple[BodyRow, ...] | None = None
    posts: tuple[PostRow, ...] | None = None
    persons: tuple[PersonRow, ...] | None = None
    appointments: tuple[AppointmentRow, ...] | None = None
    meetings: tuple[BodyDay, ...] | None = None
    terms: tuple[BodyDay, ...] | None = None


class FaultyOfficials(ValueError):
    """The import was refused; `errors` are sorted by file and line."""

    def __init__(self, errors: Iterable[SheetError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.file, error.line, error.column)))
        super().__init__(f"Filen har {len(self.errors)} fel. Inget har ändrats.")


def address_fault(address: str) -> str | None:
    """Tell in Swedish what is wrong with an e-mail address; None when nothing is, and mail can be sent to it."""
    if len(address) > _LONGEST_ADDRESS:
        return f"Adressen är längre än {_LONGEST_ADDRESS} tecken. Skriv en kortare adress."
    if not _ADDRESS.fullmatch(address) or _NEVER_IN_AN_ADDRESS & set(address):
        return "Adressen har mellanslag eller andra tecken som inte får stå där. Skriv en adress, utan å, ä och ö."
    return None if "." in address.partition("@")[2] and _can_be_mailed(address) else _NO_ADDRESS


def _can_be_mailed(address: str) -> bool:
    try:
        ascii_address(address)
    except MessageRefused:
        return False
    return True


def key_fault(key: str) -> str | None:
    """Tell in Swedish what is wrong with a key that will stand in addresses of pages; None when nothing is."""
    return None if _KEY.fullmatch(key) else "Nyckeln får bara ha a–z, 0–9 och bindestreck, till exempel socialnamnden."
