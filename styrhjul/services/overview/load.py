"""How many answers fall due in each month of a year, body by body: recorded cases and rounds to come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from styrhjul.db.overview_query import in_swedish_order
from styrhjul.domain.lifecycle import State
from styrhjul.services.overview.wheel import Year

#: From one to three: the more, the darker.
_STEPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLoad:
    """A body's months, January first."""

    body: str
    slug: str
    months: tuple[int, ...]

    @property
    def total(self) -> int:
        """The whole year's."""
        return sum(self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLoad:
    """The bodies that have anything due, in the order of the Swedish alphabet. `now` is this month, 1 to 12, or 0."""

    bodies: tuple[BodyLoad, ...]
    now: int

    def tint(self, count: int) -> int:
        """Return 0 for none, else 1 to 3 by how it stands to the heaviest month."""
        most = max((each for body in self.bodies for each in body.months), default=0)
        return min(_STEPS, 1 + (count - 1) * _STEPS // max(most, _STEPS)) if count else 0


def load_of(year: Year, number: int) -> YearLoad:
    """Return the load of a calendar year."""
    due = [
        (each.body_id, each.due_on.month)
        for each in year.outlines
        if each.due_on.year == number and each.policy_id and each.state is not State.NOT_FOLLOWED
    ]
    due += [(each.body_id, each.dates.due_on.month) for each in year.coming if each.dates.due_on.year == number]
    counts = Counter(due)
    bodies = [
        BodyLoad(
            body=year.names[body_id].name,
            slug=year.names[body_id].slug,
            months=tuple(counts[body_id, month] for month in range(1, 13)),
        )
        for body_id in {body_id for body_id, _ in due}
    ]
    return YearLoad(
        bodies=tuple(sorted(bodies, key=lambda each: in_swedish_order(each.body))),
        now=year.today.month if year.today.year == number else 0,
    )
