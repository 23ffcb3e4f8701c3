"""The case page says when a step was reached by the ladder that the case climbs, not by the usual one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.course_model import LadderOverride
from styrhjul.domain.rung import Audience
from styrhjul.services.ladder_words import rung_reason
from styrhjul.services.overview import case_view
from styrhjul.web.timeline import Happening, timeline
from tests.answer_world import NOW, World, ask
from tests.town import build_town, nine
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from styrhjul.services.installation import Installation


def told(home: Installation, world: World, rung: str) -> Happening:
    """The step of the timeline, had the notices been of this rung."""
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Notice).values(rung=rung))
    view = case_view(home.database, "herrljunga", world.case_id, NOW)
    return next(each for each in timeline(view) if each.is_mail)


@pytest.mark.parametrize(
    ("lifecycle", "rung", "why"),
    [
        ("goal_setting", "opened", "När ärendet öppnar."),
        ("goal_setting", "warning", "1 arbetsdag före fristen. Mejlet anger när ärendet går upp."),
        ("goal_setting", "head", "3 arbetsdagar efter fristen, och först efter en förvarning som kom fram."),
        ("annual_report", "reminder", "10 arbetsdagar före fristen."),
        (
            "annual_report",
            "chief_executive",
            "Veckobrevet 3 arbetsdagar efter fristen eller senare, och först efter en förvarning som kom fram.",
        ),
        ("revision", "halfway", "120 arbetsdagar efter öppningen."),
        ("revision", "reminder", "10 arbetsdagar före handlingarna."),
        ("revision", "retired", ""),
    ],
)
def test_a_steps_reason_is_its_own_offset(lifecycle: str, rung: str, why: str) -> None:
    assert rung_reason(LIFECYCLES[lifecycle], rung, has_papers=True) == why


def test_without_a_day_for_papers_a_reminder_aims_at_the_due_day(home: Installation, world: World) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(agenda_on=None))
    assert told(home, world, "reminder").why == "10 arbetsdagar före fristen."


def test_every_rung_of_every_lifecycle_has_a_reason() -> None:
    for lifecycle in LIFECYCLES.values():
        for rung in (*(each.key for each in lifecycle.ladder), "unreachable"):
            assert rung_reason(lifecycle, rung, has_papers=True)


def test_the_municipalitys_own_ladder_is_what_is_told(home: Installation) -> None:
    world = ask(home.database)
    own = {"lifecycle": "goal_setting"}
    with home.database.municipality(world.municipality_id) as session:
        session.add(LadderOverride(**own, rung="reminder", days=-20, cap=2, every=4))
        session.add(LadderOverride(**own, rung="head", audience=Audience.EXECUTIVE_BOARD, days=5))
    assert told(home, world, "reminder_2").why.startswith("16 arbetsdagar före ")
    up = told(home, world, "head")
    assert up.why.startswith("5 arbetsdagar efter fristen")
    assert (up.symbol, up.tone) == ("i-up", "late")


def test_a_step_that_does_not_go_up_has_no_arrow(home: Installation, world: World) -> None:
    assert told(home, world, "warning").symbol == "i-mail"


def test_the_timeline_says_when_the_mail_left(home: Installation) -> None:
    """Not when mails usually do: what came first stands first."""
    town = build_town(home.database)
    town.live(date(2027, 1, 7))
    case = next(case for case in town.cases() if case.lifecycle == "goal_setting")
    opened, told = timeline(case_view(town.database, town.slug, case.id, NOW))
    assert (opened.what, told.is_mail) == ("Ärendet öppnade.", True)
    assert told.at == opened.at == nine(date(2027, 1, 7))
