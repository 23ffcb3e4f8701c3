"""Why nothing left: every notice and rung that a day might have brought and did not, with the reason. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.explain_query import (
    LedgerLine,
    ended_on,
    last_answered,
    load_cases_on,
    load_ledger,
    load_quarantine,
)
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.mail_model import MailStatus
from styrhjul.db.model import Body, Policy
from styrhjul.db.municipality_query import MunicipalityRow, municipality_row
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.policy_facts_query import load_policy_facts
from styrhjul.db.session import Database, municipality_of
from styrhjul.domain.facts import NoticeStatus, PolicyFacts
from styrhjul.domain.lifecycle import ANSWERED_STATES, State
from styrhjul.domain.moment import STOCKHOLM, local_date
from styrhjul.domain.office import PostFacts
from styrhjul.domain.period import period_in_words
from styrhjul.domain.round import rounds
from styrhjul.domain.silence import Silence, SilenceKind, silences
from styrhjul.services.mailing.reader import Readers
from styrhjul.services.municipality.procedure import lifecycle_of
from styrhjul.services.words import rung_word, stands
from workflows import LIFECYCLES

_UNSENT = (NoticeStatus.SUPERSEDED, NoticeStatus.CANCELLED)
_WAITING = (NoticeStatus.PLANNED, NoticeStatus.VACANT)
_NEXT_PULSE = "Väntar på att skrivas vid nästa puls."
_MAILS = {
    MailStatus.QUEUED: "Mejlet är skrivet och väntar på att skickas.",
    MailStatus.SENDING: "Mejlet håller på att skickas.",
    MailStatus.NOT_RESENT: "Det är osäkert om mejlet kom fram, och det gäller inte längre.",
    MailStatus.QUARANTINED: "Mejlet är satt åt sidan, eftersom det inte gick att skicka.",
}


class NoSuchBody(LookupError):
    """The municipality has no body of this name."""

    def __init__(self, body: str, known: list[str]) -> None:
        super().__init__(f"Det finns inget organ {body}. De som finns är {', '.join(known) or 'inga'}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """One thing that did not leave. `office` and `holder` are None where the reason stands before any post.

    `kind` is permanent: a ledger status, a reason of `domain.silence`, or not_released, quarantined, later, in_transit.
    `until` is the day it leaves or left instead; None = no day is known.
    """

    on: date
    body: str
    policy: str
    lifecycle: str
    period: str
    period_words: str
    case_id: str | None
    rung: str
    office: str | None
    holder: str | None
    kind: str
    until: date | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A day's silence. `day_is` names a day on which nothing is asked; None on an ordinary one."""

    on: date
    day_is: str | None
    is_released: bool
    lines: tuple[NotSent, ...]


