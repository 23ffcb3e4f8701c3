"""A municipality's open cases, line by line: what a command needs to name one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from styrhjul.db.overview_query import load_open_cases
from styrhjul.db.session import Database
from styrhjul.services.words import STATE_WORDS, round_name


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCaseLine:
    """One open case. `round` and `state` are Swedish words; a day is late when it has passed without an answer."""

    case_id: str
    body: str
    round: str
    policy_id: str | None
    due_on: date
    state: str
    is_late: bool


def open_cases_of(database: Database, municipality_id: str, today: date) -> list[OpenCaseLine]:
    """Return the cases that have not ended, by due day, then by body. Writes nothing."""
    with database.reading(municipality_id) as session:
        still = load_open_cases(session)
    lines = [
        OpenCaseLine(
            case_id=case.case_id,
            body=case.body_name,
            round=round_name(case.lifecycle, case.period_words),
            policy_id=case.policy_id,
            due_on=case.due_on,
            state=STATE_WORDS[case.state],
            is_late=case.due_on < today and case.answered_at is None,
        )
        for case in still
    ]
    return sorted(lines, key=lambda line: (line.due_on, line.body, line.round))
