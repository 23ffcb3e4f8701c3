"""Simulate: whole terms of office through the real services, in seconds, and whatever did not hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from config.clock import at_nine
from styrhjul.services.simulation.beat import Beat, FairWeather, Weather
from styrhjul.services.simulation.bodies_answer import BodiesAnswer
from styrhjul.services.simulation.bodies_change import BodiesChange
from styrhjul.services.simulation.chance import Chance
from styrhjul.services.simulation.clock import VirtualClock
from styrhjul.services.simulation.faults import FoulWeather, draw_outages, draw_skews, set_right
from styrhjul.services.simulation.life import Actor, Future, Life
from styrhjul.services.simulation.offices_change import OfficesChange
from styrhjul.services.simulation.oracle import Round, count_broken, judge, rounds_of
from styrhjul.services.simulation.trace import trace_of
from styrhjul.services.simulation.ways_change import WaysChange
from styrhjul.services.simulation.witness import Witness
from styrhjul.services.simulation.world import Span, World, examples, new_world

__all__ = ["Simulated", "Span", "Town", "live", "simulate", "undisturbed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Which life is lived: an example, a seed, whether anything goes wrong, and whether empty days are lived too.

    `number` tells apart the municipalities of one seed.
    """

    slug: str
    seed: int
    span: Span
    number: int = 0
    faults: bool = False
    every_day: bool = False

    @classmethod
    def numbered(cls, number: int, seed: int, span: Span, *, faults: bool) -> Town:
        """Return the n:th municipality of a seed, from 0: the three examples in turn."""
        slugs = examples()
        slug = slugs[(seed + number) % len(slugs)]
        return cls(slug=slug, seed=seed, span=span, number=number, faults=faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """One life, in counts, and what broke in it. `late` counts notices that left after the day they were reached."""

    slug: str
    seed: int
    days: int
    cases: int
    notices: int
    mails: int
    late: int
    missed: int
    duplicates: int
    broken: tuple[str, ...]
    trace: tuple[str, ...]


def simulate(town: Town) -> Simulated:
    """Live one life and judge it. The same town gives the same trace, byte for byte."""
    expected = undisturbed(town.slug, town.span)
    world = live(town)
    judge(world, expected)
    return _told(town, world)


@cache
def undisturbed(slug: str, span: Span) -> frozenset[Round]:
    """Return the rounds that open where nobody answers and nothing goes wrong."""
    return rounds_of(live(Town(slug=slug, seed=0, span=span), people=False))


def live(town: Town, *, people: bool = True) -> World:
    """Live one life, not judged yet; the next one ends this world. Without people nobody answers and no mail leaves."""
    chance = Chance(f"{town.seed}|{town.number}|{town.slug}")
    skews = draw_skews(chance, town.span) if town.faults else []
    clock = VirtualClock(at_nine(town.span.first), skews)
    world = new_world(town.slug, town.span, chance, clock, trouble=town.faults)
    future = Future()
    offices = OfficesChange(world, future) if people else None
    if offices:
        BodiesChange(world, future, offices)
        set_right(world, future, skews)
    Witness(world, offices)
    outages = draw_outages(chance, town.span) if town.faults else []
    weather: Weather = FoulWeather(world, outages) if town.faults else FairWeather()
    actors: list[Actor] = [BodiesAnswer(world, weather, future), WaysChange(world, future)] if people else []
    beat = Beat(world, weather, writes=people)
    Life(world=world, beat=beat, future=future, actors=actors, every_day=town.every_day).run()
    return world


def _told(town: Town, world: World) -> Simulated:
    [(cases, notices, late)] = world.database.ask(_COUNTS)
    broken = count_broken(world)
    return Simulated(
        slug=world.slug,
        seed=town.seed,
        days=world.span.days,
        cases=cases,
        notices=notices,
        mails=len(world.server.taken),
        late=late,
        missed=broken["missed"],
        duplicates=broken["duplicate"],
        broken=tuple(world.broken),
        trace=tuple(trace_of(world)),
    )


_COUNTS = """
SELECT (SELECT count(*) FROM "case" WHERE state <> 'not_followed'), (SELECT count(*) FROM notice),
       (SELECT count(*) FROM notice WHERE delivered_on > planned_on)
"""
