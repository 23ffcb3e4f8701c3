"""Settings: what is set and since when, and no change that nobody has looked at."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, update

from styrhjul.db.model import Municipality
from styrhjul.services.municipality.ladder import show_ladders
from styrhjul.services.municipality.practice import PracticeChange, set_practice, show_practice
from styrhjul.services.municipality.wording import list_wordings
from styrhjul.web.permission import rule_for
from styrhjul.web.rules import RULES, Permission
from tests.answer_world import NOW, World, ask
from tests.web.conftest import hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

AT = "/herrljunga/settings"
PAGES = [
    "", "/practice", "/ladders", "/ladders?policy=integration", "/ladders/goal_setting",
    "/ladders/goal_setting?policy=integration", "/wording", "/wording/all", "/wording/goals_warning?language=en",
    "/calendar", "/calendar/free-days", "/trial", "/promises", "/retention", "/retention/mail_text", "/word-template",
]  # fmt: skip
MOST_QUERIES = 15


def typed(page: str) -> dict[str, Any]:
    """Return the last form of a page as a browser would post it: fields, ticked boxes, chosen options."""
    form = re.findall(r"<form.*?</form>", page, re.DOTALL)[-1] if "settings" in page else page
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and (not re.search(r'type="(radio|checkbox)"', tag) or "checked" in tag):
            found.setdefault(name.group(1), []).append(html.unescape(value.group(1) if value else ""))
    for name_, options in re.findall(r'<select id="[^"]*" name="([^"]*)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name_] = [chosen.group(1) if chosen else ""]
    return found


def review(client: TestClient, path: str, **values: str) -> Any:  # noqa: ANN401 - httpx's own
    page = client.get(f"{AT}{path}").text
    return client.post(f"{AT}{path.partition('?')[0]}/review", data=typed(page) | values)


def save(client: TestClient, path: str, looked_at: str) -> Any:  # noqa: ANN401 - httpx's own
    data = {"csrf": hidden(looked_at, "csrf"), "signed": hidden(looked_at, "signed")}
    return client.post(f"{AT}{path}", data=data)


@pytest.fixture
def queries(home: Installation) -> Iterator[list[str]]:
    """What is asked of the database."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - sqlalchemy's own
        seen.extend([arguments[2]] if arguments[2].startswith(("SELECT", "WITH")) else [])

    event.listen(home.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(home.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_with_few_questions(client: TestClient, world: World, queries: list[str], path: str) -> None:
    queries.clear()
    assert client.get(f"{AT}{path}").status_code == 200
    assert len(queries) <= MOST_QUERIES


def test_what_is_set_stands_beside_what_is_usual_with_who_and_when(
    client: TestClient, home: Installation, world: World
) -> None:
    set_practice(home.database, world.municipality_id, PracticeChange(digest_weekday=3), NOW, by="kanslichefen")
    page = client.get(AT).text
    assert '<b>torsdag</b><span class="default">Standard: onsdag</span>' in page
    assert "Ändrat 10\u00a0mars kl.\u00a010.00 av kanslichefen." in page
    assert page.count("Inte ändrat.") > 7


def test_a_practice_is_looked_at_before_it_is_saved(client: TestClient, home: Installation, world: World) -> None:
    looked_at = review(client, "/practice", digest_weekday="3")
    assert looked_at.status_code == 200
    assert "mejl flyttas" in looked_at.text
    assert show_practice(home.database, world.municipality_id).practice.digest_weekday == 2
    after = save(client, "/practice", looked_at.text)
    assert (after.url.path, 'role="status"' in after.text) == (AT, True)
    assert show_practice(home.database, world.municipality_id).practice.digest_weekday == 3


def test_nothing_is_saved_when_something_has_changed_since(
    client: TestClient, home: Installation, world: World
) -> None:
    looked_at = review(client, "/practice", digest_weekday="3").text
    set_practice(home.database, world.municipality_id, PracticeChange(phone="0123-456 78"), NOW)
    late = save(client, "/practice", looked_at)
    assert late.status_code == 409
    assert "Inget är sparat" in late.text
    assert show_practice(home.database, world.municipality_id).practice.digest_weekday == 2
    assert save(client, "/practice", late.text).status_code == 200


def test_what_was_looked_at_in_one_municipality_saves_nothing_in_another(
    client: TestClient, home: Installation, world: World
) -> None:
    other = ask(home.database, slug="lillby")
    looked_at = review(client, "/practice", digest_weekday="3").text
    data = {"csrf": hidden(looked_at, "csrf"), "signed": hidden(looked_at, "signed")}
    assert client.post("/lillby/settings/practice", data=data).status_code == 404
    assert show_practice(home.database, other.municipality_id).practice.digest_weekday == 2


@pytest.mark.parametrize("month", ["13", "9" * 5_000])
def test_a_month_that_is_none_is_refused(client: TestClient, world: World, month: str) -> None:
    page = review(client, "/practice", rest_months=month)
    assert page.status_code == 422
    assert page.text.count("Välj ett av alternativen.") == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("office_opens", "åtta", "Skriv klockslaget som 08.00."),
        ("office_opens", "18.00", "Kontoret måste öppna innan det stänger."),
        ("chief_executive_title", "", "Skriv vad kommunen kallar sin kommunchef."),
        ("phone", "ring mig", "Skriv numret med siffror"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_stays_typed(
    client: TestClient, world: World, field: str, value: str, sentence: str
) -> None:
    page = review(client, "/practice", **{field: value})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="{field}-error"' in page.text
    assert page.text.count(sentence) == 2
    assert f'name="{field}" value="{value}"' in page.text


def test_the_form_comes_back_as_it_was_typed(client: TestClient, world: World) -> None:
    looked_at = review(client, "/practice", digest_weekday="4", phone="0123-456 78").text
    data = {"csrf": hidden(looked_at, "csrf"), "signed": hidden(looked_at, "signed")}
    again = client.post(f"{AT}/practice/review", data=data).text
    assert typed(again)["digest_weekday"] == ["4"]
    assert 'value="0123-456 78"' in again


def test_a_form_without_a_change_says_so(client: TestClient, world: World) -> None:
    assert "Du har inte ändrat något än." in review(client, "/practice").text
    assert "Du har inte ändrat något än." in review(client, "/ladders/goal_setting").text


def own_rungs(home: Installation, world: World, policy: str | None = None) -> dict[str, tuple[str, ...]]:
    lines = show_ladders(home.database, world.municipality_id, policy)
    return {line.rung: line.own for line in lines if line.own}


def test_a_ladder_is_looked_at_before_it_is_saved(client: TestClient, home: Installation, world: World) -> None:
    looked_at = review(client, "/ladders/goal_setting", **{"reminder-days": "15", "head-sent": "no"})
    assert "faller bort" in looked_at.text
    assert own_rungs(home, world) == {}
    assert save(client, "/ladders/goal_setting", looked_at.text).status_code == 200
    assert own_rungs(home, world) == {"reminder": ("days",), "head": ("cap",)}


def test_a_ladder_of_one_document_leaves_the_others_alone(client: TestClient, home: Installation, world: World) -> None:
    looked_at = review(client, "/ladders/goal_setting?policy=integration", **{"reminder-days": "15"}).text
    after = save(client, "/ladders/goal_setting", looked_at)
    assert "policy=integration" in str(after.url)
    assert own_rungs(home, world, "integration") == {"reminder": ("days",)}
    assert own_rungs(home, world) == {}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reminder-days", "ett", "Skriv ett heltal, som 10."),
        ("head-days", "0", "Inget går upp förrän fristen har passerat."),
        ("reminder-days", "300", "Skriv högst 250 dagar"),
        ("chief_executive-sent", "no", "Trappan måste nå kommunchefen."),
        ("reminder-every", "", "Skriv ett heltal, som 10."),
    ],
)
def test_a_ladder_nobody_can_climb_is_refused_at_its_field(
    client: TestClient, world: World, field: str, value: str, sentence: str
) -> None:
    page = review(
        client, "/ladders/goal_setting", **{"reminder-times": "2", field: value} if "every" in field else {field: value}
    )
    assert page.status_code == 422
    assert sentence in page.text
    assert f'id="{field}-error"' in page.text


def word(client: TestClient, text: str, path: str = "/review", key: str = "goals_warning") -> Any:  # noqa: ANN401
    page = client.get(f"{AT}/wording/{key}").text
    data = {"csrf": hidden(page, "csrf"), "part": "extra", "language": "sv", "extra": text}
    return client.post(f"{AT}/wording/{key}{path}", data=data)


def test_own_words_are_shown_beside_the_built_in_ones_before_they_are_saved(
    client: TestClient, home: Installation, world: World
) -> None:
    page = word(client, "Ring kansliet om {{ due_on | day }} är svårt.").text
    assert "Ring kansliet om" in page
    assert page.count('class="plain set-mail"') == 2
    assert list_wordings(home.database, world.municipality_id) == []
    word(client, "Ring kansliet om {{ due_on | day }} är svårt.", "")
    assert [row.part for row in list_wordings(home.database, world.municipality_id)] == ["extra"]
    word(client, "", "/remove")
    assert list_wordings(home.database, world.municipality_id) == []


@pytest.mark.parametrize("text", ["", "{{ secret }}", "{{ ''.__class__ }}", "<b>fet</b>", "https://evil.example.org"])
@pytest.mark.parametrize("path", ["/review", ""])
def test_words_that_cannot_be_used_are_refused_at_their_field(
    client: TestClient, home: Installation, world: World, text: str, path: str
) -> None:
    page = word(client, text, path)
    assert page.status_code == 422
    assert 'id="extra-error"' in page.text
    assert "styrhjul wording" not in page.text
    assert list_wordings(home.database, world.municipality_id) == []


def test_the_calendar_names_its_quiet_days_and_shows_a_link_once(
    client: TestClient, home: Installation, world: World
) -> None:
    page = client.get(f"{AT}/calendar").text
    assert "I juli, då kommunen har uppehåll" in page
    assert "Långfredagen" in page
    post = re.findall(r'<option value="([0-9a-f]{32})"', page)[0]
    made = client.post(f"{AT}/calendar", data={"csrf": hidden(page, "csrf"), "post": post}).text
    link = re.search(r"/calendar/[^<]+[.]ics", made)
    assert link is not None
    assert client.get(link.group()).status_code == 200
    assert "/calendar/" not in client.get(f"{AT}/calendar").text.replace("/settings/calendar", "")
    assert client.post(f"{AT}/calendar", data={"csrf": hidden(page, "csrf"), "post": "x"}).status_code == 422


def test_a_trial_begins_and_ends_on_its_page(client: TestClient, home: Installation, world: World) -> None:
    with home.database.register(world.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=None))
    csrf = hidden(client.get(f"{AT}/trial").text, "csrf")
    wrong = client.post(f"{AT}/trial", data={"csrf": csrf, "to": "ingen adress"})
    assert (wrong.status_code, 'value="ingen adress"' in wrong.text) == (422, True)
    begun = client.post(f"{AT}/trial", data={"csrf": csrf, "to": "prov@herrljunga.example.org"}).text
    assert "alla mejl går till prov@herrljunga.example.org" in begun
    assert "Kommunen provkörs inte." in client.post(f"{AT}/trial/end", data={"csrf": csrf}).text


