"""Telling a person of mails that no server has taken for a day, so that the recipient is reached in another way.

One telling for each mail, ever; several mails of a municipality stand in one. It is a mail of its own: a mailbox that
has had its mail of the day is told the next day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from styrhjul.db.carried_query import carried_by
from styrhjul.db.compose_query import load_case_texts, mailboxes_written_to
from styrhjul.db.inbound_query import cases_in
from styrhjul.db.journal import Line, write_down
from styrhjul.db.late_model import LateTelling
from styrhjul.db.late_query import (
    LateRow,
    closed_reasons,
    municipalities_with_late,
    notices_in,
    take_back,
    told_of,
    untold_late,
)
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.mail_model import PASSED_ON
from styrhjul.db.model import Body, new_id
from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.outbox_query import WAY_OUT
from styrhjul.db.session import Database, lock_register
from styrhjul.db.turn import sender_channel
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole, Reader
from styrhjul.mail.item import Recipient
from styrhjul.mail.late import LateMail, LateMails
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.item import item_of
from styrhjul.services.mailing.mailbox import still_holds
from styrhjul.services.mailing.office_hours import Wait, wait_for_office
from styrhjul.services.mailing.outbox import Letter, queue_mail, sender_of
from styrhjul.services.mailing.reader import Readers, acting
from styrhjul.services.mailing.signing import signer_in_force
from styrhjul.services.overview.concern import LATE

log = structlog.get_logger()

#: The office has been open for so long: what waited for it over a weekend has had its time to leave.
OPEN_FOR = timedelta(hours=1)
#: Told of in full; the overview shows the rest.
MOST_IN_FULL = 20
#: How long a telling waits for a mail that a sender has in hand.
HAND_TIME = timedelta(minutes=5)
IN_HAND = "Ett av mejlen försöks just nu."
#: Who is told: the second where nobody reads the first one's mail.
_TOLD = (PostRole.COORDINATOR, PostRole.CHIEF_EXECUTIVE)
_LONGEST_REPLY = 200
#: A reply that is passed on stands under the office it answers, and goes to this one.
_FORWARDED_TO = "registrator"


def tell_of_late(database: Database, mailroom: Mailroom, now: datetime) -> int:
    """Write one mail a municipality about what has been late for a day; return how many. Safe to repeat or overlap.

    1. find mails first tried, or written, a day ago or more that no server has taken and nobody was told of;
    2. leave out what is for the teller's reader too: the overview and the doctor show that, and no mail can;
    3. in office hours, once the office has been open for an hour, write to the coordinator, else the chief executive,
       unless the mailbox has had its mail of the day: the telling, what it tells of and the journal in one transaction.

    What goes wrong with one municipality stops no other.
    """
    with database.system(read_only=True) as session:
        municipalities = municipalities_with_late(session, now - LATE, but=LateMails.key)
        reasons = closed_reasons(session) if municipalities else {}
    told = 0
    for municipality_id in municipalities:
        try:
            with database.municipality(municipality_id) as session:
                told += _tell(session, mailroom, reasons, now)
                crashpoint("before_late_commit")
            crashpoint("after_late_commit")
        except Exception:
            log.exception("late_mail_not_told", municipality=municipality_id)
    return told


def look_again(session: Session, told_in_id: str, now: datetime) -> Wait | bool | None:
    """Tell whether a telling still says something true: None for any other mail, a Wait while one of its is tried.

    False when one of its mails has arrived or ended, or asks nothing any more: it is withdrawn, and what is still late
    is told of anew.
    """
    mails = told_of(session, told_in_id, now)
    if not mails:
        return None
    asking = _asking(session, [mail.mail_id for mail in mails])
    if not all(mail.is_open and mail.mail_id in asking for mail in mails):
        return False
    return Wait(now + HAND_TIME, IN_HAND) if any(mail.is_in_hand for mail in mails) else True


def forget(session: Session, told_in_id: str) -> None:
    """Forget a telling that was withdrawn before it could have left; nothing for any other mail."""
    take_back(session, told_in_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    session: Session
    mailroom: Mailroom
    organisation: Organisation
    reader: Reader
    #: Why ways out that fail do, by channel.
    reasons: Mapping[str, str]
    now: datetime

    @property
    def today(self) -> date:
        return local_date(self.now)


def _tell(session: Session, mailroom: Mailroom, reasons: Mapping[str, str], now: datetime) -> bool:
    lock_register(session)
    signer_in_force(session, mailroom.sealer)  # a key that cannot be opened: all mail waits
    organisation = load_organisation(session)
    if any(wait_for_office(organisation.practice, each) for each in (now, now - OPEN_FOR)):
        return False
    reader = _reader(organisation, local_date(now))
    if reader is None or reader.appointment.address is None:
        return False
    address = reader.appointment.address
    late = [row for row in untold_late(session, now - LATE, but=LateMails.key) if row.address != address]
    asking = _asking(session, [row.mail_id for row in late])
    late = [row for row in late if row.mail_id in asking]
    if not late or mailboxes_written_to(session, [address], local_date(now)):
        return False
    desk = _Desk(session=session, mailroom=mailroom, organisation=organisation, reader=reader, reasons=reasons, now=now)
    _write(desk, late)
    return True


def _asking(session: Session, mail_ids: Collection[str]) -> set[str]:
    """Return the mails that still say something true: an answered one stays in the outbox until its next try."""
    return {
        mail_id
        for mail_id, items in carried_by(session, mail_ids).items()
        if not items or any(item.notice is None or still_holds(item, item.notice) for item in items)
    }


def _reader(organisation: Organisation, today: date) -> Reader | None:
    readers = Readers(organisation, today)
    posts = (post for role in _TOLD for post in organisation.posts if post.role is role and not post.ended)
    return next((reader for post in posts if (reader := readers.of(post.post_id))), None)


def _write(desk: _Desk, late: list[LateRow]) -> None:
    session, in_post, mail_id = desk.session, desk.reader.in_post, new_id()
    municipality = municipality_row(session)
    letter = Letter(
        mail_id=mail_id,
        context=LateMails(
            mails=tuple(_told(desk, late[:MOST_IN_FULL])),
            more=len(late[MOST_IN_FULL:]),
            today=desk.today,
            recipient=Recipient(
                office=desk.organisation.titles[in_post.post_id],
                body_name=session.get_one(Body, (municipality.id, in_post.body_id)).name,
                language=desk.reader.appointment.language,
            ),
            sender=sender_of(municipality),
        ),
        municipality=municipality,
        holder=acting(desk.reader),
        digest_on=desk.today,
        items=(),
    )
    queue_mail(session, desk.mailroom, letter, desk.now)
    session.flush()
    session.add_all(LateTelling(mail_id=row.mail_id, told_in_id=mail_id, told_at=desk.now) for row in late)
    write_down(session, [line for row in late for line in _lines(session, row, mail_id)], desk.now)


def _told(desk: _Desk, late: list[LateRow]) -> Iterable[LateMail]:
    notices = notices_in(desk.session, [row.mail_id for row in late])
    texts = load_case_texts(desk.session, {each.case_id for every in notices.values() for each in every})
    for row in late:
        yield LateMail(
            subject=row.subject,
            office=_FORWARDED_TO if row.key == PASSED_ON else desk.organisation.titles[row.post_id],
            address=row.address,
            since_on=local_date(row.since),
            said=_said(desk, row),
            items=tuple(
                item_of(notice, texts[notice.case_id], organisation=desk.organisation, url="", today=desk.today)
                for notice in notices.get(row.mail_id, ())
                if notice.case_id in texts
            ),
        )


def _said(desk: _Desk, row: LateRow) -> str | None:
    """What the server said of the mail last, else why it is not let out at all; on one line, and not for ever."""
    said = row.said or desk.reasons.get(WAY_OUT) or desk.reasons.get(sender_channel(row.return_path))
    shown = "".join(sign if sign.isprintable() and sign != '"' else " " for sign in said or "")
    return " ".join(shown.split())[:_LONGEST_REPLY] or None


def _lines(session: Session, row: LateRow, told_in_id: str) -> Iterable[Line]:
    data: dict[str, Value] = {
        "mail": row.mail_id,
        "told_in": told_in_id,
        "post": row.post_id,
        "since": row.since.isoformat(),
    }
    for case_id in cases_in(session, row.mail_id) or (None,):
        yield Line(kind=EntryKind.LATE_MAIL_TOLD, by=PLANNER, case_id=case_id, data=data)
