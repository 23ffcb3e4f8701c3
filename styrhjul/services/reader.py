"""Who reads what is written to a post today: one answer for compose, the last look before sending, and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from styrhjul.db.facts_query import Organisation, load_appointments
from styrhjul.db.officials_query import posts_beside
from styrhjul.domain.office import AppointmentFacts, Reader, holder_of, reader_of

VACANT_POST = "Uppdraget är vakant, därför läser ersättaren."
NO_ADDRESS = "Innehavarens adress tar inte emot mejl, därför läser ersättaren."


class Readers:
    """The readers of a municipality's posts on one day; each post is looked up once."""

    def __init__(self, organisation: Organisation, appointments: Iterable[AppointmentFacts], on: date) -> None:
        self._organisation = organisation
        self._on = on
        self._bodies = {post.post_id: post.body_id for post in organisation.posts}
        self._held: dict[str, list[AppointmentFacts]] = defaultdict(list)
        for appointment in appointments:
            self._held[appointment.post_id].append(appointment)
        self._found: dict[str, Reader | None] = {}

    def of(self, post_id: str) -> Reader | None:
        """Return who reads the post's mail, None when nobody does; KeyError for a post that is not there."""
        if post_id not in self._found:
            near = self._organisation.posts_by_body[self._bodies[post_id]]
            held = [appointment for post in near for appointment in self._held[post.post_id]]
            self._found[post_id] = reader_of(post_id, near, held, self._on)
        return self._found[post_id]

    def why_deputy(self, reader: Reader) -> str | None:
        """Return in Swedish why somebody stands in for the post; None when nobody does."""
        if not reader.is_deputy:
            return None
        asked = reader.in_post.post_id
        return NO_ADDRESS if holder_of(asked, self._held[asked], self._on) else VACANT_POST


def acting(reader: Reader) -> AppointmentFacts:
    """Return the reader's appointment as it acts: in the post that was written to, under its own id."""
    return replace(reader.appointment, post_id=reader.in_post.post_id)


def acting_in(session: Session, post_ids: Collection[str], on: date) -> dict[str, AppointmentFacts | None]:
    """Return who acts in each post on a day, as `acting` tells it; None where nobody with an address does.

    Asks for deputies only where a post's own holder cannot be reached.
    """
    own = load_appointments(session, post_ids)
    found = {post_id: holder_of(post_id, own, on) for post_id in post_ids}
    unread = [post_id for post_id, holder in found.items() if holder is None or not holder.address]
    if unread:
        posts = posts_beside(session, unread)
        held = load_appointments(session, [post.post_id for post in posts])
        readers = {post_id: reader_of(post_id, posts, held, on) for post_id in unread}
        found |= {post_id: acting(reader) if reader else None for post_id, reader in readers.items()}
    return found


def may_read(session: Session, post_id: str, appointment_id: str, on: date) -> bool:
    """Tell whether an appointment may open what was sent to a post: its holder, or whoever reads its mail today.

    A holder whose address has begun to refuse mail keeps the links they have got.
    """
    own = holder_of(post_id, load_appointments(session, [post_id]), on)
    if own is not None and own.appointment_id == appointment_id:
        return True
    reader = acting_in(session, [post_id], on)[post_id]
    return reader is not None and reader.appointment_id == appointment_id
