"""A municipality's cases by what somebody looks for: how they stand, whose, about what and when. A page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.office_query import body_names
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.outline_query import load_policy_lines
from styrhjul.db.overview_query import MunicipalityLine, in_swedish_order, load_cases
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import ANSWERED_STATES, AWAITED_STATES, State
from styrhjul.domain.moment import local_date
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.procedure import lifecycle_of
from styrhjul.services.overview.case_status import Cell, case_status

CASES_PER_PAGE = 50
_CLOSED = (State.WAIVED, State.LAPSED, State.NOT_FOLLOWED)


class Sought(StrEnum):
    """How a case may stand, as far as a list tells them apart."""

    OPEN = "open"
    LATE = "late"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; what is left empty matters not. `page` counts from 1."""

    state: str = ""
    body: str = ""
    policy: str = ""
    year: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCase:
    """A case with how it stands and the title of its document."""

    cell: Cell
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of cases by their due day, with what can be chosen: short names and names."""

    municipality: MunicipalityLine
    today: date
    cases: tuple[FoundCase, ...]
    total: int
    page: int
    has_next: bool
    bodies: tuple[tuple[str, str], ...] = ()
    policies: tuple[tuple[str, str], ...] = ()
    years: tuple[int, ...] = field(default=())


def search_cases(database: Database, slug: str, search: Search, now: datetime) -> Found:
    """Return a page of what was found, the earliest due first. A word nobody knows finds nothing. Raises NotHere."""
    municipality, today = municipality_by(database, slug), local_date(now)
    with database.reading(municipality.municipality_id) as session:
        organisation = load_organisation(session)
        names, policies = body_names(session, organisation), load_policy_lines(session, organisation)
        wanted = [*_matching(search, today)]
        wanted += [Case.body_id.in_([key for key, name in names.items() if name.slug == search.body])] * bool(
            search.body
        )
        asked = [line.policy_id for line in policies if line.slug == search.policy]
        wanted += [Case.policy_id.in_(asked)] * bool(search.policy)
        first = (search.page - 1) * CASES_PER_PAGE
        query = select(Case.id).where(*wanted).order_by(Case.due_on, Case.id)
        ids = list(session.scalars(query.limit(CASES_PER_PAGE + 1).offset(first)))
        lines = {line.case_id: line for line in load_cases(session, ids[:CASES_PER_PAGE])}
        titles = {line.policy_id: line.title for line in policies}
        cells = [
            Cell(case=line, status=case_status(line, lifecycle_of(organisation, line.lifecycle, line.policy_id), today))
            for line in map(lines.__getitem__, ids[:CASES_PER_PAGE])
        ]
        in_order = sorted(names.values(), key=lambda name: in_swedish_order(name.name))
        return Found(
            municipality=municipality,
            today=today,
            cases=tuple(FoundCase(cell=cell, policy=titles.get(cell.case.policy_id or "", "")) for cell in cells),
            total=session.scalar(select(func.count(Case.id)).where(*wanted)) or 0,
            page=search.page,
            has_next=len(ids) > CASES_PER_PAGE,
            bodies=tuple((name.slug, name.name) for name in in_order),
            policies=tuple((line.slug, line.title) for line in policies),
            years=_years(session),
        )


def _years(session: Session) -> tuple[int, ...]:
    """Return the years in which anything was or is due, the latest first."""
    bounds: list[date | None] = [session.scalar(select(limit(Case.due_on))) for limit in (func.min, func.max)]
    first, last = bounds
    return tuple(range(last.year, first.year - 1, -1)) if first and last else ()


def _matching(search: Search, today: date) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if search.state:
        wanted.append(_standing(search.state, today) if search.state in set(Sought) else false())
    if search.year is not None:
        wanted.append(Case.due_on.between(date(search.year, 1, 1), date(search.year, 12, 31)))
    return wanted


def _standing(state: str, today: date) -> ColumnElement[bool]:
    waits = Case.state.in_(sorted(AWAITED_STATES))
    return {
        Sought.OPEN: waits,
        Sought.LATE: waits & (Case.due_on < today),
        Sought.ANSWERED: Case.state.in_(sorted(ANSWERED_STATES)),
        Sought.CLOSED: Case.state.in_(_CLOSED),
    }[Sought(state)]
