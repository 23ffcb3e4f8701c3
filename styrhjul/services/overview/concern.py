"""What needs a person: cases that went up, mails that did not arrive, empty offices, and what no text states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from styrhjul.db.inbound_query import unclear_inbound
from styrhjul.db.mail_ledger_query import load_mails, load_quarantined
from styrhjul.db.mail_model import LOST_MAIL, OPEN_MAIL, MailStatus
from styrhjul.db.model import DutyStatus
from styrhjul.db.overview_query import CaseLine, PolicyLine
from styrhjul.db.webhook_query import paused_endpoints
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole, holder_of
from styrhjul.domain.status import Status
from styrhjul.mail.swedish import listed
from styrhjul.services.overview.case_status import Cell, papers_are_overdue
from styrhjul.services.overview.wheel import Year
from workflows import LIFECYCLES

_MOST_MAILS = 50
#: A mail that has not been taken for so long needs a person; it is tried on all the same.
LATE = timedelta(hours=24)
#: A mail that came in and that only a person can make out is shown for so long; nobody can say that they have seen it.
UNCLEAR_FOR = timedelta(days=30)
#: A message to another system that was given up is shown for so long.
UNTOLD_FOR = timedelta(days=7)
#: Ended without having been taken over, by no decision of ours.
_LOST = (*LOST_MAIL, MailStatus.QUARANTINED, MailStatus.NOT_RESENT)
#: Offices whose vacancy stops mails.
_WRITTEN_TO = frozenset(PostRole) - {PostRole.VICE_CHAIR, PostRole.REGISTRAR}


class ConcernKind(StrEnum):
    """Why something needs a person."""

    WENT_UP = "went_up"
    UNREACHABLE = "unreachable"
    MAIL_FAILED = "mail_failed"
    MAIL_LATE = "mail_late"
    INBOUND_UNCLEAR = "inbound_unclear"
    QUARANTINED = "quarantined"
    VACANT = "vacant"
    UNRELEASED = "unreleased"
    EXPIRED = "expired"
    BODY_ENDED = "body_ended"
    PAPERS_OVERDUE = "papers_overdue"
    PROPOSED = "proposed"
    WEBHOOK_PAUSED = "webhook_paused"
    INTERVAL_UNSTATED = "interval_unstated"
    OWNER_UNSTATED = "owner_unstated"


#: How a case may stand that the calendar has left with nobody of its own to answer.
LEFT_BEHIND = frozenset({Status.OPEN, Status.DUE_SOON, Status.UNDER_WAY, Status.LATE, Status.WITH_HEAD})
#: The gravest first.
_TROUBLES = {
    Status.WITH_EXECUTIVE_BOARD: ConcernKind.WENT_UP,
    Status.WITH_CHIEF_EXECUTIVE: ConcernKind.WENT_UP,
    Status.UNREACHABLE: ConcernKind.UNREACHABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing that needs a person. `subject` is a name, `detail` a quote, an office or an error.

    `status` is how the case stands that went up. `until` is the last of several days of which `on` is the first.
    """

    kind: ConcernKind
    subject: str
    detail: str = ""
    on: date | None = None
    until: date | None = None
    case: CaseLine | None = None
    status: Status | None = None
    policy_slug: str | None = None
    body_slug: str | None = None
    count: int = 1


def concerns(session: Session, cells: Iterable[Cell], year: Year, now: datetime, *, is_live: bool) -> Iterator[Concern]:
    """Yield what needs a person, the gravest first. `is_live`: the municipality's own mails are released."""
    every, today = tuple(cells), local_date(now)
    yield from _troubled(every, today)
    yield from _left_behind(every, today)
    yield from _mails(session, now)
    yield from _unclear(session, now)
    for host, paused_at in paused_endpoints(session):
        yield Concern(kind=ConcernKind.WEBHOOK_PAUSED, subject=host, on=local_date(paused_at))
    for lifecycle, error, at in load_quarantined(session):
        yield Concern(kind=ConcernKind.QUARANTINED, subject=lifecycle, detail=error, on=local_date(at))
    yield from _vacancies(year)
    if is_live:
        yield from _unreleased(year.policies)
    yield from _short_of_papers(every, today)
    for policy in year.policies:
        yield from _open_questions(policy, today)


def _mails(session: Session, now: datetime) -> Iterator[Concern]:
    """Yield the mails that did not arrive, then those that no server has taken for a day; the newest first."""
    mails = load_mails(session, limit=_MOST_MAILS, statuses=_LOST, late=(OPEN_MAIL, now - LATE))
    for kind, is_open in ((ConcernKind.MAIL_FAILED, False), (ConcernKind.MAIL_LATE, True)):
        for mail in mails:
            if (mail.status in OPEN_MAIL) is is_open:
                at = mail.composed_at if is_open else mail.finished_at or mail.composed_at
                detail = f"{mail.office}, {mail.body_name}"
                yield Concern(kind=kind, subject=mail.subject, detail=detail, on=local_date(at))


