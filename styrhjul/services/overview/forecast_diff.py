"""What a setting would change in the mails of the coming year, before it is saved. Nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.calendar import months_after
from styrhjul.domain.nominal import FULL_LADDER_WORKING_DAYS
from styrhjul.domain.practice import Practice
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.foundation.seen_version import register_version
from styrhjul.services.municipality.ladder import policies_by_slug
from styrhjul.services.municipality.ladder_edit import LadderEdit, edited
from styrhjul.services.municipality.practice import PracticeChange, changed_names, changed_practice, own_practice
from styrhjul.services.overview.forecast import Change, Concern, ForecastChange, Span, compare_in

#: How far ahead a change is told of.
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What a setting changes: `names` of the settings, and the notices in the order of their days.

    `version` is the register's that it was computed from: saving hands it back.
    """

    version: str
    start: date
    until: date
    names: tuple[str, ...]
    changes: tuple[ForecastChange, ...]

    def count(self, change: Change) -> int:
        """Return how many notices change so."""
        return Counter(each.change for each in self.changes)[change]


def practice_diff(database: Database, municipality_id: str, change: PracticeChange, today: date) -> Diff:
    """Return what a change of practice would do to the next twelve months. Raises NoSuchPractice."""
    with database.reading(municipality_id) as session:
        version = register_version(session)
        before = own_practice(session, municipality_row(session))
        after = changed_practice(before, change, today)
        other = replace(load_organisation(session), practice=after.practice)
        span = _span(today)
        changes = compare_in(session, other, span) if _moves_days(before.practice, after.practice) else []
    if after.practice.currency_review and not before.practice.currency_review:
        changes = [each for each in changes if not _left_to_the_past(each, after.practice, today)]
    return _diff(version, span, changed_names(before, after), changes)


def ladder_diff(database: Database, municipality_id: str, edit: LadderEdit, today: date) -> Diff:
    """Return what another ladder would do to the next twelve months. Raises WrongLadder and BrokenElsewhere."""
    with database.reading(municipality_id) as session:
        version = register_version(session)
        organisation = load_organisation(session)
        new = edited(session, edit)
        span = _span(today)
        is_same = set(new) == set(organisation.overrides)
        concern = Concern(lifecycle=edit.lifecycle, policy_id=policies_by_slug(session).get(edit.policy or ""))
        changes = [] if is_same else compare_in(session, replace(organisation, overrides=new), span, concern)
    return _diff(version, span, () if is_same else (edit.lifecycle,), changes)


def _moves_days(before: Practice, after: Practice) -> bool:
    """Whether a mail could leave on another day: office hours say only at what time of one."""
    return before != replace(after, office_opens=before.office_opens, office_closes=before.office_closes)


def _span(today: date) -> Span:
    return Span(today, months_after(today, MONTHS))


def _diff(version: str, span: Span, names: tuple[str, ...], changes: Iterable[ForecastChange]) -> Diff:
    return Diff(version=version, start=span.start, until=span.until, names=names, changes=tuple(_paired(changes)))


def _left_to_the_past(change: ForecastChange, practice: Practice, today: date) -> bool:
    """A review that is decided today begins with the first round whose whole ladder fits, as `set_practice` has it."""
    line = change.line
    earliest = practice.add_working_days(today, FULL_LADDER_WORKING_DAYS)
    return line.lifecycle == LifecycleKey.CURRENCY_REVIEW and line.due_on < earliest


def _paired(changes: Iterable[ForecastChange]) -> list[ForecastChange]:
    """Tell of a notice that goes away and comes back with another due day as one that moves."""
    changes = list(changes)
    gone: dict[tuple[str, ...], list[ForecastChange]] = defaultdict(list)
    for each in changes:
        if each.change is Change.REMOVED:
            gone[_place(each)].append(each)
    paired: list[ForecastChange] = []
    for each in changes:
        before = gone[_place(each)].pop(0) if each.change is Change.ADDED and gone.get(_place(each)) else None
        if before is not None:
            paired.append(replace(each, change=Change.MOVED, was_on=before.line.on))
        elif each.change is not Change.REMOVED:
            paired.append(each)
    paired += [each for left in gone.values() for each in left]
    really = [each for each in paired if each.change is not Change.MOVED or each.was_on != each.line.on]
    return sorted(really, key=lambda each: (each.line.on, each.line.policy, each.line.body, each.line.recipient))


def _place(change: ForecastChange) -> tuple[str, ...]:
    line = change.line
    return (line.policy, line.lifecycle, line.period, line.body, line.rung, line.recipient)
