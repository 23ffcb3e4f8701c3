"""A calendar to subscribe to: one post's open cases and the rounds that open for it within a year. Nothing is written.

What its mails have told of and nobody asks for any more stands on for a year: as answered, or else as cancelled. The
address is the only key to it: 256 random bits, of which the hash alone is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from styrhjul.db.calendar_model import CalendarLink
from styrhjul.db.calendar_query import (
    CalendarFacts,
    end_calendar_links,
    find_calendar,
    load_told,
    standing_cases,
    told_of,
)
from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import CaseText, load_case_texts
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import new_id
from styrhjul.db.municipality_query import MunicipalityRow, municipality_row
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.policy_calendar_query import count_foretelling, load_moved
from styrhjul.db.session import Database
from styrhjul.domain.calendar import months_after
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import ANSWERED_STATES, Holder
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostFacts
from styrhjul.domain.rung import Audience
from styrhjul.mail.deadline_calendar import WholeDay, calendar_of
from styrhjul.mail.item import Owed
from styrhjul.mail.swedish import office, weekday
from styrhjul.services.cases.reassign import post_named
from styrhjul.services.mailing.deadline_days import Matter, case_page, days_of, publisher_of, renewed, taken_back
from styrhjul.services.mailing.item import item_of
from styrhjul.services.mailing.link import TOKEN_BYTES, token_hash
from styrhjul.services.mailing.outbox import sender_of
from styrhjul.services.mailing.owed import MONTHS_AHEAD, Owing
from styrhjul.services.words import round_name
from workflows import LIFECYCLES

_BY = "calendar link"
#: States in which somebody is still asked.
ASKED = frozenset(state for lifecycle in LIFECYCLES.values() for state in lifecycle.chased)


class NoSuchCalendar(LookupError):
    """No calendar has this address, or its link has been revoked. Which of the two is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCalendar:
    """A link that was made: the address to subscribe to, told this once, and whose days it shows."""

    post: str
    url: str
    #: How many older links to the same calendar ended.
    ended: int


def share_calendar(  # noqa: PLR0913 - whose, where it is served, and who makes it
    database: Database, municipality_id: str, post: str, base_url: str, now: datetime, *, by: str = _BY
) -> SharedCalendar:
    """Make a link to a post's calendar, and end those there were. Raises DecisionRefused for a post nobody knows."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with database.register(municipality_id) as session:
        meant = post_named(session, load_organisation(session), post)
        ended = end_calendar_links(session, meant.post_id, now)
        session.add(CalendarLink(id=new_id(), token_sha256=token_hash(token), post_id=meant.post_id, made_at=now))
        session.flush()
        write_down(session, [Line(kind=EntryKind.CALENDAR_LINK_MADE, by=by, data={"post": meant.post_id})], now)
    return SharedCalendar(post=meant.title, url=f"{base_url}/calendar/{token}.ics", ended=ended)


def close_calendar(database: Database, municipality_id: str, post: str, now: datetime) -> int:
    """Revoke every link to a post's calendar; return how many there were. Raises DecisionRefused. Safe to repeat."""
    with database.register(municipality_id) as session:
        meant = post_named(session, load_organisation(session), post)
        ended = end_calendar_links(session, meant.post_id, now)
        if ended:
            data = {"post": meant.post_id}
            write_down(session, [Line(kind=EntryKind.CALENDAR_LINK_REVOKED, by=_BY, data=data)], now)
        return ended


def calendar_feed(database: Database, token: str, base_url: str, now: datetime) -> bytes:
    """Return the calendar behind a link; the same bytes all day while nothing changes. Raises NoSuchCalendar."""
    link = _find(database, token)
    with database.reading(link.municipality_id) as session:
        municipality, organisation = municipality_row(session), load_organisation(session)
        post = next(post for post in organisation.posts if post.post_id == link.post_id)
        today = local_date(now)
        days: list[WholeDay] = []
        if municipality.released_at is not None and municipality.released_at <= now and not post.ended:
            feed = _Feed(session, municipality, organisation, post, today)
            days = [*feed.cases(base_url, now), *feed.rounds()]
        # The moment is the day's, so that who asks again gets the same bytes.
        made_at = datetime.combine(today, time(), UTC)
        return calendar_of(days, publisher_of(municipality), made_at, title=f"Styrhjul: {office(post.title)}")


