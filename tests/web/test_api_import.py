"""A program brings lists of officials and meetings: looked at first, all or nothing, once for each key."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.db.api_model import Scope
from styrhjul.db.journal import entries
from styrhjul.db.model import Meeting
from styrhjul.domain.journal import EntryKind
from styrhjul.services.foundation.installation import Installation
from tests.answer_world import NOW, World, ask
from tests.web.api_world import key, program
from tests.web.test_api import V1, all_pages, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient


MEETINGS: dict[str, Any] = {"meetings": [{"body": "social", "meets_on": "2027-03-24"}]}
KEY = "6f1e8a52-4d0c-4a0b-9f57-0c6e2f1b7a11"
NEW_SECRETARY: dict[str, Any] = {
    "persons": [
        *({"key": title, "name": title} for title in ("Ordförande", "Nämndsekreterare", "Förvaltningschef")),
        *({"key": title, "name": title} for title in ("Kommunchef", "Kanslisamordnare")),
        {"key": "karin", "name": "Karin Alm", "address": "karin.alm@example.org", "language": "sv"},
    ]
}


@pytest.fixture
def api(home: Installation, world: World) -> Iterator[TestClient]:
    with program(home, key(home, world.municipality_id)) as client:
        yield client


def bring(api: TestClient, lists: dict[str, Any], name: str = KEY, **asked: object) -> Any:  # noqa: ANN401
    params = {each: str(value).lower() if isinstance(value, bool) else value for each, value in asked.items()}
    return api.post(f"{V1}/imports", json=lists, params=params, headers={"Idempotency-Key": name})  # type: ignore[arg-type]


def days(home: Installation, world: World) -> list[str]:
    with home.database.reading(world.municipality_id) as session:
        return [day.isoformat() for day in session.scalars(select(Meeting.meets_on).order_by(Meeting.meets_on))]


def test_a_dry_run_tells_everything_and_changes_nothing(api: TestClient, home: Installation, world: World) -> None:
    told = bring(api, MEETINGS, dry_run=True).json()
    assert (told["dry_run"], told["added"], days(home, world)) == (True, 1, [])
    assert told["changes"] == [
        {"kind": "meetings", "name": "Socialnämnden, 2027-03-24", "before": "", "after": "finns"}
    ]


def test_a_dry_run_needs_no_key_and_the_import_does(api: TestClient, home: Installation, world: World) -> None:
    assert api.post(f"{V1}/imports", json=MEETINGS, params={"dry_run": "true"}).json()["added"] == 1
    assert problem(api.post(f"{V1}/imports", json=MEETINGS)) == (400, "idempotency_key_missing")
    assert days(home, world) == []


def test_the_import_in_the_manual_is_taken(api: TestClient) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```json\n(.*?)```", manual.partition("## Importing")[2].partition("\n## ")[0], re.DOTALL)
    told = api.post(f"{V1}/imports", json=json.loads(example), params={"dry_run": "true"})
    assert told.status_code == 200, told.text


def test_what_was_looked_at_is_imported_and_journalled(api: TestClient, home: Installation, world: World) -> None:
    seen = bring(api, MEETINGS, dry_run=True).json()["register_version"]
    told = bring(api, MEETINGS, seen=seen).json()
    assert (told["dry_run"], told["added"], days(home, world)) == (False, 1, ["2027-03-24"])
    with home.database.reading(world.municipality_id) as session:
        [line] = [entry for entry, _ in entries(session) if entry.kind is EntryKind.OFFICIALS_IMPORTED]
    assert line.by == "API-nyckeln Ärendesystemet"
    assert api.get(f"{V1}/municipality").json()["register_version"] == told["register_version"] != seen


def test_the_register_is_locked_before_the_key_is_claimed(postgres_database_url: str, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, database_url=postgres_database_url)
    home = Installation.open(settings, StoppedClock(NOW))
    world = ask(home.database)
    asked: list[str] = []
    with program(home, key(home, world.municipality_id)) as api:
        event.listen(home.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert bring(api, MEETINGS).status_code == 200
    locked = [
        number for number, each in enumerate(asked) if "FROM municipality" in each and "FOR NO KEY UPDATE" in each
    ]
    claimed = [number for number, each in enumerate(asked) if each.startswith("INSERT INTO api_request")]
    assert locked
    assert locked[0] < claimed[0]
    home.close()


def test_persons_come_in_and_are_read_back(api: TestClient, world: World) -> None:
    assert bring(api, NEW_SECRETARY).json()["added"] == 1
    assert "karin.alm@example.org" in {person["email"] for person in all_pages(api, "persons")}


def test_lists_that_were_looked_at_against_another_register_are_refused(
    api: TestClient, home: Installation, world: World
) -> None:
    seen = bring(api, MEETINGS, dry_run=True).json()["register_version"]
    bring(api, NEW_SECRETARY)
    assert problem(bring(api, MEETINGS, name=f"{KEY}-2", seen=seen)) == (409, "register_changed")
    assert days(home, world) == []


def test_the_same_call_again_imports_nothing(api: TestClient, home: Installation, world: World) -> None:
    first = bring(api, MEETINGS)
    again = bring(api, MEETINGS)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert problem(bring(api, NEW_SECRETARY)) == (422, "idempotency_key_reused")


def test_what_takes_a_bodys_meetings_away_must_be_meant(api: TestClient, home: Installation, world: World) -> None:
    bring(api, MEETINGS)
    other = {"meetings": [{"body": "ks", "meets_on": "2027-03-17"}]}
    refused = bring(api, other, name=f"{KEY}-2")
    assert problem(refused) == (409, "must_be_sure")
    assert "Socialnämnden" in refused.json()["detail"]
    assert days(home, world) == ["2027-03-24"]
    assert bring(api, other, name=f"{KEY}-3", sure=True).json()["meetings_lost"] == ["Socialnämnden"]


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("lists", "field"),
    [
        ({"meetings": [*MEETINGS["meetings"], {"body": "nowhere", "meets_on": "2027-03-24"}]}, "/meetings/1/body"),
        ({"persons": [{"key": "karin", "name": "=SUM(A1)"}]}, "/persons/0/name"),
        ({"persons": [{"key": "900101-1234", "name": "Karin"}]}, "/persons/0/key"),
        ({"persons": [{"key": "karin", "name": "Karin\u202e"}]}, "/persons/0/name"),
        ({"persons": [{"key": "karin", "name": "Karin\ufffe"}]}, "/persons/0/name"),
        ({"persons": [{"key": "karin\x0b", "name": "Karin"}]}, "/persons/0/key"),
        ({"persons": [{"key": "karin\x85", "name": "Karin"}]}, "/persons/0/key"),
        ({"persons": [{"key": "karin", "name": "Karin", "address": "karin"}]}, "/persons/0/address"),
    ],
)
def test_what_the_page_would_refuse_is_refused_with_its_place(
    api: TestClient, home: Installation, world: World, *, lists: dict[str, Any], field: str, dry_run: bool
) -> None:
    response = bring(api, lists, dry_run=dry_run)
    assert problem(response) == (422, "faulty_lists")
    assert field in [fault["field"] for fault in response.json()["errors"]]
    assert days(home, world) == []


@pytest.mark.parametrize(
    "lists",
    [{"meetings": []}, {"meetings": [{"body": "social"}]}, {"unknown": []}, {"meetings": [{**MEETINGS, "x": 1}]}, []],
)
def test_what_does_not_fit_the_schema_is_refused(api: TestClient, world: World, lists: Any) -> None:  # noqa: ANN401
    assert problem(bring(api, lists)) == (422, "invalid")


def test_a_list_too_large_is_refused_before_it_is_read(api: TestClient, world: World) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": KEY}
    response = api.post(f"{V1}/imports", content=b"[" * 22_000_000, headers=headers)
    assert problem(response) == (413, "too_large")


def test_lists_so_deep_that_nobody_means_them_are_refused(api: TestClient, world: World) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": KEY}
    response = api.post(f"{V1}/imports", content=b"[" * 900_000, headers=headers)
    assert problem(response)[0] in (400, 422)


@pytest.mark.parametrize("asked", [{"dry_run": "1"}, {"dry_run": "yes"}, {"sure": "TRUE"}])
def test_neither_true_nor_false_changes_nothing(
    api: TestClient, home: Installation, world: World, asked: dict[str, str]
) -> None:
    assert problem(bring(api, MEETINGS, **asked)) == (422, "invalid")
    assert days(home, world) == []


def test_a_key_that_only_reads_and_answers_imports_nothing(home: Installation, world: World) -> None:
    with program(home, key(home, world.municipality_id, Scope.READ, Scope.ANSWER)) as api:
        assert problem(bring(api, MEETINGS, dry_run=True)) == (403, "insufficient_scope")
