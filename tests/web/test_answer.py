"""The way from a link to an answer: opening and reviewing change nothing, one press does, and it is never the first."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from config.clock import StoppedClock
from styrhjul.db.case_model import Answer, Case, Goal, JournalEntry
from styrhjul.db.mail_model import AnswerLink, Mail
from styrhjul.db.model import Appointment, Meeting
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.foundation.installation import Installation
from tests.answer_world import NOW, World, appoint, ask
from tests.web.conftest import here, hidden
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

GOAL = "Fler ska kunna påverka det stöd de får."


def count(home: Installation, world: World, table: type = Answer) -> int:
    with home.database.reading(world.municipality_id) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def opened(client: TestClient, token: str) -> tuple[str, str]:
    """Open a link as a browser does; return the form's address and page."""
    response = client.get(f"/a/{token}")
    assert response.status_code == 200
    return response.url.path, response.text


def goals(page: str, *texts: str, **more: str) -> dict[str, str]:
    fields = {f"goals-{number}-text": text for number, text in enumerate(texts)}
    return {name: hidden(page, name) for name in ("csrf", "form_id", "seen")} | fields | more


def handed_in(client: TestClient, token: str, *texts: str, name: str = "Anna Exempel", **more: str) -> Response:
    path, page = opened(client, token)
    review = client.post(f"{path}/review", data=goals(page, *texts, **more)).text
    signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": name}
    return client.post(path, data=signed)


def later(home: Installation, days: int) -> Installation:
    moved = Installation.open(home.settings, StoppedClock(NOW + timedelta(days=days)))
    moved.__dict__["database"] = home.database
    return moved


def test_opening_takes_the_token_out_of_the_address(client: TestClient, world: World) -> None:
    first = client.get(f"/a/{world.chair}", follow_redirects=False)
    assert (first.status_code, world.chair in first.headers["location"]) == (303, False)
    cookie = first.headers["set-cookie"]
    assert world.chair not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert f"Path={first.headers['location']}" in cookie


def test_behind_https_the_cookie_is_bound_to_the_host(home: Installation, world: World) -> None:
    settings = home.settings.model_copy(update={"base_url": "https://styrhjul.example.org"})
    secure = Installation(settings, home.clock)
    with here(secure, base_url="https://styrhjul.example.org") as client:
        cookie = client.get(f"/a/{world.chair}", follow_redirects=False).headers["set-cookie"]
    assert cookie.startswith("__Host-styrhjul-answer-")
    assert "Secure" in cookie
    assert "Path=/;" in cookie


def test_the_form_says_why_by_when_and_how_many(client: TestClient, world: World) -> None:
    _, page = opened(client, world.chair)
    assert "Vilka mål har socialnämnden för 2027?" in page
    assert "Varje nämnd ska för sin verksamhet ta fram 1-2 mål." in page
    assert "Integrationspolicy, kommunfullmäktige 2017-11-14, KS-2016-284" in page
    assert "Skriv ett eller två mål." in page
    assert "onsdag 31\u00a0mars" in page
    assert page.count("<fieldset") == 4  # two goals, the decision and the attachments


def test_looking_a_thousand_times_changes_nothing(client: TestClient, home: Installation, world: World) -> None:
    before = count(home, world, JournalEntry)
    for _ in range(20):
        path, _ = opened(client, world.chair)
        client.head(path)
        client.options(path)
        client.get(f"{path}/receipt")
    assert (count(home, world), count(home, world, JournalEntry)) == (0, before)


def test_a_review_reads_everything_back_and_changes_nothing(
    client: TestClient, home: Installation, world: World
) -> None:
    path, page = opened(client, world.chair)
    review = client.post(f"{path}/review", data=goals(page, GOAL, decided_on="2027-03-03")).text
    assert GOAL in review
    assert "3\u00a0mars 2027" in review
    assert "Paragrafen saknas" in review
    assert count(home, world) == 0


