"""The case page tells of steps as they were: which, when, to whom, and of which due day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from styrhjul.db.case_model import Case, Notice
from styrhjul.services.cases.view import case_view
from styrhjul.web.timeline import Happening, timeline
from tests.answer_world import NOW, World
from tests.town import build_town, nine

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation


def told(home: Installation, world: World, rung: str) -> Happening:
    """The step of the timeline, had the notices been of this rung."""
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Notice).values(rung=rung))
    view = case_view(home.database, "herrljunga", world.case_id, NOW)
    return next(each for each in timeline(view) if each.is_mail)


@pytest.mark.parametrize("rung", ["opened", "warning", "reminder_2", "head", "unreachable"])
def test_a_step_says_the_due_day_it_spoke_of_and_counts_no_days(home: Installation, world: World, rung: str) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Notice).values(due_on=date(2027, 1, 29)))
    assert told(home, world, rung).why == "Fristen var då 29\N{NO-BREAK SPACE}januari 2027."


def test_what_was_told_is_not_told_anew_when_the_due_day_moves(home: Installation, world: World) -> None:
    before = told(home, world, "warning")
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(due_on=date(2027, 6, 30)))
    assert told(home, world, "warning") == before


def test_a_step_upwards_has_an_arrow(home: Installation, world: World) -> None:
    up = told(home, world, "head")
    assert (up.symbol, up.tone) == ("i-up", "late")


def test_a_welcome_speaks_of_no_due_day(home: Installation, world: World) -> None:
    assert not told(home, world, "welcome").why


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
