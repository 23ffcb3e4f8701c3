"""The ways of the simulated municipality: a ladder of its own, and other days and hours for what leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial

from styrhjul.domain.moment import local_date, local_moment
from styrhjul.domain.override import effective
from styrhjul.services.municipality.ladder import import_ladders
from styrhjul.services.municipality.ladder_file import LadderFile, read_ladders
from styrhjul.services.municipality.practice import PracticeChange, set_practice
from styrhjul.services.simulation.life import Future
from styrhjul.services.simulation.world import World
from workflows import LIFECYCLES

#: Earlier, later and repeated reminders, a step that is left out, and back to those declared.
_LADDERS = (
    "[follow_up.reminder]\ndays = -20\ncap = 3\nevery = 5\n[follow_up.head]\ncap = 0\n",
    "[goal_setting.reminder]\ndays = -15\n[goal_setting.head]\ndays = 5\n[goal_setting.chief_executive]\ndays = 14\n",
    "[action_planning.reminder]\ncap = 2\nevery = 4\n[goal_setting.head]\ncap = 0\n",
    "",
)
_PRACTICES = (
    PracticeChange(digest_weekday=0),
    PracticeChange(digest_weekday=4, office_opens=time(10)),
    PracticeChange(office_opens=time(9), office_closes=time(12)),
    PracticeChange(currency_review=True),
)
_DAYS_PER_CHANGE = 200


class WaysChange:
    """Plans on the first day when the municipality changes its ladders and its practice."""

    def __init__(self, world: World, future: Future) -> None:
        self._world = world
        for what, change in (("ladder", self._ladder), ("practice", self._practice)):
            self._plan(future, what, change)

    def look(self) -> None:
        """All is planned."""

    def _plan(self, future: Future, what: str, change: Callable[[int], None]) -> None:
        chance, span = self._world.chance, self._world.span
        for number in range(chance.between(0, 1 + span.days // _DAYS_PER_CHANGE, what, "changes")):
            day = span.first + timedelta(chance.between(1, span.days, what, "changes on", number))
            minutes = chance.between(0, 12 * 60, what, "changes at", number)
            future.plan(local_moment(day, time(6, 45)) + timedelta(minutes=minutes), partial(change, number))

    def _ladder(self, number: int) -> None:
        world = self._world
        told = world.chance.pick(_LADDERS, "ladder", number)
        file = LadderFile("ladder.toml", told)
        report = import_ladders(world.database, world.municipality_id, file, world.clock.now())
        rows = read_ladders(file, {})
        world.climb({key: effective(each, rows) for key, each in LIFECYCLES.items()}, local_date(world.clock.now()))
        world.tell(f"ladders {', '.join(report.changed) or 'unchanged'}")

    def _practice(self, number: int) -> None:
        world = self._world
        change = world.chance.pick(_PRACTICES, "practice", number)
        names = set_practice(world.database, world.municipality_id, change, world.clock.now())
        world.tell(f"practice {', '.join(names) or 'unchanged'}")
