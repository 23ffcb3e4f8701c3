"""The API reads what officials read: one municipality's, in pages, with a key, and says what is wrong as RFC 9457."""

from __future__ import annotations

import json
from datetime import timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pytest

from styrhjul.db.api_model import Scope
from styrhjul.db.model import Meeting, Person
from styrhjul.reports.popolo import popolo_json
from styrhjul.services.api.popolo import popolo_of
from styrhjul.services.api.token import revoke_token, tokens_of
from styrhjul.web.rate import MOST, Rate
from tests.answer_world import NOW, TODAY, World, ask
from tests.web.api_world import key, program
from tests.web.conftest import here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

V1 = "/api/v1"
LISTS = (
    *("organizations", "posts", "persons", "memberships", "meetings", "policies", "editions", "duties", "cases"),
    "journal",
)


@pytest.fixture
def api(home: Installation, world: World) -> Iterator[TestClient]:
    with program(home, key(home, world.municipality_id)) as client:
        yield client


def all_pages(api: TestClient, name: str, **asked: str | int) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        page = api.get(f"{V1}/{name}", params={**asked, **({"cursor": cursor} if cursor else {})}).json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def problem(response: Any) -> tuple[int, str]:  # noqa: ANN401 - the test client's own
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert (told["status"], told["type"]) == (response.status_code, f"urn:styrhjul:problem:{told['code']}")
    assert told["detail"].endswith(".")
    assert told["request_id"] == response.headers["x-request-id"]
    return response.status_code, told["code"]


# -- reading -----------------------------------------------------------------------------------------------------------


def test_the_key_says_whose_everything_is(api: TestClient, world: World) -> None:
    told = api.get(f"{V1}/municipality").json()
    assert (told["id"], told["slug"]) == (world.municipality_id, "herrljunga")


def test_who_holds_what_is_told_as_in_popolo(api: TestClient, world: World) -> None:
    [chair] = [post for post in all_pages(api, "posts") if post["role"] == "chair"]
    [held] = api.get(f"{V1}/memberships", params={"post_id": chair["id"], "on": TODAY.isoformat()}).json()["items"]
    assert held["organization_id"] == chair["organization_id"] == world.bodies["social"]
    assert api.get(f"{V1}/persons/{held['person_id']}").json()["email"] == "ordforande@example.org"
    assert api.get(f"{V1}/organizations/{held['organization_id']}").json()["classification"] == "committee"
    assert api.get(f"{V1}/memberships", params={"on": "2026-12-31"}).json()["items"] == []


@pytest.mark.parametrize("kind", ["organizations", "persons", "policies"])
def test_what_a_webhook_or_a_list_names_is_found_by_its_key(api: TestClient, world: World, kind: str) -> None:
    for each in all_pages(api, kind):
        found = api.get(f"{V1}/{kind}", params={"key": each["key"]}).json()["items"]
        assert [one["id"] for one in found] == [each["id"]]
    assert api.get(f"{V1}/{kind}", params={"key": "finns inte"}).json()["items"] == []
    assert problem(api.get(f"{V1}/{kind}?key=%00")) == (422, "invalid")


def test_the_register_is_told_as_in_the_popolo_file(api: TestClient, world: World, home: Installation) -> None:
    file = json.loads(popolo_json(popolo_of(home.database, "herrljunga")))
    root, *bodies = file["organizations"]
    assert root["id"] == api.get(f"{V1}/municipality").json()["id"]
    for kind, told in (("organizations", bodies), ("posts", file["posts"]), ("memberships", file["memberships"])):
        shared = told[0].keys() - {"identifiers"}
        here = [{name: each[name] for name in shared} for each in all_pages(api, kind)]
        there = [{name: each[name] for name in shared} for each in told]
        assert sorted(here, key=itemgetter("id")) == sorted(there, key=itemgetter("id"))
        assert len(here) > 0


