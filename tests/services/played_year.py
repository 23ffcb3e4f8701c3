"""A year that was lived to its end: each example through 2027 and the spring after, with people who answer as they do.

What they judged is varied afterwards, since simulated people find that everything went as they thought.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from config.clock import at_nine
from styrhjul.db.case_model import Assessment, Goal
from styrhjul.db.model import Policy
from styrhjul.domain.answer import Attainment, Better, Trend
from styrhjul.services.reports.chapter import chapter_of
from styrhjul.services.reports.revision_paper import Paper, paper_of
from styrhjul.services.simulation.beat import Beat, FairWeather
from styrhjul.services.simulation.bodies_answer import BodiesAnswer
from styrhjul.services.simulation.chance import Chance
from styrhjul.services.simulation.clock import VirtualClock
from styrhjul.services.simulation.life import Future, Life
from styrhjul.services.simulation.world import Span, World, new_world

if TYPE_CHECKING:
    from collections.abc import Mapping

    from styrhjul.reports.block import Document
    from styrhjul.reports.chapter import Chapter

SPAN = Span(first=date(2026, 10, 15), last=date(2028, 3, 24))
#: The chapter is compiled the day before it is handed over.
MADE = at_nine(date(2028, 3, 24))
_ATTAINMENTS = (Attainment.MET, Attainment.PARTLY_MET, Attainment.NOT_MET, Attainment.NOT_ASSESSED)
_TRENDS = (Trend.RISING, Trend.FALLING, Trend.UNCHANGED, Trend.MISSING)
_ANALYSES = (
    "Fler deltagare än väntat kom till mötesplatserna, och samarbetet med föreningarna har vuxit under hösten.",
    "Vi kom i gång sent. Rekryteringen tog ett halvår, och först i oktober fanns det någon som kunde leda arbetet.",
    "Måttet gick inte att ta fram: underlaget finns först i juni.",
)
_STEPS = ("Arbetet går in i ordinarie verksamhet.", "Nämnden följer upp i juni och beslutar då om resurser.", "")


def chapter_of_2027(slug: str) -> Chapter:
    """Return the chapter of an example; the life before it is lived once."""
    return _lived(slug)[0]


def papers_of_2027(slug: str) -> Mapping[Paper, Document]:
    """Return the drafts for a revision of an example's policy, as on the same day."""
    return _lived(slug)[1]


@cache
def _lived(slug: str) -> tuple[Chapter, Mapping[Paper, Document]]:
    """Return what an example's year comes to; the next life takes its database over."""
    clock = VirtualClock(at_nine(SPAN.first))
    world = new_world(slug, SPAN, Chance(slug), clock, trouble=False)
    future = Future()
    people = BodiesAnswer(world, FairWeather(), future)
    Life(world=world, beat=Beat(world, FairWeather()), future=future, actors=[people]).run()
    _vary(world)
    with world.database.municipality(world.municipality_id) as session:
        policy = str(session.scalars(select(Policy.slug).order_by(Policy.slug)).first())
    papers = {paper: paper_of(world.database, slug, policy, paper, MADE).document for paper in Paper}
    return chapter_of(world.database, slug, 2027, MADE).chapter, papers


def _vary(world: World) -> None:
    with world.database.municipality(world.municipality_id) as session:
        for number, goal in enumerate(session.scalars(select(Goal).order_by(Goal.id))):
            goal.text = f"Fler än {50 + number} av 100 som är nya i kommunen deltar i verksamheten."
            goal.indicator, goal.target = "Andel som deltar", f"{50 + number} %"
            goal.better = Better.HIGHER
        for number, judged in enumerate(session.scalars(select(Assessment).order_by(Assessment.id))):
            judged.attainment = _ATTAINMENTS[number % 4]
            judged.trend, judged.result = _TRENDS[number % 4], f"{40 + number} %"
            judged.analysis, judged.next_step = _ANALYSES[number % 3], _STEPS[number % 3]
