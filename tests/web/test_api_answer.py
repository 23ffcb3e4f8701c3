"""A program answers a case: taken in as a person's answer, once for each key, and named in the journal."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from sqlalchemy import event, func, select, update

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.db.api_model import ApiRequest, Scope
from styrhjul.db.case_model import Answer, Case
from styrhjul.db.journal import entries
from styrhjul.db.mail_model import Mail
from styrhjul.db.model import Appointment
from styrhjul.domain.answer import MOST_GOALS
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.answering.answer import Submission, submit
from styrhjul.services.api.call import KEPT
from styrhjul.services.foundation.installation import Installation
from styrhjul.web.api.given import FollowUpSent, GoalsSent, Sent
from tests.answer_world import NOW, World, ask
from tests.web.api_world import key, program
from tests.web.sign_in_world import at
from tests.web.test_api import V1, problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

    from styrhjul.db.session import Database

GOALS: dict[str, Any] = {
    "kind": "goal_setting",
    "answer_version": 0,
    "signed_by": "Karin Alm",
    "decided_on": "2027-02-24",
    "paragraph": "§ 12",
    "goals": [{"text": "Fler unga i arbete", "indicator": "Andel i arbete", "better": "higher", "target": "60 %"}],
}
KEY = "6f1e8a52-4d0c-4a0b-9f57-0c6e2f1b7a11"
#: A complete answer of each kind, but for what all have.
OF_KIND: dict[str, dict[str, Any]] = {
    "follow_up": {"judgements": [{"attainment": "met", "analysis": "Det gick bra."}]},
    "action_planning": {"outcome": "plans", "plans": [{"title": "Plan för bostäder", "responsible": "Nämndens chef"}]},
    "project_follow_up": {"outcome": "no_projects", "comment": "Inga medel avsattes."},
    "annual_report": {"outcome": "compiled"},
    "referral": {"outcome": "supports", "comment": "Nämnden tillstyrker."},
    "currency_review": {"outcome": "current"},
    "handover": {"outcome": "confirmed"},
}


@pytest.fixture
def api(home: Installation, world: World) -> Iterator[TestClient]:
    with program(home, key(home, world.municipality_id)) as client:
        yield client


def answer(api: TestClient, case_id: str, sent: dict[str, Any] = GOALS, name: str = KEY) -> Any:  # noqa: ANN401
    return api.post(f"{V1}/cases/{case_id}/answers", json=sent, headers={"Idempotency-Key": name})


def kept(database: Database, world: World, table: type[Any] = Answer) -> int:
    with database.reading(world.municipality_id) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_answer_is_taken_in_and_told_again(api: TestClient, home: Installation, world: World) -> None:
    response = answer(api, world.case_id)
    assert response.status_code == 201
    whole = api.get(f"{V1}/cases/{world.case_id}").json()
    [told] = whole["answers"]
    assert (whole["state"], whole["answer_version"], told["id"]) == ("submitted", 1, response.json()["answer_id"])
    assert (told["paragraph"], told["signed_by"]) == ("12", "Karin Alm")
    assert [(goal["text"], goal["better"]) for goal in told["goals"]] == [("Fler unga i arbete", "higher")]
    assert told["submitted_at"] == response.json()["submitted_at"]
    assert told["submitted_at"].endswith("Z")
    assert kept(home.database, world, Mail) == 2  # a receipt to each who might have answered


def test_the_journal_names_the_key_and_the_post(api: TestClient, home: Installation, world: World) -> None:
    answer(api, world.case_id)
    with home.database.reading(world.municipality_id) as session:
        [moved] = [entry for entry, _ in entries(session) if entry.kind is EntryKind.CASE_MOVED]
    assert moved.by == "API-nyckeln Ärendesystemet, för Nämndsekreterare, Socialnämnden"


@pytest.mark.parametrize("kind", OF_KIND)
def test_every_kind_of_case_can_be_answered(home: Installation, kind: str) -> None:
    world = ask(home.database, kind)
    with program(home, key(home, world.municipality_id)) as api:
        asked = api.get(f"{V1}/cases/{world.case_id}/question").json()
        sent = {"kind": asked["kind"], "answer_version": asked["answer_version"], "signed_by": "Karin Alm"}
        assert answer(api, world.case_id, {**sent, **OF_KIND[kind]}).status_code == 201, asked


def test_a_revision_names_who_decided_as_the_question_does(home: Installation) -> None:
    world = ask(home.database, "revision")
    with program(home, key(home, world.municipality_id)) as api:
        asked = api.get(f"{V1}/cases/{world.case_id}/question").json()
        decision = {"decided_on": "2027-03-01", "paragraph": "8", "diary_number": "KS 2027/12"}
        sent = {
            "kind": "revision",
            "answer_version": 0,
            "signed_by": "Karin Alm",
            "outcome": "unchanged",
            "comment": "Den håller.",
            **decision,
        }
        council = next(each["key"] for each in asked["deciders"] if each["name"] == "Kommunfullmäktige")
        assert answer(api, world.case_id, {**sent, "decided_by": council}).status_code == 201


# -- once --------------------------------------------------------------------------------------------------------------


def test_the_same_call_again_gets_the_same_answer_and_does_nothing(
    api: TestClient, home: Installation, world: World
) -> None:
    first = answer(api, world.case_id)
    again = [answer(api, world.case_id), answer(api, world.case_id, dict(reversed(GOALS.items())), f'"{KEY}"')]
    assert [(each.status_code, each.json()) for each in again] == [(201, first.json())] * 2
    assert [each.headers.get("idempotency-replayed") for each in (first, *again)] == [None, "true", "true"]
    assert kept(home.database, world) == 1


def test_the_same_key_for_another_answer_is_refused(api: TestClient, home: Installation, world: World) -> None:
    answer(api, world.case_id)
    other = answer(api, world.case_id, {**GOALS, "signed_by": "Någon annan"})
    assert problem(other) == (422, "idempotency_key_reused")
    assert kept(home.database, world) == 1


def test_a_key_is_known_to_its_own_program_alone(api: TestClient, home: Installation, world: World) -> None:
    answer(api, world.case_id)
    with program(home, key(home, world.municipality_id, name="Annat")) as other:
        assert problem(answer(other, world.case_id)) == (409, "answered_meanwhile")


def test_what_is_refused_leaves_its_key_free(api: TestClient, home: Installation, world: World) -> None:
    assert problem(answer(api, world.case_id, {**GOALS, "goals": []})) == (422, "incomplete")
    assert kept(home.database, world, ApiRequest) == 0
    assert answer(api, world.case_id).status_code == 201


def test_ten_at_once_under_one_key_are_one_answer(api: TestClient, home: Installation, world: World) -> None:
    with ThreadPoolExecutor(10) as threads:
        found = list(threads.map(lambda _: answer(api, world.case_id), range(10)))
    assert {each.status_code for each in found} == {201}
    assert len({each.text for each in found}) == 1
    assert kept(home.database, world) == 1


def test_ten_at_once_under_one_key_are_one_answer_on_postgresql_too(postgres_database_url: str, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, database_url=postgres_database_url)
    home = Installation.open(settings, StoppedClock(NOW))
    world = ask(home.database)
    with program(home, key(home, world.municipality_id)) as api, ThreadPoolExecutor(10) as threads:
        found = list(threads.map(lambda _: answer(api, world.case_id), range(10)))
    assert {each.status_code for each in found} == {201}
    assert len({each.text for each in found}) == 1
    assert kept(home.database, world) == 1
    home.close()


def test_the_key_is_claimed_before_anything_is_changed(api: TestClient, home: Installation, world: World) -> None:
    asked: list[str] = []
    event.listen(home.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert answer(api, world.case_id).status_code == 201
    written = [each.split()[2] for each in asked if each.startswith("INSERT INTO")]
    assert "answer" in written
    assert written[0] == "api_request"


@pytest.mark.parametrize(
    ("model", "field", "one"),
    [
        (GoalsSent, "goals", GOALS["goals"][0]),
        (FollowUpSent, "judgements", OF_KIND["follow_up"]["judgements"][0]),
    ],
)
def test_more_than_an_answer_holds_is_refused_before_it_is_read(
    model: type[Sent], field: str, one: dict[str, Any]
) -> None:
    kind = "goal_setting" if model is GoalsSent else "follow_up"
    said = {"kind": kind, "answer_version": 0, "signed_by": "Karin Alm"}
    model.model_validate({**said, field: [one] * MOST_GOALS})
    with pytest.raises(ValidationError, match="too_long"):
        model.model_validate({**said, field: [one] * (MOST_GOALS + 1)})


def test_a_key_is_forgotten_after_its_time(api: TestClient, home: Installation, world: World) -> None:
    answer(api, world.case_id)
    with program(at(home, NOW + KEPT + timedelta(days=1)), api.headers["authorization"][7:]) as later:
        assert problem(answer(later, world.case_id)) == (409, "too_late")


@pytest.mark.parametrize("name", [None, "", "short", "x" * 101, "with space here 123", 'ä"' * 10])
def test_a_call_without_a_key_is_refused(api: TestClient, world: World, name: str | None) -> None:
    headers = [] if name is None else [(b"Idempotency-Key", name.encode())]
    response = api.post(f"{V1}/cases/{world.case_id}/answers", json=GOALS, headers=headers)
    assert problem(response) == (400, "idempotency_key_missing")


# -- refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"goals": [{"text": " "}]}, "/goals/0/text"),
        ({"goals": [{"text": "Ett"}, {"text": "Två"}, {"text": "Tre"}]}, "/goals/2/text"),
        ({"decided_on": "2027-03-11"}, "/decided_on"),
        ({"decided_on": "0001-01-01"}, "/decided_on"),
        ({"paragraph": "åtta"}, "/paragraph"),
        ({"signed_by": "12"}, "/signed_by"),
    ],
)
def test_what_a_person_would_be_told_a_program_is_told(
    api: TestClient, world: World, changed: dict[str, Any], field: str
) -> None:
    response = answer(api, world.case_id, {**GOALS, **changed})
    assert problem(response) == (422, "incomplete")
    assert [fault["field"] for fault in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "nothing"},
        {"answer_version": "0"},
        {"answer_version": True},
        {"decided_on": 1},
        {"decided_on": "2027-02-30"},
        {"unknown": 1},
        {"goals": [{"text": "Ett", "better": "up"}]},
        {"signed_by": None},
    ],
)
def test_what_does_not_fit_the_schema_is_refused(
    api: TestClient, home: Installation, world: World, changed: dict[str, Any]
) -> None:
    assert problem(answer(api, world.case_id, {**GOALS, **changed})) == (422, "invalid")
    assert kept(home.database, world) == 0


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"goals": [{"text": "Ett", "better": "up"}]}, "/goals/0/better", "Skriv något av: higher, lower."),
        ({"goals": [{}]}, "/goals/0/text", "Det här måste finnas med."),
        ({"goals": [{"text": "Ett", "a~/b": 1}]}, "/goals/0/a~0~1b", "Det här finns inte i schemat. Ta bort det."),
        ({"answer_version": 10_001}, "/answer_version", "Skriv 10000 eller mindre."),
        ({"answer_version": -1}, "/answer_version", "Skriv 0 eller mer."),
        ({"decided_on": 1}, "/decided_on", "Skriv en dag som 2027-03-24."),
        ({"decided_on": "2027-02-30"}, "/decided_on", "Skriv en dag som finns, som 2027-03-24."),
        ({"signed_by": None}, "/signed_by", "Skicka text."),
    ],
)
def test_each_fault_points_into_what_was_sent_and_names_what_would_fit(
    api: TestClient, world: World, changed: dict[str, Any], field: str, said: str
) -> None:
    response = answer(api, world.case_id, {**GOALS, **changed})
    assert response.json()["errors"] == [{"field": field, "message": said}]


def test_the_whole_of_what_was_sent_is_pointed_at_by_nothing(api: TestClient, world: World) -> None:
    headers = {"Idempotency-Key": KEY, "Content-Type": "application/json"}
    [fault] = api.post(f"{V1}/cases/{world.case_id}/answers", content="{", headers=headers).json()["errors"]
    assert fault == {"field": "", "message": "Det som skickades är inte JSON. Läsningen stannade vid tecken 1."}
    [kind] = answer(api, world.case_id, {**GOALS, "kind": "nothing"}).json()["errors"]
    assert kind["field"] == "/kind"
    assert "follow_up" in kind["message"]


@pytest.mark.parametrize("content", ["", "{", '{"signed_by": "\\ud800"}', "[]", "null", '"\\u0000"'])
def test_what_is_no_answer_at_all_is_refused(api: TestClient, world: World, content: str) -> None:
    headers = {"Idempotency-Key": KEY, "Content-Type": "application/json"}
    response = api.post(f"{V1}/cases/{world.case_id}/answers", content=content, headers=headers)
    assert problem(response) == (422, "invalid")


@pytest.mark.parametrize("text", ["\ud800", "\x00", "\u202e"])
def test_signs_that_cannot_be_kept_are_refused(api: TestClient, world: World, text: str) -> None:
    content = json.dumps({**GOALS, "signed_by": f"Karin {text} Alm"})
    headers = {"Idempotency-Key": KEY, "Content-Type": "application/json"}
    assert problem(api.post(f"{V1}/cases/{world.case_id}/answers", content=content, headers=headers))[0] == 422


def test_an_answer_to_another_question_is_refused(api: TestClient, world: World) -> None:
    sent = {"kind": "handover", "answer_version": 0, "signed_by": "Karin Alm", "outcome": "confirmed"}
    assert problem(answer(api, world.case_id, sent)) == (409, "wrong_kind")


def test_whoever_has_not_seen_the_last_answer_is_told(api: TestClient, home: Installation, world: World) -> None:
    person = Submission(token=world.chair, answer=_meant(), form_id="f" * 32, seen_version=0)
    submit(home.database, home.mailroom, person, now=NOW)
    assert problem(answer(api, world.case_id)) == (409, "answered_meanwhile")
    assert answer(api, world.case_id, {**GOALS, "answer_version": 1}, name=f"{KEY}-2").status_code == 201


def _meant() -> Any:  # noqa: ANN401 - any kind of answer
    from styrhjul.web.api.given import GoalsSent  # noqa: PLC0415

    return GoalsSent.model_validate(GOALS).meant()


def test_a_closed_case_takes_no_answer(api: TestClient, home: Installation, world: World) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(state=State.WAIVED, closed_on=date(2027, 3, 1)))
    assert problem(answer(api, world.case_id)) == (409, "case_closed")
    assert problem(api.get(f"{V1}/cases/{world.case_id}/question")) == (409, "case_closed")


def test_only_a_post_that_may_answer_and_is_held_does(api: TestClient, home: Installation, world: World) -> None:
    above = {**GOALS, "post_id": world.posts[PostRole.CHIEF_EXECUTIVE]}
    assert problem(answer(api, world.case_id, above)) == (409, "nobody_answers")
    chair = answer(api, world.case_id, {**GOALS, "post_id": world.posts[PostRole.CHAIR]})
    assert chair.json()["post_id"] == world.posts[PostRole.CHAIR]
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Appointment).values(ends_on=date(2027, 1, 2)))
    vacant = answer(api, world.case_id, {**GOALS, "answer_version": 1}, name=f"{KEY}-2")
    assert problem(vacant) == (409, "nobody_answers")


def test_a_key_that_only_reads_cannot_answer(home: Installation, world: World) -> None:
    with program(home, key(home, world.municipality_id, Scope.READ)) as api:
        assert problem(answer(api, world.case_id)) == (403, "insufficient_scope")
    assert kept(home.database, world) == 0


def test_another_municipalitys_case_is_not_here(api: TestClient, home: Installation, world: World) -> None:
    other = ask(home.database, slug="vinterby")
    assert problem(answer(api, other.case_id)) == (404, "not_found")
    assert kept(home.database, other) == 0
