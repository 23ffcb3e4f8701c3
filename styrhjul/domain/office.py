"""Who holds which office on a day, and which posts a rung speaks to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.rung import Audience


class PostRole(StrEnum):
    """The function of a post. Posts outlive the people in them."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARY = "secretary"
    HEAD_OF_ADMINISTRATION = "head_of_administration"
    MANAGING_DIRECTOR = "managing_director"
    CHIEF_EXECUTIVE = "chief_executive"
    DOCUMENT_OWNER = "document_owner"
    COORDINATOR = "coordinator"
    REGISTRAR = "registrar"
    FUNCTION_MAILBOX = "function_mailbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """A post and the body it belongs to. An `ended` one keeps its title for what was written, and is asked no more."""

    post_id: str
    body_id: str
    role: PostRole
    title: str
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentFacts:
    """Somebody holds a post from `starts_on` to `ends_on`, both included; None = until further notice."""

    appointment_id: str
    post_id: str
    person_id: str
    name: str
    address: str | None
    language: str
    starts_on: date
    ends_on: date | None


def holder_of(post_id: str, appointments: Iterable[AppointmentFacts], on: date) -> AppointmentFacts | None:
    """Return who holds the post on a day; of two, the one appointed last. None: the post is vacant."""
    sitting = [
        appointment
        for appointment in appointments
        if appointment.post_id == post_id
        and appointment.starts_on <= on
        and (appointment.ends_on is None or on <= appointment.ends_on)
    ]
    return max(sitting, key=_last_appointed, default=None)


def _last_appointed(held: AppointmentFacts) -> tuple[date, date, str]:
    """Of two appointed on the same day the one who stays longer sits: the list has put them in the other's place."""
    return held.starts_on, held.ends_on or date.max, held.appointment_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads what is written to a post, and the post they read it in: its own or its deputy's."""

    appointment: AppointmentFacts
    in_post: PostFacts

    @property
    def is_deputy(self) -> bool:
        """Whether somebody else's post stands in."""
        return self.appointment.post_id != self.in_post.post_id


def reader_of(
    post_id: str, posts: Iterable[PostFacts], appointments: Iterable[AppointmentFacts], on: date
) -> Reader | None:
    """Return who reads a post's mail on a day; None when nobody with an address does.

    A chair who is missing, or whose address is refused, is stood in for by the vice chair of the same body: nobody has
    to configure it. `in_post` is the post that was written to.
    """
    every, known = tuple(posts), tuple(appointments)
    asked = next(post for post in every if post.post_id == post_id)
    for post in (asked, *_deputies(asked, every)):
        holder = holder_of(post.post_id, known, on)
        if holder is not None and holder.address:
            return Reader(appointment=holder, in_post=asked)
    return None


def _deputies(post: PostFacts, posts: Iterable[PostFacts]) -> Iterator[PostFacts]:
    if post.role is PostRole.CHAIR and not post.ended:
        for other in posts:
            if other.body_id == post.body_id and other.role is PostRole.VICE_CHAIR and not other.ended:
                yield other


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What decides which posts a case speaks to. `board_id` is the executive board.

    `assigned_post_id` is a post that the case was given to by decision, whoever would have had it.
    """

    holder: Holder
    body_id: str
    board_id: str
    owner_post_id: str | None
    assigned_post_id: str | None = None


def posts_by_audience(stake: Stake, posts: Iterable[PostFacts]) -> Mapping[Audience, tuple[str, ...]]:
    """Return the posts that each audience stands for in one case, always with every audience.

    A document without an owner, or whose owner's post has ended, is held by the coordinator. Where the chief executive
    holds the duty it goes up to the board's function mailbox, never to a named politician. Nobody is told on to
    themselves, also where a case was given to them.
    """
    every = tuple(posts)
    index = _Index(tuple(post for post in every if not post.ended))
    body = (*index.first(stake.body_id, PostRole.CHAIR), *index.first(stake.body_id, PostRole.SECRETARY))
    board = index.first(stake.board_id, PostRole.FUNCTION_MAILBOX)
    chief = index.first(stake.board_id, PostRole.CHIEF_EXECUTIVE)
    owner = _owner(stake, every, index)
    head = index.first(stake.body_id, PostRole.HEAD_OF_ADMINISTRATION, PostRole.MANAGING_DIRECTOR)
    holders = {
        Holder.BODY: body or head,  # a unit has no chair: its head answers
        Holder.DOCUMENT_OWNER: (*owner, *index.first(stake.body_id, PostRole.SECRETARY)),
        Holder.CHIEF_EXECUTIVE: chief,
        Holder.COORDINATOR: index.first(stake.board_id, PostRole.COORDINATOR),
    }
    held = tuple(dict.fromkeys(_assigned(stake, index) or holders[stake.holder]))
    is_chiefs = stake.holder is Holder.CHIEF_EXECUTIVE or not set(chief).isdisjoint(held)
    is_heads = not body or not set(head).isdisjoint(held)
    return {
        Audience.HOLDER: held,
        Audience.CHAIR: index.first(stake.body_id, PostRole.CHAIR),
        Audience.VICE_CHAIR: index.first(stake.body_id, PostRole.VICE_CHAIR),
        Audience.SECRETARY: index.first(stake.body_id, PostRole.SECRETARY),
        Audience.BODY: body,
        Audience.DOCUMENT_OWNER: owner,
        Audience.HEAD_OF_ADMINISTRATION: () if is_chiefs or is_heads else head,
        Audience.CHIEF_EXECUTIVE: board if is_chiefs else chief,
        Audience.EXECUTIVE_BOARD: board,
        Audience.COORDINATOR: index.first(stake.board_id, PostRole.COORDINATOR),
    }


def _owner(stake: Stake, posts: tuple[PostFacts, ...], index: _Index) -> tuple[str, ...]:
    gone = any(post.ended for post in posts if post.post_id == stake.owner_post_id)
    if stake.owner_post_id and not gone:
        return (stake.owner_post_id,)
    return index.first(stake.board_id, PostRole.COORDINATOR)


def _assigned(stake: Stake, index: _Index) -> tuple[str, ...]:
    """The post the case was given to, unless that has ended since."""
    return tuple(post.post_id for post in index.posts if post.post_id == stake.assigned_post_id)


@dataclass(frozen=True, slots=True)
class _Index:
    posts: tuple[PostFacts, ...]

    def first(self, body_id: str, *roles: PostRole) -> tuple[str, ...]:
        """The body's post with the first of these roles it has, as a tuple of none or one."""
        for role in roles:
            for post in self.posts:
                if post.body_id == body_id and post.role is role:
                    return (post.post_id,)
        return ()
