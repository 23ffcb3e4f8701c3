"""Going live: mails leave only when the coordinator has seen the forecast and lets them, each with a ladder ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.compose_query import unreleased_policy_ids
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Municipality, Policy
from styrhjul.db.organisation_query import load_practice
from styrhjul.db.release_write import close_as_not_followed, open_first
from styrhjul.db.session import Database, municipality_of
from styrhjul.db.trial_query import trial_address
from styrhjul.db.wake import touch_policies
from styrhjul.domain.calendar import months_after
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.domain.nominal import FULL_LADDER_WORKING_DAYS
from styrhjul.domain.rung import Anchor
from styrhjul.services.overview.forecast import ForecastLine, Span, forecast_in
from workflows import LIFECYCLES

_MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many notices would leave in a month about what one body owes, if nobody answered."""

    month: str
    body: str
    notices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a release lets leave: the policies' titles, and the load of the next twelve months, by month and body.

    `not_followed` counts the cases that are closed because their whole ladder no longer fits. `lines` are the notices
    behind the load, the first to leave first.
    """

    policies: tuple[str, ...]
    not_followed: int
    load: tuple[Load, ...]
    lines: tuple[ForecastLine, ...] = ()


class NothingToRelease(LookupError):
    """No policy that is asked for waits for a release."""

    def __init__(self, waiting: Iterable[str]) -> None:
        listed = ", ".join(waiting)
        told = f"De som väntar är {listed}." if listed else "Inget dokument i kommunen väntar på att släppas."
        super().__init__(f"Inget att släppa. {told}")


class StillOnTrial(ValueError):
    """The municipality is on trial: what its mails told of counts for nobody until the trial has ended."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"Kommunen provkörs. Avsluta det först: styrhjul municipality trial {slug} --end")


class NotLive(ValueError):
    """The municipality's own mails are not released yet."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            "Kommunens utskick är inte släppta än. Be den som driver Styrhjul att släppa dem, med styrhjul "
            f"municipality release --municipality {slug}. Då släpps alla dokument som är inlästa."
        )


def release_municipality(
    database: Database, municipality_id: str, now: datetime, *, by: str = "municipality release"
) -> None:
    """Let a municipality's mails leave, with the policies it has. Safe to repeat; later policies wait for their own.

    Cases whose whole ladder no longer fits are closed as not followed: nobody is chased for what nobody was told.
    Raises StillOnTrial.
    """
    today = local_date(now)
    with database.register(municipality_id) as session:
        municipality = session.get_one(Municipality, municipality_id)
        if municipality.released_at is not None:
            return
        if trial_address(session) is not None:
            raise StillOnTrial(municipality.slug)
        municipality.released_at = now
        municipality.starts_on = max(municipality.starts_on, today)
        write_down(session, [Line(kind=EntryKind.MUNICIPALITY_RELEASED, by=by, data={})], now)
        policies = session.scalars(select(Policy).where(Policy.id.in_(unreleased_policy_ids(session, now)))).all()
        _release(session, policies, now, by=by)
        _start_ladders(session, session.scalars(_open_cases()).all(), now, by=by)


def release_policies(
    database: Database,
    municipality_id: str,
    slugs: Collection[str] | None,
    now: datetime,
    *,
    by: str = "policy release",
) -> Release:
    """Let the mails about some policies leave, or about all that wait. Raises NothingToRelease and NotLive."""
    with database.register(municipality_id) as session:
        return _release_and_tell(session, slugs, now, by=by)


def preview_release(database: Database, municipality_id: str, slugs: Collection[str] | None, now: datetime) -> Release:
    """Return what `release_policies` would do, and do nothing. Raises the same."""
    with database.register(municipality_id) as session:
        try:
            return _release_and_tell(session, slugs, now, by="")
        finally:
            session.rollback()


def preview_municipality(database: Database, municipality_id: str, now: datetime) -> tuple[Load, ...]:
    """Return the load of a municipality's next twelve months, as its release would begin them. Nothing is written."""
    with database.reading(municipality_id) as session:
        return _load(forecast_in(session, _shown(local_date(now))))


def _release_and_tell(session: Session, slugs: Collection[str] | None, now: datetime, *, by: str) -> Release:
    municipality = session.get_one(Municipality, municipality_of(session))
    if municipality.released_at is None or municipality.released_at > now:
        raise NotLive(municipality.slug)
    waiting = session.scalars(
        select(Policy).where(Policy.id.in_(unreleased_policy_ids(session, now))).order_by(Policy.title, Policy.id)
    ).all()
    chosen = [policy for policy in waiting if slugs is None or policy.slug in slugs]
    if not chosen or (slugs is not None and len(chosen) < len(set(slugs))):
        raise NothingToRelease(policy.slug for policy in waiting)
    _release(session, chosen, now, by=by)
    cases = session.scalars(_open_cases().where(Case.policy_id.in_([policy.id for policy in chosen]))).all()
    closed = _start_ladders(session, cases, now, by=by)
    titles = tuple(policy.title for policy in chosen)
    lines = [line for line in forecast_in(session, _shown(local_date(now))) if line.policy in titles]
    return Release(policies=titles, not_followed=closed, load=_load(lines), lines=tuple(lines))


def _release(session: Session, policies: Sequence[Policy], now: datetime, *, by: str) -> None:
    today = local_date(now)
    for policy in policies:
        policy.released_at = now
        policy.starts_on = max(policy.starts_on, today)
    session.flush()
    touch_policies(session, [policy.id for policy in policies], LIFECYCLES, today)
    lines = [
        Line(kind=EntryKind.POLICY_RELEASED, by=by, data={"policy": policy.id, "title": policy.title})
        for policy in policies
    ]
    write_down(session, lines, now)


def _start_ladders(session: Session, cases: Sequence[Case], now: datetime, *, by: str) -> int:
    """Close what a round beginning today would not follow, let the rest begin with its opening; count the closed."""
    earliest = load_practice(session).add_working_days(local_date(now), FULL_LADDER_WORKING_DAYS)
    late = [case for case in cases if case.due_on < earliest and case.state in LIFECYCLES[case.lifecycle].chased]
    close_as_not_followed(session, late, now, by=by)
    for key in LIFECYCLES:
        open_first(session, [case.id for case in cases if case.lifecycle == key], _opening_rungs(key), now, by=by)
    return len(late)


def _opening_rungs(lifecycle: str) -> list[str]:
    return [rung.key for rung in LIFECYCLES[lifecycle].ladder if rung.at.anchor is Anchor.OPENING]


def _open_cases() -> Select[Case]:
    return select(Case).where(Case.closed_on.is_(None)).order_by(Case.id)


def _shown(today: date) -> Span:
    return Span(today, months_after(today, _MONTHS_SHOWN))


def _load(lines: Iterable[ForecastLine]) -> tuple[Load, ...]:
    counts = Counter((f"{line.on:%Y-%m}", line.body) for line in lines)
    return tuple(Load(month=month, body=body, notices=number) for (month, body), number in sorted(counts.items()))
