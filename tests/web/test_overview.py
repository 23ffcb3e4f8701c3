"""The pages for officials say the answer first, keep ska, bör and kan, and say what is not stated."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from config.clock import StoppedClock
from styrhjul.db.case_model import Notice
from styrhjul.db.model import Duty, DutyStatus, Municipality
from styrhjul.db.overview_query import DutyLine
from styrhjul.domain.status import Status
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality
from styrhjul.mail.inbound.classify import classify
from styrhjul.services.delivery.inbound import Arrived, take_in
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.overview.pages import Suggestion
from styrhjul.web import words
from styrhjul.web.dial import dial
from styrhjul.web.official.policy import segments
from tests.answer_world import NOW, World
from tests.mail.inbound_shape import Report
from tests.web.conftest import here

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_the_first_page_gives_each_municipality_a_sentence(client: TestClient, world: World) -> None:
    page = client.get("/").text
    assert "Herrljunga kommun" in page
    assert "Inget är försenat. Nästa frist är 31\u00a0mars." in page


def test_an_empty_installation_says_what_to_do(client: TestClient) -> None:
    assert "Ingen kommun är inlagd" in client.get("/").text


def test_the_overview_has_the_case_and_its_status(client: TestClient, world: World) -> None:
    page = client.get("/herrljunga").text
    assert f'href="/herrljunga/case/{world.case_id}"' in page
    assert "Öppen" in page
    assert "frist 2027-03-31" in page
    assert "Två saker kräver en människa. Nästa frist är 31\u00a0mars: mål 2027, socialnämnden." in page


def test_what_went_up_is_told_with_the_municipalitys_own_title(home: Installation, world: World) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Notice).values(rung="chief_executive"))
    with home.database.system() as session:
        session.execute(update(Municipality).values(chief_executive_title="kommundirektör"))
    late = Installation(home.settings, StoppedClock(NOW.replace(month=5)))
    with here(late) as client:
        page = client.get("/herrljunga").text
    assert "Hos kommundirektör" in page
    assert "gått upp till kommundirektören" in page


def test_a_mail_that_only_a_person_can_make_out_is_named(home: Installation, world: World) -> None:
    unsigned = Arrived(raw=Report().raw(), recipients=("styrhjul@herrljunga.example.org",))
    take_in(home.database, home.mailroom, unsigned, NOW, read=classify)
    with here(home) as client:
        page = client.get("/herrljunga").text
    assert "Ett mejl har kommit in som Styrhjul inte kan tolka" in page
    assert "styrhjul inbound list" in page


def test_what_the_text_does_not_state_is_said_beside_the_default(client: TestClient, world: World) -> None:
    page = client.get("/herrljunga/policy/integration").text
    assert page.count('<span class="unstated">ej angivet</span>') >= 5
    assert "varje år: kommunens standard, inte dokumentets text" in page
    assert "följs som: mål" in page
    assert "KS-2016-284" in page


def test_a_proposed_duty_is_marked_with_a_question(client: TestClient, home: Installation, world: World) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Duty).values(status=DutyStatus.PROPOSED))
    page = client.get("/herrljunga/policy/integration").text
    assert "1 ska?" in page
    assert "duty--proposed" in page
    assert "Obekräftad" in page


def test_a_case_tells_what_happened_and_why(client: TestClient, world: World) -> None:
    page = client.get(f"/herrljunga/case/{world.case_id}").text
    assert "Ärendet öppnade." in page
    assert "Runda öppnad. Mejl till" in page
    assert "Kommunens standard det år nya nämnder tillträder." in page
    assert page.count("kommunens standard, inte dokumentets text") == 2  # of the day, and of how often


def test_every_status_has_a_word_and_a_symbol() -> None:
    shown = set(words.STATUS_CHIPS) | {Status.WITH_CHIEF_EXECUTIVE, Status.WITH_EXECUTIVE_BOARD}
    assert shown == set(Status)
    assert all(len(chip.word.split()) <= 3 and chip.symbol for chip in words.STATUS_CHIPS.values())


@pytest.mark.parametrize(
    ("name", "soft"),
    [
        ("Utbildningsnämnden", "Utbildnings\u00adnämnden"),
        ("Kommunstyrelsen", "Kommun\u00adstyrelsen"),
        ("Miljö- och byggnadsnämnden", "Miljö- och byggnads\u00adnämnden"),
        ("Tekniska nämnden", "Tekniska nämnden"),
    ],
)
def test_a_long_name_can_be_broken_where_people_would(name: str, soft: str) -> None:
    assert words.soft(name) == soft


def a_duty(start: int, end: int) -> DutyLine:
    return DutyLine(
        quote="", start=start, end=end, actor=None, modality=Modality.MUST, action_kind=ActionKind.FOLLOW_UP,
        recurrence=None, deadline=None, goal_min=None, goal_max=None, confidence=Confidence.HIGH, reason="",
        status=DutyStatus.CONFIRMED, lifecycle="follow_up", of_plans=False,
    )  # fmt: skip


@pytest.mark.parametrize("spans", [[], [(0, 3)], [(2, 5), (5, 10)], [(2, 6), (2, 6)], [(2, 6), (4, 9)]])
def test_marking_a_text_never_changes_it(spans: list[tuple[int, int]]) -> None:
    parts = list(segments("Policyn är", [a_duty(*span) for span in spans]))
    assert "".join(part.text for part in parts) == "Policyn är"


def test_the_dial_says_in_words_what_it_shows() -> None:
    before = dial(date(2027, 1, 7), date(2027, 3, 31), date(2027, 3, 10))
    after = dial(date(2027, 1, 7), date(2027, 2, 26), date(2027, 3, 10))
    assert before.label == "21 dagar kvar, fristen är 31\u00a0mars"
    assert after.label == "12 dagar efter, fristen var 26\u00a0februari"
    assert (before.over, after.over is not None) == (None, True)


def test_a_suggestion_says_which_term_the_decision_came_before_and_not_that_one_begins() -> None:
    found = Suggestion(policy_slug="p", title="Policy", adopter_name="Kommunstyrelsen", term="2023–2026")
    said = words.suggested(found)
    assert "den beslutades före kommunstyrelsens mandatperiod 2023–2026. Kommunen kan se över den." in said


def test_a_day_far_away_has_its_year_even_within_the_year() -> None:
    assert words.day(date(2027, 11, 30), date(2027, 1, 7)) == "30\u00a0november 2027"
    assert words.day(date(2027, 10, 31), date(2027, 1, 7)) == "31\u00a0oktober"
