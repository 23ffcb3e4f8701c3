"""Bodies and who holds their posts today, for the pages about people: what is vacant, and whom no mail reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from sqlalchemy.orm import Session

from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.overview_query import MunicipalityLine, load_open_cases
from styrhjul.db.people_query import BodyLine, HeldLine, PostLine, Register, load_phone, load_register
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.municipality.procedure import lifecycle_of
from styrhjul.services.overview.case_status import Cell, case_status

#: Offices whose vacancy stops no mail.
NOT_WRITTEN_TO = frozenset({PostRole.VICE_CHAIR, PostRole.REGISTRAR})


class PostState(StrEnum):
    """Whether mail to a post reaches somebody."""

    HELD = "held"
    VACANT = "vacant"
    NO_ADDRESS = "no_address"
    BLOCKED = "blocked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostStand:
    """A post with whoever holds it today, whoever comes next, and those before, the latest first."""

    post: PostLine
    body: BodyLine
    state: PostState
    holder: HeldLine | None
    coming: tuple[HeldLine, ...]
    earlier: tuple[HeldLine, ...]

    @property
    def stops_mail(self) -> bool:
        """Whether what is written to the post reaches nobody."""
        return self.state is not PostState.HELD and self.post.role not in NOT_WRITTEN_TO


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPosts:
    """A body with its living posts."""

    body: BodyLine
    posts: tuple[PostStand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleView:
    """Everybody. `needing` are the posts that need a person, vacancies first; `gone` the bodies that are no more."""

    municipality: MunicipalityLine
    today: date
    phone: str | None
    bodies: tuple[BodyPosts, ...]
    gone: tuple[BodyLine, ...]
    needing: tuple[PostStand, ...]

    @property
    def kinds(self) -> tuple[tuple[BodyKind, tuple[BodyPosts, ...]], ...]:
        """The bodies by their kind, in the register's order."""
        return tuple((kind, tuple(each)) for kind, each in groupby(self.bodies, key=lambda body: body.body.kind))

    def count(self, state: PostState) -> int:
        """How many posts stand so."""
        return sum(each.state is state for each in self.needing)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """A meeting and the cases it decides; those whose papers are due first, first."""

    on: date
    body: BodyLine
    decides: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyView:
    """One body. `owes` are its open cases, the nearest due first; meetings ascend."""

    municipality: MunicipalityLine
    today: date
    body: BodyLine
    answers_for: tuple[str, ...]
    posts: tuple[PostStand, ...]
    meetings: tuple[MeetingLine, ...]
    owes: tuple[Cell, ...]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """One post, with everything that has been said of who holds it."""

    municipality: MunicipalityLine
    today: date
    stand: PostStand
    held: tuple[HeldLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """One person with the posts they hold or will hold."""

    municipality: MunicipalityLine
    today: date
    person: HeldLine
    posts: tuple[PostStand, ...]


def people_view(database: Database, slug: str, now: datetime) -> PeopleView:
    """Return every body and post. Raises NotHere."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        register, phone = load_register(session), load_phone(session)
    living = [body for body in register.bodies if not has_ceased(body, today)]
    bodies = tuple(BodyPosts(body=body, posts=stands_of(register, today, body.body_id)) for body in living)
    needing = [post for body in bodies for post in body.posts if post.state is not PostState.HELD]
    return PeopleView(
        municipality=municipality,
        today=today,
        phone=phone,
        bodies=bodies,
        gone=tuple(body for body in register.bodies if has_ceased(body, today)),
        needing=tuple(sorted(needing, key=lambda post: (list(PostState).index(post.state), not post.stops_mail))),
    )


def body_view(database: Database, slug: str, body_slug: str, now: datetime) -> BodyView:
    """Return one body. Raises NotHere, for another municipality's as for none at all."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        register = load_register(session)
        body = body_by(register, body_slug)
        cells = open_cells(session, today, body.body_id)
        decides = by_meeting(cells)
    return BodyView(
        municipality=municipality,
        today=today,
        body=body,
        answers_for=tuple(each.name for each in register.bodies if each.answers_through == body.name),
        posts=stands_of(register, today, body.body_id, with_ended=True),
        meetings=tuple(
            MeetingLine(on=day, body=body, decides=decides.get((body.body_id, day), ()))
            for day in register.meetings.get(body.body_id, ())
        ),
        owes=tuple(sorted((c for c in cells if c.case.body_id == body.body_id), key=lambda cell: cell.case.due_on)),
        days=register.meetings.get(body.body_id, ()),
    )


def post_view(database: Database, slug: str, post_id: str, now: datetime) -> PostView:
    """Return one post. Raises NotHere."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        register = load_register(session)
    post = next((post for post in register.posts if post.post_id == post_id), None)
    if post is None:
        raise NotHere(post_id)
    held = tuple(one for one in register.held if one.post_id == post_id)
    return PostView(municipality=municipality, today=today, stand=_stand(register, post, today), held=held)


def person_view(database: Database, slug: str, person_id: str, now: datetime) -> PersonView:
    """Return one person who holds or has held something. Raises NotHere."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        register = load_register(session)
    held = [one for one in register.held if one.person_id == person_id]
    if not held:
        raise NotHere(person_id)
    mine = {one.post_id for one in held if one.ends_on is None or one.ends_on >= today}
    posts = tuple(_stand(register, post, today) for post in register.posts if post.post_id in mine)
    return PersonView(municipality=municipality, today=today, person=held[0], posts=posts)


def has_ceased(body: BodyLine, today: date) -> bool:
    """Whether a body is no more."""
    return body.dissolved_on is not None and body.dissolved_on <= today


def body_by(register: Register, slug: str) -> BodyLine:
    """Return a body by its short name. Raises NotHere."""
    found = next((body for body in register.bodies if body.slug == slug), None)
    if found is None:
        raise NotHere(slug)
    return found


def stands_of(register: Register, on: date, body_id: str, *, with_ended: bool = False) -> tuple[PostStand, ...]:
    """Return how a body's posts stand on a day."""
    mine = (post for post in register.posts if post.body_id == body_id)
    return tuple(_stand(register, post, on) for post in mine if with_ended or post.ended_on is None)


def open_cells(session: Session, today: date, body_id: str | None = None) -> list[Cell]:
    """Return the cases that wait for somebody, with how they stand; of one body those it owes or has to decide."""
    organisation = load_organisation(session)
    cells = []
    for case in load_open_cases(session, body_id):
        lifecycle = lifecycle_of(organisation, case.lifecycle, case.policy_id)
        if case.state in lifecycle.chased:
            cells.append(Cell(case=case, status=case_status(case, lifecycle, today)))
    return cells


def by_meeting(cells: Iterable[Cell]) -> Mapping[tuple[str, date], tuple[Cell, ...]]:
    """Return the cases that aim at each meeting, by body and day: the body's own, and those it decides for others."""
    found: dict[tuple[str, date], list[Cell]] = defaultdict(list)
    for cell in cells:
        case = cell.case
        aims = {(case.body_id, case.meeting_on), (case.adopted_by_id, case.decides_on)}
        for body_id, on in aims:
            if body_id is not None and on is not None:
                found[body_id, on].append(cell)
    return {meeting: tuple(sorted(mine, key=_by_agenda)) for meeting, mine in found.items()}


def _by_agenda(cell: Cell) -> tuple[date, str]:
    return (cell.case.agenda_on or cell.case.due_on, cell.case.body_name)


def _stand(register: Register, post: PostLine, on: date) -> PostStand:
    held = [one for one in register.held if one.post_id == post.post_id]
    holder = max((one for one in held if one.covers(on)), key=_last_appointed, default=None)
    return PostStand(
        post=post,
        body=next(body for body in register.bodies if body.body_id == post.body_id),
        state=_state(post, holder),
        holder=holder,
        coming=tuple(one for one in reversed(held) if one.starts_on > on),
        earlier=tuple(one for one in held if one.starts_on <= on and one is not holder),
    )


def _last_appointed(held: HeldLine) -> tuple[date, date, str]:
    """As `domain.office.holder_of` has it."""
    return held.starts_on, held.ends_on or date.max, held.appointment_id


def _state(post: PostLine, holder: HeldLine | None) -> PostState:
    if post.ended_on is not None:
        return PostState.ENDED
    if holder is None:
        return PostState.VACANT
    if holder.blocked_at is not None:
        return PostState.BLOCKED
    return PostState.HELD if holder.address else PostState.NO_ADDRESS