def explain_silence(database: Database, municipality_id: str, now: datetime, *, body: str | None = None) -> Silent:
    """Return why things did not leave on the Swedish day of `now`, by body; only one body's when it is named.

    A body is named by its short name or its name. Raises NoSuchBody.
    """
    with database.reading(municipality_id) as session:
        desk = _Desk.open(session, now)
        name = _body_name(session, body) if body is not None else None
        lines = [*_of_cases(session, desk), *_of_openings(session, desk)]
    return Silent(
        on=desk.on,
        day_is=desk.organisation.practice.why_not_ordinary(desk.on),
        is_released=_is_released(desk.municipality.released_at, now),
        lines=tuple(line for line in lines if name is None or line.body == name),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What is needed beside the cases."""

    now: datetime
    on: date
    municipality: MunicipalityRow
    organisation: Organisation
    posts: Mapping[str, PostFacts]
    readers: Readers
    aside: Mapping[str, str]

    @classmethod
    def open(cls, session: Session, now: datetime) -> _Desk:
        """Load it."""
        organisation = load_organisation(session)
        return cls(
            now=now,
            on=local_date(now),
            municipality=municipality_row(session),
            organisation=organisation,
            posts={post.post_id: post for post in organisation.posts},
            readers=Readers(organisation, local_date(now)),
            aside=load_quarantine(session),
        )

    def period_words(self, place: _Place) -> str:
        """Return the period of a case as people write it."""
        case, bodies = place.case, self.organisation.by_id
        body = bodies[case.body_id]
        adopter = bodies[place.policy.adopted_by_id] if place.policy else body
        return period_in_words(case.lifecycle, case.period, opens_on=case.opens_on, adopter=adopter, body=body)


@dataclass(frozen=True, slots=True)
class _Place:
    """The case a line is about, in words."""

    body: str
    policy: Policy | None
    case: Case


@dataclass(frozen=True, slots=True)
class _Reason:
    kind: str
    why: str
    until: date | None = None


def _is_released(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def _body_name(session: Session, wanted: str) -> str:
    bodies = session.execute(select(Body.slug, Body.name).order_by(Body.name)).all()
    for slug, name in bodies:
        if wanted.casefold() in (slug.casefold(), name.casefold()):
            return name
    raise NoSuchBody(wanted, [slug for slug, _ in bodies])


def _of_cases(session: Session, desk: _Desk) -> Iterator[NotSent]:
    places = {case.id: _Place(name, policy, case) for case, name, policy in load_cases_on(session, desk.on)}
    facts = {each.case_id: each for each in load_case_facts(session, desk.organisation, places)}
    ended, answered = ended_on(session, places.keys()), last_answered(session, places.keys())
    ledger: dict[str, list[LedgerLine]] = {}
    for line in load_ledger(session, places.keys()):
        ledger.setdefault(line.notice.case_id, []).append(line)
    for case_id, place in places.items():
        for line in ledger.get(case_id, ()):
            key = (case_id, line.notice.rung, line.notice.post_id, line.notice.due_on.isoformat())
            if (reason := _why_unsent(desk, place, line, ended.get(key))) is not None:
                yield _line(desk, place, line.notice.rung, reason, post_id=line.notice.post_id)
        if case_id in desk.aside:
            yield _line(desk, place, "", _Reason("quarantined", f"Ärendet är satt åt sidan: {desk.aside[case_id]}"))
        lifecycle = lifecycle_of(desk.organisation, place.case.lifecycle, place.case.policy_id)
        for silence in silences(lifecycle, facts[case_id], desk.on):
            reason = _why_silent(desk, place, silence, answered.get(case_id))
            posts = facts[case_id].posts[silence.rung.to] or (None,)
            for post_id in posts:
                yield _line(desk, place, silence.rung.key, reason, post_id=post_id)


def _why_unsent(desk: _Desk, place: _Place, line: LedgerLine, ended: date | None) -> _Reason | None:
    """Return why a notice had not left by the day; None for one that had, or that is no matter of this day."""
    notice = line.notice
    if notice.planned_on > desk.on or (notice.delivered_on and notice.delivered_on <= desk.on):
        return None
    if notice.status in _UNSENT:
        is_of_the_day = notice.planned_on <= desk.on <= (ended or notice.planned_on)
        return _Reason(notice.status, notice.reason or "") if is_of_the_day else None
    if notice.delivered_on:
        return _Reason("later", _why_later(desk, notice), notice.delivered_on)
    if notice.status is NoticeStatus.FAILED:
        return _Reason(notice.status, notice.reason or line.mail_outcome or "Mejlet kom inte fram.")
    if notice.status in _WAITING:
        return _why_waiting(desk, place, notice)
    status = line.mail_status or MailStatus.QUEUED
    kind = "quarantined" if status is MailStatus.QUARANTINED else "in_transit"
    return _Reason(kind, _MAILS.get(status, line.mail_outcome or "Mejlet väntar på sitt utfall."))


def _why_waiting(desk: _Desk, place: _Place, notice: Notice) -> _Reason:
    if notice.id in desk.aside:
        return _Reason("quarantined", f"Satt åt sidan: {desk.aside[notice.id]}")
    if not _is_released(desk.municipality.released_at, desk.now):
        return _Reason("not_released", "Kommunens mejl är inte släppta av samordnaren än.")
    if place.policy is not None and not _is_released(place.policy.released_at, desk.now):
        return _Reason("not_released", "Dokumentets mejl är inte släppta av samordnaren än.")
    until = local_date(notice.not_before_at)
    opens = notice.not_before_at.astimezone(STOCKHOLM)
    soon = f"Skrivs när kontoret öppnar kl. {opens:%H:%M}." if opens > desk.now else _NEXT_PULSE
    said = notice.reason or soon
    return _Reason(notice.status, said, until if until > desk.on else None)


def _why_later(desk: _Desk, notice: Notice) -> str:
    day_is = desk.organisation.practice.why_not_ordinary(desk.on)
    return f"{desk.on.isoformat()} är {day_is}." if day_is else notice.reason or "Det lämnade oss först senare."


def _why_silent(desk: _Desk, place: _Place, silence: Silence, answered: date | None) -> _Reason:
    practice = desk.organisation.practice
    match silence.kind:
        case SilenceKind.DEFERRED:
            why = f"{silence.on.isoformat()} är {practice.why_not_ordinary(silence.on)}."
        case SilenceKind.ANSWERED:
            why = _why_ended(place.case, answered)
        case SilenceKind.NOT_BINDING:
            why = "Texten säger bör eller kan: ingen varnas och inget går upp."
        case SilenceKind.WAITS_FOR_WARNING if place.case.unreachable_on:
            why = f"Ingen kunde varnas ({place.case.unreachable_on.isoformat()}), därför går inget upp."
        case SilenceKind.WAITS_FOR_WARNING:
            why = f"Går upp först när steget {rung_word(silence.rung.after or '').lower()} har kommit fram."
        case SilenceKind.NO_ROOM:
            why = f"Steget skulle ha gått {silence.on.isoformat()}, innan ärendet öppnade."
        case _:
            why = "Organet har inget sådant uppdrag."
    return _Reason(silence.kind, why, silence.until)


def _why_ended(case: Case, answered: date | None) -> str:
    if case.state is State.NOT_FOLLOWED:
        return "Perioden var innan mejlen släpptes, så ingen har fått frågan."
    when = f" {answered.isoformat()}" if answered and case.state in ANSWERED_STATES else ""
    return f"Ärendet {stands(case.state)}{when}."


def _of_openings(session: Session, desk: _Desk) -> Iterator[NotSent]:
    """Yield the rounds that would have opened by the day, had that or the days before it been ordinary ones."""
    policies = {policy.id: policy.title for policy in session.scalars(select(Policy))}
    names = dict(session.execute(select(Body.id, Body.name)).all())
    until = desk.organisation.practice.ordinary_after(desk.on)
    for key, lifecycle in LIFECYCLES.items():
        subjects = [*policies, municipality_of(session)]
        for facts in load_policy_facts(session, desk.organisation, lifecycle, subjects, desk.on).values():
            if (facts.policy_id or municipality_of(session)) in desk.aside:
                aside = f"Satt åt sidan: {desk.aside[facts.policy_id or municipality_of(session)]}"
                yield _opening(desk, facts, policies, (key, "", "", ""), _Reason("quarantined", aside))
            for body in facts.bodies:
                for dates in rounds(lifecycle, facts, body, until=until):
                    moved = dates.opening_deferred_from
                    if moved and dates.followed and moved <= desk.on < dates.opens_on:
                        why = f"{moved.isoformat()} är {facts.practice.why_not_ordinary(moved)}."
                        said = period_in_words(
                            key, dates.period, opens_on=dates.opens_on, adopter=facts.adopter, body=body
                        )
                        place = (key, names[body.body_id], dates.period, said)
                        yield _opening(desk, facts, policies, place, _Reason("deferred", why, dates.opens_on))


def _opening(
    desk: _Desk, facts: PolicyFacts, policies: Mapping[str, str], place: tuple[str, str, str, str], reason: _Reason
) -> NotSent:
    lifecycle, body, period, period_words = place
    return NotSent(
        on=desk.on,
        body=body,
        policy=policies.get(facts.policy_id or "", ""),
        lifecycle=lifecycle,
        period=period,
        period_words=period_words,
        case_id=None,
        rung="opened",
        office=None,
        holder=None,
        kind=reason.kind,
        until=reason.until,
        why=reason.why,
    )


def _line(desk: _Desk, place: _Place, rung: str, reason: _Reason, *, post_id: str | None = None) -> NotSent:
    reader = desk.readers.of(post_id) if post_id else None
    return NotSent(
        on=desk.on,
        body=place.body,
        policy=place.policy.title if place.policy else "",
        lifecycle=place.case.lifecycle,
        period=place.case.period,
        period_words=desk.period_words(place),
        case_id=place.case.id,
        rung=rung,
        office=desk.posts[post_id].title if post_id else None,
        holder=reader.appointment.name if reader else None,
        kind=reason.kind,
        until=reason.until,
        why=reason.why,
    )