def _find(database: Database, token: str) -> CalendarFacts:
    if not token.isascii():
        raise NoSuchCalendar(NoSuchCalendar.__doc__)
    with database.system(read_only=True) as session:
        link = find_calendar(session, token_hash(token))
    if link is None:
        raise NoSuchCalendar(NoSuchCalendar.__doc__)
    return link


@dataclass(frozen=True, slots=True)
class _Feed:
    session: Session
    municipality: MunicipalityRow
    organisation: Organisation
    post: PostFacts
    today: date

    def cases(self, base_url: str, now: datetime) -> Iterator[WholeDay]:
        """What the post is asked for, as its mails tell of it."""
        standing = standing_cases(self.session, self.organisation, ASKED, now)
        mine = [
            case_id
            for case_id, stake in standing
            if self.post.post_id in self.organisation.posts_of(stake)[Audience.HOLDER]
        ]
        ended = [
            case_id
            for case_id in told_of(self.session, self.post.post_id, months_after(self.today, -MONTHS_AHEAD))
            if case_id not in mine
        ]
        every = [*mine, *ended]
        texts, told = load_case_texts(self.session, every), load_told(self.session, every)
        moved, sender = load_moved(self.session, every), sender_of(self.municipality)
        for case_id in every:
            if case_id not in texts:
                continue
            matter = self._matter(texts[case_id])
            before = told.get(matter.key)
            is_asked = case_id in mine and matter.item.state in LIFECYCLES[matter.item.lifecycle].chased
            now_told = renewed(before, matter.item) if is_asked else taken_back(before)
            if now_told is not None:
                url = case_page(base_url, self.municipality, case_id)
                at = moved[case_id].at if case_id in moved else None
                for day in days_of(matter, now_told, sender, url):
                    yield replace(_answered(day) if matter.item.state in ANSWERED_STATES else day, modified_at=at)

    def rounds(self) -> Iterator[WholeDay]:
        """What opens for the post's body within a year, where the post answers for its body."""
        stake = self.organisation.stake(Holder.BODY, self.post.body_id, None)
        if self.post.post_id not in self.organisation.posts_of(stake)[Audience.BODY]:
            return
        sequence = count_foretelling(self.session)
        alike: Counter[tuple[str, str, str]] = Counter()
        for owed in Owing(self.session, self.organisation, self.today).by(self.post.body_id):
            if owed.opens_on is not None:
                about = (owed.lifecycle, owed.policy_title, owed.period)
                yield self._round(owed, owed.opens_on, (*about, str(alike[about])), sequence)
                alike[about] += 1

    def _matter(self, text: CaseText) -> Matter:
        case = text.case
        lifecycle = LIFECYCLES[case.lifecycle]
        # What the opening would tell of it; the notice is never stored.
        notice = Notice(
            case_id=case.id,
            due_on=case.due_on,
            rung=lifecycle.ladder[0].key,
            post_id=self.post.post_id,
            status=NoticeStatus.PLANNED,
        )
        item = item_of(notice, text, organisation=self.organisation, url="", today=self.today)
        return Matter(case_id=case.id, post_id=self.post.post_id, item=item)

    def _round(self, owed: Owed, opens_on: date, about: tuple[str, ...], sequence: int) -> WholeDay:
        """No day is in its name: a round that moves is the same round, under a higher sequence."""
        name = round_name(owed.lifecycle, owed.period)
        return WholeDay(
            uid=f"{hashlib.sha256('/'.join((self.post.post_id, *about)).encode()).hexdigest()[:40]}-round",
            sequence=sequence,
            on=owed.due_on,
            summary=f"Sista dag: {name[:1].lower()}{name[1:]}",
            description=f"Dokument: {owed.policy_title}.\nDu får ett mejl när det är dags, "
            f"{weekday(opens_on, self.today)}.",
        )


def _answered(day: WholeDay) -> WholeDay:
    """Return the last day of what has been answered as one that stands, and says so by its name (`_calendar.txt`).

    Its papers' day has nothing more to say. RFC 5545 has no status for what came about, and a day that is cancelled
    reads as called off (decision 0026).
    """
    is_papers = day.uid.endswith("-papers")
    return day if is_papers else replace(day, is_cancelled=False)
