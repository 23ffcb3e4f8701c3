"""Queuing the mails around signing in. Somebody waits: they go first, at any hour, and also while a trial runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from styrhjul.db.model import new_id
from styrhjul.db.outbox_write import add_mails
from styrhjul.mail.item import Recipient as Reader
from styrhjul.mail.matter import EmailContext
from styrhjul.mail.message import build
from styrhjul.mail.render import render
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.franking import Franking, Recipient

#: The outbox sends what has waited longest first: before all that has waited less than a day.
_AHEAD = timedelta(days=1)


def franking_for_sign_in(session: Session, mailroom: Mailroom, now: datetime) -> Franking:
    """Return the municipality's way of sending, which no trial turns aside: a code is for one person alone."""
    return replace(Franking.of(session, mailroom, now), trial_to=None)


def reader_of(franking: Franking, office: str) -> Reader:
    """Return somebody as a mail addresses them, by what they are in the municipality."""
    return Reader(office=office, body_name=franking.municipality.name)


def written(franking: Franking, to: Recipient, context: EmailContext) -> dict[str, object]:
    """Return the mail's row of the outbox, rendered, signed and sealed."""
    envelope = franking.envelope(new_id(), to)
    rendered = render(context)
    row = franking.row(envelope, to, build(rendered, envelope), key=context.key, subject=rendered.subject)
    return row | {"next_attempt_at": franking.now - _AHEAD}


def post(session: Session, row: Mapping[str, object]) -> None:
    """Put a written mail into the outbox."""
    add_mails(session, [row], [])
