"""Who holds which office on a day, and which posts a rung speaks to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from styrhjul.domain.lifecycle import Audience, Holder


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
    return max(sitting, key=lambda appointment: (appointment.starts_on, appointment.appointment_id), default=None)


def posts_by_audience(
    holder: Holder, *, body_id: str, board_id: str, owner_post_id: str | None, posts: Iterable[PostFacts]
) -> Mapping[Audience, tuple[str, ...]]:
    """Return the posts each audience stands for in one case, always with all three audiences.

    `board_id` is the executive board. A document without an owner, or whose owner's post has ended, is held by the
    coordinator. Where the chief executive holds the duty it goes up to the board's function mailbox, never to a named
    politician.
    """
    every = tuple(posts)
    index = _Index(tuple(post for post in every if not post.ended))
    head = index.first(body_id, PostRole.HEAD_OF_ADMINISTRATION, PostRole.MANAGING_DIRECTOR)
    chief = index.first(board_id, PostRole.CHIEF_EXECUTIVE)
    if holder is Holder.CHIEF_EXECUTIVE:
        holders, head, chief = chief, (), index.first(board_id, PostRole.FUNCTION_MAILBOX)
    elif holder is Holder.DOCUMENT_OWNER:
        gone = any(post.ended for post in every if post.post_id == owner_post_id)
        owner = (owner_post_id,) if owner_post_id and not gone else index.first(board_id, PostRole.COORDINATOR)
        holders = (*owner, *index.first(body_id, PostRole.SECRETARY))
    else:
        holders = (*index.first(body_id, PostRole.CHAIR), *index.first(body_id, PostRole.SECRETARY))
    return {Audience.HOLDER: holders, Audience.HEAD_OF_ADMINISTRATION: head, Audience.CHIEF_EXECUTIVE: chief}


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
