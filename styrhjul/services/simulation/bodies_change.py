"""The bodies of the simulated world: one takes office on another day than the others, one is dissolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from styrhjul.domain.moment import local_date, local_moment
from styrhjul.services.simulation.life import Future
from styrhjul.services.simulation.offices_change import OfficesChange
from styrhjul.services.simulation.world import World

_ONE_DAY = timedelta(1)
#: The first day of a new committee's term where the council has decided nothing else.
_USUAL = date(2027, 1, 1)
#: So many days before or after it a body may take office instead.
_EARLIER, _LATER = -40, 45
_NEW_TERM, _DISSOLVED = 0.5, 0.3


class BodiesChange:
    """Plans on the first day which body takes office on a day of its own, and which is dissolved."""

    def __init__(self, world: World, future: Future, offices: OfficesChange) -> None:
        self._world = world
        self._offices = offices
        chance, span = world.chance, world.span
        if chance.happens(_NEW_TERM, "new term") and span.first + timedelta(50) < _USUAL <= span.last:
            starts_on = _USUAL + timedelta(chance.between(_EARLIER, _LATER, "new term on"))
            told_on = span.first + timedelta(chance.between(1, (starts_on - span.first).days - 2, "new term told"))
            future.plan(local_moment(told_on, time(10, 20)), lambda: self._take_office(starts_on))
        if chance.happens(_DISSOLVED, "dissolved"):
            day = span.first + timedelta(chance.between(30, max(30, span.days), "dissolved on"))
            future.plan(local_moment(day, time(10, 40)), self._dissolve)

    def _take_office(self, starts_on: date) -> None:
        """A committee's term, and with it everybody elected into it, begins on another day."""
        body = self._some_committee("new term")
        lists = self._offices.lists
        lists.terms.append([body, starts_on.isoformat()])
        for number, seat in enumerate(lists.seats):
            if seat.body == body and seat.starts_on == _USUAL.isoformat():
                lists.seats[number] = replace(seat, starts_on=starts_on.isoformat())
            elif seat.body == body and seat.ends_on == (_USUAL - _ONE_DAY).isoformat():
                lists.seats[number] = replace(seat, ends_on=(starts_on - _ONE_DAY).isoformat())
        self._world.other_terms.add(body)
        self._bring(f"{body} takes office on {starts_on}")

    def _dissolve(self) -> None:
        """A committee ends, with its offices and its meetings to come."""
        body = self._some_committee("dissolved")
        today = local_date(self._world.clock.now())
        lists = self._offices.lists
        for row in lists.bodies:
            if row[0] == body:
                row[-1] = today.isoformat()
        lists.posts = [row for row in lists.posts if row[0] != body]
        lists.seats = [seat for seat in lists.seats if seat.body != body]
        lists.meetings = [row for row in lists.meetings if row[0] != body]
        self._world.dissolved[body] = today
        self._bring(f"{body} dissolved")

    def _some_committee(self, name: str) -> str:
        rows = self._offices.lists.bodies
        through = {row[3] for row in rows}
        committees = [row[0] for row in rows if row[2] == "committee" and row[0] not in through]
        return self._world.chance.pick(committees, name, "body")

    def _bring(self, what: str) -> None:
        self._offices.lists.has_new_bodies = True
        self._offices.bring(what)
