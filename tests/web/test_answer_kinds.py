"""The forms of the other lifecycles, from the link to the receipt."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from styrhjul.db.model import Appointment
from styrhjul.domain.office import PostRole
from tests.answer_world import QUOTES, World, add_case, ask, policy_of, told
from tests.web.conftest import hidden

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

PLAN = {"outcome": "plans", "plans-0-title": "Plan för delaktighet", "plans-0-responsible": "Enhetschefen"}
PROJECT = {
    "outcome": "projects",
    "projects-0-title": "Språkcafé",
    "projects-0-attainment": "partly_met",
    "projects-0-analysis": "Hälften kom.",
}
TYPED = {
    "action_planning": PLAN,
    "project_follow_up": PROJECT,
    "annual_report": {"outcome": "handed_over", "decided_on": "2027-03-09"},
    "referral": {"outcome": "rejects", "comment": "För dyrt."},
    "currency_review": {"outcome": "needs_revision", "comment": "Lagen är ny."},
    "handover": {"outcome": "confirmed"},
}
READ_BACK = {
    "action_planning": ("Plan för delaktighet", "Enhetschefen"),
    "project_follow_up": ("Språkcafé", "Delvis uppfyllt", "Hälften kom."),
    "annual_report": ("Avsnittet är överlämnat", "Överlämnat", "9\u00a0mars 2027"),
    "referral": ("Avstyrker", "Yttrande", "För dyrt."),
    "currency_review": ("Behöver revideras", "Ingen revidering öppnas av det"),
    "handover": ("Uppgifterna stämmer",),
}


def review(client: TestClient, token: str, **typed: str) -> tuple[str, str]:
    """Open a link and review what is typed; return the form's address and the page."""
    opened = client.get(f"/a/{token}")
    sent = {name: hidden(opened.text, name) for name in ("csrf", "form_id", "seen")}
    return opened.url.path, client.post(f"{opened.url.path}/review", data=sent | typed).text


def hand_in(client: TestClient, token: str, **typed: str) -> str:
    path, page = review(client, token, **typed)
    signed = {"csrf": hidden(page, "csrf"), "payload": hidden(page, "payload"), "signed_by": "Anna Exempel"}
    return client.post(path, data=signed).text


@pytest.mark.parametrize("lifecycle", list(TYPED))
def test_what_is_typed_is_read_back_and_stands_on_the_receipt(
    client: TestClient, home: Installation, lifecycle: str
) -> None:
    asked = ask(home.database, lifecycle)
    _, page = review(client, asked.holder, **TYPED[lifecycle])
    receipt = hand_in(client, asked.holder, **TYPED[lifecycle])
    assert "Svaret är inlämnat" in receipt
    for words in READ_BACK[lifecycle]:
        assert words in page
        assert words in receipt


@pytest.mark.parametrize("lifecycle", list(QUOTES))
def test_what_the_text_does_not_say_is_marked(client: TestClient, home: Installation, lifecycle: str) -> None:
    page = client.get(f"/a/{ask(home.database, lifecycle).holder}").text
    assert "Dagen: kommunens standard, inte dokumentets text" in page
    assert "Att frågan ställs varje år: kommunens standard, inte dokumentets text" in page


def test_a_day_that_is_none_is_refused_where_it_stands(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "action_planning")
    _, page = review(client, asked.holder, **(PLAN | {"plans-0-decided_on": "i våras"}))
    assert 'href="#plans-0-decided_on">Skriv datumet som 2027-03-24' in page
    assert 'value="i våras"' in page
    _, page = review(client, asked.holder, **(PLAN | {"plans-0-decided_on": "0001-01-01"}))
    assert 'href="#plans-0-decided_on">Skriv ett år mellan 1900 och 2199' in page


def test_what_is_left_of_a_plan_is_no_part_of_a_no(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "action_planning")
    left = {"plans-0-title": "", "plans-0-decided_on": "i våras", "plans-0-responsible": "Enhetschefen"}
    said = hand_in(client, asked.holder, outcome="no_plan", **left)
    assert "Nej, det finns ingen handlingsplan" in said
    assert "Enhetschefen" not in said


