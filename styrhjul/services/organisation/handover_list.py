"""The handover of a term as a checklist: for each body and post who sits, what is confirmed, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.db.people_query import BodyLine, Register, load_register
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole
from styrhjul.domain.term import term_starts
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.organisation.people import PostStand, PostState, has_ceased, stands_of
from workflows import LIFECYCLES

#: A body's next term is prepared from so many days before it.
AHEAD = timedelta(days=150)
#: One that has begun is shown for so long where nobody is asked about it: the body owes nothing yet.
_LATELY = timedelta(days=90)
#: A handover that is done is shown for so long.
_BEHIND = timedelta(days=365)
_WELCOME = "welcome"
#: What ended without anybody having said who sits.
_UNANSWERED = (State.NOT_FOLLOWED, State.WAIVED, State.LAPSED)
#: Whom a handover is about: chair and secretary are asked from then on.
_ASKED = (PostRole.CHAIR, PostRole.SECRETARY)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPost:
    """A post in the list. `sits_since_before`: the same person as before the term. `welcome` None: no such mail yet."""

    stand: PostStand
    is_asked: bool
    sits_since_before: bool
    welcome: NoticeStatus | None

    @property
    def is_ready(self) -> bool:
        """Whether mail to the post reaches somebody."""
        return self.stand.state is PostState.HELD


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyHandover:
    """A body at a term's beginning. `case_id` None: nobody is asked, yet or because the body owes nothing."""

    body: BodyLine
    starts_on: date
    case_id: str | None
    due_on: date | None
    is_confirmed: bool
    posts: tuple[CheckedPost, ...]

    @property
    def left(self) -> tuple[CheckedPost, ...]:
        """The posts that have nobody whom mail reaches, and that the body's questions go to."""
        return tuple(post for post in self.posts if post.is_asked and not post.is_ready)

    @property
    def can_be_confirmed(self) -> bool:
        """Whether a person may say that the posts are right."""
        return self.case_id is not None and not self.is_confirmed and not any(p.stand.holder is None for p in self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverView:
    """The bodies whose term has begun or soon begins, those with something left first."""

    municipality: MunicipalityLine
    today: date
    bodies: tuple[BodyHandover, ...]

    @property
    def confirmed(self) -> int:
        """How many bodies are done."""
        return sum(body.is_confirmed for body in self.bodies)


def handover_view(database: Database, slug: str, now: datetime) -> HandoverView:
    """Return the checklist. Raises NotHere."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        register = load_register(session)
        cases = _latest_cases(session, today)
        told = _welcomes(session, [case.id for case in cases.values()])
    found = [_body(register, body, today, cases.get(body.body_id), told) for body in register.bodies]
    listed = [body for body in found if body is not None]
    return HandoverView(
        municipality=municipality,
        today=today,
        bodies=tuple(sorted(listed, key=lambda body: (body.is_confirmed, body.starts_on))),
    )


def _latest_cases(session: Session, today: date) -> Mapping[str, Case]:
    query = select(Case).where(Case.lifecycle == LifecycleKey.HANDOVER, Case.opens_on >= today - _BEHIND)
    cases = session.scalars(query.where(Case.state.not_in(_UNANSWERED)).order_by(Case.opens_on, Case.id))
    return {case.body_id: case for case in cases}


def _welcomes(session: Session, case_ids: list[str]) -> Mapping[str, NoticeStatus]:
    query = select(Notice.post_id, Notice.status).where(Notice.case_id.in_(case_ids), Notice.rung == _WELCOME)
    return dict(session.execute(query.order_by(Notice.turn)).all()) if case_ids else {}


def _body(
    register: Register, body: BodyLine, today: date, case: Case | None, told: Mapping[str, NoticeStatus]
) -> BodyHandover | None:
    starts_on = date.fromisoformat(case.period) if case else _next_start(register, body, today)
    if starts_on is None or has_ceased(body, today):
        return None
    stands = stands_of(register, max(today, starts_on), body.body_id)
    if not stands:
        return None
    return BodyHandover(
        body=body,
        starts_on=starts_on,
        case_id=case.id if case else None,
        due_on=case.due_on if case else None,
        is_confirmed=case is not None and case.state not in LIFECYCLES[case.lifecycle].chased,
        posts=tuple(_post(stand, starts_on, told.get(stand.post.post_id)) for stand in stands),
    )


def _next_start(register: Register, body: BodyLine, today: date) -> date | None:
    decided = register.term_starts.get(body.body_id, ())
    starts = term_starts(body.kind, since=today - _LATELY, until=today + AHEAD, decided=decided)
    return starts[0] if starts else None


def _post(stand: PostStand, starts_on: date, welcome: NoticeStatus | None) -> CheckedPost:
    holder = stand.holder
    return CheckedPost(
        stand=stand,
        is_asked=stand.post.role in _ASKED,
        sits_since_before=holder is not None and holder.starts_on < starts_on,
        welcome=welcome,
    )
