"""The lists of a simulated municipality: its bodies, offices, people and meetings, as the import reads them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from styrhjul.services.organisation.officials_sheet import File


@dataclass(frozen=True, slots=True)
class Seat:
    """A line of appointments.csv; an empty `ends_on` is until further notice."""

    body: str
    role: str
    person: str
    starts_on: str
    ends_on: str

    def is_held(self, on: date) -> bool:
        """Tell whether the office is held that day, both ends included."""
        return self.is_held_on(on.isoformat())

    def is_held_on(self, day: str) -> bool:
        """As `is_held`, of a day as the lists write it."""
        return self.starts_on <= day <= (self.ends_on or "9999")


@dataclass(slots=True, kw_only=True)
class Lists:
    """The lists as the municipality keeps them, row by row. `bodies` ends with the day a body was dissolved."""

    seats: list[Seat]
    persons: dict[str, list[str]]
    meetings: list[list[str]]
    bodies: list[list[str]]
    posts: list[list[str]]
    terms: list[list[str]]
    #: Whether the bodies themselves have changed: else they are not brought.
    has_new_bodies: bool = False

    @classmethod
    def of(cls, folder: Path) -> Lists:
        """Read an example's lists."""
        return cls(
            seats=[Seat(*row) for row in _rows(folder / "appointments.csv")],
            persons={row[0]: row for row in _rows(folder / "persons.csv")},
            meetings=_rows(folder / "meetings.csv"),
            bodies=[[*row, ""] for row in _rows(folder / "bodies.csv")],
            posts=_rows(folder / "posts.csv"),
            terms=_rows(folder / "terms.csv"),
        )

    def files(self) -> Iterator[File]:
        """Yield them as CSV files, one for each kind."""
        seats = ([each.body, each.role, each.person, each.starts_on, each.ends_on] for each in self.seats)
        if self.has_new_bodies:
            yield _file("bodies.csv", "key;name;kind;answers_through;bound_by;dissolved_on", self.bodies)
            yield _file("posts.csv", "body;role;title", self.posts)
            yield _file("terms.csv", "body;starts_on", self.terms)
        yield _file("persons.csv", "key;name;address;language", self.persons.values())
        yield _file("appointments.csv", "body;role;person;starts_on;ends_on", seats)
        yield _file("meetings.csv", "body;meets_on", self.meetings)


def _rows(file: Path) -> list[list[str]]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [list(row) for row in csv.reader(lines[1:], delimiter=";")]


def _file(name: str, heading: str, rows: Iterable[list[str]]) -> File:
    return File(name, ("\n".join([heading, *(";".join(row) for row in rows)]) + "\n").encode())
