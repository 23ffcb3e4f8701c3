"""The journal as auditors see it: is every line still what was written?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from styrhjul.db.journal_query import Break, Progress, check_chain
from styrhjul.db.model import Municipality
from styrhjul.db.session import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalReport:
    """How many entries were checked, and every place where a chain does not hold."""

    entries: int
    broken: tuple[Break, ...]


def verify_journals(database: Database, progress: Progress = lambda *_: None) -> JournalReport:
    """Check the hash chain of every municipality. Reads everything once; writes nothing.

    `progress` is told thousandths, a thousand for each municipality.
    """
    with database.system(read_only=True) as session:
        municipalities = list(session.scalars(select(Municipality.id).order_by(Municipality.slug)))
    total, broken = 0, list[Break]()
    for before, municipality_id in enumerate(municipalities):

        def told(done: int, total: int, before: int = before) -> None:
            progress(before * 1000 + done * 1000 // total, len(municipalities) * 1000)

        with database.reading(municipality_id) as session:
            count, breaks = check_chain(session, told)
        total += count
        broken += breaks
    return JournalReport(entries=total, broken=tuple(broken))
