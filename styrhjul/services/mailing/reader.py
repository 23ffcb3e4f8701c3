"""Who reads what is written to a post today: one answer for compose, the last look before sending, and links."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.domain.office import AppointmentFacts, Reader, holder_of, reader_of

VACANT_POST = "Uppdraget är vakant, därför läser ersättaren."
NO_ADDRESS = "Innehavarens adress tar inte emot mejl, därför läser ersättaren."


class Readers:
    """The readers of a municipality's posts on one day; each post is looked up once."""

    def __init__(self, organisation: Organisation, on: date) -> None:
        self._organisation = organisation
        self._on = on
        self._bodies = {post.post_id: post.body_id for post in organisation.posts}
        self._held = organisation.appointments_by_post
        self._found: dict[str, Reader | None] = {}

    def of(self, post_id: str) -> Reader | None:
        """Return who reads the post's mail, None when nobody does; KeyError for a post that is not there."""
        if post_id not in self._found:
            near = self._organisation.posts_by_body[self._bodies[post_id]]
            held = [appointment for post in near for appointment in self._held.get(post.post_id, ())]
            self._found[post_id] = reader_of(post_id, near, held, self._on)
        return self._found[post_id]

    def acting_in(self, post_id: str) -> AppointmentFacts | None:
        """Return who acts in a post, as `acting` tells it; None where nobody with an address does."""
        reader = self.of(post_id)
        return acting(reader) if reader else None

    def why_deputy(self, reader: Reader) -> str | None:
        """Return in Swedish why somebody stands in for the post; None when nobody does."""
        if not reader.is_deputy:
            return None
        asked = reader.in_post.post_id
        return NO_ADDRESS if holder_of(asked, self._held.get(asked, ()), self._on) else VACANT_POST


def acting(reader: Reader) -> AppointmentFacts:
    """Return the reader's appointment as it acts: in the post that was written to, under its own id."""
    own, post_id = reader.appointment, reader.in_post.post_id
    return own if own.post_id == post_id else replace(own, post_id=post_id)


def acting_in(session: Session, post_ids: Collection[str], on: date) -> dict[str, AppointmentFacts | None]:
    """Return who acts in each post on a day, as `acting` tells it; None where nobody with an address does."""
    readers = Readers(load_organisation(session), on)
    found = {post_id: readers.of(post_id) for post_id in post_ids}
    return {post_id: acting(reader) if reader else None for post_id, reader in found.items()}


def may_read(session: Session, post_id: str, appointment_id: str, on: date) -> bool:
    """Tell whether an appointment may open what was sent to a post: its holder, or whoever reads its mail today.

    A holder whose address has begun to refuse mail keeps the links they have got.
    """
    organisation = load_organisation(session)
    own = holder_of(post_id, organisation.appointments_by_post.get(post_id, ()), on)
    if own is not None and own.appointment_id == appointment_id:
        return True
    reader = Readers(organisation, on).of(post_id)
    return reader is not None and reader.appointment.appointment_id == appointment_id
