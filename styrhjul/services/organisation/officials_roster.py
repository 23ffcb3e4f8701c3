"""What an officials import says, typed: bodies, posts, persons, appointments, and days that belong to a body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.services.organisation.officials_sheet import SheetError


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
