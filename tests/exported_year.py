"""A life of a year and a half in an example, with people who answer, as an export finds it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from config.clock import at_nine
from styrhjul.services.simulation.beat import Beat, FairWeather
from styrhjul.services.simulation.bodies_answer import BodiesAnswer
from styrhjul.services.simulation.chance import Chance
from styrhjul.services.simulation.clock import VirtualClock
from styrhjul.services.simulation.life import Future, Life
from styrhjul.services.simulation.world import Span, new_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from styrhjul.db.memory import MemoryDatabase

SPAN = Span(first=date(2026, 10, 15), last=date(2028, 3, 24))


@contextmanager
def lived(slug: str = "herrljunga") -> Iterator[MemoryDatabase]:
    """The database of the example when the days have been lived."""
    clock = VirtualClock(at_nine(SPAN.first))
    world = new_world(slug, SPAN, Chance(slug), clock, trouble=False)
    future = Future()
    people = BodiesAnswer(world, FairWeather(), future)
    Life(world=world, beat=Beat(world, FairWeather()), future=future, actors=[people]).run()
    yield world.database
