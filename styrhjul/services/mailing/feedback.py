"""What somebody writes about the accessibility of the pages: one mail to the municipality's registrar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from styrhjul.db.journal import Line, write_down
from styrhjul.db.session import Database
from styrhjul.domain.field_fault import FieldError, required
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.mail.feedback import AccessibilityFeedback
from styrhjul.services.foundation.address import address_fault
from styrhjul.services.foundation.limit import Limit, refuse_often
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.foundation.secret import SignInKey
from styrhjul.services.mailing.franking import Franking, Recipient
from styrhjul.services.mailing.outbox import sender_of
from styrhjul.services.mailing.sign_in_mail import post, reader_of, written

#: Anybody may write: an hour's few from one caller, and a day's few to one registrar from all of them.
FEEDBACK_OF_CALLER = Limit("feedback of caller", 3)
FEEDBACK_TO_MUNICIPALITY = Limit("feedback to municipality", 30, timedelta(days=1))
_BY = "tillgänglighetssidan"
_OFFICE = "registrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What was typed. `reply_to` may be empty."""

    text: str
    reply_to: str


class Unclear(ValueError):
    """The feedback cannot be sent as it is."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(f"{len(errors)} faults")
        self.errors = errors


def send_feedback(  # noqa: PLR0913 - what, to whom, from whom and when
    database: Database,
    mailroom: Mailroom,
    key: SignInKey,
    feedback: Feedback,
    *,
    municipality_id: str,
    caller: str,
    now: datetime,
) -> None:
    """Queue one mail to the registrar, journalled without what was written. Raises Unclear or TooOften."""
    if errors := tuple(_faults(feedback)):
        raise Unclear(errors)
    refuse_often(database, key, FEEDBACK_OF_CALLER, caller, now)
    refuse_often(database, key, FEEDBACK_TO_MUNICIPALITY, municipality_id, now)
    with database.municipality(municipality_id) as session:
        franking = Franking.of(session, mailroom, now)
        registrar = Recipient(address=franking.municipality.reply_to, name="Registrator")
        context = AccessibilityFeedback(
            written=feedback.text,
            reply_to=feedback.reply_to,
            today=local_date(now),
            recipient=reader_of(franking, _OFFICE),
            sender=sender_of(franking.municipality),
        )
        row = written(franking, registrar, context) | {"next_attempt_at": now}
        post(session, row)
        data = {"mail": str(row["id"])}
        write_down(session, [Line(kind=EntryKind.FEEDBACK_RECEIVED, by=_BY, data=data)], now)


def _faults(feedback: Feedback) -> Iterator[FieldError]:
    yield from required("text", feedback.text, "Skriv vad som inte fungerade")
    if feedback.reply_to and (fault := address_fault(feedback.reply_to)):
        yield FieldError("reply_to", fault)
