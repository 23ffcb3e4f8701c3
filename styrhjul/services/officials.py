"""Officials in: bodies, posts, persons, appointments and meetings from the municipality's own lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from styrhjul.db.facts_query import load_appointments
from styrhjul.db.journal import Line, write_down
from styrhjul.db.officials_query import open_cases, policy_ids, replan_vacant_notices, revoke_links_of_past_holders
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases, touch_policies
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import holder_of
from styrhjul.services.officials_check import read_roster
from styrhjul.services.officials_roster import FaultyOfficials
from styrhjul.services.officials_sheet import SheetError, read_sheets
from styrhjul.services.officials_store import Tally, known_officials, store_roster
from styrhjul.services.officials_template import TemplateExists, template
from workflows import LIFECYCLES

__all__ = ["OfficialsReport", "SheetError", "TemplateExists", "import_officials", "template"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialsReport:
    """What an import did. With `errors` it did nothing."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    errors: tuple[SheetError, ...] = ()


def import_officials(
    database: Database, municipality_id: str, source: Path, now: datetime, *, by: str = "officials import"
) -> OfficialsReport:
    """Make the municipality's officials equal to a folder of CSV files, one CSV file or a workbook.

    1. Everything is read and checked first; any fault and nothing changes.
    2. The source is the whole truth for the kinds it holds: appointments it no longer lists end the day before.
    3. Links of those who left die, notices that found nobody are planned again, and everything is looked at anew.

    Safe to repeat: the second time nothing changes and nothing is journalled.
    """
    sheets = read_sheets(source)
    try:
        with database.municipality(municipality_id) as session:
            roster = read_roster(sheets, known_officials(session))
            tally = store_roster(session, roster, local_date(now))
            _follow_through(session, tally, now, by)
    except FaultyOfficials as faulty:
        return OfficialsReport(errors=faulty.errors)
    return OfficialsReport(added=tally.added, changed=tally.changed, ended=tally.ended)


def _follow_through(session: Session, tally: Tally, now: datetime, by: str) -> None:
    today = local_date(now)
    revoked = revoke_links_of_past_holders(session, today, now)
    replanned = replan_vacant_notices(session, _reachable(session, today))
    if not (tally.total or revoked or replanned):
        return
    touch_policies(session, policy_ids(session), LIFECYCLES, today)
    touch_cases(session, open_cases(session), today)
    counts = {
        "added": tally.added,
        "changed": tally.changed,
        "ended": tally.ended,
        "links_revoked": revoked,
        "notices_replanned": replanned,
    }
    write_down(session, [Line(kind=EntryKind.OFFICIALS_IMPORTED, by=by, data=counts)], now)


def _reachable(session: Session, today: date) -> frozenset[str]:
    """Return the posts whose holder has an address that mail can be sent to."""
    appointments = load_appointments(session)
    holders = (holder_of(post_id, appointments, today) for post_id in {held.post_id for held in appointments})
    return frozenset(holder.post_id for holder in holders if holder and holder.address)
