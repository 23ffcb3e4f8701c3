"""A round of several bodies is told with their own days: a day that was changed is not the municipality's standard."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from styrhjul.db.case_model import Case
from styrhjul.db.session import Database
from styrhjul.services.overview.concern import Concern, ConcernKind
from styrhjul.services.overview.pages import RoundLine, overview_of
from styrhjul.web.words import due_was, line_due, line_standard
from tests.town import Town, build_town, nine

OPENING, TODAY = date(2027, 1, 7), date(2027, 5, 3)


@pytest.fixture
def town(database: Database) -> Town:
    town = build_town(database)
    town.live(OPENING)
    return town


def round_of(town: Town) -> RoundLine:
    [policy] = overview_of(town.database, town.slug, nine(OPENING)).policies
    return policy.rounds[0]


def extend(town: Town, *, basis: str = "decision") -> None:
    with town.database.municipality(town.municipality_id) as session:
        mine = Case.body_id == town.bodies["socialnämnden"]
        session.execute(update(Case).where(mine).values(due_on=date(2027, 5, 31), due_basis=basis))


def test_a_round_with_one_day_says_it_and_whose_it_is(town: Town) -> None:
    line = round_of(town)
    assert line_due(line) == "frist 2027-03-31"
    assert line_standard(line) == ""


def test_a_round_with_different_days_says_so_and_marks_only_some(town: Town) -> None:
    extend(town)
    line = round_of(town)
    assert line_due(line) == "olika frister, 2027-03-31 till 2027-05-31"
    assert line_standard(line) == "gäller en del organ"


def test_a_day_that_was_decided_is_not_the_standard_though_the_interval_is(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(due_basis="decision"))
    assert line_standard(round_of(town)) == "varje år"


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (date(2027, 3, 30), "Fristen var 30\N{NO-BREAK SPACE}mars."),
        (date(2027, 4, 14), "Fristerna var olika, från 30\N{NO-BREAK SPACE}mars till 14\N{NO-BREAK SPACE}april."),
    ],
)
def test_several_that_went_up_are_told_with_all_their_days(until: date, said: str) -> None:
    concern = Concern(kind=ConcernKind.WENT_UP, subject="", on=date(2027, 3, 30), until=until, count=5)
    assert due_was(concern, TODAY) == said


def test_what_went_up_keeps_its_first_and_its_last_day(town: Town) -> None:
    extend(town)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(unreachable_on=date(2027, 3, 30)))
    found = overview_of(town.database, town.slug, nine(TODAY)).concerns
    [concern] = [each for each in found if each.kind is ConcernKind.UNREACHABLE]
    assert (concern.on, concern.until) == (date(2027, 3, 31), date(2027, 5, 31))
