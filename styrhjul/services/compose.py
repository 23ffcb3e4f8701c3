"""Compose: the open notices of one mailbox become one mail, with bytes and Message-ID fixed for good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.compose_query import (
    CaseText,
    is_waking,
    load_case_texts,
    lock_composing,
    mailboxes_written_to,
    municipalities_with_notices,
    municipality_row,
    notices_to_send,
)
from styrhjul.db.facts_query import Organisation, load_appointments, load_organisation
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Municipality, new_id
from styrhjul.db.plan_write import PLANNER, quarantine
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases
from styrhjul.domain.calendar import first_working_day_after, is_working_day
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date, local_moment
from styrhjul.domain.office import AppointmentFacts, holder_of
from styrhjul.mail.context import Recipient, context_for
from styrhjul.services.crashpoint import crashpoint
from styrhjul.services.link import link_address, make_link
from styrhjul.services.mail_item import item_of
from styrhjul.services.mailroom import Mailroom
from styrhjul.services.outbox import Letter, queue_mail, sender_of
from workflows import LIFECYCLES

log = structlog.get_logger()

#: A notice with the one who holds its post today.
Waiting = tuple[AppointmentFacts, Notice]

ANSWERED = "Ärendet är besvarat eller har fått en ny dag."
VACANT = "Ingen med en fungerande adress har uppdraget."
SUPERSEDED = "Ett senare steg hade redan nåtts."

#: Mail waits for the day's sweeps, so that a mailbox gets one mail; but not for a sweep that never comes.
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeReport:
    """How many mails were written, and how many notices were held back (vacant, answered, next day's mail).

    `stuck` counts municipalities where nothing could be done at all; they are logged, and looked at at the next pulse.
    """

    composed: int = 0
    held: int = 0
    stuck: int = 0

    def __add__(self, other: ComposeReport) -> ComposeReport:
        """Add two reports, count by count."""
        return ComposeReport(
            composed=self.composed + other.composed, held=self.held + other.held, stuck=self.stuck + other.stuck
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What writing one municipality's mails takes."""

    session: Session
    mailroom: Mailroom
    municipality: Municipality
    organisation: Organisation
    appointments: list[AppointmentFacts]
    texts: Mapping[str, CaseText]
    now: datetime


def compose_mails(database: Database, mailroom: Mailroom, now: datetime) -> ComposeReport:
    """Write the mails that may leave now into the outbox, one per mailbox and day. Safe to repeat, and to overlap.

    1. leave municipalities alone that are not released, or whose sweeps are not through for the day; write on
       working days only;
    2. find who holds each post today; a vacant post, an answered case or a moved day ends the notice here, and of
       several that waited for one reader about one case the highest rung leaves;
    3. write one mail per mailbox, all in one transaction per municipality; one that cannot be written is quarantined.

    What goes wrong with one municipality stops no other.
    """
    with database.system(read_only=True) as session:
        municipalities = municipalities_with_notices(session, now)
    total = ComposeReport()
    for municipality_id in municipalities:
        try:
            total += _compose_once(database, municipality_id, mailroom, now)
        except Exception:
            log.exception("municipality_stuck", municipality=municipality_id)
            total += ComposeReport(stuck=1)
    return total


def _compose_once(database: Database, municipality_id: str, mailroom: Mailroom, now: datetime) -> ComposeReport:
    with database.municipality(municipality_id) as session:
        report = _compose_municipality(session, mailroom, now)
        crashpoint("before_compose_commit")
    crashpoint("after_compose_commit")
    return report


def _compose_municipality(session: Session, mailroom: Mailroom, now: datetime) -> ComposeReport:
    if not is_working_day(local_date(now)):
        return ComposeReport()
    lock_composing(session)
    municipality = municipality_row(session)
    if municipality.released_at is None or municipality.released_at > now:
        return ComposeReport()
    notices = notices_to_send(session, now)
    if not notices:
        return ComposeReport()
    if is_waking(session, local_date(now)) and now < notices[0].not_before_at + LONGEST_WAIT:
        return ComposeReport()
    desk = _Desk(
        session=session,
        mailroom=mailroom,
        municipality=municipality,
        organisation=load_organisation(session),
        appointments=load_appointments(session),
        texts=load_case_texts(session, {notice.case_id for notice in notices}),
        now=now,
    )
    boxes = _by_mailbox(desk, notices)
    written_to = mailboxes_written_to(session, boxes, local_date(now))
    composed = 0
    for address, waiting in sorted(boxes.items()):
        if address in written_to:
            _hold_until_next_working_day(waiting, now)
        else:
            composed += _write_or_set_aside(desk, waiting)
    return ComposeReport(
        composed=composed, held=len(notices) - sum(len(boxes[box]) for box in boxes.keys() - written_to)
    )


def _by_mailbox(desk: _Desk, notices: list[Notice]) -> dict[str, list[Waiting]]:
    """Group what may leave by the address of today's holder; end what may not."""
    boxes: dict[str, list[Waiting]] = defaultdict(list)
    highest: dict[tuple[str, str], Waiting] = {}
    for notice in notices:
        text = desk.texts.get(notice.case_id)
        if text is None:
            quarantine(desk.session, "mail", notice.id, "Dokumentet har ingen gällande utgåva.", desk.now)
            continue
        holder = holder_of(notice.post_id, desk.appointments, local_date(desk.now))
        if not still_holds(text.case, notice):
            cancel_notice(desk.session, notice, ANSWERED, desk.now)
        elif holder is None or not holder.address:
            _hold_vacant(desk.session, text, notice, desk.now)
        else:
            rival = highest.get((notice.case_id, notice.post_id), (holder, notice))
            ours, below = sorted(((holder, notice), rival), key=lambda one: -_height(text.case, one[1]))
            highest[notice.case_id, notice.post_id] = ours
            if below[1] is not ours[1]:
                _supersede(desk.session, below[1], desk.now)
    for holder, notice in highest.values():
        boxes[holder.address or ""].append((holder, notice))
    return boxes


def _height(case: Case, notice: Notice) -> int:
    return [rung.key for rung in LIFECYCLES[case.lifecycle].ladder].index(notice.rung)


def _supersede(session: Session, notice: Notice, now: datetime) -> None:
    """A higher rung waits for the same reader: this one is recorded, not sent."""
    notice.status, notice.reason = NoticeStatus.SUPERSEDED, SUPERSEDED
    write_down(session, [_notice_line(notice, EntryKind.NOTICE_SUPERSEDED, SUPERSEDED)], now)


def still_holds(case: Case, notice: Notice) -> bool:
    """Whether the notice still says something true: the case is chased, and its due day has not moved."""
    return case.state in LIFECYCLES[case.lifecycle].chased and case.due_on == notice.due_on


def cancel_notice(session: Session, notice: Notice, reason: str, now: datetime) -> None:
    """End a notice that will not leave, and journal why."""
    notice.status, notice.reason = NoticeStatus.CANCELLED, reason
    write_down(session, [_notice_line(notice, EntryKind.NOTICE_CANCELLED, reason)], now)


def _hold_vacant(session: Session, text: CaseText, notice: Notice, now: datetime) -> None:
    """Nobody can read it today: say so once, let the planner know, and look again the next working day."""
    notice.not_before_at = local_moment(first_working_day_after(local_date(now)))
    if notice.status is NoticeStatus.VACANT:
        return
    notice.status, notice.reason = NoticeStatus.VACANT, VACANT
    write_down(session, [_notice_line(notice, EntryKind.NOTICE_VACANT, VACANT)], now)
    touch_cases(session, [(notice.case_id, text.case.lifecycle)], local_date(now))


def _notice_line(notice: Notice, kind: EntryKind, reason: str) -> Line:
    data = {"rung": notice.rung, "post": notice.post_id, "due_on": notice.due_on.isoformat(), "reason": reason}
    return Line(kind=kind, by=PLANNER, case_id=notice.case_id, data=data)


def _hold_until_next_working_day(waiting: list[Waiting], now: datetime) -> None:
    """One mail per mailbox and day: what comes later the same day leaves the next working day."""
    for _, notice in waiting:
        notice.not_before_at = local_moment(first_working_day_after(local_date(now)))
        notice.reason = "Brevlådan har fått dagens mejl."


def _write_or_set_aside(desk: _Desk, waiting: list[Waiting]) -> bool:
    """Write one mail; when that fails, set its notices aside so that everybody else gets theirs."""
    try:
        with desk.session.begin_nested():
            _write(desk, waiting)
    except OperationalError:  # the database's trouble, not the mail's: all of it is tried again at the next pulse
        raise
    except Exception as error:
        log.exception("quarantined", notices=[notice.id for _, notice in waiting])
        for _, notice in waiting:
            quarantine(desk.session, "mail", notice.id, f"{type(error).__name__}: {error}", desk.now)
        return False
    return True


def _write(desk: _Desk, waiting: list[Waiting]) -> None:
    mail_id = new_id()
    items, tokens = [], []
    for holder, notice in waiting:
        text = desk.texts[notice.case_id]
        token = make_link(
            desk.session,
            case_id=notice.case_id,
            holder=holder,
            mail_id=mail_id,
            now=desk.now,
        )
        tokens.append(token)
        items.append(
            item_of(
                notice,
                text,
                organisation=desk.organisation,
                url=link_address(desk.mailroom.base_url, token),
                today=local_date(desk.now),
            )
        )
    context = context_for(tuple(items), recipient_of(desk, waiting), sender_of(desk.municipality), local_date(desk.now))
    queue_mail(
        desk.session,
        desk.mailroom,
        Letter(
            mail_id=mail_id,
            context=context,
            municipality=desk.municipality,
            holder=waiting[0][0],
            digest_on=local_date(desk.now),
            items=tuple((notice.case_id, notice.id) for _, notice in waiting),
        ),
        desk.now,
    )
    for _, notice in waiting:
        notice.status, notice.reason = NoticeStatus.MAILED, None


def recipient_of(desk: _Desk, waiting: list[Waiting]) -> Recipient:
    """Return the reader as the mail addresses them: by office, all of them where one person holds several."""
    titles = {post.post_id: post.title for post in desk.organisation.posts}
    offices = list(dict.fromkeys(titles[notice.post_id] for _, notice in waiting))
    bodies = list(dict.fromkeys(desk.texts[notice.case_id].body.name for _, notice in waiting))
    return Recipient(office=", ".join(offices), body_name=", ".join(bodies), language=waiting[0][0].language)
