"""What a municipality's work has come to over the years: attainment, answer times, load by month. Reads only.

It asks the database so many times whatever the number of cases, and no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from styrhjul.db.overview_query import MunicipalityLine, in_swedish_order
from styrhjul.db.results_query import load_first_answers, load_left
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_date, local_moment
from styrhjul.reports.chapter import Years
from styrhjul.reports.chapter_facts import KnownPolicy
from styrhjul.reports.chapter_making import goal_rows
from styrhjul.reports.results import Answered, AnswerTimes, Months, times_of
from styrhjul.reports.years import span, summed, years_of
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.overview.load import load_of
from styrhjul.services.overview.pages import coming_year
from styrhjul.services.overview.wheel import Year
from styrhjul.services.reports.chapter import policies_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Four years up to one of them, of all policies or of the one chosen. `years` has a row a policy, or a body."""

    municipality: MunicipalityLine
    today: date
    year: int
    policies: tuple[tuple[str, str], ...]
    years: Years
    times: tuple[AnswerTimes, ...]
    months: Months


def results_of(database: Database, slug: str, year: int, now: datetime, policy: str = "") -> Results:
    """Return the results up to a year as they stand on a day. Raises NotHere, for an unknown policy too."""
    municipality, today = municipality_by(database, slug), local_date(now)
    with database.reading(municipality.municipality_id) as session:
        drawn = coming_year(session, municipality, year, today)
        chosen = _chosen(drawn, policy)
        ids = [line.policy_id for line in chosen.policies]
        return Results(
            municipality=municipality,
            today=today,
            year=year,
            policies=tuple((line.slug, line.title) for line in drawn.policies),
            years=_years(policies_over(session, span(year), policy or None), year, today, of_one=bool(policy)),
            times=times_of(_answered(session, ids, chosen, year)) if ids else (),
            months=_months(session, ids, chosen, year),
        )


def _chosen(year: Year, policy: str) -> Year:
    """Return the same year of one policy alone, where one is chosen."""
    if not policy:
        return year
    lines = [line for line in year.policies if line.slug == policy]
    if not lines:
        raise NotHere(policy)
    own = lines[0].policy_id
    return replace(
        year,
        policies=lines,
        outlines=[each for each in year.outlines if each.policy_id == own],
        coming=[each for each in year.coming if each.policy_id == own],
    )


def _years(policies: Sequence[KnownPolicy], last: int, on: date, *, of_one: bool) -> Years:
    named = [
        (policy.title, years_of({year: goal_rows(policy, year, on) for year in span(last)})) for policy in policies
    ]
    return named[0][1] if of_one else summed(named, last)


def _answered(session: Session, policy_ids: Sequence[str], year: Year, last: int) -> list[Answered]:
    """Return the first answers of the years shown that a mail had asked for, by body."""
    answers = load_first_answers(session, policy_ids, *_moments(span(last)[0], last))
    found = [
        Answered(
            body=year.names[each.body_id].name,
            asked_on=each.told_on,
            answered_on=local_date(each.answered_at),
            due_on=each.due_on,
        )
        for each in answers
        if each.told_on
    ]
    return sorted(found, key=lambda each: in_swedish_order(each.body))


def _months(session: Session, policy_ids: Sequence[str], year: Year, number: int) -> Months:
    due = load_of(year, number).bodies
    left = load_left(session, policy_ids, *_moments(number, number)) if policy_ids else []
    mails = Counter(local_date(at).month for at in left)
    return Months(
        year=number,
        due=tuple(sum(body.months[place] for body in due) for place in range(12)),
        mails=tuple(mails[month] for month in range(1, 13)),
    )


def _moments(first: int, last: int) -> tuple[datetime, datetime]:
    """Return the first moment of a year and the first after another."""
    return local_moment(date(first, 1, 1), time.min), local_moment(date(last + 1, 1, 1), time.min)
