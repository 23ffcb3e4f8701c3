"""What there is to choose between when somebody decides about a case: days, offices and bodies. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.mail_ledger_query import load_posts
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.referral_query import committees
from styrhjul.db.session import Database
from styrhjul.domain.act import Act
from styrhjul.services.cases.extension import Latest, latest_day
from styrhjul.services.mailing.reader import Readers

#: Acts that set a new day for the case.
DATED = (Act.EXTEND, Act.RETURN, Act.REFER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value with the words people choose it by."""

    value: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What an act can be given. `latest` None = it sets no day; `meetings` are the body's next two."""

    latest: Latest | None
    meetings: tuple[date, ...]
    offices: tuple[Choice, ...]
    bodies: tuple[Choice, ...]


def choices_for(database: Database, municipality_id: str, case_id: str, act: Act, today: date) -> Choices:
    """Return what an act about a case can be given; the case is there."""
    with database.reading(municipality_id) as session:
        case = session.get_one(Case, (municipality_id, case_id))
        organisation = load_organisation(session)
        asked = committees(session, case.policy_id, today) if act is Act.REFER and case.policy_id else []
        return Choices(
            latest=latest_day(session, organisation, case, today) if act in DATED else None,
            meetings=next_meetings(organisation, case.body_id, today),
            offices=tuple(offices(session, organisation, today)) if act is Act.REASSIGN else (),
            bodies=tuple(Choice(value=body.body_id, word=body.name) for body in asked if body.body_id != case.body_id),
        )


def next_meetings(organisation: Organisation, body_id: str, today: date) -> tuple[date, ...]:
    """Return the body's next two meetings that are entered."""
    return tuple(day for day in sorted(organisation.by_id[body_id].meetings) if day > today)[:2]


def offices(session: Session, organisation: Organisation, today: date) -> Iterable[Choice]:
    """Yield the offices that somebody with a working address reads for, by body and title."""
    readers = Readers(organisation, today)
    for post in load_posts(session, today):
        if readers.of(post.post_id) is not None:
            yield Choice(value=post.post_id, word=f"{post.title}, {post.body_name}")
