"""A policy's days to subscribe to: who is asked for what and by when, and what opens within a year. Nothing is written.

What has been answered stands on for a year with a mark, what has no answer says so, and only what somebody decided to
ask no more is cancelled: a program that keeps what it has seen takes it away then. The sequence is counted from the
journal, so that it grows with every move and nothing has to be kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.calendar_model import PolicyCalendarLink
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Policy, new_id
from styrhjul.db.municipality_query import MunicipalityRow, municipality_row
from styrhjul.db.office_query import body_names
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.overview_query import in_swedish_order
from styrhjul.db.policy_calendar_query import (
    DayRow,
    Moved,
    PolicyRow,
    count_foretelling,
    end_policy_calendar_links,
    find_policy_calendar,
    load_moved,
    load_policy_days,
    load_policy_row,
)
from styrhjul.db.session import Database
from styrhjul.domain.calendar import months_after
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date
from styrhjul.domain.period import period_in_words
from styrhjul.mail.deadline_calendar import WholeDay, calendar_of
from styrhjul.services.cases.calendar_feed import ASKED, NoSuchCalendar, SharedCalendar
from styrhjul.services.cases.decision import DecisionRefused
from styrhjul.services.mailing.deadline_days import case_page, publisher_of
from styrhjul.services.mailing.link import TOKEN_BYTES, token_hash
from styrhjul.services.mailing.owed import MONTHS_AHEAD
from styrhjul.services.overview.coming_round import ComingRound, coming_rounds
from styrhjul.services.words import round_name

_BY = "calendar link"


def share_policy_calendar(  # noqa: PLR0913 - whose, where it is served, and who makes it
    database: Database, municipality_id: str, policy: str, base_url: str, now: datetime, *, by: str = _BY
) -> SharedCalendar:
    """Make a link to the calendar of a policy, by its short name, and end those there were. Raises DecisionRefused."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with database.register(municipality_id) as session:
        meant = _policy_named(session, policy)
        ended = end_policy_calendar_links(session, meant.id, now)
        link = PolicyCalendarLink(id=new_id(), token_sha256=token_hash(token), policy_id=meant.id, made_at=now)
        session.add(link)
        session.flush()
        write_down(session, [Line(kind=EntryKind.CALENDAR_LINK_MADE, by=by, data={"policy": meant.id})], now)
        return SharedCalendar(post=meant.title, url=f"{base_url}/calendar/{token}.ics", ended=ended)


def close_policy_calendar(database: Database, municipality_id: str, policy: str, now: datetime) -> int:
    """Revoke every link to a policy's calendar; return how many there were. Raises DecisionRefused. Safe to repeat."""
    with database.register(municipality_id) as session:
        meant = _policy_named(session, policy)
        ended = end_policy_calendar_links(session, meant.id, now)
        if ended:
            data = {"policy": meant.id}
            write_down(session, [Line(kind=EntryKind.CALENDAR_LINK_REVOKED, by=_BY, data=data)], now)
        return ended


def policy_feed(database: Database, token: str, base_url: str, now: datetime) -> bytes:
    """Return the calendar behind a link; the same bytes all day while nothing changes. Raises NoSuchCalendar."""
    link = None
    if token.isascii():
        with database.system(read_only=True) as session:
            link = find_policy_calendar(session, token_hash(token))
    if link is None:
        raise NoSuchCalendar(NoSuchCalendar.__doc__)
    with database.reading(link.municipality_id) as session:
        municipality, policy = municipality_row(session), load_policy_row(session, link.policy_id)
        today = local_date(now)
        feed = _Feed(session, municipality, policy, link.policy_id, today)
        days = [*feed.cases(base_url), *feed.rounds()] if _is_shown(municipality, policy, now) else []
        # The moment is the day's, so that who asks again gets the same bytes.
        made_at = datetime.combine(today, time(), UTC)
        return calendar_of(days, publisher_of(municipality), made_at, title=f"Styrhjul: {policy.title}")


def _is_shown(municipality: MunicipalityRow, policy: PolicyRow, now: datetime) -> bool:
    released = (municipality.released_at, policy.released_at)
    return all(at is not None and at <= now for at in released)


def _policy_named(session: Session, slug: str) -> Policy:
    found = session.scalars(select(Policy).where(Policy.slug == slug.strip())).one_or_none()
    if found is None:
        raise DecisionRefused(f"Inget styrdokument har kortnamnet ”{slug.strip()}”.")
    return found


@dataclass(frozen=True, slots=True)
class PolicyName:
    """A policy whose days can be shared."""

    slug: str
    title: str