def _troubled(cells: Iterable[Cell], today: date) -> Iterator[Concern]:
    """Yield the cases that went up or reach nobody; those of one round together, for they have one cause."""
    for status, kind in _TROUBLES.items():
        for concern in _by_round(kind, (cell.case for cell in cells if cell.status is status), today):
            yield replace(concern, status=status)


def _unclear(session: Session, now: datetime) -> Iterator[Concern]:
    """Yield together the mails that came in of late and that only a person can make out; the newest is named."""
    unclear = unclear_inbound(session, now - UNCLEAR_FOR)
    if unclear:
        newest = unclear[0]
        yield Concern(
            kind=ConcernKind.INBOUND_UNCLEAR,
            subject=newest.subject,
            detail=newest.sender,
            on=local_date(newest.received_at),
            count=len(unclear),
        )


def _left_behind(cells: Iterable[Cell], today: date) -> Iterator[Concern]:
    """Yield the unanswered cases of bodies that are no more, where they have not gone up: somebody has to take over."""
    left = (cell.case for cell in cells if cell.status in LEFT_BEHIND and cell.case.awaits_taker(today))
    yield from _by_round(ConcernKind.BODY_ENDED, left, today)


def _short_of_papers(cells: Iterable[Cell], today: date) -> Iterator[Concern]:
    late = (
        cell.case
        for cell in cells
        if cell.case.is_binding and papers_are_overdue(cell, today) and not cell.case.body_has_ended(today)
    )
    yield from _by_round(ConcernKind.PAPERS_OVERDUE, late, today)


def _by_round(kind: ConcernKind, cases: Iterable[CaseLine], today: date) -> Iterator[Concern]:
    """Draw the cases of one round together; those whose body is no more stand by themselves."""
    rounds: dict[tuple[str | None, str, str, bool], list[CaseLine]] = {}
    for case in cases:
        key = (case.policy_id, case.lifecycle, case.period, case.body_has_ended(today))
        rounds.setdefault(key, []).append(case)
    for together in rounds.values():
        of_papers = kind is ConcernKind.PAPERS_OVERDUE
        days = sorted((case.agenda_on if of_papers else None) or case.due_on for case in together)
        names = listed(case.body_name for case in together)
        yield Concern(kind=kind, subject=names, on=days[0], until=days[-1], case=together[0], count=len(together))


def _vacancies(year: Year) -> Iterator[Concern]:
    held, bodies = year.organisation.appointments_by_post, year.organisation.by_id
    posts = [post for post in year.organisation.posts if post.role in _WRITTEN_TO and not post.ended]
    for post in sorted(posts, key=lambda post: (year.names[post.body_id].name, post.title)):
        ended = bodies[post.body_id].dissolved_on
        holder = holder_of(post.post_id, held.get(post.post_id, ()), year.today)
        if (ended is None or ended > year.today) and (holder is None or not holder.address):
            name = year.names[post.body_id]
            yield Concern(kind=ConcernKind.VACANT, subject=name.name, detail=post.title, body_slug=name.slug)


def _unreleased(policies: Iterable[PolicyLine]) -> Iterator[Concern]:
    waiting = [policy for policy in policies if policy.released_at is None and policy.repealed_on is None]
    if waiting:
        names = listed(policy.title for policy in waiting[:3])
        yield Concern(kind=ConcernKind.UNRELEASED, subject=names, policy_slug=waiting[0].slug, count=len(waiting))


def _open_questions(policy: PolicyLine, today: date) -> Iterator[Concern]:
    of_policy = Concern(kind=ConcernKind.OWNER_UNSTATED, subject=policy.title, policy_slug=policy.slug)
    if has_expired(policy, today):
        yield replace(of_policy, kind=ConcernKind.EXPIRED, on=policy.valid_until)
    proposed = [duty for duty in policy.duties if duty.status is DutyStatus.PROPOSED]
    if proposed:
        yield replace(of_policy, kind=ConcernKind.PROPOSED, detail=proposed[0].quote, count=len(proposed))
    asked = [duty for duty in policy.duties if duty not in proposed and is_asked_by_default(duty.lifecycle)]
    if asked and all(duty.recurrence is None for duty in asked):
        yield replace(of_policy, kind=ConcernKind.INTERVAL_UNSTATED)
    if policy.document_owner is None and not policy.has_owner_post:
        yield of_policy


def has_expired(policy: PolicyLine, today: date) -> bool:
    """Whether the document's own last day has passed: it does not lapse by itself, somebody has to decide."""
    return policy.repealed_on is None and policy.valid_until is not None and policy.valid_until < today


def is_asked_by_default(lifecycle: str | None) -> bool:
    """Whether a duty whose text states no interval is asked about all the same, once a year."""
    return lifecycle is not None and None in LIFECYCLES[lifecycle].rounds
