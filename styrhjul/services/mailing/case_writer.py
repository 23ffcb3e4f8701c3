"""Writing about one case outside its rounds: to whom, with which link, in which thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import CaseText, load_case_texts
from styrhjul.db.municipality_query import MunicipalityRow, municipality_row
from styrhjul.db.organisation_query import Organisation
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole, Reader
from styrhjul.domain.rung import Audience
from styrhjul.mail.context import EmailContext, Item, Recipient
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.deadline_days import Matter
from styrhjul.services.mailing.detail import with_details
from styrhjul.services.mailing.item import item_of
from styrhjul.services.mailing.link import link_address, make_link
from styrhjul.services.mailing.outbox import Letter
from styrhjul.services.mailing.reader import Readers, acting


@dataclass(frozen=True, kw_only=True)
class CaseWriter:
    """What writing about one case takes."""

    session: Session
    mailroom: Mailroom
    text: CaseText
    organisation: Organisation
    desk: Readers
    notice: Notice
    municipality: MunicipalityRow
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
    ) -> CaseWriter:
        """Load one case and its latest notice to a post, or to any holder."""
        text = load_case_texts(session, [case_id])[case_id]
        holders = text.facts.posts[Audience.HOLDER]
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
        return self.text.facts.posts[Audience.HOLDER]

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
            body_name=self.text.body_name,
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
