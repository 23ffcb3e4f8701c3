"""How a case stands today, computed for the pages from its row, its ledger and its latest answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from styrhjul.db.overview_query import CaseLine
from styrhjul.domain.answer import DECIDED
from styrhjul.domain.ladder import is_upward
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.rung import Audience
from styrhjul.domain.status import Standing, Status, status_of
from styrhjul.services.municipality.procedure import rung_told
from workflows import LIFECYCLES

_UNANSWERED = frozenset({Status.OPEN, Status.DUE_SOON, Status.UNDER_WAY})
_HIGHEST_FIRST = (Audience.EXECUTIVE_BOARD, Audience.CHIEF_EXECUTIVE, Audience.HEAD_OF_ADMINISTRATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A case with how it stands: one square of the overview."""

    case: CaseLine
    status: Status


def case_status(case: CaseLine, lifecycle: Lifecycle, today: date) -> Status:
    """Return how a case stands on a day, `lifecycle` being the one it follows here."""
    declared = LIFECYCLES[case.lifecycle].ladder
    reached = {rung_told(lifecycle, key).to for key in case.rungs_delivered if is_upward(declared, key)}
    above = [each for each in _HIGHEST_FIRST if each in reached]
    standing = Standing(
        state=case.state,
        opens_on=case.opens_on,
        due_on=case.due_on,
        unreachable_on=case.unreachable_on,
        went_up_to=above[0] if above else None,
        decided_on=case.decided_on,
        paragraph=case.paragraph,
        is_decided=case.lifecycle in DECIDED,
    )
    return status_of(standing, today)


def papers_are_overdue(cell: Cell, today: date) -> bool:
    """Whether the day for the meeting's papers has passed with nothing decided: it may not be decided in time."""
    agenda_on = cell.case.agenda_on
    return cell.status in _UNANSWERED and agenda_on is not None and agenda_on < today
