"""What was measured and which way it goes: optional, kept with the answer, and read the same wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from styrhjul.db.answer_query import load_last_answer
from styrhjul.db.case_model import Assessment
from styrhjul.services.answering.content import content_of
from styrhjul.services.answering.words import handed_in
from styrhjul.services.records.answer_pdf import answer_pdf
from styrhjul.services.records.saving import answer_record_of
from tests.answer_world import World, add_case, ask, policy_of, told
from tests.reports.pdf_parts import letters
from tests.web.conftest import hidden
from tests.web.link_pages import reads

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.db.answer_query import GivenAnswer
    from styrhjul.services.foundation.installation import Installation

GOAL = {"goals-0-text": "Färre avhopp.", "goals-0-indicator": "Andel avhopp", "goals-0-better": "lower"}
JUDGED = {
    "judgements-0-attainment": "partly_met",
    "judgements-0-result": "12 %",
    "judgements-0-trend": "rising",
    "judgements-0-analysis": "Fler slutade i våras.",
    "judgements-0-next_step": "Rektorn ringer upp.",
}


def hand_in(client: TestClient, token: str, typed: dict[str, str]) -> tuple[str, str]:
    """Answer; return the review and the receipt."""
    form = client.get(f"/a/{token}")
    names = ("csrf", "form_id", "seen", *(["judgements-0-goal_id"] if "judgements-0-attainment" in typed else []))
    review = client.post(f"{form.url.path}/review", data={n: hidden(form.text, n) for n in names} | typed).text
    signed = {name: hidden(review, name) for name in ("csrf", "payload")}
    return review, client.post(form.url.path, data=signed | {"signed_by": "Anna"}).text


def asked_again(home: Installation, world: World, lifecycle: str, period: str) -> str:
    """Open the next round of the same body; return the chair's token."""
    with home.database.municipality(world.municipality_id) as session:
        case = add_case(session, lifecycle, policy_of(session), world.bodies["social"], period=period)
        return told(session, case, lifecycle, next(iter(world.posts.values())))


@pytest.fixture
def asked(client: TestClient, home: Installation) -> World:
    """Goals for 2026, with a goal that says which way is good, and the follow-up of them."""
    world = ask(home.database, "follow_up", period="2026")
    hand_in(client, asked_again(home, world, "goal_setting", "2026"), GOAL)
    return world


def last(home: Installation, world: World) -> GivenAnswer:
    with home.database.reading(world.municipality_id) as session:
        found = load_last_answer(session, world.case_id)
    assert found is not None
    return found


def judged_of(answer: GivenAnswer) -> list[dict[str, str]]:
    found: Any = content_of(answer)["judgements"]
    return list(found)


def test_the_review_and_the_receipt_read_the_trend_back_with_words_and_a_symbol(
    client: TestClient, asked: World
) -> None:
    for page in hand_in(client, asked.chair, JUDGED):
        assert '<span class="chip is-late"><svg class="i" aria-hidden="true"><use href="#i-up"/></svg>' in page
        assert "Ökar, åt fel håll" in page
        assert "12 %" in page


def test_neither_is_obligatory_and_what_was_not_told_stands_nowhere(client: TestClient, asked: World) -> None:
    told_of = {name: value for name, value in JUDGED.items() if name.split("-")[-1] not in {"result", "trend"}}
    for page in hand_in(client, asked.chair, told_of):
        assert "Utfall" not in page
        assert ">Trend<" not in page


def test_a_trend_that_is_none_is_not_kept(client: TestClient, home: Installation, asked: World) -> None:
    hand_in(client, asked.chair, JUDGED | {"judgements-0-trend": "sideways"})
    with home.database.reading(asked.municipality_id) as session:
        assert session.scalars(select(Assessment.trend)).all() == [None]


def test_whoever_changes_an_answer_finds_the_trend_and_makes_the_judgement_anew(
    client: TestClient, asked: World
) -> None:
    hand_in(client, asked.chair, JUDGED)
    page = client.get(f"/a/{asked.chair}").text
    assert '<option value="rising" selected>' in page
    assert 'value="12 %"' in page
    assert " checked" not in page


def test_the_receipts_lines_and_the_record_tell_of_it(client: TestClient, home: Installation, asked: World) -> None:
    hand_in(client, asked.chair, JUDGED)
    answer = last(home, asked)
    [line] = handed_in(answer)
    assert "Utfall: 12 %. Trend: ökar, åt fel håll." in line
    [english] = handed_in(answer, "en")
    assert "Trend: rising, the wrong way." in english
    [judged] = judged_of(answer)
    assert (judged["result"], judged["trend"], judged["better"]) == ("12 %", "rising", "lower")


def test_the_pdf_sets_the_trend(client: TestClient, home: Installation, asked: World) -> None:
    hand_in(client, asked.chair, JUDGED)
    before = letters(answer_pdf(answer_record_of(home.database, asked.municipality_id, asked.case_id)))
    assert set("Trend ökar, åt fel håll 12 %") <= before | {"\N{NO-BREAK SPACE}"}


def test_an_answer_that_tells_of_no_trend_keeps_the_hash_it_had(
    client: TestClient, home: Installation, asked: World
) -> None:
    hand_in(client, asked.chair, JUDGED | {"judgements-0-result": "", "judgements-0-trend": ""})
    [judged] = judged_of(last(home, asked))
    assert {"result", "trend"}.isdisjoint(judged)


def test_last_years_judgement_stands_beside_the_same_goal(client: TestClient, home: Installation, asked: World) -> None:
    hand_in(client, asked.chair, JUDGED)
    hand_in(client, asked_again(home, asked, "goal_setting", "2027"), GOAL | {"goals-0-text": "FÄRRE  avhopp."})
    page = client.get(f"/a/{asked_again(home, asked, 'follow_up', '2027')}").text
    beside = page.partition("Så gick det förra gången")[2].partition("</details>")[0]
    for words in ("Delvis uppfyllt", "12 %", "Ökar, åt fel håll", "Fler slutade i våras.", "Rektorn ringer upp."):
        assert words in beside
    assert "Förra uppföljningen" not in page


def test_a_goal_that_is_no_more_is_told_of_apart(client: TestClient, home: Installation, asked: World) -> None:
    hand_in(client, asked.chair, JUDGED)
    hand_in(client, asked_again(home, asked, "goal_setting", "2027"), GOAL | {"goals-0-text": "Ett annat mål."})
    page = client.get(f"/a/{asked_again(home, asked, 'follow_up', '2027')}").text
    assert "Så gick det förra gången" not in page
    assert "Färre avhopp." in page.partition("Förra uppföljningen")[2]


def test_next_years_goals_are_set_beside_the_trend_of_this_years(
    client: TestClient, home: Installation, asked: World
) -> None:
    hand_in(client, asked.chair, JUDGED)
    page = client.get(f"/a/{asked_again(home, asked, 'goal_setting', '2027')}").text
    assert "Ökar, åt fel håll" in page


def test_the_english_page_speaks_english_of_it(client: TestClient, home: Installation, asked: World) -> None:
    reads(home, asked, "en")
    review, _ = hand_in(client, asked.chair, JUDGED)
    assert "Rising, the wrong way" in review
    assert "The measure is to" in client.get(f"/a/{asked.chair}").text
