"""What those who answer for a case today have been told of it: what another heard before them does not count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from operator import is_

from styrhjul.domain.facts import CaseFacts, NoticeFacts, NoticeStatus
from styrhjul.domain.ladder import escalations, ladder_days, warned_on
from styrhjul.domain.rung import UNREACHABLE, Audience, Rung
from styrhjul.domain.seat import seat_on, sitter

#: What still goes to whoever reads the post when it leaves.
WAITING = frozenset({NoticeStatus.PLANNED, NoticeStatus.MAILED, NoticeStatus.VACANT})
#: What a mail of today may hold.
_LEAVING = frozenset({NoticeStatus.PLANNED, NoticeStatus.MAILED})
#: What was neither withdrawn, nor gave way, nor found a post vacant.
_STANDING = frozenset({NoticeStatus.PLANNED, NoticeStatus.MAILED, NoticeStatus.DELIVERED, NoticeStatus.FAILED})
#: What somebody has heard, or should have.
_TOLD = frozenset({NoticeStatus.DELIVERED, NoticeStatus.FAILED})


def as_told(ladder: tuple[Rung, ...], facts: CaseFacts, today: date) -> CaseFacts:
    """Return the case as its holders of today know it; safe to repeat.

    Left out are notices to a post that somebody else held then, or that had not been given the case; what was
    withdrawn before it left, as nobody heard it; and what gave way to that. What found a post vacant waits again once
    somebody reads there: it leaves with the next mail. `anew` names the posts that have to be told, because somebody
    before them was.
    """
    if _all_stand(facts, today):
        return facts
    facts = _filled_again(facts, today)
    up = escalations(ladder)
    to_another = [notice for notice in _asked(ladder, facts, up) if _told_another(facts, notice, today)]
    anew = {notice.post_id for notice in to_another if notice.status in _TOLD}
    unheard = [notice for notice in to_another if notice.post_id in anew]
    kept = [notice for notice in facts.notices if notice not in unheard and not _is_void(facts, notice)]
    heard = {notice.post_id for notice in kept if notice.status is not NoticeStatus.SUPERSEDED}
    left = tuple(notice for notice in kept if notice.post_id in heard)
    if not anew and len(left) == len(facts.notices):
        return facts
    return replace(facts, notices=left, anew=facts.anew | anew)


def _all_stand(facts: CaseFacts, today: date) -> bool:
    """Whether everything in the ledger stands as it was said, and to whom: so it is with most cases on most days."""
    if facts.assigned_on is not None:
        return False
    for notice in facts.notices:  # noqa: SIM110 - asked for every case that is planned
        if notice.status not in _STANDING or _told_another(facts, notice, today):
            return False
    return True


def _filled_again(facts: CaseFacts, today: date) -> CaseFacts:
    again = tuple(
        replace(each, status=NoticeStatus.PLANNED) if _is_read_again(facts, each, today) else each
        for each in facts.notices
    )
    return facts if all(map(is_, again, facts.notices)) else replace(facts, notices=again)


def _is_read_again(facts: CaseFacts, notice: NoticeFacts, today: date) -> bool:
    if notice.status is not NoticeStatus.VACANT:
        return False
    seat = seat_on(facts.seats.get(notice.post_id, ()), today)
    return seat is not None and seat.reads


def warned_by(ladder: tuple[Rung, ...], facts: CaseFacts, warning: str, today: date) -> date:
    """Return the day from which a matter goes up, for a mail written today to name: the planner counts from it too.

    Warnings that wait are taken to arrive today; before there are any, it is the day they are to leave.
    """
    told = as_told(ladder, facts, today)
    arrived = tuple(
        replace(notice, status=NoticeStatus.DELIVERED, delivered_on=today)
        if notice.rung == warning and notice.status in _LEAVING
        else notice
        for notice in told.notices
    )
    found = warned_on(replace(told, notices=arrived), warning, ladder)
    return found or max([today, *(day.on for day in ladder_days(ladder, told) if day.rung.key == warning)])


def goes_up_now(ladder: tuple[Rung, ...], facts: CaseFacts, key: str, today: date) -> bool:
    """Whether a rung that waits for a warning may leave today, by what those who answer today have been told."""
    return any(day.rung.key == key and day.on <= today for day in ladder_days(ladder, as_told(ladder, facts, today)))


def asked_posts(ladder: tuple[Rung, ...], facts: CaseFacts) -> set[str]:
    """Return the posts that answer for the case, not those above them."""
    return {post for rung in ladder if rung.after is None for post in facts.posts[rung.to]}


def _asked(ladder: tuple[Rung, ...], facts: CaseFacts, up: frozenset[str]) -> Iterator[NoticeFacts]:
    posts = asked_posts(ladder, facts)
    return (notice for notice in facts.notices if notice.post_id in posts and notice.rung not in up)


def _told_another(facts: CaseFacts, notice: NoticeFacts, today: date) -> bool:
    """Ask whom the mail went to, as a list may tell of a change long after it; where nobody knows, who sat then.

    A vacant post changes nothing: there is nobody who has not heard. What a deputy heard nobody told the holder, and
    the deputy's link opens no more: a holder whom mail reaches by now is told, whenever they are said to have begun.
    """
    if notice.status in WAITING:
        return False
    day = notice.delivered_on or notice.planned_on
    if facts.assigned_on and day < facts.assigned_on and notice.post_id in facts.posts[Audience.HOLDER]:
        return True
    seats = facts.seats.get(notice.post_id, ())
    now = seat_on(seats, today)
    if now is None or now.person_id is None:
        return False
    if notice.by_deputy:
        return now.reads
    return (notice.heard_by or sitter(seats, day)) != now.person_id


def _is_void(facts: CaseFacts, notice: NoticeFacts) -> bool:
    """Withdrawn before it left, or out of reach before the case was given to somebody else."""
    if notice.status is NoticeStatus.CANCELLED:
        return True
    given = facts.assigned_on
    return notice.rung == UNREACHABLE.key and given is not None and notice.planned_on < given
