"""The public page of promises and its files: closed like a page that is not there, or the same to everybody."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from styrhjul.db.model import UserRole
from styrhjul.reports.promise_file import LICENCE
from styrhjul.reports.promise_table import TABLES
from styrhjul.web.rate import MOST, Rate
from tests.published_world import ADDRESS, NUMBER, PERSON, SECRET, SIGNER, USER, Told, accept, publish, tell
from tests.web.conftest import here, hidden
from tests.web.sign_in_world import add, afar, sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

AT = "/promises/herrljunga"
FILES = [
    "promises.json",
    "popolo.json",
    "dataset.jsonld",
    "csv-metadata.json",
    *(f"{table.name}.csv" for table in TABLES),
]
ALL = [AT, *(f"{AT}/{name}" for name in FILES)]
SETTING = "/herrljunga/settings/promises"


@pytest.fixture
def told(home: Installation) -> Told:
    told = tell(home.database)
    accept(home.database, told)
    return told


@pytest.fixture
def stranger(home: Installation) -> TestClient:
    """Somebody far away, who has never signed in."""
    return here(home, client=("192.0.2.7", 4711))


@pytest.mark.parametrize("path", ALL)
def test_it_is_not_there_until_it_is_switched_on(
    home: Installation, stranger: TestClient, told: Told, path: str
) -> None:
    """The same answer, word for word, as for a municipality that does not exist."""
    closed, nobody = stranger.get(path), stranger.get(path.replace("herrljunga", "ingenstans"))
    assert (closed.status_code, closed.text) == (nobody.status_code, nobody.text) == (404, nobody.text)
    own = {"x-request-id", "date"}
    assert {name for name in closed.headers if name not in own} == {name for name in nobody.headers if name not in own}
    publish(home.database)
    assert stranger.get(path).status_code == 200


@pytest.mark.parametrize("path", ALL)
def test_it_names_nobody_and_sets_no_cookie(home: Installation, stranger: TestClient, told: Told, path: str) -> None:
    publish(home.database)
    answer = stranger.get(path)
    for person in (PERSON, USER, SIGNER, ADDRESS, NUMBER, SECRET, "styrhjul@herrljunga", "registrator@"):
        assert person.lower() not in answer.text.lower()
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ALL)
def test_whoever_has_it_already_is_told_so(home: Installation, stranger: TestClient, told: Told, path: str) -> None:
    publish(home.database)
    first = stranger.get(path)
    assert first.headers["cache-control"] == "public, max-age=300"
    again = stranger.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_the_page_says_what_was_promised_and_how_it_went(home: Installation, stranger: TestClient, told: Told) -> None:
    publish(home.database)
    page = stranger.get(AT).text
    for said in ("Så går det med det vi har lovat", "Varje nämnd ska", "Delvis uppfyllt", "55 %", "Fortsätta", "ökar"):
        assert said in page
    assert "Kommunfullmäktige 2017-11-14, KS-2016-284" in page
    outside = set(re.findall(r'(?:src|href)="(https?://[^/"]+)', page))
    assert outside == {"https://creativecommons.org"}


def test_the_files_may_be_fetched_by_any_page(home: Installation, stranger: TestClient, told: Told) -> None:
    publish(home.database)
    for name in FILES:
        headers = stranger.get(f"{AT}/{name}").headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_tables_and_the_document_say_the_same(home: Installation, stranger: TestClient, told: Told) -> None:
    publish(home.database)
    document = stranger.get(f"{AT}/promises.json").json()
    assert document["licence"] == LICENCE
    for table in TABLES:
        rows = list(csv.DictReader(io.StringIO(stranger.get(f"{AT}/{table.name}.csv").text, newline="")))
        assert rows == [
            {column.name: cell(row[column.name]) for column in table.columns} for row in document[table.name]
        ]
        assert rows


def cell(value: Any) -> str:  # noqa: ANN401 - whatever stands in a document
    return ";".join(value) if isinstance(value, list) else "" if value is None else str(value)


def test_the_descriptions_lead_to_the_files(home: Installation, stranger: TestClient, told: Told) -> None:
    publish(home.database)
    dataset = stranger.get(f"{AT}/dataset.jsonld").json()
    found = [each["dcat:downloadURL"]["@id"] for each in dataset["dcat:distribution"]]
    assert [stranger.get(address).status_code for address in found] == [200] * (len(TABLES) + 2)
    assert {each["dct:license"]["@id"] for each in dataset["dcat:distribution"]} == {LICENCE}
    described = stranger.get(f"{AT}/csv-metadata.json").json()
    assert [each["url"] for each in described["tables"]] == [f"{table.name}.csv" for table in TABLES]
    assert f"{AT}/csv-metadata.json" in stranger.get(f"{AT}/goals.csv").headers["link"]


def test_a_table_that_is_not_there_is_not_there(home: Installation, stranger: TestClient, told: Told) -> None:
    publish(home.database)
    assert stranger.get(f"{AT}/persons.csv").status_code == 404


def test_whoever_fetches_it_over_and_over_is_told_to_wait(
    home: Installation, stranger: TestClient, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(home.database)
    monkeypatch.setitem(MOST, Rate.OPEN_DATA, 3)
    assert [stranger.get(AT).status_code for _ in range(4)] == [200, 200, 200, 429]


# -- switching it on ---------------------------------------------------------------------------------------------------


def test_the_page_is_opened_by_whoever_has_read_it_and_closed_again(
    client: TestClient, stranger: TestClient, told: Told
) -> None:
    page = client.get(SETTING).text
    assert "Delvis uppfyllt" in page
    typed = {"csrf": hidden(page, "csrf"), "seen": hidden(page, "seen")}
    assert client.post(SETTING, data=typed).status_code == 422
    assert stranger.get(AT).status_code == 404
    assert "Sidan är öppen för alla." in client.post(SETTING, data={**typed, "understood": "yes"}).text
    assert stranger.get(AT).status_code == 200
    assert "Sidan är stängd." in client.post(f"{SETTING}/close", data=typed).text
    assert stranger.get(AT).status_code == 404


def test_what_has_changed_since_it_was_read_is_read_again(client: TestClient, stranger: TestClient, told: Told) -> None:
    typed = {"csrf": hidden(client.get(SETTING).text, "csrf"), "seen": "0" * 64, "understood": "yes"}
    answer = client.post(SETTING, data=typed)
    assert answer.status_code == 409
    assert "Läs igen: inget har blivit offentligt." in answer.text
    assert stranger.get(AT).status_code == 404


@pytest.mark.parametrize("role", [role for role in UserRole if role is not UserRole.OPERATOR])
def test_only_a_coordinator_or_an_administrator_opens_it(home: Installation, told: Told, role: UserRole) -> None:
    """Every official sees what is public, or would be."""
    may = role in (UserRole.COORDINATOR, UserRole.ADMINISTRATOR)
    add(home, told.world.municipality_id, role)
    with afar(home) as official:
        sign_in(home, official)
        page = official.get(SETTING).text
        assert "Delvis uppfyllt" in page
        assert ('name="seen"' in page) is may
        data = {"csrf": hidden(page, "csrf"), "seen": "another", "understood": "yes"}
        assert official.post(SETTING, data=data).status_code == (409 if may else 403)
        assert official.post(f"{SETTING}/close", data=data).status_code == (200 if may else 403)


def test_what_is_shown_before_is_what_is_shown_after(
    home: Installation, client: TestClient, stranger: TestClient, told: Told
) -> None:
    sections = r'<section class="section promise".*?</section>'
    before = re.findall(sections, client.get(SETTING).text, re.DOTALL)
    publish(home.database)
    assert before == re.findall(sections, stranger.get(AT).text, re.DOTALL)
    assert before


def test_whoever_accepts_an_answer_is_told_that_it_becomes_public(home: Installation, client: TestClient) -> None:
    told = tell(home.database)
    approving = f"/herrljunga/case/{told.follow_up}/act/approve"
    assert "vem som helst" not in client.get(approving).text
    publish(home.database)
    assert "Då visas svaret på den öppna sidan, för vem som helst" in client.get(approving).text
    assert "vem som helst" not in client.get(f"/herrljunga/case/{told.goals}/act/approve").text
