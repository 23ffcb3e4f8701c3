"""The chief executive sees what went up and who was told, decides with nothing chosen beforehand, and sees the past."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, inspect, select, update

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.model import Municipality, UserRole, new_id
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.office import PostRole
from tests.answer_world import World, ask
from tests.web.conftest import here, hidden
from tests.web.deciding import BECAUSE, case_now, decide, gone_up, late, made, path_of, put
from tests.web.sign_in_world import add, afar, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

DECISIONS = "/herrljunga/decisions"
MOST_QUERIES = 15


@pytest.fixture
def desk(home: Installation, world: World) -> Iterator[TestClient]:
    gone_up(home, world)
    with here(late(home)) as client:
        yield client


def form_of(client: TestClient, **typed: str) -> dict[str, str]:
    page = client.get(DECISIONS).text
    return {"csrf": hidden(page, "csrf"), "seen": hidden(page, "seen"), "reason": BECAUSE, **typed}


def test_what_went_up_stands_with_its_sentence_and_who_was_told(desk: TestClient) -> None:
    page = desk.get(DECISIONS).text
    assert "Ett ärende väntar på ditt beslut" in page
    assert "Gick upp i dag" in page
    assert "Socialnämnden har inte lämnat mål för 2027" in page
    assert "Förvarning: ordföranden i socialnämnden" in page
    assert "Varje nämnd ska för sin verksamhet ta fram 1-2 mål." in page
    assert "Det avslutas som ”Svar saknas” 1\u00a0september 2028" in page


def test_nothing_is_chosen_beforehand_and_nothing_filled_in(desk: TestClient) -> None:
    page = desk.get(DECISIONS).text
    assert page.count('type="radio"') == 4
    assert " checked" not in page
    assert " selected" not in page
    assert re.findall(r'name="(?:until|to)"[^>]*value="([^"]+)"', page) == []


def test_a_press_without_a_choice_decides_nothing(desk: TestClient, home: Installation, world: World) -> None:
    response = desk.post(f"{DECISIONS}/{world.case_id}", data=form_of(desk, reason="", until="2027-05-31"))
    assert response.status_code == 422
    assert "Välj vad som ska hända" in response.text
    assert 'value="2027-05-31"' in response.text
    assert f'href="#act-{world.case_id[:8]}"' in response.text
    assert made(home, world) == []


@pytest.mark.parametrize("act", ["extend", "reassign", "waive", "note"])
def test_each_decision_is_reviewed_and_then_made(desk: TestClient, home: Installation, world: World, act: str) -> None:
    form = form_of(desk, act=act, until="2027-05-31", to=world.posts[PostRole.HEAD_OF_ADMINISTRATION])
    review = desk.post(f"{DECISIONS}/{world.case_id}", data=form)
    assert "Inget har ändrats än." in review.text
    assert made(home, world) == []
    again = {name: hidden(review.text, name) for name in ("csrf", "seen", "until", "to", "reason", "from")}
    response = desk.post(f"{path_of(world, act)}/done", data=again, follow_redirects=False)
    assert response.headers["location"] == DECISIONS
    assert [reason for _, _, reason in made(home, world)] == [BECAUSE]


@pytest.mark.parametrize("act", ["approve", "return", "refer", "prepare"])
def test_what_is_not_offered_here_is_no_choice(desk: TestClient, home: Installation, world: World, act: str) -> None:
    put(home, world, State.SUBMITTED)
    with here(late(home)) as client:
        page = client.get(path_of(world, "approve")).text
        form = {"csrf": hidden(page, "csrf"), "seen": "9", "reason": BECAUSE, "act": act, "until": "2027-05-31"}
        assert client.post(f"{DECISIONS}/{world.case_id}", data=form).status_code == 422
    assert case_now(home, world).state is State.SUBMITTED


def test_what_was_decided_is_history_and_the_next_day_is_named(desk: TestClient, world: World) -> None:
    decide(desk, world, "extend", until="2027-05-31")
    page = desk.get(DECISIONS).text
    assert "Inget väntar på ditt beslut" in page
    assert "Nästa gång något kan gå upp till dig är 16\u00a0juni." in page
    assert "Kansliet satte en ny frist: 31 maj 2027." in page


def test_what_was_noted_waits_below_and_is_asked_no_more(desk: TestClient, world: World) -> None:
    decide(desk, world, "note")
    page = desk.get(DECISIONS).text
    assert "Inget väntar på ditt beslut" in page
    assert "Antecknat, fortfarande öppet" in page
    assert "Ditt beslut" not in page


def test_this_weeks_stands_above_what_has_waited(home: Installation, world: World) -> None:
    gone_up(home, world, on=date(2027, 4, 7))
    with here(late(home)) as client:
        assert "Väntar sedan 7\u00a0april" in client.get(DECISIONS).text


def test_an_empty_desk_names_the_next_day_that_something_can_go_up(client: TestClient, world: World) -> None:
    page = client.get(DECISIONS).text
    assert "Inget väntar på ditt beslut" in page
    assert "Nästa gång något kan gå upp till dig är 14\u00a0april." in page
    assert "Inget har beslutats här än." in page


def test_with_nothing_open_nothing_can_go_up(client: TestClient, home: Installation, world: World) -> None:
    put(home, world, State.WAIVED)
    assert "Inget öppet ärende kan gå upp till dig nu." in client.get(DECISIONS).text


def test_another_municipalitys_case_is_not_here(desk: TestClient, home: Installation) -> None:
    other = ask(home.database, slug="olofstrom")
    gone_up(home, other)
    assert other.case_id not in desk.get(DECISIONS).text
    assert desk.post(f"{DECISIONS}/{other.case_id}", data=form_of(desk, act="note")).status_code == 404
    assert made(home, other) == []


@pytest.mark.parametrize("path", [DECISIONS, "/herrljunga/case/{case}", "/herrljunga/case/{case}/act/extend"])
def test_no_page_asks_the_database_too_much(desk: TestClient, home: Installation, world: World, path: str) -> None:
    desk.get(path.format(case=world.case_id))  # the register is remembered from then on
    asked: list[str] = []
    event.listen(home.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert desk.get(path.format(case=world.case_id)).status_code == 200
    assert 0 < len([each for each in asked if not each.startswith("BEGIN")]) <= MOST_QUERIES


def held_by(home: Installation, world: World, holder: Holder) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.scalars(select(Case).where(Case.id == world.case_id)).one().holder = holder


def test_nobody_decides_about_what_they_owe_themselves(desk: TestClient, home: Installation, world: World) -> None:
    held_by(home, world, Holder.CHIEF_EXECUTIVE)
    page = desk.get(DECISIONS).text
    assert "Inget väntar på ditt beslut" in page
    assert '<h2 id="h-board">Hos kommunstyrelsen</h2>' in page
    assert 'type="radio"' not in page


def test_what_an_office_owes_for_many_bodies_names_the_body(desk: TestClient, home: Installation, world: World) -> None:
    held_by(home, world, Holder.COORDINATOR)
    assert "Samordnaren har inte lämnat mål för 2027: socialnämnden" in desk.get(DECISIONS).text


def another(home: Installation, world: World) -> None:
    """A second case of the same body, which has gone up the same day."""
    wanted = {Case: select(Case), Notice: select(Notice).where(Notice.rung == "chief_executive")}
    new: dict[str, object] = {"period": "2026", "case_id": new_id()}
    with home.database.municipality(world.municipality_id) as session:
        for model, query in wanted.items():
            row = session.scalars(query).one()
            copied = {column.key: getattr(row, column.key) for column in inspect(model).column_attrs}
            own = {"id": new["case_id"] if model is Case else new_id()}
            session.add(model(**copied | {name: new[name] for name in new if name in copied} | own))
            session.flush()


def test_many_cases_are_folded_and_counted(desk: TestClient, home: Installation, world: World) -> None:
    another(home, world)
    page = desk.get(DECISIONS).text
    assert page.count('<details class="up-fold" name="up"><summary>') == 2
    assert "Två gick upp den här veckan." in page


def test_the_auditor_reads_what_waits_and_what_was_decided_and_decides_nothing(
    desk: TestClient, home: Installation, world: World
) -> None:
    add(home, world.municipality_id, UserRole.AUDITOR)
    with afar(late(home)) as client:
        sign_in(late(home), client)
        page = client.get(DECISIONS).text
        refused = client.post(f"{DECISIONS}/{world.case_id}", data={"csrf": hidden(page, "csrf"), "act": "note"})
    assert "Ett ärende väntar på beslut" in page
    assert f'href="{DECISIONS}"' in page
    assert 'type="radio"' not in page
    assert refused.status_code == 403
    assert made(home, world) == []


def test_the_menu_says_what_the_municipality_calls_its_chief_executive(
    desk: TestClient, home: Installation, world: World
) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Municipality).values(chief_executive_title="kommundirektör"))
    assert ">Hos kommundirektören</a>" in desk.get(DECISIONS).text
