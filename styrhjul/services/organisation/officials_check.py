"""Rows of an officials import checked against each other and against what is stored, and turned into a roster."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import TypeVar

from styrhjul.domain.given_day import day_fault
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.services.foundation.address import address_fault, key_fault
from styrhjul.services.organisation.officials_columns import Kind
from styrhjul.services.organisation.officials_roster import (
    AppointmentRow,
    BodyDay,
    BodyRow,
    FaultyOfficials,
    Known,
    PersonRow,
    PostRow,
    Roster,
)
from styrhjul.services.organisation.officials_sheet import Row, SheetError, Sheets

T = TypeVar("T")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BOARD_ONLY = frozenset({PostRole.CHIEF_EXECUTIVE, PostRole.COORDINATOR, PostRole.FUNCTION_MAILBOX, PostRole.REGISTRAR})
_SEVERAL_HOLDERS = frozenset({PostRole.VICE_CHAIR, PostRole.DOCUMENT_OWNER})
_ANSWERED_FOR = frozenset({BodyKind.ADMINISTRATION, BodyKind.UNIT})
_ANSWERING = frozenset({BodyKind.EXECUTIVE_BOARD, BodyKind.COMMITTEE})
_BINDABLE = frozenset({BodyKind.COMPANY, BodyKind.JOINT_AUTHORITY})
_ONE_OF_EACH = {BodyKind.COUNCIL: "kommunfullmäktige", BodyKind.EXECUTIVE_BOARD: "kommunstyrelse"}


def read_roster(sheets: Sheets, known: Known) -> Roster:
    """Turn rows into a roster. Raises FaultyOfficials with every fault of the stage that found any."""
    _refuse(sheets.errors)
    reader = _Reader(sheets, known)
    roster = reader.roster()
    _refuse(reader.errors)
    return roster


def _refuse(errors: Iterable[SheetError]) -> None:
    found = tuple(errors)
    if found:
        raise FaultyOfficials(found)


class _Reader:
    """Reads kind by kind, in the order they depend on each other, and gathers every error on the way."""

    def __init__(self, sheets: Sheets, known: Known) -> None:
        self.errors: list[SheetError] = []
        self._rows = sheets.rows
        # References are looked up among the cells as written, so that one fault is told once.
        self._bodies: Mapping[str, BodyKind] = known.bodies
        if Kind.BODIES in sheets.rows:
            self._bodies = {row.cells["key"]: BodyKind(row.cells["kind"]) for row in sheets.rows[Kind.BODIES]}
        posts: Iterable[PostRow] = known.posts
        if Kind.POSTS in sheets.rows:
            posts = frozenset(_post(row) for row in sheets.rows[Kind.POSTS])
        self._posts: dict[tuple[str, str], list[PostRow]] = defaultdict(list)
        for post in posts:
            self._posts[post.body, post.role].append(post)
        self._persons: Iterable[str] = known.persons
        if Kind.PERSONS in sheets.rows:
            self._persons = frozenset(row.cells["key"] for row in sheets.rows[Kind.PERSONS])

    def roster(self) -> Roster:
        return Roster(
            bodies=self._read(Kind.BODIES, self._body, lambda body: body.key, self._one_of_each),
            posts=self._read(Kind.POSTS, self._checked_post, lambda post: post, self._one_in_each_role),
            persons=self._read(Kind.PERSONS, self._person, lambda person: person.key),
            appointments=self._read(
                Kind.APPOINTMENTS,
                self._appointment,
                lambda held: (held.post, held.person, held.starts_on),
                self._one_at_a_time,
            ),
            meetings=self._read(Kind.MEETINGS, lambda row: self._body_day(row, "meets_on"), lambda day: day),
            terms=self._read(Kind.TERMS, lambda row: self._body_day(row, "starts_on"), lambda day: day),
        )

    def _read(
        self,
        kind: Kind,
        make: Callable[[Row], T | None],
        key_of: Callable[[T], Hashable],
        check: Callable[[list[tuple[Row, T]]], None] = lambda _: None,
    ) -> tuple[T, ...] | None:
        """Make each row of a kind, refuse those that stand twice, and check the kind as a whole."""
        if kind not in self._rows:
            return None
        made = [(row, item) for row in self._rows[kind] if (item := make(row)) is not None]
        first: dict[Hashable, Row] = {}
        for row, item in made:
            earlier = first.setdefault(key_of(item), row)
            if earlier is not row:
                self._refuse(row, next(iter(row.cells)), f"Raden finns redan på rad {earlier.line}. Ta bort den ena.")
        check(made)
        return tuple(item for _, item in made)

    def _refuse(self, row: Row, column: str, message: str) -> None:
        self.errors.append(row.error(column, message))

    def _body(self, row: Row) -> BodyRow:
        cells = row.cells
        body = BodyRow(
            key=cells["key"],
            name=cells["name"],
            kind=BodyKind(cells["kind"]),
            answers_through=cells.get("answers_through") or None,
            bound_by=cells.get("bound_by") or None,
            dissolved_on=self._day(row, "dissolved_on"),
        )
        if fault := key_fault(body.key):
            self._refuse(row, "key", fault)
        if fault := self._answering_fault(body):
            self._refuse(row, "answers_through", fault)
        if body.bound_by and body.kind not in _BINDABLE:
            self._refuse(row, "bound_by", "Styrdokumenten gäller ändå här. Lämna cellen tom; den är till för bolag.")
        return body

    def _answering_fault(self, body: BodyRow) -> str | None:
        if body.kind not in _ANSWERED_FOR:
            return "Organet svarar för sig självt. Lämna cellen tom." if body.answers_through else None
        if body.answers_through is None:
            return "Skriv nyckeln för den nämnd som svarar för förvaltningen eller enheten."
        if self._bodies.get(body.answers_through) not in _ANSWERING:
            return (
                f"”{body.answers_through}” är ingen nämnd bland organen (bodies). Skriv nyckeln för nämnden som svarar."
            )
        return None

    def _one_of_each(self, made: list[tuple[Row, BodyRow]]) -> None:
        for kind, name in _ONE_OF_EACH.items():
            rows = [row for row, body in made if body.kind is kind and body.dissolved_on is None]
            if not rows:
                self._refuse(self._rows[Kind.BODIES][0], "kind", f"Listan saknar {name}. Lägg till en rad med {kind}.")
            for row in rows[1:]:
                self._refuse(row, "kind", f"Listan har mer än en {name}. Låt en rad ha {kind}.")

    def _checked_post(self, row: Row) -> PostRow | None:
        post = _post(row)
        if not self._has_body(row):
            return None
        if post.role in _BOARD_ONLY and self._bodies[post.body] is not BodyKind.EXECUTIVE_BOARD:
            self._refuse(row, "body", f"Rollen {post.role} hör till kommunstyrelsen. Skriv kommunstyrelsens nyckel.")
        return post

    def _one_in_each_role(self, made: list[tuple[Row, PostRow]]) -> None:
        first: dict[tuple[str, PostRole], tuple[Row, PostRow]] = {}
        for row, post in made:
            before, earlier = first.setdefault((post.body, post.role), (row, post))
            if earlier != post and post.role not in _SEVERAL_HOLDERS:  # the same post twice is told as standing twice
                self._refuse(
                    row,
                    "role",
                    f"{post.body} har redan en post med rollen {post.role}, på rad {before.line}. "
                    "Behåll raden med den titel som gäller nu och ta bort den andra.",
                )

    def _person(self, row: Row) -> PersonRow:
        cells = row.cells
        address = cells.get("address") or None
        if address and (fault := address_fault(address)):
            self._refuse(row, "address", fault)
        return PersonRow(key=cells["key"], name=cells["name"], address=address, language=cells.get("language") or "sv")

    def _appointment(self, row: Row) -> AppointmentRow | None:
        starts_on, ends_on = self._day(row, "starts_on"), self._day(row, "ends_on")
        post, person = self._post_of(row), row.cells["person"]
        if person not in self._persons:
            self._refuse(row, "person", f"”{person}” finns inte bland personerna (persons). Lägg till personen där.")
        if starts_on and ends_on and ends_on < starts_on:
            self._refuse(row, "ends_on", "Sista dagen ligger före den första. Rätta ett av datumen.")
            return None
        if post is None or starts_on is None:
            return None
        return AppointmentRow(post=post, person=person, starts_on=starts_on, ends_on=ends_on)

    def _post_of(self, row: Row) -> PostRow | None:
        if not self._has_body(row):
            return None
        body, role, title = row.cells["body"], row.cells["role"], row.cells.get("title")
        fitting = [post for post in self._posts.get((body, role), ()) if title in (None, "", post.title)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            self._refuse(row, "title", f"{body} har flera poster med rollen {role}. Skriv postens titel.")
        else:
            self._refuse(
                row, "title" if title else "role", "Posten finns inte bland posterna (posts). Lägg till den där."
            )
        return None

    def _one_at_a_time(self, made: list[tuple[Row, AppointmentRow]]) -> None:
        in_order = sorted(made, key=lambda pair: (pair[1].post, pair[1].starts_on, pair[0].line))
        for (before, earlier), (row, later) in pairwise(in_order):
            if earlier.post != later.post or (earlier.ends_on and earlier.ends_on < later.starts_on):
                continue
            if (earlier.person, earlier.starts_on) != (later.person, later.starts_on):  # else told as standing twice
                self._refuse(
                    row,
                    "starts_on",
                    f"Posten har redan en innehavare då, på rad {before.line}. Skriv en sista dag där.",
                )

    def _body_day(self, row: Row, column: str) -> BodyDay | None:
        on = self._day(row, column)
        return BodyDay(body=row.cells["body"], on=on) if self._has_body(row) and on else None

    def _has_body(self, row: Row) -> bool:
        body = row.cells["body"]
        if body not in self._bodies:
            self._refuse(
                row, "body", f"”{body}” finns inte bland organen (bodies). Lägg till organet där, eller rätta nyckeln."
            )
        return body in self._bodies

    def _day(self, row: Row, column: str) -> date | None:
        text = row.cells.get(column, "")
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None  # a day that the month does not have is told like any other
        if day is None:
            self._refuse(row, column, "Skriv datumet som 2027-03-24.")
        elif fault := day_fault(day):
            self._refuse(row, column, f"{fault}, eller lämna tomt om det gäller tills vidare.")
        else:
            return day
        return None


def _post(row: Row) -> PostRow:
    return PostRow(body=row.cells["body"], role=PostRole(row.cells["role"]), title=row.cells["title"])