def test_a_policy_its_edition_and_its_duty_lead_to_each_other(api: TestClient, world: World) -> None:
    [listed] = api.get(f"{V1}/policies").json()["items"]
    whole = api.get(f"{V1}/policies/{listed['id']}").json()
    assert [each["id"] for each in whole["editions"]] == [listed["edition_id"]]
    [duty] = api.get(f"{V1}/duties", params={"policy_id": listed["id"], "status": "confirmed"}).json()["items"]
    text = api.get(f"{V1}/editions/{duty['edition_id']}").json()["text"]
    assert text[duty["start"] : duty["end"]] == duty["quote"]
    assert duty["organization_ids"] == [world.bodies["social"]]


def test_a_case_is_told_whole(api: TestClient, world: World) -> None:
    [listed] = api.get(f"{V1}/cases", params={"state": "open", "due_until": "2027-03-31"}).json()["items"]
    whole = api.get(f"{V1}/cases/{listed['id']}").json()
    assert (listed["id"], whole["answer_version"], whole["answers"]) == (world.case_id, 0, [])
    assert len(whole["duty_ids"]) == 1
    assert {notice["rung"] for notice in whole["notices"]} == {"opened"}
    assert api.get(f"{V1}/cases", params={"due_until": "2027-03-30"}).json()["items"] == []


