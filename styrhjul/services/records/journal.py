"""The journal as auditors see it: what its lines say, and whether each is still what was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.audit_query import load_lines
from styrhjul.db.case_model import Case, JournalCheck
from styrhjul.db.journal import entries
from styrhjul.db.journal_query import Break, Progress, check_chain
from styrhjul.db.model import Municipality, Policy
from styrhjul.db.overview_query import cases_about
from styrhjul.db.session import Database
from styrhjul.domain.journal import Entry
from styrhjul.services.cases.decision import NoSuchCase


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


def note_check(database: Database, report: JournalReport, now: datetime) -> None:
    """Note that every chain was looked through, and what was found; alarms stand on the newest."""
    with database.system() as session:
        session.add(JournalCheck(checked_at=now, entries=report.entries, broken=len(report.broken)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines: all; those of a case (its id or the beginning) or of a policy (its short name); from a moment on."""

    case: str | None = None
    policy: str | None = None
    since: datetime | None = None


def journal_lines(database: Database, municipality_id: str, wanted: Wanted) -> Iterator[tuple[Entry, str]]:
    """Yield the lines that are wanted with their seals, in the order in which they were written. Raises NoSuchCase.

    A policy's are those about itself and about its cases; with a case as well, those of both.
    """
    with database.reading(municipality_id) as session:
        case_id = None if wanted.case is None else _case_named(session, wanted.case)
        for entry, sealed in _lines(session, wanted.policy, case_id):
            if wanted.since is None or entry.at >= wanted.since:
                yield entry, sealed


def _lines(session: Session, policy: str | None, case_id: str | None) -> Iterator[tuple[Entry, str]]:
    if policy is None:
        return entries(session, case_id)
    policy_id = session.scalars(select(Policy.id).where(Policy.slug == policy)).one()
    found = load_lines(session, policy_id, cases_about(session, policy_id))
    return (line for line in found if case_id in (None, line[0].case_id))


def _case_named(session: Session, given: str) -> str:
    found = session.scalars(select(Case.id).where(Case.id.startswith(given, autoescape=True)).limit(2)).all()
    if not given or len(found) != 1:
        raise NoSuchCase(given)
    return found[0]
