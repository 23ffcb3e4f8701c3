"""The journal as auditors see it: is every line still what was written?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from styrhjul.db.journal_query import Break, check_chain
from styrhjul.db.model import Municipality
from styrhjul.db.session import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalReport:
    """How many entries were checked, and every place where a chain does not hold."""

    entries: int
    broken: tuple[Break, ...]


def verify_journals(database: Database) -> JournalReport:
    """Check the hash chain of every municipality. Reads everything once; writes nothing."""
    with database.system(read_only=True) as session:
        municipalities = list(session.scalars(select(Municipality.id).order_by(Municipality.slug)))
    total, broken = 0, list[Break]()
    for municipality_id in municipalities:
        with database.reading(municipality_id) as session:
            count, breaks = check_chain(session)
        total += count
        broken += breaks
    return JournalReport(entries=total, broken=tuple(broken))