@pytest.mark.parametrize(
    ("decided_on", "is_asked_about"),
    [("2027-03-04", True), ("2027-03-03", False), ("2027-03-02", False)],
)
def test_a_decision_between_two_entered_meetings_is_asked_about_and_not_refused(
    client: TestClient, home: Installation, world: World, decided_on: str, is_asked_about: bool
) -> None:
    """It may be an extra meeting, or decided by delegation: KL 6:37."""
    with home.database.municipality(world.municipality_id) as session:
        session.add_all(Meeting(body_id=world.bodies["social"], meets_on=date(2027, 3, day)) for day in (3, 17))
    path, page = opened(client, world.chair)
    review = client.post(f"{path}/review", data=goals(page, GOAL, decided_on=decided_on, paragraph="82"))
    assert review.status_code == 200
    assert ("Inget sammanträde är inlagt" in review.text) is is_asked_about


def test_an_answer_is_kept_and_shown_on_its_receipt(client: TestClient, home: Installation, world: World) -> None:
    response = handed_in(client, world.chair, GOAL, "Ett till", decided_on="2027-03-03", paragraph="§ 82")
    assert response.url.path.endswith("/receipt")
    assert GOAL in response.text
    with home.database.reading(world.municipality_id) as session:
        answer = session.scalars(select(Answer)).one()
        assert (answer.signed_by, answer.decided_on, answer.paragraph) == ("Anna Exempel", date(2027, 3, 3), "82")
        assert session.scalars(select(Goal.text).order_by(Goal.position)).all() == [GOAL, "Ett till"]


def test_a_doubled_press_is_one_answer(client: TestClient, home: Installation, world: World) -> None:
    path, page = opened(client, world.chair)
    review = client.post(f"{path}/review", data=goals(page, GOAL)).text
    signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Anna"}
    answers = [client.post(path, data=signed) for _ in range(3)]
    assert [each.url.path for each in answers] == [f"{path}/receipt"] * 3
    assert count(home, world) == 1


@pytest.mark.parametrize("texts", [(), ("",), (GOAL, GOAL, GOAL)])
def test_none_and_three_goals_are_refused(
    client: TestClient, home: Installation, world: World, texts: tuple[str, ...]
) -> None:
    path, page = opened(client, world.chair)
    response = client.post(f"{path}/review", data=goals(page, *texts))
    assert (response.status_code, 'role="alert"' in response.text) == (422, True)
    assert count(home, world) == 0


