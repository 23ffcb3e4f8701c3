"""Mails that follow an answer: the receipt, and a fresh link for an office whose old one no longer works."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.answer_query import load_last_answer
from styrhjul.db.model import new_id
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.domain.answer import DECIDED, change_until, only_begins
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date
from styrhjul.mail.context import Receipt, context_for
from styrhjul.mail.language import spoken
from styrhjul.services.answering.words import handed_in
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.case_writer import CaseWriter
from styrhjul.services.mailing.outbox import queue_mails, sender_of


def queue_receipt(
    session: Session, mailroom: Mailroom, organisation: Organisation, *, case_id: str, now: datetime
) -> None:
    """Queue a receipt to everyone who could have answered, and to the registrar, who gets no link.

    In the transaction that keeps the answer: there is no answer without its receipt, nor the other way round.
    """
    answer = load_last_answer(session, case_id)
    if answer is None:
        raise LookupError(f"case {case_id} has no answer")
    writer = CaseWriter.at(session, mailroom, organisation, case_id=case_id, now=now)
    readers = list(writer.readers())
    offices = tuple(writer.title(reader) for reader in readers)
    letters, begun = [], only_begins(answer.outcome, answer.decided_on)
    for reader in readers:
        mail_id = new_id()
        item = writer.item(reader, mail_id)
        item = replace(item, state=State.UNDER_WAY) if begun else item
        context = Receipt(
            item=item,
            recipient=writer.recipient(reader),
            sender=sender_of(writer.municipality),
            handed_in=tuple(handed_in(answer, spoken(reader.appointment.language))),
            handed_in_on=local_date(answer.submitted_at),
            handed_in_by=answer.signed_by,
            handed_in_office=writer.post_title(answer.post_id),
            sent_to=tuple(office for office in offices if office != writer.title(reader)),
            change_until=change_until(item.due_on, local_date(answer.submitted_at)),
            decided_on=answer.decided_on,
            paragraph=answer.paragraph,
            paragraph_missing=item.lifecycle in DECIDED and answer.decided_on is not None and answer.paragraph is None,
            has_begun=begun,
        )
        letters.append(writer.letter(reader, mail_id, context, item))
    queue_mails(session, mailroom, letters, now)


def queue_fresh_link(session: Session, mailroom: Mailroom, *, case_id: str, post_id: str, now: datetime) -> None:
    """Queue the case's latest mail anew, with a new link, to whoever reads the post's mail today, if anybody does."""
    organisation = load_organisation(session)
    writer = CaseWriter.at(session, mailroom, organisation, case_id=case_id, now=now, post_id=post_id)
    reader = writer.desk.of(post_id)
    if reader is None:
        return
    mail_id = new_id()
    item = writer.item(reader, mail_id)
    context = context_for((item,), writer.recipient(reader), sender_of(writer.municipality), local_date(now))
    queue_mails(session, mailroom, [writer.letter(reader, mail_id, context, item)], now)
