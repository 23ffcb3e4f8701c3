"""What a policy's text leaves unclear, for the one who will revise it: of a text, or of a policy in the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.model import Edition, Policy
from styrhjul.db.overview_query import PolicyLine, load_policies
from styrhjul.db.session import Database
from styrhjul.documents import Remark, lint, read_policy
from styrhjul.domain.moment import local_date
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.policies.file import place_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LintLine:
    """A remark with its words on one line and its place as people say it: a page or a line; None for all of a text."""

    rule: str
    says: str
    instead: str
    place: str | None
    quote: str | None


@lru_cache(maxsize=64)
def lint_text(
    text: str, today: date, pages: tuple[int, ...] = (), *, replaced_by: str | None = None
) -> tuple[LintLine, ...]:
    """Return what to look at in a text; the whole document first, then in the order of the text.

    Remembered, for every look at a policy's page asks, and the text of an edition never changes.
    """
    return tuple(_line(text, pages, one) for one in lint(text, read_policy(text), today, replaced_by=replaced_by))


def lint_policy(database: Database, slug: str, policy_slug: str, now: datetime) -> tuple[LintLine, ...]:
    """Return what to look at in a policy's present edition. Raises NotHere."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        found = next(iter(load_policies(session, policy_slug)), None)
        if found is None:
            raise NotHere
        return lint_text(found.text, local_date(now), found.pages, replaced_by=replacement_of(session, found))


def replacement_of(session: Session, policy: PolicyLine) -> str | None:
    """Return the title of another policy in force that says it replaces this one, which is in force too."""
    if policy.repealed_on is not None:
        return None
    others = session.execute(
        select(Policy.title, Edition.replaces)
        .join(Edition, (Edition.policy_id == Policy.id) & Edition.superseded_on.is_(None))
        .where(Policy.id != policy.policy_id, Policy.repealed_on.is_(None), Edition.replaces.is_not(None))
        .order_by(Policy.title)
    )
    return next((title for title, replaces in others if policy.title.lower() in (replaces or "").lower()), None)


def _line(text: str, pages: tuple[int, ...], one: Remark) -> LintLine:
    if one.start is None or one.end is None:
        return LintLine(rule=one.rule, says=one.says, instead=one.instead, place=None, quote=None)
    return LintLine(
        rule=one.rule,
        says=one.says,
        instead=one.instead,
        place=place_in_words(text, one.start, pages),
        quote=" ".join(text[one.start : one.end].split()),
    )
