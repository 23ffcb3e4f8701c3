"""Whoever decides about a case sees the effect first, decides once, and never over somebody else's decision."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from styrhjul.db.model import UserRole
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.cases.decision import CaseAt, Decision, note
from styrhjul.web.actor import Actor
from styrhjul.web.permission import may
from tests.answer_world import NOW, World, ask
from tests.web.conftest import here
from tests.web.deciding import BECAUSE, case_now, decide, gone_up, late, made, opened, path_of, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

ACTS = ["extend", "reassign", "approve", "return", "refer", "prepare", "note", "waive"]


@pytest.fixture
def desk(home: Installation, world: World) -> Iterator[TestClient]:
    """Somebody at the machine, on the day the matter has gone up."""
    gone_up(home, world)
    with here(late(home)) as client:
        yield client


def test_more_time_moves_the_day_and_says_who_and_why(desk: TestClient, home: Installation, world: World) -> None:
    assert decide(desk, world, "extend", until="2027-05-31").status_code == 303
    assert case_now(home, world).due_on == date(2027, 5, 31)
    assert made(home, world) == [("extend", "kansliet", BECAUSE)]


def test_the_review_shows_the_new_day_and_the_mails_and_changes_nothing(
    desk: TestClient, home: Installation, world: World
) -> None:
    form = opened(desk, world, "extend") | {"until": "2027-05-31", "reason": BECAUSE}
    page = desk.post(path_of(world, "extend"), data=form).text
    assert "Fristen blir måndag 31\u00a0maj. Den var 31\u00a0mars." in page
    assert "Sista påminnelsen" in page
    assert "16\u00a0juni" in page
    assert (case_now(home, world).due_on, made(home, world)) == (date(2027, 3, 31), [])


@pytest.mark.parametrize(
    ("until", "why"),
    [
        ("2027-09-30", "Den senaste dagen är 2027-08-31, eftersom ärendet avslutas 2027-09-01."),
        ("2027-05-01", "2027-05-01 är"),
        ("2027-04-01", "Den nya dagen ska ligga efter 2027-04-14."),
        ("9999-12-31", "Skriv ett år mellan 1900 och 2199"),
        ("i maj", "Skriv datumet som 2027-03-24"),
        ("", "Skriv datumet som 2027-03-24"),
    ],
)
def test_a_day_that_will_not_do_is_refused_with_the_reason(
    desk: TestClient, home: Installation, world: World, until: str, why: str
) -> None:
    response = decide(desk, world, "extend", until=until)
    assert response.status_code == 422
    assert response.text.count(why) == 2  # in the summary and beside the field
    assert f">\n{BECAUSE}</textarea>" in response.text
    assert made(home, world) == []


@pytest.mark.parametrize("act", ["extend", "reassign", "note", "waive"])
def test_nothing_is_decided_without_a_reason(desk: TestClient, home: Installation, world: World, act: str) -> None:
    response = decide(desk, world, act, reason=" ", until="2027-05-31", to=world.posts[PostRole.COORDINATOR])
    assert response.status_code == 422
    assert "Skriv varför" in response.text
    assert made(home, world) == []


def test_another_post_gets_the_case(desk: TestClient, home: Installation, world: World) -> None:
    post = world.posts[PostRole.HEAD_OF_ADMINISTRATION]
    assert decide(desk, world, "reassign", to=post).status_code == 303
    assert case_now(home, world).assigned_post_id == post


def test_nobody_is_chosen_beforehand(desk: TestClient, world: World) -> None:
    page = desk.get(path_of(world, "reassign")).text
    assert '<option value="">Välj</option>' in page
    assert " selected" not in page
    assert decide(desk, world, "reassign", to="").status_code == 422


@pytest.mark.parametrize(
    ("act", "moves"),
    [
        ("waive", (State.OPEN, State.WAIVED)),
        ("approve", (State.SUBMITTED, State.DONE)),
        ("return", (State.SUBMITTED, State.OPEN)),
    ],
)
def test_a_case_is_ended_approved_or_sent_back(
    desk: TestClient, home: Installation, world: World, act: str, moves: tuple[State, State]
) -> None:
    before, after = moves
    put(home, world, before)
    assert decide(desk, world, act, until="2027-05-31").status_code == 303
    assert case_now(home, world).state is after
    assert act in {what for what, _, _ in made(home, world)}


def test_a_note_changes_nothing_else(desk: TestClient, home: Installation, world: World) -> None:
    before = case_now(home, world)
    assert decide(desk, world, "note").status_code == 303
    assert case_now(home, world).version == before.version
    assert made(home, world) == [("note", "kansliet", BECAUSE)]


def test_a_draft_is_referred_and_then_prepared(home: Installation) -> None:
    world = ask(home.database, "revision")
    put(home, world, State.UNDER_WAY)
    with here(late(home)) as client:
        assert decide(client, world, "refer", until="2027-06-30", bodies=world.bodies["ks"]).status_code == 303
        assert decide(client, world, "prepare", until="2027-04-12", paragraph="41").status_code == 303
    assert case_now(home, world).state is State.PREPARED
    assert [what for what, _, _ in made(home, world)] == ["refer", "prepare"]


@pytest.mark.parametrize("act", ACTS)
def test_pressed_twice_it_is_decided_once(home: Installation, act: str) -> None:
    world = ask(home.database, "revision" if act in ("refer", "prepare") else "goal_setting")
    put(home, world, {"approve": State.SUBMITTED, "return": State.SUBMITTED}.get(act, State.OPEN))
    if world.lifecycle == "revision":
        put(home, world, State.UNDER_WAY)
    typed = {"reason": BECAUSE, "until": {"refer": "2027-06-30", "prepare": "2027-04-12"}.get(act, "2027-05-31")}
    typed |= {"to": world.posts[PostRole.COORDINATOR], "bodies": world.bodies["ks"], "paragraph": "41"}
    with here(late(home)) as client:
        form = opened(client, world, act) | typed
        pressed = [client.post(path_of(world, act) + "/done", data=form, follow_redirects=False) for _ in range(2)]
    assert [response.status_code for response in pressed] == [303, 303]
    assert [what for what, _, _ in made(home, world)] == [act]


def test_the_second_of_two_is_told_what_the_first_did(desk: TestClient, home: Installation, world: World) -> None:
    form = opened(desk, world, "waive") | {"reason": "Ingen svarar."}
    decide(desk, world, "extend", until="2027-05-31")
    for path in (path_of(world, "waive"), path_of(world, "waive") + "/done"):
        response = desk.post(path, data=form)
        assert response.status_code == 409
        assert "Kansliet satte en ny frist: 31 maj 2027." in response.text
        assert "Ingen svarar." in response.text
    assert case_now(home, world).state is State.OPEN


def test_also_a_note_is_told_before_somebody_ends_the_case(desk: TestClient, home: Installation, world: World) -> None:
    form = opened(desk, world, "waive") | {"reason": "Ingen svarar."}
    seen = Decision(by="kommunchefen", reason="Nämnden hör av sig på måndag.")
    note(home.database, CaseAt(world.municipality_id, world.case_id), seen, NOW)
    response = desk.post(path_of(world, "waive") + "/done", data=form)
    assert response.status_code == 409
    assert "Nämnden hör av sig på måndag." in response.text


def test_what_was_typed_is_kept_on_the_way_back(desk: TestClient, world: World) -> None:
    form = opened(desk, world, "extend") | {"until": "2027-05-31", "reason": BECAUSE, "edit": "1"}
    page = desk.post(path_of(world, "extend"), data=form)
    assert page.status_code == 200
    assert 'name="until" value="2027-05-31"' in page.text
    assert f">\n{BECAUSE}</textarea>" in page.text


@pytest.mark.parametrize("act", ["approve", "return", "refer", "prepare", "invented"])
def test_what_the_case_does_not_allow_is_not_offered(desk: TestClient, world: World, act: str) -> None:
    assert desk.get(path_of(world, act)).status_code == 404
    assert f'/act/{act}"' not in desk.get(f"/herrljunga/case/{world.case_id}").text


def test_a_case_that_has_ended_says_so_past_the_form(desk: TestClient, home: Installation, world: World) -> None:
    form = opened(desk, world, "waive") | {"reason": BECAUSE}
    put(home, world, State.DONE)
    response = desk.post(path_of(world, "waive") + "/done", data=form)
    assert response.status_code == 422
    assert "Ärendet är redan avslutat." in response.text


@pytest.mark.parametrize("act", ACTS)
def test_another_municipalitys_case_is_not_here(desk: TestClient, home: Installation, world: World, act: str) -> None:
    other = ask(home.database, slug="olofstrom")
    form = opened(desk, world, "note") | {"reason": BECAUSE, "until": "2027-05-31", "to": "x", "paragraph": "1"}
    strange = f"/herrljunga/case/{other.case_id}/act/{act}"
    assert desk.get(strange).status_code == 404
    assert [desk.post(path, data=form).status_code for path in (strange, f"{strange}/done")] == [404, 404]
    assert made(home, other) == []


@pytest.mark.parametrize("role", sorted(UserRole))
def test_only_those_who_decide_may(role: UserRole) -> None:
    actor = Actor(name="någon", roles=frozenset({role}), municipality="herrljunga")
    decides = role in (UserRole.CHIEF_EXECUTIVE, UserRole.COORDINATOR)
    for method, path in (
        ("POST", "/{municipality}/case/{case_id}/act/{act}/done"),
        ("POST", "/{municipality}/decisions/{case_id}"),
    ):
        assert may(actor, method, path) == decides
    assert may(actor, "GET", "/{municipality}/case/{case_id}")
    assert may(actor, "GET", "/{municipality}/decisions")
