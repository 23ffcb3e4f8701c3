"""How each municipality stands, in one line: one question a municipality, and not of more than a page has room for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.outline_query import load_outlines
from styrhjul.db.overview_query import MunicipalityLine, load_municipalities
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import AWAITED_STATES
from styrhjul.domain.moment import local_date

#: Where there are more, they are listed by name only.
MOST_TOLD = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityStanding:
    """A municipality with its late cases and its next due day; `late` is None where nobody looked."""

    municipality: MunicipalityLine
    today: date
    late: int | None = None
    next_due_on: date | None = None


def standings(database: Database, now: datetime) -> list[MunicipalityStanding]:
    """Return every municipality, in the order of the Swedish alphabet."""
    with database.system(read_only=True) as session:
        municipalities = load_municipalities(session)
    if len(municipalities) > MOST_TOLD:
        return [MunicipalityStanding(municipality=each, today=local_date(now)) for each in municipalities]
    return [_standing(database, each, local_date(now)) for each in municipalities]


def _standing(database: Database, municipality: MunicipalityLine, today: date) -> MunicipalityStanding:
    with database.reading(municipality.municipality_id) as session:
        still = [each for each in load_outlines(session, today, today) if each.state in AWAITED_STATES]
    return MunicipalityStanding(
        municipality=municipality,
        today=today,
        late=sum(each.is_binding and (each.due_on < today or each.unreachable_on is not None) for each in still),
        next_due_on=min((each.due_on for each in still if each.due_on >= today), default=None),
    )
