"""A municipality gives days free: looked at before they are saved, kept in the journal, and counted from then on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from styrhjul.db.journal import entries
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.practice import FreeDay
from styrhjul.services.municipality.practice import PracticeChange, set_practice, show_practice
from tests.answer_world import NOW, World, ask
from tests.web.test_settings import AT, review, save

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

PATH = "/calendar/free-days"
#: A Thursday three weeks ahead, in no squeeze.
DAY = date(2027, 4, 15)
WRITTEN = {"on-0": "2027-04-15", "name-0": "Kommunens dag"}


@pytest.fixture(autouse=True)
def world(home: Installation) -> World:
    return ask(home.database)


def days(home: Installation, world: World) -> tuple[FreeDay, ...]:
    return show_practice(home.database, world.municipality_id).practice.free_days


def test_the_days_are_looked_at_and_then_saved(client: TestClient, home: Installation, world: World) -> None:
    looked_at = review(client, PATH, **WRITTEN)
    assert looked_at.status_code == 200
    assert "Egna lediga dagar" in looked_at.text
    assert days(home, world) == ()
    after = save(client, PATH, looked_at.text)
    assert after.url.path == f"{AT}/calendar"
    assert days(home, world) == (FreeDay(DAY, "Kommunens dag"),)
    assert "Ledig dag i kommunen: Kommunens dag" in after.text


def test_a_mail_of_that_day_is_told_to_move(client: TestClient, home: Installation, world: World) -> None:
    usual = review(client, "/practice", digest_weekday="3").text
    assert "mejl flyttas" in usual
    set_practice(home.database, world.municipality_id, PracticeChange(digest_weekday=3), NOW)
    leaves = [day for day in _days_of(usual) if day > "2027-03-25"]
    assert "mejl flyttas" in review(client, PATH, **{"on-0": leaves[0], "name-0": "Kommunens dag"}).text


def _days_of(page: str) -> list[str]:
    return sorted(part.partition("<")[0].strip() for part in page.split("→")[1:])


def test_the_journal_keeps_what_they_were_and_became(client: TestClient, home: Installation, world: World) -> None:
    save(client, PATH, review(client, PATH, **WRITTEN).text)
    save(client, PATH, review(client, PATH, **{"on-0": "", "name-0": ""}).text)
    assert days(home, world) == ()
    with home.database.reading(world.municipality_id) as session:
        found = [entry.data for entry, _ in entries(session) if entry.kind is EntryKind.PRACTICE_CHANGED]
    written = ["2027-04-15 Kommunens dag"]
    assert found == [
        {"free_days": written, "free_days_before": []},
        {"free_days": [], "free_days_before": written},
    ]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({"on-0": "i maj", "name-0": "Klämdag"}, "Skriv datumet som 2027-05-07."),
        ({"on-0": "2027-02-30", "name-0": "Klämdag"}, "Skriv datumet som 2027-05-07."),
        ({"on-0": "0001-01-01", "name-0": "Dag"}, "välj en dag från"),
        ({"on-0": "9999-12-31", "name-0": "Dag"}, "välj en dag från"),
        ({"on-0": "2027-04-15", "name-0": "\u200b"}, "Skriv vad 2027-04-15 är för dag."),
        ({"on-0": "2027-04-15"}, "Skriv vad det är för dag."),
        ({"on-0": "2027-05-06", "name-0": "Helg"}, "2027-05-06 är Kristi himmelsfärdsdag, alltså redan ledig."),
        (WRITTEN | {"on-1": "2027-04-15", "name-1": "Igen"}, "Skriv varje dag en gång."),
        ({"on-0": "", "name-0": ""}, "Du har inte ändrat något än."),
    ],
)
def test_what_is_no_such_day_is_refused_beside_its_row(
    client: TestClient, home: Installation, world: World, written: dict[str, str], sentence: str
) -> None:
    page = review(client, PATH, **written)
    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{written["on-0"]}"' in page.text
    assert days(home, world) == ()


def test_the_second_of_two_is_shown_the_forecast_anew(client: TestClient, home: Installation, world: World) -> None:
    looked_at = review(client, PATH, **WRITTEN).text
    other = (FreeDay(date(2027, 4, 14), "Annan"),)
    set_practice(home.database, world.municipality_id, PracticeChange(free_days=other), NOW)
    late = save(client, PATH, looked_at)
    assert late.status_code == 409
    assert days(home, world) == other


def test_the_day_stands_among_the_other_settings(client: TestClient) -> None:
    save(client, PATH, review(client, PATH, **WRITTEN).text)
    assert "15\u00a0april 2027 (Kommunens dag)" in client.get(AT).text