def test_what_was_typed_stays_when_something_is_wrong(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    response = client.post(f"{path}/review", data=goals(page, GOAL, decided_on="24/3")).text
    assert GOAL in response
    assert 'value="24/3"' in response
    assert '<a href="#decided_on">Skriv datumet som 2027-03-24</a>' in response
    assert response.count("Skriv datumet som 2027-03-24") == 2


def test_a_decision_before_all_policies_is_refused_where_it_stands(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    response = client.post(f"{path}/review", data=goals(page, GOAL, decided_on="0001-01-01")).text
    assert '<a href="#decided_on">Skriv ett år mellan 1900 och 2199</a>' in response


def test_a_press_without_a_name_hands_nothing_in(client: TestClient, home: Installation, world: World) -> None:
    response = handed_in(client, world.chair, GOAL, name=" ")
    assert (response.status_code, count(home, world)) == (422, 0)
    assert "Skriv ditt namn" in response.text


def test_going_back_from_the_review_keeps_everything(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    review = client.post(f"{path}/review", data=goals(page, GOAL, decided_on="2027-03-03", paragraph="7")).text
    back = client.post(f"{path}/edit", data={"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload")})
    assert GOAL in back.text
    assert hidden(back.text, "form_id") == hidden(page, "form_id")


def test_a_review_cannot_be_forged_or_moved_to_another_link(
    client: TestClient, home: Installation, world: World
) -> None:
    path, page = opened(client, world.chair)
    review = client.post(f"{path}/review", data=goals(page, GOAL)).text
    other, other_page = opened(client, world.tokens[PostRole.SECRETARY])
    for payload in ("", "x.y", hidden(review, "payload")):
        sent = {"csrf": hidden(other_page, "csrf"), "payload": payload, "signed_by": "Anna"}
        assert client.post(other, data=sent).status_code == 422
    assert count(home, world) == 0


def test_two_links_open_in_two_tabs_do_not_disturb_each_other(client: TestClient, world: World) -> None:
    first, _ = opened(client, world.chair)
    second, _ = opened(client, world.tokens[PostRole.SECRETARY])
    assert (client.get(first).status_code, client.get(second).status_code) == (200, 200)


def test_whoever_comes_second_sees_both_answers(client: TestClient, home: Installation, world: World) -> None:
    path, page = opened(client, world.tokens[PostRole.SECRETARY])
    handed_in(client, world.chair, "Ordförandens mål")
    review = client.post(f"{path}/review", data=goals(page, "Sekreterarens mål")).text
    signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Bo"}
    response = client.post(path, data=signed)
    assert response.status_code == 409
    assert "Någon annan hann före" in response.text
    assert "Ordförandens mål" in response.text
    assert "Sekreterarens mål" in response.text
    assert count(home, world) == 1


def test_going_on_with_ones_own_builds_on_the_newer_one(client: TestClient, home: Installation, world: World) -> None:
    path, page = opened(client, world.tokens[PostRole.SECRETARY])
    handed_in(client, world.chair, "Ordförandens mål")
    review = client.post(f"{path}/review", data=goals(page, "Sekreterarens mål")).text
    signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Bo"}
    met = client.post(path, data=signed).text
    form = client.post(f"{path}/edit", data={"csrf": hidden(met, "csrf"), "payload": hidden(met, "payload")}).text
    again = client.post(f"{path}/review", data=goals(form, "Sekreterarens mål")).text
    client.post(path, data=signed | {"payload": hidden(again, "payload")})
    assert count(home, world) == 2


def test_an_answer_can_be_changed_until_its_day_and_then_only_read(
    client: TestClient, home: Installation, world: World
) -> None:
    handed_in(client, world.chair, GOAL, decided_on="2027-03-03", paragraph="12")
    _, page = opened(client, world.chair)
    assert GOAL in page
    with here(later(home, 30)) as client_later:
        _, fixed = opened(client_later, world.chair)
    assert GOAL in fixed
    assert "<form" not in fixed


def test_somebody_above_sees_how_it_stands_and_has_no_form(client: TestClient, world: World) -> None:
    _, page = opened(client, world.tokens[PostRole.HEAD_OF_ADMINISTRATION])
    assert "Socialnämnden har inte lämnat mål för 2027" in page
    assert "<form" not in page


# -- dead links ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "a" * 43, "../../etc", "a" * 3000])
def test_an_unknown_link_looks_like_any_missing_page(client: TestClient, world: World, token: str) -> None:
    response = client.get(f"/a/{token}")
    assert (response.status_code, response.text) == (404, client.get("/finns/inte/alls").text)


def test_a_former_holder_with_the_form_open_is_told_who_to_turn_to(
    client: TestClient, home: Installation, world: World
) -> None:
    path, page = opened(client, world.chair)
    with home.database.municipality(world.municipality_id) as session:
        appoint(session, world.posts[PostRole.CHAIR], "Efterträdaren", since=NOW.date())
    response = client.post(f"{path}/review", data=goals(page, GOAL))
    assert response.status_code == 410
    assert "Länken gäller inte längre" in response.text
    assert "Efterträdaren" in response.text


def test_a_dead_link_offers_a_fresh_one_to_the_office(client: TestClient, home: Installation, world: World) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(AnswerLink).values(revoked_at=NOW))
    gone = client.get(f"/a/{world.chair}")
    said = client.post(f"{gone.url.path}/fresh-link", data={"csrf": hidden(gone.text, "csrf")})
    assert "Vi har tagit emot din begäran" in said.text
    assert count(home, world, Mail) == 1


@pytest.mark.parametrize("is_vacant", [False, True])
def test_the_same_is_said_when_nothing_is_sent_and_the_fourth_time_to_wait(
    client: TestClient, home: Installation, world: World, is_vacant: bool
) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(AnswerLink).values(revoked_at=NOW))
        if is_vacant:
            session.execute(update(Appointment).values(ends_on=NOW.date() - timedelta(days=1)))
    gone = client.get(f"/a/{world.chair}")
    press = {"csrf": hidden(gone.text, "csrf")}
    *said, fourth = [client.post(f"{gone.url.path}/fresh-link", data=press) for _ in range(4)]
    assert len({page.text for page in said}) == 1
    assert [page.status_code for page in (*said, fourth)] == [200, 200, 200, 429]
    assert fourth.headers["retry-after"] == "3600"
    assert "Tre länkar har redan begärts" in fourth.text
    assert count(home, world, Mail) == (0 if is_vacant else 3)


