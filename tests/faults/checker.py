"""The checker: what was due, what the server has on disk, the database and the journal must tell one story.

The one place where the fault tests ask whether anything was lost, doubled, altered, marked wrongly or broken.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.journal import entries
from styrhjul.db.journal_query import check_chain
from styrhjul.db.mail_model import FINAL_MAIL, AttemptOutcome, Mail, MailAttempt, MailItem, MailStatus
from styrhjul.db.model import Post
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind, Standing, fold
from styrhjul.services.overview.forecast import forecast
from tests.smtp_sink import Received
from tests.town import FOLLOWED_FROM
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from tests.town import Town

#: Lifecycle, rung and recipient.
Promise = tuple[str, str, str]
KEPT = frozenset({NoticeStatus.DELIVERED, NoticeStatus.SUPERSEDED})


def promised(town: Town, until: date) -> Counter[Promise]:
    """Return all that was foreseen up to a day; ask before anything happens."""
    lines = forecast(town.database, town.municipality_id, start=FOLLOWED_FROM, until=until)
    return Counter((line.lifecycle, line.rung, line.recipient) for line in lines)


def copies(spool: Sequence[Received]) -> int:
    """Return how many mails arrived once more than they should."""
    return len(spool) - len({mail.message_id for mail in spool})


def complaints(
    town: Town, spool: Sequence[Received], *, due: Counter[Promise] | None = None, copies_allowed: int = 0
) -> list[str]:
    """Return everything that is wrong once the town has come to rest, in plain words; nothing is well."""
    story = _Story.of(town, spool)
    found = [*_lost(story, due), *_altered(story), *_wrong_status(story), *_broken(story)]
    if copies(spool) > copies_allowed:
        found.append(f"doubled: {copies(spool)} copies, {copies_allowed} allowed")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """What the town and its server say, read once."""

    cases: list[Case]
    notices: list[Notice]
    mails: list[Mail]
    accepted_attempts: frozenset[str]
    carried_by: dict[str, list[str]]
    titles: dict[str, str]
    journal: list[Entry]
    breaks: list[str]
    spool: dict[str, list[Received]]

    @classmethod
    def of(cls, town: Town, spool: Sequence[Received]) -> _Story:
        arrived: dict[str, list[Received]] = defaultdict(list)
        for received in spool:
            arrived[received.message_id].append(received)
        with town.database.reading(town.municipality_id) as session:
            carried: dict[str, list[str]] = defaultdict(list)
            for item in session.scalars(select(MailItem).where(MailItem.notice_id.is_not(None))):
                carried[item.notice_id or ""].append(item.mail_id)
            taken = select(MailAttempt.mail_id).where(MailAttempt.outcome == AttemptOutcome.ACCEPTED)
            return cls(
                cases=list(session.scalars(select(Case))),
                notices=list(session.scalars(select(Notice))),
                mails=list(session.scalars(select(Mail))),
                accepted_attempts=frozenset(session.scalars(taken)),
                carried_by=carried,
                titles={post.id: post.title for post in session.scalars(select(Post))},
                journal=[entry for entry, _ in entries(session)],
                breaks=[f"{each.number} {each.fault}" for each in check_chain(session)[1]],
                spool=arrived,
            )

    def arrived(self, mail: Mail) -> list[Received]:
        return self.spool.get(mail.message_id, [])


def _lost(story: _Story, due: Counter[Promise] | None) -> Iterator[str]:
    """What was due and did not arrive, or is still under way though nothing moves any more."""
    lifecycles = {case.id: case.lifecycle for case in story.cases}
    kept = Counter(
        (lifecycles[notice.case_id], notice.rung, story.titles[notice.post_id])
        for notice in story.notices
        if notice.status in KEPT
    )
    for promise, times in ((due or kept) - kept).items():
        yield f"lost: {times} × {' '.join(promise)}"
    for promise, times in (kept - (due or kept)).items():
        yield f"never due: {times} × {' '.join(promise)}"
    for mail in story.mails:
        if mail.status is MailStatus.ACCEPTED and not story.arrived(mail):
            yield f"lost: {mail.address} is accepted, and the server does not have it"
        if mail.status not in FINAL_MAIL:
            yield f"lost: {mail.address} is {mail.status} still"


def _altered(story: _Story) -> Iterator[str]:
    """What arrived otherwise than it was written: other bytes, another mailbox, a mail nobody wrote."""
    known = {mail.message_id: mail for mail in story.mails}
    for message_id, arrived in story.spool.items():
        mail = known.get(message_id)
        if mail is None:
            yield f"unknown: {message_id} was sent, and nobody wrote it"
            continue
        if {hashlib.sha256(each.raw).hexdigest() for each in arrived} != {mail.sha256}:
            yield f"not identical: {mail.address}"
        if {each.recipients for each in arrived} != {(mail.address,)}:
            yield f"gone astray: {mail.address}"


def _wrong_status(story: _Story) -> Iterator[str]:
    """What the database says of a mail or a notice, against what happened to it."""
    by_id = {mail.id: mail for mail in story.mails}
    for mail in story.mails:
        if mail.status in {MailStatus.FAILED, MailStatus.CANCELLED, MailStatus.QUARANTINED} and story.arrived(mail):
            yield f"wrong status: {mail.address} is {mail.status}, and the server has it"
        if (mail.status is MailStatus.ACCEPTED) != (mail.id in story.accepted_attempts):
            yield f"wrong status: {mail.address} is {mail.status} against its attempts"
    for notice in story.notices:
        statuses = [by_id[mail_id].status for mail_id in story.carried_by.get(notice.id, [])]
        delivered = MailStatus.ACCEPTED in statuses
        if (notice.status is NoticeStatus.DELIVERED) != delivered:
            yield f"wrong status: {notice.rung} is {notice.status}, its mails are {statuses}"
        if statuses.count(MailStatus.ACCEPTED) > 1:
            yield f"doubled: {notice.rung} stands in two mails that left"


def _broken(story: _Story) -> Iterator[str]:
    """Whether the chain holds, folds to the rows, and tells of each delivery once."""
    yield from (f"journal: {each}" for each in story.breaks)
    told = Counter(
        (str(entry.data["message_id"]), entry.case_id)
        for entry in story.journal
        if entry.kind is EntryKind.MAIL_ACCEPTED
    )
    yield from (
        f"journal: tells {times} times of {mail} about one case" for (mail, _), times in told.items() if times > 1
    )
    accepted = {mail.message_id for mail in story.mails if mail.status is MailStatus.ACCEPTED}
    if {mail for mail, _ in told} != accepted:
        yield f"journal: does not tell of the {len(accepted)} deliveries that were made"
    by_case: dict[str | None, list[Entry]] = defaultdict(list)
    for entry in story.journal:
        by_case[entry.case_id].append(entry)
    for case in story.cases:
        standing = fold(LIFECYCLES[case.lifecycle], by_case[case.id])
        if standing != Standing(state=case.state, due_on=case.due_on):
            yield f"journal: folds to {standing}, the case is {case.state}, due {case.due_on}"
