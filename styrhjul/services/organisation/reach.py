"""Cases in which nobody could be warned, and whether anybody was there to be told: coordinator or chief executive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from styrhjul.db.case_model import Case
from styrhjul.db.model import Municipality
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole
from styrhjul.services.mailing.reader import Readers

#: Who is told of them: the second where nobody reads the first one's mail.
_TOLD = (PostRole.COORDINATOR, PostRole.CHIEF_EXECUTIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfReach:
    """One municipality's open cases that reach nobody. `is_told`: somebody reads the mail about it."""

    municipality: str
    cases: int
    is_told: bool


def out_of_reach(database: Database, now: datetime) -> list[OutOfReach]:
    """Return the municipalities with such cases, by name. Writes nothing."""
    with database.system(read_only=True) as session:
        names = session.execute(select(Municipality.id, Municipality.name).order_by(Municipality.name)).all()
    found = []
    for municipality_id, name in names:
        if cases := _cases(database, municipality_id):
            found.append(OutOfReach(municipality=name, cases=cases, is_told=_is_told(database, municipality_id, now)))
    return found


def _cases(database: Database, municipality_id: str) -> int:
    with database.reading(municipality_id) as session:
        lost = select(func.count()).select_from(Case).where(Case.unreachable_on.is_not(None), Case.closed_on.is_(None))
        return session.scalar(lost) or 0


def _is_told(database: Database, municipality_id: str, now: datetime) -> bool:
    with database.reading(municipality_id) as session:
        organisation = load_organisation(session)
        readers = Readers(organisation, local_date(now))
        posts = [post for post in organisation.posts if post.role in _TOLD and not post.ended]
        return any(readers.of(post.post_id) for post in posts)
