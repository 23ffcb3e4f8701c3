"""An uploaded list of officials: read in a limited child, shown for what it would do, and stored when somebody says so.

Between the two nothing of it is kept here: the rows travel with the page, signed, bound to the register they were read
against.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.confined.program import ChildStopped, command_of, run_confined
from styrhjul.db.model import Municipality
from styrhjul.db.people_query import Register, load_register
from styrhjul.db.session import Database, municipality_of
from styrhjul.domain.moment import local_date
from styrhjul.mail.catalogue import SOURCE
from styrhjul.services.organisation.officials import OfficialsReport, import_in
from styrhjul.services.organisation.officials_columns import Kind
from styrhjul.services.organisation.officials_roster import FaultyOfficials
from styrhjul.services.organisation.officials_sheet import Row, SheetError, Sheets
from styrhjul.services.overview.forecast import ForecastLine, Span, forecast_in

#: A whole municipality's officials are a tenth of it.
MOST_ROWS = 20_000
PATIENCE_SECONDS = 40.0
#: Mails that follow are looked for so far ahead.
AHEAD = timedelta(days=30)
_PROGRAM = "styrhjul.services.organisation.officials_child"
_MOST_ANSWERED = 64 * 1024 * 1024
_OVERRAN = (
    "Filen tog för mycket tid eller minne att läsa. Spara listan som en ny .xlsx eller .csv, utan annat än bladen."
)
_TOO_MANY = f"Filen har fler än {MOST_ROWS} rader. Dela upp den, eller läs in den med styrhjul officials import."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What a file says. `more` counts the errors that are left out."""

    sheets: Sheets
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A row of the register that would be another: of which kind, what, and how it stood and would stand."""

    kind: Kind
    name: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file would do, in the register's own order. With `report.errors` it would do nothing.

    `version` is the register it was worked out against. `mails` are the notices that would follow within `AHEAD`, in
    the order they would leave.
    """

    version: str
    report: OfficialsReport
    added: tuple[Named, ...] = ()
    changed: tuple[Named, ...] = ()
    ended: tuple[Named, ...] = ()
    mails: tuple[ForecastLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the register is already as the file says."""
        return not (self.report.errors or self.report.added or self.report.changed or self.report.ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The register that a preview was worked out against, and whether somebody means what it takes away."""

    version: str
    is_sure: bool = False


class RegisterChanged(ValueError):
    """Organisationen har ändrats sedan listan granskades. Inget har lästs in. Granska listan igen."""

    def __init__(self) -> None:
        super().__init__(str(RegisterChanged.__doc__))


def read_upload(name: str, content: bytes, *, patience_seconds: float = PATIENCE_SECONDS) -> ReadFile:
    """Read a file in a child of its own. Raises nothing: a child that was ended is an error of the file's."""
    job = json.dumps({"name": name, "content": base64.b64encode(content).decode()})
    try:
        told = json.loads(
            run_confined(
                command_of(_PROGRAM), job.encode(), patience_seconds=patience_seconds, most_answered=_MOST_ANSWERED
            )
        )
    except (ChildStopped, ValueError, OSError):
        return ReadFile(sheets=_refused(name, _OVERRAN))
    if len(told["rows"]) > MOST_ROWS:
        return ReadFile(sheets=_refused(name, _TOO_MANY))
    errors = tuple(SheetError(*each) for each in told["errors"])
    return ReadFile(sheets=replace(sheets_of(told["rows"]), errors=errors), more=told["more"])


def rows_of(sheets: Sheets) -> list[list[Any]]:
    """Return rows as plain values that travel; `sheets_of` makes them rows again."""
    return [[kind.value, row.file, row.line, dict(row.cells)] for kind, found in sheets.rows.items() for row in found]


def sheets_of(rows: Iterable[list[Any]]) -> Sheets:
    """Return what `rows_of` told."""
    found: dict[Kind, list[Row]] = {}
    for kind, file, line, cells in rows:
        found.setdefault(Kind(kind), []).append(Row(file, line, cells))
    return Sheets({kind: tuple(each) for kind, each in found.items()}, ())


def preview(database: Database, municipality_id: str, sheets: Sheets, now: datetime, *, by: str) -> Preview:
    """Work out what rows would do: they are imported, looked at and taken back. Nothing is kept."""
    with database.register(municipality_id) as session:
        version = register_version(session)
        before, told = load_register(session), _mails(session, now)
        try:
            report = import_in(session, sheets, now, by)
        except FaultyOfficials as faulty:
            session.rollback()
            return Preview(version=version, report=OfficialsReport(errors=faulty.errors))
        session.flush()
        after, telling = load_register(session), _mails(session, now)
        session.rollback()
    known = {_same(line) for line in told}
    return Preview(
        version=version,
        report=report,
        mails=tuple(line for line in telling if _same(line) not in known),
        **_differences(_named(before), _named(after), local_date(now)),
    )


def confirm(  # noqa: PLR0913 - what is read, what was seen, and who stands behind it
    database: Database, municipality_id: str, sheets: Sheets, seen: Seen, *, now: datetime, by: str
) -> OfficialsReport:
    """Import rows that were previewed. Raises RegisterChanged if the register is no longer the one they met there.

    What takes away a body, or all its meetings, changes nothing unless `seen.is_sure`: the report then says that it
    must be confirmed.
    """
    try:
        with database.register(municipality_id) as session:
            if register_version(session) != seen.version:
                raise RegisterChanged
            report = import_in(session, sheets, now, by)
            if report.effect.is_drastic and not seen.is_sure:
                session.rollback()
                return replace(report, must_be_confirmed=True)
            return report
    except FaultyOfficials as faulty:
        return OfficialsReport(errors=faulty.errors)


def register_version(session: Session) -> str:
    """Return what is new whenever anything of the register changes."""
    own = select(Municipality.register_version).where(Municipality.id == municipality_of(session))
    return session.scalars(own).one()


def _mails(session: Session, now: datetime) -> list[ForecastLine]:
    today = local_date(now)
    return forecast_in(session, Span(today, today + AHEAD))


def _same(line: ForecastLine) -> tuple[object, ...]:
    return (line.on, line.recipient, line.policy, line.lifecycle, line.body, line.period, line.rung, line.due_on)


def _refused(name: str, message: str) -> Sheets:
    return Sheets({}, (SheetError(name, 1, "", message),))


#: What a row is called and how it stands, by its kind and id; "" how an ended one stands.
_Names = Mapping[tuple[Kind, str], tuple[str, str]]


def _named(register: Register) -> _Names:
    bodies = {body.body_id: body for body in register.bodies}
    posts = {post.post_id: f"{post.title}, {bodies[post.body_id].name}" for post in register.posts}
    found: dict[tuple[Kind, str], tuple[str, str]] = {}
    for body in register.bodies:
        through = f", svarar genom {body.answers_through}" if body.answers_through else ""
        bound = f", bundet genom {body.bound_by}" if body.bound_by else ""
        gone = f", upphör {body.dissolved_on.isoformat()}" if body.dissolved_on else ""
        found[Kind.BODIES, body.body_id] = (body.name, f"{body.name}{through}{bound}{gone}")
    for post in register.posts:
        found[Kind.POSTS, post.post_id] = (posts[post.post_id], "" if post.ended_on else "finns")
    for one in register.held:
        name = f"{one.name}: {posts[one.post_id]}"
        found[Kind.APPOINTMENTS, one.appointment_id] = (name, _span(one.starts_on, one.ends_on))
    for person in register.persons:
        stands = f"{person.name}, {person.address or 'ingen adress'}"
        language = "" if person.language == SOURCE else f", språk {person.language}"
        found[Kind.PERSONS, person.person_id] = (person.name, f"{stands}{language}")
    for kind, days in ((Kind.MEETINGS, register.meetings), (Kind.TERMS, register.term_starts)):
        for body_id, each in days.items():
            for day in each:
                found[kind, f"{body_id} {day}"] = (f"{bodies[body_id].name}, {day.isoformat()}", "finns")
    return found


def _span(starts_on: date, ends_on: date | None) -> str:
    return f"från {starts_on.isoformat()}" + (f" till {ends_on.isoformat()}" if ends_on else ", tills vidare")


def _differences(before: _Names, after: _Names, today: date) -> dict[str, tuple[Named, ...]]:
    """Return what is added, changed and ended. An appointment that ends before today has ended."""
    found: dict[str, list[Named]] = {"added": [], "changed": [], "ended": []}
    for key in sorted(before.keys() | after.keys(), key=lambda key: (list(Kind).index(key[0]), key[1])):
        name, was = before.get(key, ("", ""))
        new_name, stands = after.get(key, ("", ""))
        if was == stands:
            continue
        where = "added" if not was else "ended" if _is_over(key[0], was, stands, today) else "changed"
        found[where].append(Named(kind=key[0], name=new_name or name, before=was, after=stands))
    return {
        where: tuple(sorted(each, key=lambda one: (list(Kind).index(one.kind), one.name)))
        for where, each in found.items()
    }


def _is_over(kind: Kind, was: str, stands: str, today: date) -> bool:
    if kind is Kind.BODIES:
        return ", upphör " in stands and ", upphör " not in was
    last = stands.rpartition(" till ")[2]
    return not stands or (kind is Kind.APPOINTMENTS and " till " in stands and last < today.isoformat())
