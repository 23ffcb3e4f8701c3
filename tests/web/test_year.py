"""The overview of a wide municipality asks few questions, its choices are links, and empty pages say what to do."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, update

from styrhjul.db.case_model import Case
from styrhjul.db.model import Duty
from tests.answer_world import World
from tests.wide_town import build_wide_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

MOST_QUERIES = 15


@contextmanager
def counted(home: Installation) -> Iterator[list[str]]:
    """The statements that are asked meanwhile; a transaction's beginning asks nothing."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement != "BEGIN":
            asked.append(statement)

    event.listen(home.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(home.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["", "/cases", "/mail", "/mail/coming", "?year=2028", "?body=byggnämnden&page=2"])
def test_a_page_of_a_wide_municipality_asks_few_questions(client: TestClient, home: Installation, path: str) -> None:
    """The register is read once for each state of it, and not by every page."""
    build_wide_town(home.database, 25, committees=4)
    client.get(f"/vidby{path}")
    with counted(home) as asked:
        assert client.get(f"/vidby{path}").status_code == 200
    assert len(asked) <= MOST_QUERIES


def test_the_number_of_questions_does_not_grow_with_the_municipality(client: TestClient, home: Installation) -> None:
    build_wide_town(home.database, 40, committees=2)
    client.get("/vidby")
    with counted(home) as asked:
        client.get("/vidby")
    assert len(asked) <= MOST_QUERIES


def test_the_first_page_asks_one_question_a_municipality(client: TestClient, home: Installation, world: World) -> None:
    with counted(home) as asked:
        client.get("/")
    assert len(asked) == 2


def test_the_wheel_and_its_table_lead_to_the_case(client: TestClient, world: World) -> None:
    page = client.get("/herrljunga").text
    assert f'<a class="w-link" href="/herrljunga/case/{world.case_id}" aria-label="Integrationspolicy: Mål 2027' in page
    table = page.split("Visa hjulet som tabell")[1].split("</details>")[0]
    assert f'<a href="/herrljunga/case/{world.case_id}">Mål 2027</a>' in table
    assert "pågår" in table


def test_a_year_can_be_chosen(client: TestClient, world: World) -> None:
    page = client.get("/herrljunga").text
    assert 'href="?year=2028#h-wheel"' in page
    then = client.get("/herrljunga?year=2028").text
    assert "Årshjulet 2028" in then
    assert "Mål 2029" in then
    assert world.case_id not in then.split('id="h-wheel"')[1]


@pytest.mark.parametrize("year", ["x", "0", "1800", "99999", "²²²²", "-1", "2027.0"])
def test_a_year_nobody_means_is_this_one(client: TestClient, world: World, year: str) -> None:
    assert "Årshjulet 2027" in client.get("/herrljunga", params={"year": year}).text


def test_the_wheel_of_many_documents_has_a_filter_that_works_without_script(
    client: TestClient, home: Installation
) -> None:
    build_wide_town(home.database, 9, committees=2)
    page = client.get("/vidby").text
    assert "Hjulet visar 1–" in page
    assert "De därefter" in page
    chosen = client.get("/vidby?policy=program-3").text
    assert '<option value="program-3" selected>' in chosen
    assert set(re.findall(r'aria-label="(Program nummer \d+):', chosen)) == {"Program nummer 3"}


def test_a_choice_that_finds_nothing_says_so(client: TestClient, world: World) -> None:
    assert "Ingen runda passar valet." in client.get("/herrljunga?policy=finns-inte").text
    assert "Inget ärende passar valet" in client.get("/herrljunga/cases?policy=finns-inte").text


def test_the_next_mails_are_named_with_their_day_and_their_office(client: TestClient, world: World) -> None:
    page = client.get("/herrljunga/mail/coming").text
    assert "tis 30\u00a0mars" in page
    assert "Ordförande, Socialnämnden" in page
    assert "Förvarning: mål 2027, Integrationspolicy" in page


def test_a_municipality_with_nothing_in_it_says_what_comes_first(
    client: TestClient, home: Installation, world: World
) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Duty).values(lifecycle=None))
        session.execute(update(Case).values(due_on=date(2020, 1, 1), closed_on=date(2020, 1, 2), state="lapsed"))
    page = client.get("/herrljunga").text
    assert "Hjulet är tomt 2027" in page
    assert "Inget ska in 2027" in page
    assert "Ett styrdokument där inget ska in 2027" in page


def test_a_search_keeps_what_was_chosen_on_its_next_page(client: TestClient, home: Installation) -> None:
    build_wide_town(home.database, 60, committees=1)
    page = client.get("/vidby/cases?state=open&year=2027").text
    assert '<option value="open" selected>' in page
    assert 'href="?state=open&amp;year=2027&amp;page=2"' in page
    assert "ärenden passar valet, det med tidigast frist först." in page


def test_a_concern_leads_to_where_it_is_mended(client: TestClient, home: Installation, world: World) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(meeting_on=date(2027, 3, 16), agenda_on=date(2027, 3, 9)))
    page = client.get("/herrljunga").text
    todo = page.split('<ul class="todo">')[1].split("</ul>")[0]
    items = todo.split("<li>")[1:]
    assert len(items) == 3
    assert all('href="/herrljunga/' in item for item in items)


def test_a_long_list_of_concerns_is_cut_until_all_are_asked_for(client: TestClient, home: Installation) -> None:
    build_wide_town(home.database, 12, committees=2)
    page = client.get("/vidby").text
    assert page.split('<ul class="todo">')[1].split("</ul>")[0].count("<li>") == 8
    whole = client.get("/vidby?show=all").text
    assert whole.split('<ul class="todo">')[1].split("</ul>")[0].count("<li>") > 8
