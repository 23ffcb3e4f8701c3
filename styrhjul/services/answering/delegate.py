"""A chair lets the secretary answer: one mail with a link of the secretary's own, and the chair may answer still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.asked_query import LinkFacts
from styrhjul.db.case_write import lock_case
from styrhjul.db.delegation_query import Delegation, load_delegations
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import new_id
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.completeness import signature_faults
from styrhjul.domain.field_fault import FieldError, fit
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole, Reader
from styrhjul.domain.written import SHORT
from styrhjul.mail.catalogue import quoted
from styrhjul.mail.delegation import CaseDelegated
from styrhjul.mail.language import spoken
from styrhjul.services.answering.answer import NotComplete, NotTheirs, TooLateToChange
from styrhjul.services.answering.opened_link import find_opened, opened_question
from styrhjul.services.answering.question import Question
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.case_writer import CaseWriter
from styrhjul.services.mailing.outbox import queue_mails, sender_of
from styrhjul.services.mailing.reader import Readers

#: In one case and day: nobody's mailbox is filled by a chair who presses again.
MOST_A_DAY = 3


class NobodyToAsk(Exception):
    """The body's secretary is vacant, or has no address that takes mail."""


class AskedOften(Exception):
    """The secretary has been asked in this case as often as is allowed in a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a chair sends. `form_id` is random per page; the same one again asks nobody twice."""

    token: str
    form_id: str
    note: str
    signed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a chair sees before asking, and afterwards. `secretary` is None where nobody can be asked."""

    question: Question
    secretary: str | None
    office: str
    asked: tuple[Delegation, ...]

    @property
    def is_often(self) -> bool:
        """Whether nobody more can be asked today."""
        today = self.question.today
        return sum(local_date(each.at) == today for each in self.asked) >= MOST_A_DAY


def asking_for(database: Database, token: str, now: datetime) -> Asking:
    """Return whom a chair can ask. Changes nothing. Raises LinkGone, NotTheirs or TooLateToChange."""
    link = find_opened(database, token)
    with database.reading(link.municipality_id) as session:
        asked = load_delegations(session, link.case_id)
        return _asking(session, link, load_organisation(session), asked, now)[0]


def asked_for(database: Database, token: str, now: datetime) -> Asking | None:
    """Return what a chair sees after asking; None where nobody has been asked. Raises as `asking_for`."""
    link = find_opened(database, token)
    with database.reading(link.municipality_id) as session:
        asked = load_delegations(session, link.case_id)
        return _asking(session, link, load_organisation(session), asked, now)[0] if asked else None


def delegate(database: Database, mailroom: Mailroom, wish: Wish, *, now: datetime) -> None:
    """Ask the body's secretary to answer; the same form again does nothing.

    1. the link is checked: it is the chair's, and the question stands;
    2. the secretary is looked up as of today, never a deputy;
    3. the wish is journalled and the mail queued, in one transaction. The case does not move.

    Raises LinkGone, NotTheirs, TooLateToChange, NotComplete, NobodyToAsk or AskedOften.
    """
    link = find_opened(database, wish.token)
    with database.municipality(link.municipality_id) as session:
        lock_case(session, link.case_id)
        organisation = load_organisation(session)
        asked = load_delegations(session, link.case_id)
        asking, secretary = _asking(session, link, organisation, asked, now)
        if any(each.form_id == wish.form_id for each in asking.asked):
            return
        if errors := tuple(_faults(wish)):
            raise NotComplete(errors)
        if secretary is None:
            raise NobodyToAsk
        if asking.is_often:
            raise AskedOften
        writer = CaseWriter.at(session, mailroom, organisation, case_id=link.case_id, now=now)
        _ask(writer, secretary, asking.question, wish)


def _asking(
    session: Session, link: LinkFacts, organisation: Organisation, asked: tuple[Delegation, ...], now: datetime
) -> tuple[Asking, Reader | None]:
    question = opened_question(session, link, organisation, now)
    if not question.may_delegate:
        raise NotTheirs
    if not question.may_answer:
        raise TooLateToChange
    office, secretary = _secretary(organisation, question)
    asking = Asking(
        question=question,
        secretary=secretary.appointment.name if secretary else None,
        office=office,
        asked=asked,
    )
    return asking, secretary


def _secretary(organisation: Organisation, question: Question) -> tuple[str, Reader | None]:
    """Return the office of the body's secretary, and who reads its mail today."""
    readers = Readers(organisation, question.today)
    for post in organisation.posts:
        if post.body_id == question.case.body_id and post.role is PostRole.SECRETARY and not post.ended:
            return post.title, readers.of(post.post_id)
    return "", None


def _faults(wish: Wish) -> Iterator[FieldError]:
    yield from fit("note", wish.note, SHORT)
    yield from signature_faults(wish.signed_by)


def _ask(writer: CaseWriter, secretary: Reader, question: Question, wish: Wish) -> None:
    mail_id = new_id()
    item = writer.item(secretary, mail_id)
    context = CaseDelegated(
        item=item,
        recipient=writer.recipient(secretary),
        sender=sender_of(writer.municipality),
        asked_by=wish.signed_by,
        asked_office=f"{question.post_title}, {question.post_body}",
        note=quoted(wish.note, spoken(secretary.appointment.language)) if wish.note else "",
    )
    line = Line(
        kind=EntryKind.CASE_DELEGATED,
        by=f"{question.post_title}, {question.post_body}",
        case_id=question.case.case_id,
        data={
            "post": secretary.in_post.post_id,
            "office": secretary.in_post.title,
            "note": wish.note,
            "signed_by": wish.signed_by,
            "mail": mail_id,
            "form": wish.form_id,
        },
    )
    write_down(writer.session, [line], writer.now)
    queue_mails(writer.session, writer.mailroom, [writer.letter(secretary, mail_id, context, item)], writer.now)
