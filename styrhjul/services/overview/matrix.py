"""Which documents and which of their rounds stand in a year's table of documents and bodies: a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from styrhjul.db.outline_query import CaseOutline
from styrhjul.db.overview_query import PolicyLine, in_swedish_order
from styrhjul.domain.lifecycle import FINAL_STATES
from styrhjul.domain.period import period_in_words
from styrhjul.services.overview.coming_round import ComingRound, by_place
from styrhjul.services.overview.wheel import Asked, Year
from styrhjul.services.words import round_name

POLICIES_PER_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingLine:
    """A round that has not opened for anybody yet; `due` follows the table's bodies."""

    name: str
    opens_on: date
    due: tuple[date | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A page of a year's table. `coming` by the document's id; `page` counts from 0."""

    bodies: tuple[str, ...]
    policies: tuple[PolicyLine, ...]
    quiet: tuple[PolicyLine, ...]
    case_ids: frozenset[str]
    coming: Mapping[str, tuple[ComingLine, ...]]
    page: int
    pages: int


def table_of(year: Year, asked: Asked) -> Table:
    """Return a page of the table: what is due in the year, and this year what is still open from before it."""
    cases = [each for each in year.outlines if each.policy_id and _belongs(each, asked.year, year.today)]
    coming = [each for each in year.coming if each.dates.due_on.year == asked.year]
    ids = {each.body_id for each in cases} | {each.body_id for each in coming}
    bodies = sorted(ids, key=lambda body_id: in_swedish_order(year.names[body_id].name))
    asking = {each.policy_id for each in cases} | {each.policy_id for each in coming}
    loud = [line for line in year.policies if line.policy_id in asking]
    pages = max(-(-len(loud) // POLICIES_PER_PAGE), 1)
    page = min(max(asked.page, 0), pages - 1)
    shown = loud[page * POLICIES_PER_PAGE : (page + 1) * POLICIES_PER_PAGE]
    on_page = {line.policy_id for line in shown}
    here = [each for each in coming if each.policy_id in on_page]
    return Table(
        bodies=tuple(year.names[body_id].name for body_id in bodies),
        policies=tuple(shown),
        quiet=tuple(line for line in year.policies if line.policy_id not in asking),
        case_ids=frozenset(each.case_id for each in cases if each.policy_id in on_page),
        coming=_coming(year, here, bodies),
        page=page,
        pages=pages,
    )


def _belongs(case: CaseOutline, number: int, today: date) -> bool:
    is_left = number == today.year and case.due_on.year < number and case.state not in FINAL_STATES
    return case.due_on.year == number or is_left


def _coming(year: Year, here: Sequence[ComingRound], bodies: Sequence[str]) -> Mapping[str, tuple[ComingLine, ...]]:
    found: dict[str, list[ComingLine]] = defaultdict(list)
    adopters = {line.policy_id: line.adopter for line in year.policies}
    for (policy_id, lifecycle, period), rounds in by_place(here).items():
        due = {each.body_id: each.dates.due_on for each in rounds}
        opens_on = min(each.dates.opens_on for each in rounds)
        body = year.organisation.by_id[rounds[0].body_id]
        words = period_in_words(lifecycle, period, opens_on=opens_on, adopter=adopters[policy_id], body=body)
        name = round_name(lifecycle, words)
        found[policy_id].append(ComingLine(name=name, opens_on=opens_on, due=tuple(map(due.get, bodies))))
    return {policy_id: tuple(sorted(lines, key=lambda line: line.opens_on)) for policy_id, lines in found.items()}
