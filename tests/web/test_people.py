"""Who sits where, when bodies meet and how a handover stands: shown, changed one thing at a time, and only here."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import event, select, update

from styrhjul.db.journal import entries
from styrhjul.db.model import Appointment, Meeting, Person
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.office import PostRole
from styrhjul.services.foundation.installation import Installation
from tests.answer_world import NOW, World, ask
from tests.web.conftest import hidden
from tests.web.test_browser import DESK, PHONE, page_of, served, violations

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

HOME = "/herrljunga"
MEETING = date(2027, 3, 24)


def chair(home: Installation, world: World) -> tuple[str, str, str]:
    """The chair's post, person and appointment."""
    with home.database.reading(world.municipality_id) as session:
        held = session.scalars(select(Appointment).where(Appointment.post_id == world.posts[PostRole.CHAIR])).one()
        return held.post_id, held.person_id, held.id


def meet(home: Installation, world: World) -> str:
    with home.database.municipality(world.municipality_id) as session:
        session.add(Meeting(body_id=world.bodies["social"], meets_on=MEETING))
    return f"{HOME}/body/social/meeting/{MEETING}"


def send(client: TestClient, page: str, path: str, **fields: str) -> Response:
    shown = client.get(page).text
    return client.post(path, data={"csrf": hidden(shown, "csrf"), "seen": hidden(shown, "seen"), **fields})


def kinds(home: Installation, world: World) -> list[EntryKind]:
    with home.database.reading(world.municipality_id) as session:
        return [entry.kind for entry, _ in entries(session)]


def pages(home: Installation, world: World) -> list[str]:
    post_id, person_id, _ = chair(home, world)
    people = [f"{HOME}/people", f"{HOME}/people/import", f"{HOME}/meetings", f"{HOME}/handover", f"{HOME}/body/social"]
    return [*people, f"{HOME}/post/{post_id}", f"{HOME}/person/{person_id}", meet(home, world)]


def test_what_needs_a_person_stands_first_and_says_what_to_do(
    client: TestClient, home: Installation, world: World
) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Person).where(Person.id == chair(home, world)[1]).values(address_blocked_at=NOW))
        secretary = Appointment.post_id == world.posts[PostRole.SECRETARY]
        session.execute(update(Appointment).where(secretary).values(ends_on=date(2027, 3, 1)))
    page = client.get(f"{HOME}/people").text
    assert "Ett uppdrag är vakant och en innehavare nås inte av mejl." in page
    assert "Kontrollera stavningen med personen och rätta adressen." in page
    assert page.index("Vakant") < page.index("Nås inte") < page.index("Nämnder</h2>")


def test_a_body_shows_its_posts_its_meetings_and_what_it_owes(
    client: TestClient, home: Installation, world: World
) -> None:
    meet(home, world)
    page = client.get(f"{HOME}/body/social").text
    assert f'href="{HOME}/case/{world.case_id}"' in page
    assert "Nästa sammanträde är 24\u00a0mars." in page
    assert "Förvaltningschef" in page


def test_somebody_takes_a_post(client: TestClient, home: Installation, world: World) -> None:
    path = f"{HOME}/post/{chair(home, world)[0]}"
    given = {"name": "Anna Ek", "address": "anna.ek@example.org", "starts_on": "2027-03-10"}
    page = send(client, path, f"{path}/holder", **given).text
    assert "Anna Ek är inskriven från 2027-03-10. En länk till den förra innehavaren slutade gälla." in page
    assert kinds(home, world)[-1] is EntryKind.OFFICE_CHANGED


def test_a_planned_successor_is_taken_back_only_once_it_is_confirmed(
    client: TestClient, home: Installation, world: World
) -> None:
    path = f"{HOME}/post/{chair(home, world)[0]}"
    send(client, path, f"{path}/holder", name="Anna Ek", address="anna.ek@example.org", starts_on="2027-08-01")
    action = re.findall(rf'action="({path}/withdraw/[^"]+)"', client.get(path).text)[0]
    asked = send(client, path, action)
    assert asked.status_code == 422
    assert "Kryssa i att uppdraget ska tas tillbaka." in asked.text
    page = send(client, path, action, confirmed="yes").text
    assert "Det planerade uppdraget är tillbakataget." in page
    assert "Anna Ek" not in page


def test_a_refusal_keeps_what_was_typed_and_leads_to_the_field(
    client: TestClient, home: Installation, world: World
) -> None:
    path = f"{HOME}/post/{chair(home, world)[0]}"
    response = send(client, path, f"{path}/holder", name="Anna Ek", address="a@example.org", starts_on="24/3")
    assert response.status_code == 422
    assert 'value="Anna Ek"' in response.text
    assert '<a href="#starts_on">Skriv datumet som 2027-03-24.</a>' in response.text


def test_a_day_out_of_all_bounds_is_refused_at_its_field(client: TestClient, home: Installation, world: World) -> None:
    path = f"{HOME}/post/{chair(home, world)[0]}"
    response = send(client, path, f"{path}/holder", name="Anna Ek", address="a@example.org", starts_on="0001-01-01")
    assert response.status_code == 422
    assert '<a href="#starts_on">Skriv ett år mellan 1900 och 2199.</a>' in response.text


