"""A year of a municipality: its wheel, its load, its table, the mails to come, and the search among its cases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.model import Duty, Meeting, Municipality
from styrhjul.db.wake import touch_policies
from styrhjul.domain.lifecycle import State
from styrhjul.reports.wheel_layout import Stage, rows
from styrhjul.services.cases.search import CASES_PER_PAGE, Search, search_cases
from styrhjul.services.overview.forecast import forecast
from styrhjul.services.overview.pages import coming_view, overview_of
from styrhjul.services.overview.standing import MOST_TOLD, standings
from styrhjul.services.overview.wheel import Asked
from tests.answer_world import NOW, TODAY, World, add_case, ask, policy_of
from tests.servers import past_every_session
from tests.town import Town, build_town, nine
from tests.wide_town import build_wide_town

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.services.overview.pages import Overview

OPENING = date(2027, 1, 7)
UNTIL = date(2027, 2, 6)


@pytest.fixture
def world(database: Database) -> World:
    return ask(database)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def shown(database: Database, **asked: object) -> Overview:
    return overview_of(database, "herrljunga", NOW, Asked(**{"year": 2027, **asked}))  # type: ignore[arg-type]


def change(database: Database, world: World, **values: object) -> None:
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(**values))


def test_the_wheel_has_the_case_there_is_and_the_round_to_come(database: Database, world: World) -> None:
    (ring,) = shown(database).wheel.wheel.rings
    assert [(each.names[0], each.stage, each.due_on) for each in ring.events] == [
        ("Mål 2027", Stage.OPEN, date(2027, 3, 31)),
        ("Mål 2028", Stage.COMING, date(2027, 11, 30)),
    ]
    assert ring.events[0].href == f"/herrljunga/case/{world.case_id}"
    assert ring.events[1].href == "/herrljunga/policy/integration"


@pytest.mark.parametrize(
    ("values", "stage"),
    [
        ({"state": State.SUBMITTED}, Stage.DONE),
        ({"due_on": date(2027, 3, 1)}, Stage.LATE),
        ({"due_on": date(2027, 3, 1), "is_binding": False}, Stage.OPEN),
        ({"state": State.LAPSED, "closed_on": TODAY}, Stage.LATE),
    ],
)
def test_a_round_on_the_wheel_stands_as_its_case(
    database: Database, world: World, values: dict[str, object], stage: Stage
) -> None:
    change(database, world, **values)
    assert shown(database).wheel.wheel.rings[0].events[0].stage is stage


def test_what_is_late_is_marked_on_its_own_day_and_not_on_one_that_lies_ahead(database: Database, world: World) -> None:
    change(database, world, due_on=date(2027, 3, 1))
    with database.municipality(world.municipality_id) as session:
        add_case(session, "goal_setting", policy_of(session), world.bodies["ks"])
    (ring,) = shown(database).wheel.wheel.rings
    round_ = [(each.stage, each.due_on, each.told) for each in ring.events if each.names[0] == "Mål 2027"]
    assert round_ == [
        (Stage.LATE, date(2027, 3, 1), "1 av 2 försenade"),
        (Stage.OPEN, date(2027, 3, 31), "1 av 2 pågår"),
    ]


def test_bodies_of_one_arc_with_days_of_their_own_are_counted_day_by_day(database: Database, world: World) -> None:
    change(database, world, due_on=date(2027, 3, 1))
    with database.municipality(world.municipality_id) as session:
        add_case(session, "goal_setting", policy_of(session), world.bodies["ks"])
        session.execute(update(Case).where(Case.id != world.case_id).values(due_on=date(2027, 3, 3)))
    (ring,) = shown(database).wheel.wheel.rings
    assert ring.events[0].told == "försenade, 2 organ, frister 2027-03-01 (1) och 2027-03-03 (1)"


def test_what_is_late_since_the_year_before_is_told_this_year_too(database: Database, world: World) -> None:
    change(database, world, opens_on=date(2026, 9, 1), due_on=date(2026, 11, 30))
    wheel = shown(database).wheel.wheel
    assert [(each.names[0], each.stage) for each in wheel.rings[0].behind] == [("Mål 2027", Stage.LATE)]
    assert (rows(wheel)[0].number, rows(wheel)[0].event.due_on) == (None, date(2026, 11, 30))
    assert not any(each.due_on.year < 2027 for each in wheel.rings[0].events)


def test_the_wheel_of_another_year_is_what_the_rules_foretell(database: Database, world: World) -> None:
    overview = shown(database, year=2028)
    assert [each.names[0] for each in overview.wheel.wheel.rings[0].events] == ["Mål 2029"]
    assert overview.years == (2026, 2027)
    assert [line.name for line in overview.policies[0].coming] == ["Mål 2029"]


def test_what_was_foretold_is_what_opens(town: Town) -> None:
    before = overview_of(town.database, town.slug, nine(date(2027, 1, 5)))
    foretold = [(each.names[0], each.opens_on, each.due_on) for each in before.wheel.wheel.rings[0].events]
    town.sweep(OPENING)
    town.sweep(date(2027, 9, 1))
    after = overview_of(town.database, town.slug, nine(date(2027, 9, 1)))
    assert [(each.names[0], each.opens_on, each.due_on) for each in after.wheel.wheel.rings[0].events] == foretold


def test_the_wheel_of_a_body_has_its_rounds_and_its_meetings(database: Database, world: World) -> None:
    with database.municipality(world.municipality_id) as session:
        session.add(Meeting(body_id=world.bodies["social"], meets_on=date(2027, 3, 16)))
    assert shown(database, body="social").wheel.wheel.meetings == ((date(2027, 3, 16), "Socialnämnden"),)
    assert shown(database).wheel.wheel.meetings == ()
    assert shown(database, body="ks").wheel.wheel.rings == ()


def test_more_documents_than_there_is_room_for_come_ring_by_ring(database: Database) -> None:
    town = build_wide_town(database, 9, committees=2)
    first = overview_of(database, town.slug, NOW).wheel
    then = overview_of(database, town.slug, NOW, Asked(year=2027, ring=first.after)).wheel
    assert first.needs_filter
    assert (first.rings, then.first) == (9, first.after)
    assert not {ring.name for ring in first.wheel.rings} & {ring.name for ring in then.wheel.rings}
    one = overview_of(database, town.slug, NOW, Asked(year=2027, policy="program-3")).wheel
    assert [ring.name for ring in one.wheel.rings] == ["Program nummer 3"]


def test_the_load_counts_what_is_due_each_month(database: Database, world: World) -> None:
    (row,) = shown(database).load.bodies
    assert (row.body, row.months) == ("Socialnämnden", (0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0))
    assert shown(database).load.now == 3
    assert shown(database, year=2028).load.now == 0


def test_the_load_is_darkest_where_it_is_heaviest(database: Database) -> None:
    load = overview_of(database, build_wide_town(database, 9, committees=2).slug, NOW).load
    assert [load.tint(count) for count in (0, 1, 8)] == [0, 1, 3]


def test_the_mails_to_come_are_those_of_the_forecast(town: Town) -> None:
    now = nine(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        touch_policies(session, [town.municipality_id], ["handover"], date(2026, 10, 15))
    coming = coming_view(town.database, town.slug, now).mails
    lines = forecast(town.database, town.municipality_id, start=OPENING, until=UNTIL)
    assert {(each.on, each.to) for each in coming.mails} == {(line.on, line.recipient) for line in lines}
    assert sum(each.items for each in coming.mails) == len(lines) > 0
    town.live(OPENING)
    coming = coming_view(town.database, town.slug, now).mails
    lines = forecast(town.database, town.municipality_id, start=OPENING, until=UNTIL)
    assert sum(each.items for each in coming.mails) == len(lines) > 0


def test_a_list_of_mails_that_is_cut_says_from_when(database: Database) -> None:
    town = build_wide_town(database, 60, committees=3)
    mails = coming_view(database, town.slug, NOW).mails
    assert mails.unsure_from == date(2027, 3, 17)


def test_the_table_has_pages_and_says_what_asks_for_nothing(database: Database) -> None:
    town = build_wide_town(database, 30, committees=1)
    with database.municipality(town.municipality_id) as session:
        session.execute(update(Duty).where(Duty.policy_id == town.policy_id).values(lifecycle=None))
    overview = overview_of(database, town.slug, NOW, Asked(year=2027, page=1))
    assert (overview.page, overview.pages, len(overview.policies)) == (1, 2, 9)
    assert [line.title for line in overview.quiet] == ["Integrationspolicy"]


def test_what_is_stuck_is_counted_on_whatever_page_it_stands(database: Database) -> None:
    town = build_wide_town(database, 30, committees=1)
    pages = [overview_of(database, town.slug, NOW, Asked(year=2027, page=page)) for page in (0, 1)]
    assert pages[0].late == pages[1].late == 3


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({}, 16),
        ({"state": "open"}, 9),
        ({"state": "late"}, 1),
        ({"state": "answered"}, 7),
        ({"state": "closed"}, 0),
        ({"state": "x"}, 0),
        ({"policy": "program-0"}, 2),
        ({"policy": "x"}, 0),
        ({"body": "socialnämnden"}, 16),
        ({"body": "fullmäktige"}, 0),
        ({"year": 2026}, 0),
        ({"year": 2027, "state": "late"}, 1),
    ],
)
def test_cases_are_found_by_what_is_asked(database: Database, search: dict[str, object], found: int) -> None:
    town = build_wide_town(database, 9, committees=1)
    result = search_cases(database, town.slug, Search(**search), NOW)  # type: ignore[arg-type]
    assert (result.total, len(result.cases)) == (found, found)
    due = [each.cell.case.due_on for each in result.cases]
    assert due == sorted(due)


def test_a_search_has_pages(database: Database) -> None:
    town = build_wide_town(database, 30, committees=1)
    first, last = (search_cases(database, town.slug, Search(page=page), NOW) for page in (1, 2))
    assert (len(first.cases), first.has_next, len(last.cases), last.has_next) == (CASES_PER_PAGE, True, 8, False)
    ids = {each.cell.case.case_id for each in (*first.cases, *last.cases)}
    assert len(ids) == first.total == 58


def test_a_search_finds_nothing_of_another_municipality(database: Database, world: World) -> None:
    other = ask(database, slug="olofstrom")
    found = search_cases(database, "herrljunga", Search(), NOW)
    assert other.case_id not in {each.cell.case.case_id for each in found.cases}


def test_municipalities_are_told_of_until_they_are_many(database: Database, world: World) -> None:
    change(database, world, due_on=date(2027, 3, 1))
    (it,) = standings(database, NOW)
    assert (it.late, it.next_due_on) == (1, None)
    with past_every_session(database) as connection, Session(connection) as session:
        for number in range(MOST_TOLD):
            slug = f"by-{number}"
            sender = f"styrhjul@{slug}.example.org"
            session.add(Municipality(slug=slug, name=slug, starts_on=TODAY, sender_address=sender, reply_to=sender))
        session.flush()
    assert {each.late for each in standings(database, NOW)} == {None}
