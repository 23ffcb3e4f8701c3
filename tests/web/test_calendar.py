"""The calendar that somebody subscribes to: anybody with the link reads it, from anywhere, and changes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import icalendar
import pytest
from sqlalchemy import func, select

from styrhjul.db.case_model import JournalEntry
from styrhjul.domain.office import PostRole
from styrhjul.services.cases.calendar_feed import close_calendar, share_calendar
from tests.answer_world import DUE, NOW, World
from tests.web.conftest import here, hidden

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation


@pytest.fixture
def path(home: Installation, world: World) -> str:
    """The chair's calendar."""
    url = share_calendar(home.database, world.municipality_id, world.posts[PostRole.CHAIR], "", NOW).url
    assert url.startswith("/calendar/")
    return url


def test_whoever_has_the_link_reads_the_posts_days(home: Installation, path: str) -> None:
    with here(home, client=("192.0.2.7", 4711)) as stranger:
        response = stranger.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    [event, *_] = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert event.decoded("DTSTART") == DUE["goal_setting"]


def test_no_proxy_keeps_it_and_nobody_is_told_where_it_was_read(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["cache-control"] == "private, max-age=3600"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in response.headers


def test_who_has_it_already_is_told_so(client: TestClient, path: str) -> None:
    tag = client.get(path).headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        response = client.get(path, headers={"If-None-Match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_reading_it_writes_nothing(client: TestClient, home: Installation, world: World, path: str) -> None:
    def count() -> int:
        with home.database.reading(world.municipality_id) as session:
            return session.scalar(select(func.count()).select_from(JournalEntry)) or 0

    before = count()
    client.get(path)
    assert count() == before
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("token", ["a" * 43, "x", "å" * 43, "a" * 500, "..", "%2e%2e"])
def test_an_unknown_link_is_not_there(client: TestClient, world: World, token: str) -> None:
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_a_closed_one_is_as_if_it_never_was(client: TestClient, home: Installation, world: World, path: str) -> None:
    close_calendar(home.database, world.municipality_id, world.posts[PostRole.CHAIR], NOW)
    assert client.get(path).status_code == 404


def test_a_policys_calendar_is_shared_from_the_settings_and_read_by_whoever_has_it(
    client: TestClient, home: Installation, world: World
) -> None:
    at = "/herrljunga/settings/calendar"
    data = {"csrf": hidden(client.get(at).text, "csrf")}
    assert "Välj ett styrdokument." in client.post(f"{at}/policy", data=data).text
    page = client.post(f"{at}/policy", data={**data, "policy": "integration"}).text
    token = re.findall(r"/calendar/([A-Za-z0-9_-]{43})\.ics", page)[0]
    with here(home, client=("192.0.2.7", 4711)) as stranger:
        response = stranger.get(f"/calendar/{token}.ics")
    [event, *_] = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Sista dag: mål 2027, Socialnämnden"
    assert str(event["URL"]).endswith(f"/herrljunga/case/{world.case_id}")
