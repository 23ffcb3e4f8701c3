"""How a case stands today, computed for the pages from its row, its ledger and its latest answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from styrhjul.db.overview_query import CaseLine
from styrhjul.domain.rung import Audience
from styrhjul.domain.status import Standing, Status, status_of
from workflows import LIFECYCLES

_UNANSWERED = frozenset({Status.OPEN, Status.DUE_SOON, Status.UNDER_WAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A case with how it stands: one square of the overview."""

    case: CaseLine
    status: Status


def case_status(case: CaseLine, today: date) -> Status:
    """Return how a case stands on a day."""
    lifecycle = LIFECYCLES[case.lifecycle]
    reached = {rung.to for rung in lifecycle.ladder if rung.key in case.rungs_delivered}
    above = [each for each in (Audience.CHIEF_EXECUTIVE, Audience.HEAD_OF_ADMINISTRATION) if each in reached]
    standing = Standing(
        state=case.state,
        opens_on=case.opens_on,
        due_on=case.due_on,
        unreachable_on=case.unreachable_on,
        went_up_to=above[0] if above else None,
        decided_on=case.decided_on,
        paragraph=case.paragraph,
    )
    return status_of(standing, today)


def papers_are_overdue(cell: Cell, today: date) -> bool:
    """Whether the day for the meeting's papers has passed with nothing decided: it may not be decided in time."""
    agenda_on = cell.case.agenda_on
    return cell.status in _UNANSWERED and agenda_on is not None and agenda_on < today
