"""Mails that follow an answer: the receipt, and a fresh link for an office whose old one no longer works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.answer_query import load_last_answer
from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import CaseText, load_case_texts, municipality_row
from styrhjul.db.facts_query import case_facts
from styrhjul.db.model import Municipality, new_id
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.domain.answer import DECIDED, change_until, only_begins
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole, Reader
from styrhjul.domain.rung import Audience
from styrhjul.mail.context import EmailContext, Item, Receipt, Recipient, context_for
from styrhjul.mail.language import spoken
from styrhjul.services.answer_words import handed_in
from styrhjul.services.deadline_days import Matter
from styrhjul.services.link import link_address, make_link
from styrhjul.services.mail_detail import with_details
from styrhjul.services.mail_item import item_of
from styrhjul.services.mailroom import Mailroom
from styrhjul.services.outbox import Letter, queue_mails, sender_of
from styrhjul.services.reader import Readers, acting


def queue_receipt(
    session: Session, mailroom: Mailroom, organisation: Organisation, *, case_id: str, now: datetime
) -> None:
    """Queue a receipt to everyone who could have answered, and to the registrar, who gets no link.

    In the transaction that keeps the answer: there is no answer without its receipt, nor the other way round.
    """
    answer = load_last_answer(session, case_id)
    if answer is None:
        raise LookupError(f"case {case_id} has no answer")
    writer = _Writer.at(session, mailroom, organisation, case_id=case_id, now=now)
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
    writer = _Writer.at(session, mailroom, organisation, case_id=case_id, now=now, post_id=post_id)
    reader = writer.desk.of(post_id)
    if reader is None:
        return
    mail_id = new_id()
    item = writer.item(reader, mail_id)
    context = context_for((item,), writer.recipient(reader), sender_of(writer.municipality), local_date(now))
    queue_mails(session, mailroom, [writer.letter(reader, mail_id, context, item)], now)


@dataclass(frozen=True, kw_only=True)
class _Writer:
    """What writing about one case takes."""

    session: Session
    mailroom: Mailroom
    text: CaseText
    organisation: Organisation
    desk: Readers
    notice: Notice
    municipality: Municipality
    now: datetime

    @classmethod
    def at(  # noqa: PLR0913 - for whom, of what and when
        cls,
        session: Session,
        mailroom: Mailroom,
        organisation: Organisation,
        *,
        case_id: str,
        now: datetime,
        post_id: str | None = None,
    ) -> _Writer:
        """Load one case and its latest notice to a post, or to any holder."""
        text = load_case_texts(session, [case_id])[case_id]
        holders = case_facts(text.case, organisation, text.source.owner_post_id).posts[Audience.HOLDER]
        notice = session.scalars(
            select(Notice)
            .where(Notice.case_id == case_id, Notice.post_id.in_([post_id] if post_id else holders))
            .order_by(Notice.planned_on.desc(), Notice.id)
            .limit(1)
        ).one()
        return cls(
            session=session,
            mailroom=mailroom,
            text=text,
            organisation=organisation,
            desk=Readers(organisation, local_date(now)),
            notice=notice,
            municipality=municipality_row(session),
            now=now,
        )

    @property
    def holders(self) -> tuple[str, ...]:
        """The posts that may answer."""
        return case_facts(self.text.case, self.organisation, self.text.source.owner_post_id).posts[Audience.HOLDER]

    def posts_of(self, reader: Reader) -> list[str]:
        """Those of them whose mail comes to the reader's mailbox."""
        known = ((post_id, self.desk.of(post_id)) for post_id in self.holders)
        return [
            post_id for post_id, other in known if other and other.appointment.address == reader.appointment.address
        ]

    def readers(self) -> Iterator[Reader]:
        """Those who could have answered, then the registrar; one mail per mailbox."""
        registrars = [post.post_id for post in self.organisation.posts if post.role is PostRole.REGISTRAR]
        seen: set[str] = set()
        for post_id in (*self.holders, *registrars):
            reader = self.desk.of(post_id)
            if reader is not None and reader.appointment.address not in seen:
                seen.add(reader.appointment.address or "")
                yield reader

    def post_title(self, post_id: str) -> str:
        """Return the office's name."""
        return next(post.title for post in self.organisation.posts if post.post_id == post_id)

    def title(self, reader: Reader) -> str:
        """Return the name of the office that the reader holds."""
        return self.post_title(reader.appointment.post_id)

    def recipient(self, reader: Reader) -> Recipient:
        """Return the reader as the mail addresses them."""
        return Recipient(
            office=self.title(reader),
            body_name=self.text.body.name,
            language=reader.appointment.language,
            instead_of=reader.in_post.title if reader.is_deputy else None,
        )

    def item(self, reader: Reader, mail_id: str) -> Item:
        """Return the case as its latest notice told of it, with a link of the reader's own; the registrar has none."""
        item = item_of(self.notice, self.text, organisation=self.organisation, url="", today=local_date(self.now))
        if reader.in_post.role is PostRole.REGISTRAR:
            return item
        item = with_details(self.session, self.organisation, item, self.text)
        case_id = self.text.case.id
        token = make_link(self.session, case_id=case_id, holder=acting(reader), mail_id=mail_id, now=self.now)
        return replace(item, url=link_address(self.mailroom.base_url, token))

    def letter(self, reader: Reader, mail_id: str, context: EmailContext, item: Item) -> Letter:
        """Return the letter; it is no digest, so a mailbox may get it beside the day's mail."""
        case_id = self.text.case.id
        return Letter(
            mail_id=mail_id,
            context=context,
            municipality=self.municipality,
            holder=acting(reader),
            digest_on=None,
            items=((case_id, None),),
            matters=tuple(
                Matter(case_id=case_id, post_id=post_id, item=item, language=context.recipient.language)
                for post_id in self.posts_of(reader)
            ),
        )