def test_the_last_holder_is_told_who_to_turn_to(client: TestClient, home: Installation, world: World) -> None:
    with home.database.municipality(world.municipality_id) as session:
        chair = Appointment.post_id == world.posts[PostRole.CHAIR]
        session.execute(update(Appointment).where(chair).values(ends_on=NOW.date() - timedelta(days=1)))
        appoint(session, world.posts[PostRole.CHAIR], "Kim Exempel", NOW.date())
    gone = client.get(f"/a/{world.chair}")
    assert gone.status_code == 410
    assert "Ordförande i socialnämnden är nu Kim Exempel." in gone.text
    assert "registrator@herrljunga.example.org" in gone.text


def test_a_closed_case_needs_no_link(client: TestClient, home: Installation, world: World) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(state=State.WAIVED))
    response = client.get(f"/a/{world.chair}")
    assert (response.status_code, "<form" in response.text) == (410, False)


# -- the other forms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lifecycle", [key for key in LIFECYCLES if key != "goal_setting"])
def test_no_choice_is_made_beforehand(client: TestClient, home: Installation, lifecycle: str) -> None:
    asked = ask(home.database, lifecycle)
    path, page = opened(client, asked.holder)
    assert f'type="{"checkbox" if lifecycle == "handover" else "radio"}"' in page
    assert " checked" not in page
    sent = {name: hidden(page, name) for name in ("csrf", "form_id", "seen")} | {"comment": "x", "x": "y"}
    assert client.post(f"{path}/review", data=sent).status_code == 422


def test_a_follow_up_is_handed_in(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "follow_up")
    path, page = opened(client, asked.chair)
    sent = {name: hidden(page, name) for name in ("csrf", "form_id", "seen", "judgements-0-goal_id")}
    sent |= {"judgements-0-attainment": "partly_met", "judgements-0-analysis": "Hälften är gjort."}
    review = client.post(f"{path}/review", data=sent).text
    signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Anna"}
    receipt = client.post(path, data=signed).text
    assert "Delvis uppfyllt" in receipt
    assert "Hälften är gjort." in receipt


def test_a_revision_without_a_decision_is_said_to_be_begun(client: TestClient, home: Installation) -> None:
    asked = ask(home.database, "revision")
    path, page = opened(client, asked.chair)
    sent = {name: hidden(page, name) for name in ("csrf", "form_id", "seen")}
    review = client.post(f"{path}/review", data=sent | {"outcome": "revise", "comment": "Arbetet pågår."}).text
    assert "Arbetet noteras som påbörjat" in review
    signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Anna"}
    assert "Frågan står kvar" in client.post(path, data=signed).text
    assert "Frågan står kvar" in client.get(path).text


def test_typed_markup_is_text(client: TestClient, home: Installation, world: World) -> None:
    evil = '<script>alert(1)</script>{{ 7*7 }}" onfocus="x'
    receipt = handed_in(client, world.chair, evil, name="<b>Anna</b>").text
    assert "<script>" not in receipt
    assert "49" not in re.sub(r"<[^>]+>", "", receipt.partition("Det du lämnade in")[2])
    assert "&lt;b&gt;Anna" in receipt


def test_a_form_that_stands_open_still_works_when_the_link_is_opened_again(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    opened(client, world.chair)
    assert client.post(f"{path}/review", data=goals(page, GOAL)).status_code == 200


@pytest.mark.parametrize(("role", "may"), [(PostRole.CHIEF_EXECUTIVE, True), (PostRole.HEAD_OF_ADMINISTRATION, False)])
def test_only_who_can_decide_is_told_what_can_be_decided(
    client: TestClient, world: World, role: PostRole, *, may: bool
) -> None:
    """The page offers what the mail does: templates/emails/_words.txt, decide."""
    page = client.get(f"/a/{world.tokens[role]}").text
    choices = "ge mer tid, ge ärendet till någon annan, avsluta det med skäl eller notera att det står öppet"
    assert (choices in page) is may
    assert ("svara på mejlet med vilken dag det sker" in page) is not may
