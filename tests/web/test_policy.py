"""The policies' pages: the list, one policy with its duties, decisions, the release."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event, select, update

from styrhjul.db.case_model import Case
from styrhjul.db.model import Duty, DutyStatus, Edition, Policy, Post, UserRole
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import Modality
from styrhjul.services.foundation.installation import Installation
from styrhjul.web import permission
from styrhjul.web.actor import Actor
from styrhjul.web.official import policy_confirm
from styrhjul.web.official.policy_release import load_table
from styrhjul.web.permission import may
from tests.answer_world import World
from tests.town import Town
from tests.web.conftest import hidden
from tests.web.policy_world import (
    NOW,
    POLICY,
    SLUG,
    brought,
    confirm_clear,
    duties,
    official,
    send,
    town,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

MODALITY = {"modality": "must", "action_kind": "set_goals", "holder": "body", "recurrence": "annual"}


__all__ = ["brought", "official", "town"]  # fixtures


# -- the list ----------------------------------------------------------------------------------------------------------


def test_the_list_says_what_waits_in_each_policy(brought: TestClient) -> None:
    page = brought.get("/lillby/policies").text
    assert page.index("Integrationspolicy") < page.index("Miljöpolicy för Lillby kommun")
    for words in ("Läs in styrdokument", "7 att bekräfta", "Inte släppt", "Ingen ansvarig", "2024-05-13 §&nbsp;41"):
        assert words in page


def test_an_expired_policy_is_told(brought: TestClient, home: Installation, town: Town) -> None:
    with home.database.municipality(town.municipality_id) as session:
        session.execute(update(Edition).values(valid_until=NOW.date() - timedelta(days=1)))
    assert "Utgånget" in brought.get("/lillby/policies").text
    assert "Dokumentet gällde till" in brought.get(POLICY).text


def test_the_overview_leads_to_the_release_of_what_waits_for_it(brought: TestClient) -> None:
    page = brought.get("/lillby").text
    assert f'<a href="{POLICY}/release">Se prognosen' in page
    assert "styrhjul policy release" not in page


def test_a_duty_leads_to_the_case_that_is_open_about_it(client: TestClient, home: Installation, world: World) -> None:
    link = f'<a class="small" href="/herrljunga/case/{world.case_id}">Se ärendet'
    assert link in client.get("/herrljunga/policy/integration").text
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Duty).values(status=DutyStatus.PROPOSED))
    assert link not in client.get("/herrljunga/policy/integration").text
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Duty).values(status=DutyStatus.CONFIRMED))
        session.execute(update(Case).values(state=State.DONE, closed_on=NOW.date()))
    assert link not in client.get("/herrljunga/policy/integration").text


# -- decisions ---------------------------------------------------------------------------------------------------------


def page_of(home: Installation, town: Town, number: int) -> str:
    return f"{POLICY}/duty/{duties(home, town)[number].id}"


def test_one_duty_is_confirmed_and_the_journal_tells(brought: TestClient, home: Installation, town: Town) -> None:
    path = page_of(home, town, 0)
    page = send(brought, path, f"{path}/confirm").text
    assert duties(home, town)[0].status is DutyStatus.CONFIRMED
    assert "Kansliet bekräftade en skyldighet." in page
    assert "1 ska</a>" in page


def test_the_second_of_two_people_is_told_on_the_page(brought: TestClient, home: Installation, town: Town) -> None:
    path = page_of(home, town, 0)
    seen = hidden(brought.get(path).text, "version")
    send(brought, path, f"{path}/confirm")
    refused = send(brought, path, f"{path}/reject", version=seen, why="Det är ingen skyldighet.")
    assert refused.status_code == 422
    assert "Skyldigheten har ändrats av kansliet" in refused.text
    assert "Det är ingen skyldighet." in refused.text
    assert duties(home, town)[0].status is DutyStatus.CONFIRMED


def test_a_form_without_a_version_changes_nothing(brought: TestClient, home: Installation, town: Town) -> None:
    path = page_of(home, town, 0)
    assert send(brought, path, f"{path}/confirm", version="").status_code == 422
    assert duties(home, town)[0].status is DutyStatus.PROPOSED


def test_what_is_clear_is_confirmed_by_whoever_has_read_it(brought: TestClient, home: Installation, town: Town) -> None:
    assert confirm_clear(brought).status_code == 200
    found = duties(home, town)
    unmatched = [duty for duty in found if "Inget organ heter" in duty.reason]
    assert {duty.actor for duty in unmatched} == {"Skolan"}
    assert {duty.status for duty in unmatched} == {DutyStatus.PROPOSED}, "whom it binds is for a person to choose"
    assert {duty.status for duty in found if duty not in unmatched} == {DutyStatus.CONFIRMED}


def test_nothing_is_confirmed_by_one_press(brought: TestClient, home: Installation, town: Town) -> None:
    refused = send(brought, f"{POLICY}/confirm", f"{POLICY}/confirm")
    assert refused.status_code == 422
    assert "Läs meningarna" in refused.text
    assert {duty.status for duty in duties(home, town)} == {DutyStatus.PROPOSED}


def test_a_tick_that_was_taken_away_stays_away_when_the_form_comes_back(
    brought: TestClient, home: Installation, town: Town
) -> None:
    first, *others = ticked(brought.get(f"{POLICY}/confirm").text)
    again = send(brought, f"{POLICY}/confirm", f"{POLICY}/confirm", clear=others)
    assert again.status_code == 422
    assert ticked(again.text) == others
    assert f'value="{first}"' in again.text, "it can still be ticked"
    send(brought, f"{POLICY}/confirm", f"{POLICY}/confirm", clear=ticked(again.text), seen="yes")
    assert {duty.id for duty in duties(home, town) if duty.status is DutyStatus.CONFIRMED} == {
        each.partition(":")[0] for each in others
    }


def test_a_tick_for_words_that_have_changed_is_not_carried_over(
    brought: TestClient, home: Installation, town: Town
) -> None:
    first, *others = ticked(brought.get(f"{POLICY}/confirm").text)
    with home.database.municipality(town.municipality_id) as session:
        session.execute(update(Duty).where(Duty.id == first.partition(":")[0]).values(deadline="senast 31 mars"))
    again = send(brought, f"{POLICY}/confirm", f"{POLICY}/confirm", clear=[first, *others])
    assert ticked(again.text) == others


def test_no_more_is_offered_than_can_be_sent(brought: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert policy_confirm.MOST_AT_ONCE + len(("csrf", "seen")) <= permission.MOST_FIELDS
    assert " till visas" not in brought.get(f"{POLICY}/confirm").text
    monkeypatch.setattr(policy_confirm, "MOST_AT_ONCE", 2)
    shown = brought.get(f"{POLICY}/confirm").text
    assert len(ticked(shown)) == 2
    assert "Två till visas när du har tagit ställning till dem här." in shown
    confirm_clear(brought)
    rest = brought.get(f"{POLICY}/confirm").text
    assert len(ticked(rest)) == 2
    assert " till visas" not in rest


def test_the_interval_that_will_run_is_said_where_one_confirms(
    brought: TestClient, home: Installation, town: Town
) -> None:
    before = brought.get(f"{POLICY}/confirm").text
    asked = next(duty for duty in duties(home, town) if f"{duty.id}:" in before and duty.lifecycle == "goal_setting")
    standard = "Varje år: kommunens standard, inte dokumentets text"
    with home.database.municipality(town.municipality_id) as session:
        session.execute(update(Duty).where(Duty.id == asked.id).values(recurrence=None))
    assert brought.get(f"{POLICY}/confirm").text.count(standard) == before.count(standard) + 1
    shown = brought.get(f"{POLICY}/duty/{asked.id}").text
    assert "Hur ofta: varje år, kommunens standard, texten säger inget" in shown


def ticked(page: str) -> list[str]:
    return re.findall(r'name="clear" value="([^"]*)" checked>', page)


def test_what_has_changed_since_it_was_read_waits(brought: TestClient, home: Installation, town: Town) -> None:
    shown = brought.get(f"{POLICY}/confirm").text
    clear = re.findall(r'name="clear" value="([^"]*)"', shown)
    with home.database.municipality(town.municipality_id) as session:
        session.execute(update(Duty).where(Duty.id == clear[0].partition(":")[0]).values(deadline="senast 31 mars"))
    sent = {"csrf": hidden(shown, "csrf"), "clear": clear[:2], "seen": "yes"}
    assert "Några har ändrats sedan du läste dem" in brought.post(f"{POLICY}/confirm", data=sent).text
    assert [duty.status for duty in duties(home, town)].count(DutyStatus.CONFIRMED) == 1


def test_what_waits_is_gone_through_without_the_list(brought: TestClient, home: Installation, town: Town) -> None:
    waiting = [duty.id for duty in duties(home, town)]
    path = f"{POLICY}/duty/{waiting[0]}"
    assert "7 av 7 kvar." in brought.get(f"{path}?walk=yes").text
    for number, duty_id in enumerate(waiting, 1):
        path = f"{POLICY}/duty/{duty_id}"
        response = send(brought, path, f"{path}/confirm", walk="yes")
        place = f"/duty/{waiting[number]}" if number < len(waiting) else POLICY
        assert response.url.path.endswith(place)
    assert {duty.status for duty in duties(home, town)} == {DutyStatus.CONFIRMED}


def test_what_follows_is_said_before_a_duty_is_confirmed(brought: TestClient, home: Installation, town: Town) -> None:
    for number, duty in enumerate(duties(home, town)):
        shown = brought.get(page_of(home, town, number)).text
        said = " frågan (följs som: " if duty.lifecycle else "Ingen får någon fråga. Inget organ är valt"
        told = said in shown or "Inget organ är valt. Välj vem det gäller" in shown
        assert told, duty.quote


def test_a_rejection_moves_no_number_and_the_counter_goes_down(
    brought: TestClient, home: Installation, town: Town
) -> None:
    first, second = page_of(home, town, 0), page_of(home, town, 1)
    assert '<h1 id="duty" tabindex="-1">Skyldighet 2</h1>' in brought.get(second).text
    send(brought, first, f"{first}/reject", why="Det är en inledning.")
    shown = brought.get(f"{second}?walk=yes").text
    assert '<h1 id="duty" tabindex="-1">Skyldighet 2</h1>' in shown
    assert "6 av 7 kvar." in shown
    page = brought.get(POLICY).text
    assert 'id="s2"' in page
    assert 'id="t2"' in page
    assert 'id="s1"' not in page


def test_a_duty_is_shown_in_its_paragraph_with_its_line(brought: TestClient, home: Installation, town: Town) -> None:
    last = brought.get(page_of(home, town, -1)).text
    assert "rad 16" in last
    assert "Skolan bör äta mer ekologiskt. Skolan ska varje år berätta om maten.</p>" in last


def test_a_weaker_word_is_refused_without_a_reason(brought: TestClient, home: Installation, town: Town) -> None:
    path, bodies = page_of(home, town, 0), [town.bodies["socialnämnden"]]
    weaker = {**MODALITY, "modality": "should", "bodies": bodies, "actor": "Nämnden"}
    refused = send(brought, path, f"{path}/correct", **weaker)
    assert refused.status_code == 422
    assert "Texten säger ”ska”." in refused.text
    assert 'value="Nämnden"' in refused.text
    page = send(brought, path, f"{path}/correct", reason="Fullmäktige menade bör.", **weaker).text
    assert duties(home, town)[0].modality is Modality.SHOULD
    assert "styrka från ”ska” till ”bör”" in page


def test_a_rejected_duty_leaves_the_text_and_can_come_back(brought: TestClient, home: Installation, town: Town) -> None:
    path = page_of(home, town, 0)
    assert send(brought, path, f"{path}/reject", why=" ").status_code == 422
    page = send(brought, path, f"{path}/reject", why="Det är en inledning.").text
    assert "En avvisad" in page
    assert "Det är en inledning." in page
    send(brought, path, f"{path}/confirm")
    assert duties(home, town)[0].status is DutyStatus.CONFIRMED


def test_a_duty_is_added_with_its_quote(brought: TestClient, home: Installation, town: Town) -> None:
    path, added = f"{POLICY}/duty", {**MODALITY, "action_kind": "report", "bodies": [town.bodies["socialnämnden"]]}
    quote = "Skolan ska varje år berätta om maten."
    asked = send(brought, path, path, quote=quote, **added)
    assert "står på 2 ställen" in asked.text
    places = [duty.start for duty in duties(home, town) if duty.quote == quote]
    assert all(f'name="place" value="{start}"' in asked.text for start in places)
    assert send(brought, path, path, quote=quote, place=str(places[1]), **added).status_code == 200
    assert [duty.start for duty in duties(home, town) if duty.reason.startswith("Tillagd")] == [places[1]]
    assert send(brought, path, path, quote="Skolan ska baka.", **added).status_code == 422


@pytest.mark.parametrize("missing", ["modality", "action_kind", "holder"])
def test_a_choice_that_is_not_made_is_asked_for(brought: TestClient, town: Town, missing: str) -> None:
    path = f"{POLICY}/duty"
    said = {key: value for key, value in MODALITY.items() if key != missing}
    refused = send(brought, path, path, quote="Skolan bör äta mer ekologiskt.", **said)
    assert refused.status_code == 422
    assert f'href="#{missing}"' in refused.text


def test_a_duty_of_another_policy_is_not_here(brought: TestClient, home: Installation, town: Town) -> None:
    path = page_of(home, town, 0).replace(SLUG, "policy")
    token = hidden(brought.get(POLICY).text, "csrf")
    assert brought.get(path).status_code == 404
    for deed in ("confirm", "correct", "reject"):
        assert brought.post(f"{path}/{deed}", data={"csrf": token, "version": "x"}).status_code == 404


# -- release and owner -------------------------------------------------------------------------------------------------


def test_the_mails_leave_only_for_whoever_has_seen_the_forecast(
    brought: TestClient, home: Installation, town: Town
) -> None:
    confirm_clear(brought)
    assert "aviseringar skulle gå ut de närmaste tolv månaderna" in brought.get(f"{POLICY}/release").text
    assert send(brought, f"{POLICY}/release", f"{POLICY}/release").status_code == 422
    page = send(brought, f"{POLICY}/release", f"{POLICY}/release", seen="yes").text
    assert "Inga mejl skickas om dokumentet än" not in page
    assert "Kansliet släppte mejlen." in page
    assert "redan släppta" in brought.get(f"{POLICY}/release").text


def test_looking_at_the_forecast_releases_nothing(brought: TestClient, home: Installation, town: Town) -> None:
    confirm_clear(brought)
    brought.get(f"{POLICY}/release")
    with home.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Policy.released_at).where(Policy.slug == SLUG)).one() is None


def test_an_empty_load_has_no_months() -> None:
    assert load_table([]).months == ()


def test_an_owner_is_chosen_among_posts(brought: TestClient, home: Installation, town: Town) -> None:
    with home.database.reading(town.municipality_id) as session:
        post_id = session.scalars(select(Post.id).where(Post.title == "coordinator, kommunstyrelsen")).one()
    assert send(brought, f"{POLICY}/owner", f"{POLICY}/owner", post="f" * 32).status_code == 422
    page = send(brought, f"{POLICY}/owner", f"{POLICY}/owner", post=post_id).text
    assert "I Styrhjul: coordinator, kommunstyrelsen" in page
    assert "Kansliet valde dokumentansvarig: coordinator, kommunstyrelsen." in page


# -- who may, and how much ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may_own", "may_coordinate"),
    [
        (UserRole.COORDINATOR, True, True),
        (UserRole.DOCUMENT_OWNER, True, False),
        (UserRole.AUDITOR, False, False),
        (UserRole.CHIEF_EXECUTIVE, False, False),
    ],
)
def test_owners_decide_about_duties_and_coordinators_bring_in(
    role: UserRole, *, may_own: bool, may_coordinate: bool
) -> None:
    actor = Actor(name="x", roles=frozenset({role}), municipality="lillby")
    duty, policy = "/{municipality}/policy/{policy}/duty/{duty}", "/{municipality}/policy/{policy}"
    assert {may(actor, "POST", f"{duty}/{deed}") for deed in ("confirm", "correct", "reject")} == {may_own}
    assert may(actor, "POST", f"{policy}/duty") is may_own
    assert {may(actor, "POST", f"{policy}/{deed}") for deed in ("release", "owner")} == {may_coordinate}
    assert may(actor, "POST", "/{municipality}/policies/import/store") is may_coordinate


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that any database is asked meanwhile."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/lillby/policies", POLICY, f"{POLICY}/duty", f"{POLICY}/owner"])
def test_a_page_asks_at_most_fifteen_questions(brought: TestClient, home: Installation, town: Town, path: str) -> None:
    town.sweep(NOW.date())
    with counted() as asked:
        assert brought.get(path).status_code == 200
    questions = [each for each in asked if each.lstrip().upper().startswith("SELECT")]
    assert 0 < len(questions) <= 15


@pytest.mark.parametrize("path", ["/storby/policies", "/lillby/policy/annan", "/lillby/policy/annan/release"])
def test_what_is_not_here_is_not_found(official: TestClient, path: str) -> None:
    assert official.get(path).status_code == 404
