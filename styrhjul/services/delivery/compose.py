"""Compose: the open notices of one mailbox become one mail, with bytes and Message-ID fixed for good."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import (
    CaseText,
    delivered_digests,
    is_waking,
    load_case_texts,
    mailboxes_written_to,
    municipalities_with_notices,
    notices_to_send,
)
from styrhjul.db.hold_query import held_since
from styrhjul.db.model import new_id
from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.outbox_write import add_links
from styrhjul.db.quarantine_write import quarantine
from styrhjul.db.session import Database, try_lock_register
from styrhjul.db.trial_query import trial_address
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Value
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import Reader
from styrhjul.mail.context import Item, Recipient, context_for
from styrhjul.mail.wordsmith import Wordsmith
from styrhjul.services.delivery.late import tell_of_late
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.foundation.tracing import traced_at
from styrhjul.services.mailing.deadline_days import Matter
from styrhjul.services.mailing.detail import with_details
from styrhjul.services.mailing.item import item_of, named_days, retold_to
from styrhjul.services.mailing.link import NewLink, link_address, new_link
from styrhjul.services.mailing.mailbox import DIGEST_RUNGS, Desk, Waiting, by_mailbox, defer, still_holds
from styrhjul.services.mailing.office_hours import next_opening, wait_for_office
from styrhjul.services.mailing.outbox import Letter, queue_mails, sender_of
from styrhjul.services.mailing.owed import Owing
from styrhjul.services.mailing.reader import Readers, acting
from styrhjul.services.mailing.signing import signer_in_force

log = structlog.get_logger()

ONE_A_DAY = "Brevlådan har fått dagens mejl."
#: Mail waits for the day's sweeps, so that a mailbox gets one mail; but not for a sweep that never comes.
LONGEST_WAIT = timedelta(minutes=15)
#: After so many municipalities it is asked anew who waits: on a day when all of them do, that is minutes.
A_ROUND = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeReport:
    """How many mails were written, and how many notices were not (vacant, answered, another day's mail).

    `stuck` counts municipalities where nothing could be done at all; they are logged, and looked at at the next pulse.
    `cut_short` is 1 where its time was over before it had looked at everything.
    """

    composed: int = 0
    held: int = 0  # the name its count is stored and plotted under
    stuck: int = 0
    cut_short: int = 0

    def __add__(self, other: ComposeReport) -> ComposeReport:
        """Add two reports, count by count."""
        return ComposeReport(
            composed=self.composed + other.composed,
            held=self.held + other.held,
            stuck=self.stuck + other.stuck,
            cut_short=self.cut_short + other.cut_short,
        )


def compose_mails(
    database: Database, mailroom: Mailroom, now: datetime, *, is_over: Callable[[], bool] = lambda: False
) -> ComposeReport:
    """Write the mails that may leave now into the outbox, one per mailbox and day. Safe to repeat, and to overlap.

    Who waits for the fewest mails comes first: a large municipality, or many, hold up a small one by ten turns at most.

    1. leave municipalities alone that are not released, or whose sweeps are not through for the day; while the office
       is closed, or the day is no ordinary one, let the notices wait and say why;
    2. find who reads each post today; a vacant post, an answered case or a moved day ends the notice here, and of
       several that waited for one reader about one case the highest rung leaves;
    3. write one mail per mailbox, all in one transaction per municipality; one that cannot be written is quarantined;
    4. tell a person of mails that no server has taken for a day, where the mailbox has had no mail today.

    What goes wrong with one municipality stops no other. While the installation is held nothing is written at all.
    It ends after the municipality in which `is_over` comes true, and says so: what is left still waits.
    """
    with database.system(read_only=True) as session:
        if held_since(session):
            return ComposeReport()
    total = ComposeReport()
    with Wordsmith() as wordsmith:
        for municipality_id in _in_turn(database, now):
            try:
                total += _compose_once(database, municipality_id, replace(mailroom, wordsmith=wordsmith), now)
            except Exception:
                log.exception("municipality_stuck", municipality=municipality_id)
                total += ComposeReport(stuck=1)
            if is_over():
                total += ComposeReport(cut_short=1)
                break
    return total + ComposeReport(composed=tell_of_late(database, mailroom, now))


def _in_turn(database: Database, now: datetime) -> Iterator[str]:
    """Yield each municipality with waiting notices once, the fewest first, also what falls due meanwhile.

    A hold that begins meanwhile ends it at the next round.
    """
    done = set[str]()
    while True:
        with database.system(read_only=True) as session:
            left = [each for each in municipalities_with_notices(session, now) if each not in done]
            is_held = held_since(session) is not None
        if not left or is_held:
            return
        yield from left[:A_ROUND]
        done.update(left[:A_ROUND])


def _compose_once(database: Database, municipality_id: str, mailroom: Mailroom, now: datetime) -> ComposeReport:
    with database.municipality(municipality_id) as session:
        report, written = _compose_municipality(session, mailroom, now)
        traced = written if mailroom.tracing.is_on else []
        slug = municipality_row(session).slug if traced else ""
        crashpoint("before_compose_commit")
    crashpoint("after_compose_commit")
    for mail in traced:
        mailroom.tracing.note(
            "compose",
            traced_at(mail.mail_id),
            began_ns=mail.began_ns,
            links=[traced_at(each) for each in mail.notice_ids],
            municipality=slug,
            lifecycle=mail.lifecycles,
            rung=mail.rungs,
        )
    return report


class _Mail(NamedTuple):
    """A mail that was written, what is told in it and since when, in nanoseconds of Unix time."""

    mail_id: str
    notice_ids: list[str]
    lifecycles: list[str]
    rungs: list[str]
    began_ns: int


class _Composed(NamedTuple):
    """What was done for a municipality, and the mails that were written, to be told of once they are committed."""

    report: ComposeReport
    written: Sequence[_Mail] = ()


_NOTHING = _Composed(ComposeReport())


def _compose_municipality(session: Session, mailroom: Mailroom, now: datetime) -> _Composed:
    if not try_lock_register(session):
        return _NOTHING  # somebody changes it, or writes its mails already: the next pulse looks again
    municipality = municipality_row(session)
    on_trial = trial_address(session) is not None
    if not on_trial and (municipality.released_at is None or municipality.released_at > now):
        return _NOTHING
    today = local_date(now)
    waking = is_waking(session, today)  # before the notices: a sweep that ends in between has added some
    notices = notices_to_send(session, now, on_trial=on_trial)
    if not notices:
        return _NOTHING
    signer_in_force(session, mailroom.sealer)  # a key that cannot be opened is no fault of any mail: all wait
    organisation = load_organisation(session)
    if wait := wait_for_office(organisation.practice, now):
        for notice in notices:
            defer(notice, wait.until, wait.reason)
        return _Composed(ComposeReport(held=len(notices)))
    if waking and now < notices[0].not_before_at + LONGEST_WAIT:
        return _NOTHING
    desk = Desk(
        session=session,
        mailroom=mailroom,
        municipality=municipality,
        organisation=organisation,
        readers=Readers(organisation, today),
        texts=load_case_texts(session, {notice.case_id for notice in notices}),
        now=now,
        today=today,
        on_trial=on_trial,
    )
    return _write_boxes(desk, notices)


def _write_boxes(desk: Desk, notices: list[Notice]) -> _Composed:
    boxes = by_mailbox(desk, notices)
    written_to = mailboxes_written_to(desk.session, boxes, desk.today)
    leaving = []
    for address, waiting in sorted(boxes.items()):
        if address in written_to:
            for notice in _all_notices(waiting):
                defer(notice, next_opening(desk.organisation.practice, desk.today), ONE_A_DAY)
        else:
            leaving.append(waiting)
    left = sum(len(_all_notices(waiting)) for waiting in leaving)
    written = _write_all(desk, leaving)
    return _Composed(ComposeReport(composed=len(written), held=len(notices) - left), written)


def _write_all(desk: Desk, boxes: list[list[Waiting]]) -> list[_Mail]:
    """Write the mails together; when that fails, one by one, to find the one that stops them. Return the written."""
    if not boxes:
        return []
    try:
        with desk.session.begin_nested():
            return _write(desk, boxes)
    except OperationalError:  # the database's trouble, not a mail's: all of it is tried again at the next pulse
        raise
    except Exception:
        log.exception("mails_one_by_one")
        return [mail for waiting in boxes for mail in _write_or_set_aside(desk, waiting)]


def _write_or_set_aside(desk: Desk, waiting: list[Waiting]) -> list[_Mail]:
    """Write one mail; when that fails, set its notices aside so that everybody else gets theirs."""
    try:
        with desk.session.begin_nested():
            return _write(desk, [waiting])
    except OperationalError:
        raise
    except Exception as error:
        log.exception("quarantined", notices=[notice.id for notice in _all_notices(waiting)])
        for notice in _all_notices(waiting):
            quarantine(desk.session, "mail", notice.id, f"{type(error).__name__}: {error}", desk.now)
        return []


def _write(desk: Desk, boxes: list[list[Waiting]]) -> list[_Mail]:
    began_ns, links = desk.mailroom.tracing.now_ns(), list[NewLink]()
    owing, items = Owing(desk.session, desk.organisation, desk.today), dict[tuple[str, str, date], Item]()
    tellers = [_Teller(desk, new_id(), links, owing, items) for _ in boxes]
    letters = [_letter(teller, waiting) for teller, waiting in zip(tellers, boxes, strict=True)]
    queue_mails(desk.session, desk.mailroom, letters, desk.now)
    if not desk.on_trial:  # there no link opens anything: nobody answers for somebody else
        add_links(desk.session, [link.row for link in links])
    for waiting in boxes:
        for notice in _all_notices(waiting):
            notice.status, notice.reason = NoticeStatus.MAILED, None
    return [_written(desk, letter.mail_id, waiting, began_ns) for letter, waiting in zip(letters, boxes, strict=True)]


def _written(desk: Desk, mail_id: str, waiting: list[Waiting], began_ns: int) -> _Mail:
    notices = _all_notices(waiting)
    lifecycles = {desk.texts[notice.case_id].case.lifecycle for notice in notices}
    rungs = {notice.rung for notice in notices}
    return _Mail(mail_id, [notice.id for notice in notices], sorted(lifecycles), sorted(rungs), began_ns)


def _letter(teller: _Teller, waiting: list[Waiting]) -> Letter:
    desk = teller.desk
    items = tuple(_item(teller, each) for each in waiting)
    context = context_for(
        items,
        recipient_of(desk, waiting),
        sender_of(desk.municipality),
        desk.today,
        still_open=_still_open(teller, waiting),
    )
    return Letter(
        mail_id=teller.mail_id,
        context=context,
        municipality=desk.municipality,
        holder=acting(waiting[0].reader),
        digest_on=desk.today,
        items=tuple((notice.case_id, notice.id) for notice in _all_notices(waiting)),
        matters=tuple(
            Matter(
                case_id=each.notice.case_id,
                post_id=each.notice.post_id,
                item=item,
                language=context.recipient.language,
            )
            for each, item in zip(waiting, items, strict=True)
        ),
        choices={each.notice.case_id: _choice(desk, each) for each in waiting},
        named={each.notice.id: named_days(item) for each, item in zip(waiting, items, strict=True)},
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells of cases in one mail, each with a link of its own, which is added to `links`."""

    desk: Desk
    mail_id: str
    links: list[NewLink]
    owing: Owing
    #: What is told of a case on a rung for its due day, as its first reader is told.
    items: dict[tuple[str, str, date], Item]

    def told(self, text: CaseText, notice: Notice, reader: Reader) -> Item:
        desk = self.desk
        link = new_link(case_id=notice.case_id, holder=acting(reader), mail_id=self.mail_id, now=desk.now)
        self.links.append(link)
        url = link_address(desk.mailroom.base_url, link.token)
        item = self._item(text, notice, url)
        return with_details(desk.session, desk.organisation, item, text, owing=self.owing)

    def _item(self, text: CaseText, notice: Notice, url: str) -> Item:
        """What a case says on a rung is put together once; a vacant post's days up are its own."""
        desk, matter = self.desk, (notice.case_id, notice.rung, notice.due_on)
        if notice.status is not NoticeStatus.VACANT and matter in self.items:
            return retold_to(self.items[matter], notice, text, organisation=desk.organisation, url=url)
        item = item_of(notice, text, organisation=desk.organisation, url=url, today=desk.today)
        if notice.status is not NoticeStatus.VACANT:
            self.items[matter] = item
        return item


def _item(teller: _Teller, waiting: Waiting) -> Item:
    desk = teller.desk
    item = teller.told(desk.texts[waiting.notice.case_id], waiting.notice, waiting.reader)
    if not waiting.also:
        return item
    titles = desk.organisation.titles
    told_here = {titles[other.post_id] for other in waiting.also}
    others = tuple(title for title in item.other_recipients if title not in told_here)
    return replace(item, other_recipients=others)


def _still_open(teller: _Teller, waiting: list[Waiting]) -> tuple[Item, ...]:
    """What went up to the same posts before and is still not answered, for a digest that leaves anyway."""
    posts = {each.notice.post_id: each.reader for each in waiting if each.notice.rung in DIGEST_RUNGS}
    if not posts:
        return ()
    desk, told = teller.desk, {each.notice.case_id for each in waiting}
    earlier = [each for each in delivered_digests(desk.session, posts, DIGEST_RUNGS) if each.case_id not in told]
    texts = load_case_texts(desk.session, {notice.case_id for notice in earlier})
    return tuple(
        teller.told(texts[notice.case_id], notice, posts[notice.post_id])
        for notice in earlier
        if notice.case_id in texts and still_holds(texts[notice.case_id].case, notice)
    )


def _choice(desk: Desk, waiting: Waiting) -> dict[str, Value]:
    """What the journal says of whom was chosen for a case, and why, where it is not the post's own holder."""
    reader = waiting.reader
    choice: dict[str, Value] = {"post": reader.in_post.post_id, "appointment": reader.appointment.appointment_id}
    if why := desk.readers.why_deputy(reader):
        choice |= {"read_in_post": reader.appointment.post_id, "reason": why}
    if waiting.also:
        choice["also_for_posts"] = [notice.post_id for notice in waiting.also]
    return choice


def recipient_of(desk: Desk, waiting: list[Waiting]) -> Recipient:
    """Return the reader as the mail addresses them: by office, all of them where one person holds several."""
    titles = desk.organisation.titles
    notices = _all_notices(waiting)
    readers = [reader for notice in notices if (reader := desk.readers.of(notice.post_id))]
    offices = dict.fromkeys(titles[reader.appointment.post_id] for reader in readers)
    missing = dict.fromkeys(reader.in_post.title for reader in readers if reader.is_deputy)
    bodies = dict.fromkeys(desk.texts[notice.case_id].body_name for notice in notices)
    return Recipient(
        office=", ".join(offices),
        body_name=", ".join(bodies),
        language=waiting[0].reader.appointment.language,
        instead_of=", ".join(missing) or None,
    )


def _all_notices(waiting: Iterable[Waiting]) -> list[Notice]:
    return [notice for each in waiting for notice in each.notices]
