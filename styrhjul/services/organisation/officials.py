"""Officials in: bodies, posts, persons, appointments and meetings from the municipality's own lists."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.officials_query import revoke_links_of_past_holders
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.services.organisation.handover import confirm_handovers
from styrhjul.services.organisation.officials_check import read_roster
from styrhjul.services.organisation.officials_effect import Change, Effect, effect_of
from styrhjul.services.organisation.officials_follow import try_new_addresses, wake_all
from styrhjul.services.organisation.officials_roster import FaultyOfficials
from styrhjul.services.organisation.officials_sheet import SheetError, Sheets, read_sheets
from styrhjul.services.organisation.officials_store import Tally, known_officials, store_roster
from styrhjul.services.organisation.officials_template import TemplateExists, template

__all__ = [
    "OfficialsReport",
    "SheetError",
    "TemplateExists",
    "import_officials",
    "import_sheets",
    "template",
    "try_new_addresses",
]

#: Who stands behind an import in the journal, where nobody else is named.
BY_THE_LIST = "inläsning av listan över uppdrag"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialsReport:
    """What an import did, in numbers and by name. With `errors` it did nothing.

    `must_be_confirmed`: it did nothing either, and the rest tells what it would do.
    """

    added: int = 0
    changed: int = 0
    ended: int = 0
    effect: Effect = field(default_factory=Effect)
    must_be_confirmed: bool = False
    errors: tuple[SheetError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Heard:
    """What an import is read against: the organisation before it, and whether it lists appointments."""

    before: Organisation
    of_appointments: bool


def import_officials(  # noqa: PLR0913 - what is read, and who stands behind it
    database: Database,
    municipality_id: str,
    source: Path,
    now: datetime,
    *,
    by: str = BY_THE_LIST,
    confirm: bool = False,
) -> OfficialsReport:
    """Make the municipality's officials equal to a folder of CSV files, one CSV file or a workbook.

    1. Everything is read and checked first; any fault and nothing changes.
    2. The source is the whole truth for the kinds it holds: appointments it no longer lists end the day before.
    3. Links of those who left die; what failed where nobody could be warned is tried at the new address; a list of
       appointments answers open handovers; cases follow meetings that were moved; and everything is looked at anew.
    4. A body that ceases, or loses all its meetings to come, may only have been left out: without `confirm` nothing
       changes, and the report tells what would.

    What found nobody in a post waits for compose, which looks again every ordinary day.

    Safe to repeat: the second time nothing changes and nothing is journalled.
    """
    return import_sheets(database, municipality_id, read_sheets(source), now, by=by, confirm=confirm)


def import_sheets(  # noqa: PLR0913 - what is read, and who stands behind it
    database: Database,
    municipality_id: str,
    sheets: Sheets,
    now: datetime,
    *,
    by: str = BY_THE_LIST,
    confirm: bool = False,
) -> OfficialsReport:
    """As `import_officials`, of rows that have been read already."""
    try:
        with database.register(municipality_id) as session:
            report = import_in(session, sheets, now, by)
            if report.effect.is_drastic and not confirm:
                session.rollback()
                return replace(report, must_be_confirmed=True)
            return report
    except FaultyOfficials as faulty:
        return OfficialsReport(errors=faulty.errors)


def import_in(session: Session, sheets: Sheets, now: datetime, by: str) -> OfficialsReport:
    """Import in a transaction of the caller's, who may yet take it back. Raises FaultyOfficials."""
    roster = read_roster(sheets, known_officials(session))
    heard = _Heard(load_organisation(session), of_appointments=roster.appointments is not None)
    tally = store_roster(session, roster, local_date(now))
    effect = _follow_through(session, tally, heard, now, by)
    return OfficialsReport(added=tally.added, changed=tally.changed, ended=tally.ended, effect=effect)


def _follow_through(session: Session, tally: Tally, heard: _Heard, now: datetime, by: str) -> Effect:
    today = local_date(now)
    organisation = load_organisation(session)
    revoked = revoke_links_of_past_holders(session, today, now)
    replanned = try_new_addresses(session, organisation, now)
    confirmed = confirm_handovers(session, organisation, now, by=by) if heard.of_appointments else []
    if not (tally.total or revoked or replanned or confirmed):
        return Effect()
    moved = wake_all(session, heard.before, now)
    counts = {
        "added": tally.added,
        "changed": tally.changed,
        "ended": tally.ended,
        "links_revoked": revoked,
        "notices_replanned": replanned,
        "handovers_confirmed": len(confirmed),
        "cases_moved": len(moved),
    }
    write_down(session, [Line(kind=EntryKind.OFFICIALS_IMPORTED, by=by, data=counts)], now)
    return effect_of(session, Change(before=heard.before, after=organisation, today=today), confirmed, moved)