def shareable_policies(database: Database, municipality_id: str) -> tuple[PolicyName, ...]:
    """Return every policy, in the order of the Swedish alphabet."""
    with database.reading(municipality_id) as session:
        rows = session.execute(select(Policy.slug, Policy.title)).all()
    return tuple(PolicyName(slug, title) for slug, title in sorted(rows, key=lambda row: in_swedish_order(row[1])))


_ANSWERED = (State.SUBMITTED, State.DONE)
_LAST_DAY = "Sista dag:"


def _standing(state: State) -> str:
    """Return what a day begins with. RFC 5545 has no status for an event that came about; cancelled is called off."""
    if state in _ANSWERED:
        return "✓ Besvarat:"
    return "Svar saknas:" if state is State.LAPSED else _LAST_DAY


class _Feed:
    def __init__(
        self, session: Session, municipality: MunicipalityRow, policy: PolicyRow, policy_id: str, today: date
    ) -> None:
        self._session = session
        self._municipality = municipality
        self._policy = policy
        self._policy_id = policy_id
        self._today = today
        self._organisation = load_organisation(session)
        self._names = {body_id: body.name for body_id, body in body_names(session, self._organisation).items()}

    def cases(self, base_url: str) -> Iterator[WholeDay]:
        """Each body's last day, and the day of its papers while that is ahead; cancelled where nothing is asked."""
        rows = load_policy_days(self._session, self._policy_id, months_after(self._today, -MONTHS_AHEAD))
        moved = load_moved(self._session, [row.case_id for row in rows])
        for row in rows:
            due = self._due(row, moved.get(row.case_id), case_page(base_url, self._municipality, row.case_id))
            yield due
            if row.agenda_on is not None and (due.is_cancelled or row.agenda_on >= self._today):
                summary = due.summary.replace(_LAST_DAY, "Handlingar:", 1)
                yield _also(due, uid=f"{row.case_id}-policy-papers", on=row.agenda_on, summary=summary)

    def rounds(self) -> Iterator[WholeDay]:
        """What opens within a year."""
        until = months_after(self._today, MONTHS_AHEAD)
        if self._policy.repealed_on is not None and self._policy.repealed_on <= self._today:
            return
        sequence = count_foretelling(self._session)
        coming = coming_rounds(
            self._session, self._organisation, [self._policy_id], year=self._today.year, today=self._today
        )
        for each in sorted(coming, key=lambda each: (each.dates.due_on, each.body_id, each.lifecycle)):
            if each.dates.opens_on <= until:
                yield self._coming(each, sequence)

    def _due(self, row: DayRow, moved: Moved | None, url: str) -> WholeDay:
        meets = f"\n{self._names[row.body_id]} möts {row.meeting_on.isoformat()}." if row.meeting_on else ""
        return WholeDay(
            uid=f"{row.case_id}-policy-due",
            sequence=moved.count - 1 if moved else 0,
            on=row.due_on,
            summary=f"{_standing(row.state)} {self._round(row.lifecycle, row.period, row.body_id, row.opens_on)}",
            description=f"Dokument: {self._policy.title}.{meets}",
            url=url,
            is_cancelled=row.state not in (*ASKED, *_ANSWERED, State.LAPSED),
            modified_at=moved.at if moved else None,
        )

    def _coming(self, each: ComingRound, sequence: int) -> WholeDay:
        about = (self._policy_id, each.lifecycle, each.body_id, each.dates.period)
        return WholeDay(
            uid=f"{hashlib.sha256('/'.join(about).encode()).hexdigest()[:40]}-policy-round",
            sequence=sequence,
            on=each.dates.due_on,
            summary=f"{_LAST_DAY} {self._round(each.lifecycle, each.dates.period, each.body_id, each.dates.opens_on)}",
            description=f"Dokument: {self._policy.title}.\nÖppnar {each.dates.opens_on.isoformat()}.",
        )

    def _round(self, lifecycle: str, period: str, body_id: str, opens_on: date) -> str:
        bodies = self._organisation.by_id
        adopter, body = bodies[self._policy.adopted_by_id], bodies[body_id]
        name = round_name(lifecycle, period_in_words(lifecycle, period, opens_on=opens_on, adopter=adopter, body=body))
        return f"{name[:1].lower()}{name[1:]}, {self._names[body_id]}"


def _also(day: WholeDay, *, uid: str, on: date, summary: str) -> WholeDay:
    return WholeDay(
        uid=uid,
        sequence=day.sequence,
        on=on,
        summary=summary,
        description=day.description,
        url=day.url,
        is_cancelled=day.is_cancelled,
        modified_at=day.modified_at,
    )