def test_a_released_municipality_is_offered_no_trial(client: TestClient, world: World) -> None:
    page = client.get(f"{AT}/trial").text
    assert "mejl är släppta" in page
    assert 'name="to"' not in page


def test_a_decision_to_dispose_needs_number_and_date(client: TestClient, world: World) -> None:
    csrf = hidden(client.get(f"{AT}/retention/mail_text").text, "csrf")
    data = {"csrf": csrf, "years": "10", "decision_number": "", "decided_on": "24/3"}
    wrong = client.post(f"{AT}/retention/mail_text", data=data)
    assert (wrong.status_code, 'id="decided_on-error"' in wrong.text) == (422, True)
    slip = client.post(f"{AT}/retention/mail_text", data=data | {"decided_on": "0001-01-01"})
    assert (slip.status_code, "Skriv ett år mellan 1900 och 2199." in slip.text) == (422, True)
    late = {"decided_on": (NOW + timedelta(days=1)).date().isoformat()}
    assert 'id="decision_number-error"' in client.post(f"{AT}/retention/mail_text", data=data | late).text
    done = {"decision_number": "KS 2027/12 § 45", "decided_on": "2027-03-01"}
    assert "gallras efter 10 år" in client.post(f"{AT}/retention/mail_text", data=data | done).text
    kept = client.post(f"{AT}/retention/mail_text/keep", data={"csrf": csrf}).text
    assert "gallras efter" not in kept


@pytest.mark.parametrize(
    "path", ["/ladders/nothing", "/ladders?policy=nothing", "/wording/nothing", "/retention/nothing"]
)
def test_what_is_not_here_is_a_404(client: TestClient, world: World, path: str) -> None:
    assert client.get(f"{AT}{path}").status_code == 404


def test_only_a_coordinator_changes_and_only_an_administrator_disposes() -> None:
    changing = [rule for rule in RULES if "/settings/" in rule.path and rule.method == "POST"]
    administers = {rule.path.split("/")[3] for rule in changing if rule.permission is Permission.ADMINISTER}
    coordinates = {rule.path.split("/")[3] for rule in changing if rule.permission is Permission.COORDINATE}
    assert administers == {"trial", "retention", "api", "webhooks"}
    assert {"practice", "ladders", "wording"} <= coordinates
    assert rule_for("GET", "/{municipality}/settings") is not None