def test_a_plan_with_a_name_speaks_against_a_no(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "action_planning")
    _, page = review(client, asked.holder, **(PLAN | {"outcome": "no_plan"}))
    assert "men en plan står kvar nedan" in page


def test_last_years_plans_stand_there_and_are_asked_about(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "action_planning")
    hand_in(client, asked.holder, **PLAN)
    with home.database.municipality(asked.municipality_id) as session:
        case = add_case(session, "action_planning", policy_of(session), asked.bodies["social"], period="2028")
        token = told(session, case, "action_planning", asked.posts[PostRole.CHAIR])
    page = client.get(f"/a/{token}").text
    assert 'value="Plan för delaktighet"' in page
    assert "Gäller planen fortfarande?" in page
    assert " checked" not in page


def test_last_years_projects_stand_there_without_their_judgement(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "project_follow_up")
    hand_in(client, asked.holder, **PROJECT)
    with home.database.municipality(asked.municipality_id) as session:
        case = add_case(session, "project_follow_up", policy_of(session), asked.bodies["social"], period="2027")
        token = told(session, case, "project_follow_up", asked.posts[PostRole.CHIEF_EXECUTIVE])
    page = client.get(f"/a/{token}").text
    assert 'value="Språkcafé"' in page
    assert "Hälften kom." not in page
    assert " checked" not in page


def test_a_compiled_report_stands_until_it_is_handed_over(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "annual_report")
    assert "Frågan står kvar tills avsnittet är överlämnat" in hand_in(client, asked.holder, outcome="compiled")
    assert "att avsnittet är sammanställt" in client.get(f"/a/{asked.holder}").text


def test_the_report_lists_what_is_missing(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "annual_report")
    with home.database.municipality(asked.municipality_id) as session:
        add_case(session, "follow_up", policy_of(session), asked.bodies["social"])
    page = client.get(f"/a/{asked.holder}").text
    assert "Ett av ett svar saknas" in page
    assert "Svar saknas" in page


def decided(world: World, **more: str) -> dict[str, str]:
    return {
        "outcome": "repeal",
        "comment": "Ersatt av lag.",
        "decided_on": "2027-03-01",
        "paragraph": "12",
        "decided_by": world.bodies["kf"],
        "diary_number": "KS 2027/123",
    } | more


def test_a_decision_shows_who_took_it_and_its_number(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "revision")
    receipt = hand_in(client, asked.holder, **decided(asked))
    assert "Kommunfullmäktige" in receipt
    assert "KS 2027/123" in receipt
    assert "saknas" not in receipt


def test_a_lower_body_is_refused_with_the_reason(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "revision")
    _, page = review(client, asked.holder, **decided(asked, decided_by=asked.bodies["social"]))
    assert 'href="#decided_by">Kommunfullmäktige antog dokumentet' in page


def test_a_handover_shows_the_vacant_office(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "handover")
    with home.database.municipality(asked.municipality_id) as session:
        chair = asked.posts[PostRole.CHAIR]
        session.execute(update(Appointment).where(Appointment.post_id == chair).values(ends_on=date(2027, 3, 1)))
    page = client.get(f"/a/{asked.holder}").text
    assert "Vakant" in page
    assert "från 1\u00a0januari 2027, tills vidare" in page


def test_a_new_chair_sees_who_has_the_offices_and_is_asked_for_nothing(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "handover")
    page = client.get(f"/a/{asked.tokens[PostRole.CHAIR]}").text
    assert "Uppdragen i socialnämnden" in page
    assert "<dt>Nämndsekreterare</dt>" in page
    assert "Det här har ni att svara för" in page
    assert "skriv till" in page
    assert "ge mer tid" not in page
    assert "<form" not in page


@pytest.mark.parametrize("lifecycle", [*TYPED, "revision"])
def test_somebody_above_sees_how_every_question_stands(client: TestClient, home: Installation, lifecycle: str) -> None:
    asked = ask(home.database, lifecycle)
    page = client.get(f"/a/{asked.tokens[PostRole.HEAD_OF_ADMINISTRATION]}").text
    assert "har inte lämnat" in page
    assert "<form" not in page