def test_the_journal_comes_in_the_order_it_was_written(api: TestClient, world: World) -> None:
    numbers = [entry["number"] for entry in all_pages(api, "journal", limit=1)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all_pages(api, "journal", case_id=world.case_id)[0]["kind"] == "case_opened"


# -- pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_small_pages_hold_what_one_large_page_holds(api: TestClient, world: World, name: str) -> None:
    assert all_pages(api, name, limit=1) == api.get(f"{V1}/{name}", params={"limit": 200}).json()["items"]


def test_what_comes_and_goes_meanwhile_neither_doubles_nor_hides_the_rest(
    api: TestClient, home: Installation, world: World
) -> None:
    before = {person["id"] for person in all_pages(api, "persons")}
    first = api.get(f"{V1}/persons", params={"limit": 2}).json()
    with home.database.municipality(world.municipality_id) as session:
        session.add_all(Person(key=f"new-{number}", name="Ny") for number in range(20))
    met = [person["id"] for person in first["items"] + all_pages(api, "persons", limit=2, cursor=first["next"])]
    assert len(met) == len(set(met))
    assert before <= set(met)


@pytest.mark.parametrize("more", ["=", "!!", " ", "\n", "A", "å"])
def test_a_cursor_is_taken_as_it_was_written_and_in_no_other_way(api: TestClient, world: World, more: str) -> None:
    cursor = api.get(f"{V1}/posts", params={"limit": 1}).json()["next"]
    for spoiled in (cursor + more, cursor[:9] + more + cursor[9:]):
        found = api.get(f"{V1}/posts", params={"limit": 1, "cursor": spoiled})
        assert problem(found) == (404, "cursor_unknown")
    assert api.get(f"{V1}/posts", params={"limit": 1, "cursor": cursor}).status_code == 200


@pytest.mark.parametrize("spoiled", ["x", "", "gAAAAAB"])
def test_a_cursor_that_is_none_is_refused(api: TestClient, world: World, spoiled: str) -> None:
    assert problem(api.get(f"{V1}/persons", params={"cursor": spoiled})) == (404, "cursor_unknown")


def test_a_cursor_is_good_for_its_own_question_and_key_alone(api: TestClient, home: Installation, world: World) -> None:
    cursor = api.get(f"{V1}/posts", params={"limit": 1}).json()["next"]
    assert world.municipality_id not in cursor
    elsewhere = {"organization_id": world.bodies["social"], "cursor": cursor}
    assert problem(api.get(f"{V1}/posts", params=elsewhere)) == (404, "cursor_unknown")
    assert problem(api.get(f"{V1}/persons", params={"cursor": cursor})) == (404, "cursor_unknown")
    other = ask(home.database, slug="vinterby")
    with program(home, key(home, other.municipality_id)) as theirs:
        assert problem(theirs.get(f"{V1}/posts", params={"cursor": cursor})) == (404, "cursor_unknown")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1.5", "٣"])
def test_a_page_has_a_bound(api: TestClient, world: World, limit: str) -> None:
    assert problem(api.get(f"{V1}/persons", params={"limit": limit})) == (422, "invalid")


# -- keys --------------------------------------------------------------------------------------------------------------


def test_a_key_opens_nothing_but_in_its_header(home: Installation, world: World) -> None:
    token = key(home, world.municipality_id)
    with here(home) as client:
        for given in ({"access_token": token}, {"Authorization": f"Bearer {token}"}, {}):
            assert problem(client.get(f"{V1}/policies", params=given)) == (401, "unauthorized")
        for header in (token, f"Basic {token}", f"Bearer {token}x", "Bearer", "Bearer å"):
            response = client.get(f"{V1}/policies", headers=[(b"Authorization", header.encode())])
            assert problem(response) == (401, "unauthorized")
            assert response.headers["www-authenticate"].startswith("Bearer")
        assert client.get(f"{V1}/policies", headers={"Authorization": f"bearer {token}"}).status_code == 200


def test_a_revoked_key_is_refused_at_once(api: TestClient, home: Installation, world: World) -> None:
    [line] = tokens_of(home.database, world.municipality_id)
    revoke_token(home.database, world.municipality_id, line.token_id, by="Anna Ek", now=NOW)
    assert problem(api.get(f"{V1}/policies")) == (401, "unauthorized")


def test_a_key_does_what_its_scopes_say(home: Installation, world: World) -> None:
    with program(home, key(home, world.municipality_id, Scope.IMPORT)) as client:
        assert problem(client.get(f"{V1}/policies")) == (403, "insufficient_scope")


def test_whoever_guesses_at_keys_is_told_to_wait_and_nobody_else(home: Installation, world: World) -> None:
    token = key(home, world.municipality_id)
    with program(home, "wrong") as client:
        codes = [client.get(f"{V1}/policies").status_code for _ in range(MOST[Rate.KEY] + 1)]
        assert (codes[-2], codes[-1]) == (401, 429)
        right = client.get(f"{V1}/policies", headers={"Authorization": f"Bearer {token}"})
        assert right.status_code == 200


def test_a_program_that_reads_without_end_is_told_to_wait(
    api: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST, Rate.API, 2)
    response = [api.get(f"{V1}/municipality") for _ in range(3)][-1]
    assert problem(response) == (429, "too_many_requests")
    assert int(response.headers["retry-after"]) >= 1


# -- what is not here --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/nothing", "/cases/x", "/cases/" + "0" * 32, "/policies/" + "F" * 32])
def test_what_is_not_here_is_a_problem_and_no_page(api: TestClient, world: World, path: str) -> None:
    assert problem(api.get(f"{V1}{path}")) == (404, "not_found")


def test_another_method_is_refused_as_a_problem(api: TestClient, world: World) -> None:
    response = api.delete(f"{V1}/policies")
    assert problem(response) == (405, "method_not_allowed")
    assert response.headers["allow"] == "GET"


def test_our_own_fault_is_a_problem_with_a_number(
    api: TestClient, home: Installation, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("styrhjul.db.api_register_query.municipality_of", lambda session: 1 / 0)
    assert problem(api.get(f"{V1}/municipality")) == (500, "internal_error")


def test_meetings_are_asked_for_by_their_days(api: TestClient, home: Installation, world: World) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.add_all(Meeting(body_id=world.bodies["social"], meets_on=TODAY + timedelta(days=n)) for n in (1, 2, 3))
    span = {"since": "2027-03-12", "until": "2027-03-12"}
    assert [each["start_date"] for each in all_pages(api, "meetings", **span)] == ["2027-03-12"]