def test_two_people_do_not_write_over_each_other(client: TestClient, home: Installation, world: World) -> None:
    post_id, _, appointment_id = chair(home, world)
    path = f"{HOME}/post/{post_id}"
    shown = client.get(path).text
    send(client, path, f"{path}/end/{appointment_id}", last_on="2027-03-31")
    old = {"csrf": hidden(shown, "csrf"), "seen": hidden(shown, "seen"), "last_on": "2027-03-12"}
    late = client.post(f"{path}/end/{appointment_id}", data=old)
    assert late.status_code == 422
    assert "Någon annan har ändrat det här" in late.text


def test_an_address_is_corrected(client: TestClient, home: Installation, world: World) -> None:
    path = f"{HOME}/person/{chair(home, world)[1]}"
    assert "Mejlen går till ny@example.org." in send(client, path, f"{path}/address", address="ny@example.org").text


def test_a_move_is_shown_before_it_is_made(client: TestClient, home: Installation, world: World) -> None:
    path = meet(home, world)
    asked = send(client, path, f"{path}/move", on="2027-03-25")
    assert "Flytta till torsdag 25\u00a0mars" in asked.text
    assert EntryKind.MEETINGS_CHANGED not in kinds(home, world)
    send(client, path, f"{path}/move", on="2027-03-25", confirmed="yes")
    assert client.get(path).status_code == 404
    assert EntryKind.MEETINGS_CHANGED in kinds(home, world)


def test_the_last_meeting_is_told_as_that_before_it_is_cancelled(
    client: TestClient, home: Installation, world: World
) -> None:
    path = meet(home, world)
    assert "Det är det sista sammanträdet" in send(client, path, f"{path}/cancel").text
    assert client.get(path).status_code == 200
    send(client, path, f"{path}/cancel", confirmed="yes")
    assert client.get(path).status_code == 404


def test_a_meeting_is_added_and_shown_in_the_year(client: TestClient, home: Installation, world: World) -> None:
    send(client, f"{HOME}/body/social", f"{HOME}/body/social/meeting", on="2027-05-05")
    assert f'href="{HOME}/body/social/meeting/2027-05-05"' in client.get(f"{HOME}/meetings?year=2027").text
    assert client.get(f"{HOME}/meetings?year=٢٠٢٧").status_code == 200


def test_a_link_to_subscribe_to_is_shown_once(client: TestClient, home: Installation, world: World) -> None:
    csrf = hidden(client.get(f"{HOME}/meetings").text, "csrf")
    post_id = chair(home, world)[0]
    made = client.post(f"{HOME}/meetings/subscribe", data={"csrf": csrf, "post": post_id}).text
    assert "http://127.0.0.1:8000/calendar/" in made
    assert "/calendar/" not in client.get(f"{HOME}/meetings").text
    assert client.post(f"{HOME}/meetings/subscribe", data={"csrf": csrf, "post": ""}).status_code == 422


def test_a_handover_is_confirmed_where_everybody_sits(client: TestClient, home: Installation) -> None:
    world = ask(home.database, "handover")
    page = client.get(f"{HOME}/handover").text
    assert "Inget av" in page
    csrf = {"csrf": hidden(page, "csrf")}
    done = client.post(f"{HOME}/handover/{world.case_id}", data=csrf)
    assert "Kontrollerat" in done.text
    assert client.post(f"{HOME}/handover/{world.case_id}", data=csrf).status_code == 404


def test_what_is_anothers_is_not_here(client: TestClient, home: Installation, world: World) -> None:
    foreign = ask(home.database, slug="storby")
    post_id, person_id, appointment_id = chair(home, foreign)
    csrf = hidden(client.get(f"{HOME}/people/import").text, "csrf")
    gone = client.get(f"{HOME}/post/{'0' * 32}").text
    assert client.get(f"{HOME}/post/{post_id}").text == gone
    for path in (f"person/{person_id}", "body/storby", "body/social/meeting/2027-01-01"):
        assert client.get(f"{HOME}/{path}").status_code == 404
    given = {"csrf": csrf, "name": "A", "address": "a@example.org", "starts_on": "2027-03-10", "last_on": "2027-03-10"}
    own = chair(home, world)[0]
    paths = [f"post/{post_id}/holder", f"post/{own}/end/{appointment_id}", f"person/{person_id}/address"]
    paths += [f"handover/{foreign.case_id}", "body/storby/meeting", "meetings/subscribe"]
    answers = [client.post(f"{HOME}/{path}", data={**given, "post": post_id}).status_code for path in paths]
    assert answers == [404] * len(paths)


def test_no_page_asks_the_database_more_than_fifteen_times(
    client: TestClient, home: Installation, world: World
) -> None:
    asked: list[str] = []
    event.listen(home.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for path in pages(home, world):
        client.get(path)
        asked.clear()
        assert client.get(path).status_code == 200
        assert len([each for each in asked if each.startswith("SELECT")]) <= 15, path


@pytest.mark.browser
@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark"), (PHONE, "dark"), (DESK, "light")])
def test_no_page_about_people_shuts_anybody_out(
    chromium: str, home: Installation, world: World, viewport: dict[str, int], scheme: str
) -> None:
    found = {}
    with sync_playwright() as playwright, served(home) as site:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with page_of(browser, site, viewport=viewport, color_scheme=scheme, bypass_csp=True) as page:
            for path in pages(home, world):
                page.goto(path)
                wide = page.evaluate("document.documentElement.scrollWidth") - viewport["width"]
                found[path] = [*violations(page), *(["runs off"] if wide > 0 else [])]
        browser.close()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
