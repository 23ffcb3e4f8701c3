"""A program brings the lists of officials and meetings: looked at first, and imported once, as from the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from styrhjul.db.session import Database
from styrhjul.services.api.call import Call, Content, Outcome, once
from styrhjul.services.organisation.officials import OfficialsReport, import_in
from styrhjul.services.organisation.officials_columns import Kind
from styrhjul.services.organisation.officials_roster import FaultyOfficials
from styrhjul.services.organisation.officials_sheet import SheetError, Sheets, sheets_of_cells
from styrhjul.services.organisation.officials_upload import Preview, RegisterChanged, preview, register_version

Lists = Mapping[Kind, Sequence[Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Lists to import. Each is the whole truth of its kind; a kind that is left out stays as it is.

    `seen` is the register they were looked at against, None = whichever; `is_sure`: what they take away is meant.
    """

    lists: Lists
    seen: str | None = None
    is_sure: bool = False


class FaultyLists(ValueError):
    """The lists were refused; nothing has been changed."""

    def __init__(self, errors: tuple[SheetError, ...]) -> None:
        super().__init__(f"{len(errors)} faults")
        self.errors = errors


class MustBeSure(ValueError):
    """The lists take away a body or all its meetings, which may only have been left out."""

    def __init__(self, report: OfficialsReport) -> None:
        super().__init__("nobody has said that it is meant")
        self.report = report


def look_at(database: Database, municipality_id: str, lists: Lists, now: datetime, *, by: str) -> Preview:
    """Work out what lists would do. Changes nothing. Raises FaultyLists."""
    found = preview(database, municipality_id, _read(lists), now, by=by)
    if found.report.errors:
        raise FaultyLists(found.report.errors)
    return found


def bring(database: Database, call: Call, wanted: Wanted, *, now: datetime) -> Outcome:
    """Import lists once for each key. Raises FaultyLists, MustBeSure, RegisterChanged, KeyReused."""
    sheets = _read(wanted.lists)

    def change(session: Session) -> Content:
        if wanted.seen not in (None, register_version(session)):
            raise RegisterChanged
        try:
            report = import_in(session, sheets, now, call.program.by)
        except FaultyOfficials as faulty:
            raise FaultyLists(faulty.errors) from None
        if report.effect.is_drastic and not wanted.is_sure:
            raise MustBeSure(report)
        session.flush()
        told = {**counted(report), "changes": [], "mails": 0}
        return {"dry_run": False, "register_version": register_version(session), **told}

    return once(database, call, change, status=200, now=now, in_register=True)


def counted(report: OfficialsReport) -> dict[str, Any]:
    """Return what an import does in numbers, and the bodies that it takes something away from by name."""
    effect = report.effect
    return {
        "added": report.added,
        "changed": report.changed,
        "ended": report.ended,
        "cases_moved": len(effect.cases_moved),
        "organizations_ceased": [each.body for each in effect.bodies_ceased],
        "meetings_lost": [each.body for each in effect.meetings_lost],
        "posts_vacant": [f"{each.title}, {each.body}" for each in effect.posts_vacant],
        "handovers_confirmed": list(effect.handovers_confirmed),
    }


def _read(lists: Lists) -> Sheets:
    sheets = sheets_of_cells(lists)
    if sheets.errors:
        raise FaultyLists(sheets.errors)
    return sheets
