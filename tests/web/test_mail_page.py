"""A mail is shown as it was sent: nothing in it opens an answer, and nothing in it leaves its frame."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.town import Town, build_town
from tests.web.conftest import here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

OPENING = date(2027, 1, 7)


@pytest.fixture
def town(home: Installation) -> Town:
    """Its committee has been asked, by mail."""
    town = build_town(home.database, committees=("socialnämnden",))
    town.live(OPENING)
    return town


@pytest.fixture
def reader(home: Installation, town: Town) -> Iterator[TestClient]:
    with here(home) as client:
        yield client


def test_a_mail_is_shown_with_its_headers_text_and_tries(reader: TestClient, town: Town) -> None:
    mail = town.mails()[0]
    page = reader.get(f"/lillby/mail/{mail.id}").text
    assert mail.subject in page
    assert mail.message_id.strip("<>") in page
    assert "Varje nämnd ska ta fram 1-2 mål." in page
    assert "Mottaget av servern" in page
    assert 'sandbox=""' in page
    assert f'href="/lillby/case/{town.cases()[0].id}"' in page


def test_no_link_in_it_opens_an_answer(reader: TestClient, town: Town) -> None:
    mail = town.mails()[0]
    sent = next(raw for to, raw in town.transport.taken if to == mail.address)
    tokens = {found.decode() for found in re.findall(rb"/a/([A-Za-z0-9_-]{20,})", sent)}
    assert tokens
    for page in (reader.get(f"/lillby/mail/{mail.id}"), reader.get(f"/lillby/mail/{mail.id}/html")):
        assert page.status_code == 200
        assert [token for token in tokens if token in page.text] == []


def test_its_own_page_runs_nothing_and_leads_nowhere(reader: TestClient, town: Town) -> None:
    policy = reader.get(f"/lillby/mail/{town.mails()[0].id}/html").headers["content-security-policy"]
    assert policy.endswith("sandbox")
    assert "script-src" not in policy


def test_a_mail_that_has_not_left_shows_only_that(home: Installation) -> None:
    town = build_town(home.database, "storby", committees=("socialnämnden",))
    town.sweep(OPENING)
    town.compose(OPENING)
    with here(home) as client:
        page = client.get(f"/storby/mail/{town.mails()[0].id}").text
        assert "Mejlet har inte skickats än." in page
        assert "iframe" not in page
        assert client.get(f"/storby/mail/{town.mails()[0].id}/html").status_code == 404


def test_another_municipalitys_mail_is_not_here(reader: TestClient, home: Installation, town: Town) -> None:
    other = build_town(home.database, "storby", committees=("socialnämnden",))
    other.live(OPENING)
    for end in ("", "/html"):
        assert reader.get(f"/lillby/mail/{other.mails()[0].id}{end}").status_code == 404
    assert reader.get("/lillby/mail/ingen").status_code == 404


def test_the_case_leads_to_each_mail_and_to_the_place_in_the_text(reader: TestClient, town: Town) -> None:
    page = reader.get(f"/lillby/case/{town.cases()[0].id}").text
    assert all(f'href="/lillby/mail/{mail.id}"' in page for mail in town.mails() if "socialn" in mail.address)
    assert 'href="/lillby/policy/policy#t1"' in page
    assert f'href="/lillby/mail/{town.mails()[0].id}"' in reader.get("/lillby/mail").text


def test_the_case_tells_what_will_happen_and_why(reader: TestClient, town: Town) -> None:
    page = reader.get(f"/lillby/case/{town.cases()[0].id}").text
    assert "I dag, onsdag 10\u00a0mars 2027" in page
    assert "Fristen går ut." in page
    assert "före fristen" in page
    assert "Dagen bestäms när en förvarning har kommit fram." in page
