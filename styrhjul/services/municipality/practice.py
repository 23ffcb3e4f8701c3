"""How a municipality works and presents itself: digest day, rest months, free days, hours; shown and changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.ladder_write import wake_open_cases
from styrhjul.db.model import Municipality, Policy
from styrhjul.db.municipality_query import MunicipalityRow, municipality_row
from styrhjul.db.organisation_query import load_organisation, load_practice
from styrhjul.db.plan_write import write_actions
from styrhjul.db.policy_facts_query import load_policy_facts
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_policies
from styrhjul.domain.action import OpenCase
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.domain.nominal import FULL_LADDER_WORKING_DAYS
from styrhjul.domain.planner import plan
from styrhjul.domain.practice import FirstYearGoals, FreeDay, NoSuchPractice, Practice
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.domain.written import SHORT, faults_in, tidy
from styrhjul.services.foundation.seen_version import refuse_changed
from workflows import LIFECYCLES

#: A day further off is a slip of the hand.
YEARS_AHEAD = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeChange:
    """What is to be changed; None = left as it is. The fields are those of Practice, and the chief's title."""

    digest_weekday: int | None = None
    rest_months: frozenset[int] | None = None
    office_opens: time | None = None
    office_closes: time | None = None
    first_year_goals: FirstYearGoals | None = None
    currency_review: bool | None = None
    free_days: tuple[FreeDay, ...] | None = None
    chief_executive_title: str | None = None
    #: Empty: no number.
    phone: str | None = None


#: As people write it: digits, spaces and dashes, from the area code or +46 on.
_PHONE = re.compile(r"(?:\+\d{1,3}[ -]?)?\d(?:[ -]?\d){5,13}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPractice:
    """How the municipality works, what it calls its kommunchef, and the number its mails give."""

    practice: Practice
    chief_executive_title: str
    phone: str | None = None


def show_practice(database: Database, municipality_id: str) -> OwnPractice:
    """Return how the municipality works."""
    with database.reading(municipality_id) as session:
        return own_practice(session, municipality_row(session))


def set_practice(  # noqa: PLR0913 - what, when, by whom, and on what was seen
    database: Database,
    municipality_id: str,
    change: PracticeChange,
    now: datetime,
    *,
    by: str = "practice set",
    seen: str | None = None,
) -> tuple[str, ...]:
    """Change how the municipality works; return the names of what changed. Raises NoSuchPractice, and changes nothing.

    Days already fixed in a case stay; everything else is planned anew today. Safe to repeat: what is so already is not
    journalled. `seen` is the register's version that its forecast was shown for: raises ChangedMeanwhile.
    """
    with database.register(municipality_id) as session:
        refuse_changed(session, seen)
        before = own_practice(session, municipality_row(session))
        after = changed_practice(before, change, local_date(now))
        names = changed_names(before, after)
        if names:
            _store(session.get_one(Municipality, municipality_id), after)
            session.flush()
            if "currency_review" in names and after.practice.currency_review:
                _leave_the_past(session, now)
            data = {name: _value(after, name) for name in names} | {
                f"{name}_before": _value(before, name) for name in names
            }
            write_down(session, [Line(kind=EntryKind.PRACTICE_CHANGED, by=by, data=data)], now)
            _wake(session, municipality_id, now)
        return names


_NAMES = tuple(field.name for field in fields(PracticeChange))


def changed_names(before: OwnPractice, after: OwnPractice) -> tuple[str, ...]:
    """Return the names of PracticeChange whose values differ."""
    return tuple(name for name in _NAMES if _value(before, name) != _value(after, name))


def own_practice(session: Session, municipality: MunicipalityRow) -> OwnPractice:
    """Return how the session's municipality works."""
    return OwnPractice(
        practice=load_practice(session),
        chief_executive_title=municipality.chief_executive_title,
        phone=municipality.phone,
    )


def changed_practice(own: OwnPractice, change: PracticeChange, today: date) -> OwnPractice:
    """Return how the municipality would work. Raises NoSuchPractice, which names the field before a colon.

    A free day from the year before this one to ten years ahead; one that was there already stays.
    """
    first, last = today.year - 1, today.year + YEARS_AHEAD
    for day in set(change.free_days or ()) - {*own.practice.free_days}:
        if not first <= day.on.year <= last:
            raise NoSuchPractice(f"free_days: {day.on.isoformat()}: välj en dag från {first} till {last}.")
    wanted = {name: value for name in _NAMES if (value := getattr(change, name)) is not None}
    title = tidy(wanted.pop("chief_executive_title", own.chief_executive_title))
    if not title:
        raise NoSuchPractice("chief_executive_title: skriv vad kommunen kallar sin kommunchef.")
    for fault in faults_in(title, SHORT):
        raise NoSuchPractice(f"chief_executive_title: {fault}.")
    phone = tidy(wanted.pop("phone", own.phone or ""))
    if phone and not _PHONE.fullmatch(phone):
        raise NoSuchPractice("phone: skriv numret med siffror, mellanslag och bindestreck, som 0123-456 78.")
    return OwnPractice(practice=replace(own.practice, **wanted), chief_executive_title=title, phone=phone or None)


def _store(municipality: Municipality, own: OwnPractice) -> None:
    practice = own.practice
    municipality.digest_weekday = practice.digest_weekday
    municipality.rest_months = sorted(practice.rest_months)
    municipality.office_opens = practice.office_opens
    municipality.office_closes = practice.office_closes
    municipality.first_year_goals = practice.first_year_goals
    municipality.currency_review = practice.currency_review
    municipality.free_days = {day.on.isoformat(): day.name for day in practice.free_days}
    municipality.chief_executive_title = own.chief_executive_title
    municipality.phone = own.phone


def _value(own: OwnPractice, name: str) -> Value:
    """Return a setting as the journal keeps it."""
    value = getattr(own if name in {"chief_executive_title", "phone"} else own.practice, name)
    if isinstance(value, frozenset):
        return [str(month) for month in sorted(value)]
    if isinstance(value, tuple):
        return [f"{day.on.isoformat()} {day.name}" for day in value]
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value if value is None or isinstance(value, int) else str(value)


def _leave_the_past(session: Session, now: datetime) -> None:
    """A review decided today begins with the next round: those whose ladder no longer fits are recorded, not asked."""
    today, lifecycle = local_date(now), LIFECYCLES[LifecycleKey.CURRENCY_REVIEW]
    policies = session.scalars(select(Policy.id).order_by(Policy.id)).all()
    organisation = load_organisation(session)
    seen = load_policy_facts(session, organisation, lifecycle, policies, today)
    openings = [action for facts in seen.values() for action in plan(lifecycle, facts, today)]
    earliest = organisation.practice.add_working_days(today, FULL_LADDER_WORKING_DAYS)
    late = [action for action in openings if isinstance(action, OpenCase) and action.due_on < earliest]
    write_actions(session, [replace(action, followed=False) for action in late], now)


def _wake(session: Session, municipality_id: str, now: datetime) -> None:
    """Rounds may open on other days and rungs fall on others: every policy and every open case is looked at today."""
    today = local_date(now)
    touch_policies(session, session.scalars(select(Policy.id).order_by(Policy.id)).all(), LIFECYCLES, today)
    touch_policies(session, [municipality_id], [LifecycleKey.HANDOVER], today)
    wake_open_cases(session, LIFECYCLES.keys(), now)
