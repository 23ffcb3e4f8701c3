"""Which policy is meant by what a person writes on a command line: its short name, or the beginning of only one."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from styrhjul.db.model import DutyStatus, Policy
from styrhjul.db.overview_query import PolicyLine, load_policies
from styrhjul.db.session import Database

_MOST_NAMED = 5


class NoPolicyNamed(LookupError):
    """No policy has that short name, or several begin so."""

    def __init__(self, given: str, near: Sequence[str]) -> None:
        meant = f" Menade du {' eller '.join(near)}?" if near else ""
        super().__init__(
            f"Inget styrdokument har kortnamnet ”{given}”, och inte ett enda börjar så.{meant}"
            " Alla visas av: styrhjul policy list"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPolicy:
    """A policy in its present edition, and its duties by where they stand. None = not stated, or not yet."""

    slug: str
    title: str
    document_type: str | None
    adopter: str
    adopted_on: date | None
    confirmed: int
    waiting: int
    released_at: datetime | None
    repealed_on: date | None


def list_policies(database: Database, municipality_id: str) -> list[ListedPolicy]:
    """Return the municipality's policies, by title in the order of the Swedish alphabet."""
    with database.reading(municipality_id) as session:
        return [_listed(line) for line in load_policies(session)]


def policy_named(database: Database, municipality_id: str, given: str) -> str:
    """Return the short name of the one policy whose short name is, or else begins with, what was given.

    Raises NoPolicyNamed, with the nearest.
    """
    with database.reading(municipality_id) as session:
        known = list(session.scalars(select(Policy.slug).order_by(Policy.slug)))
    begun = [slug for slug in known if given and slug.startswith(given)]
    if given in known:
        return given
    if len(begun) == 1:
        return begun[0]
    raise NoPolicyNamed(given, begun[:_MOST_NAMED] or _nearest(given, known))


def _nearest(given: str, known: Sequence[str]) -> list[str]:
    """Those that hold what was given, else those whose beginning is spelled most like it."""
    if not given:
        return []
    holding = [slug for slug in known if given in slug]
    if holding:
        return holding[:_MOST_NAMED]
    begins = {slug[: len(given)]: slug for slug in reversed(known)}
    return [begins[each] for each in difflib.get_close_matches(given, begins, n=2)]


def _listed(line: PolicyLine) -> ListedPolicy:
    standing = [duty.status for duty in line.duties]
    return ListedPolicy(
        slug=line.slug,
        title=line.title,
        document_type=line.document_type,
        adopter=line.adopter_name,
        adopted_on=line.adopted_on,
        confirmed=standing.count(DutyStatus.CONFIRMED),
        waiting=standing.count(DutyStatus.PROPOSED),
        released_at=line.released_at,
        repealed_on=line.repealed_on,
    )
