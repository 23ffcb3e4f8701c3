"""An address that is no text reaches no route and no database: it is refused in one place, for whoever asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.web.rules import RULES
from tests.answer_world import NOW, ask
from tests.web.api_world import key, program
from tests.web.conftest import here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

STRANGER = ("192.0.2.7", 4711)


@pytest.fixture
def home(postgres_database_url: str, tmp_path: Path) -> Iterator[Installation]:
    """On PostgreSQL, which cannot be asked for what SQLite just does not find."""
    opened = Installation.open(load_settings(data_dir=tmp_path, database_url=postgres_database_url), StoppedClock(NOW))
    yield opened
    opened.close()


def broken(path: str, sign: str) -> Iterator[str]:
    """The path with the sign for one part of it at a time, and something likely for the others."""
    names = re.findall(r"\{(\w+)", path)
    for wrong in names:
        likely = dict.fromkeys(names, "1") | {"municipality": "herrljunga", wrong: sign}
        yield re.sub(r"\{(\w+)[^}]*\}", "{\\1}", path).format(**likely)


@pytest.mark.parametrize("who", ["official", "stranger"])
def test_no_route_takes_a_character_that_is_none(home: Installation, who: str) -> None:
    ask(home.database)
    client = here(home) if who == "official" else here(home, client=STRANGER)
    told = {
        (rule.method, path): client.request(rule.method, path).status_code
        for rule in RULES
        for path in broken(rule.path, "%00")
    }
    assert len(told) > 100
    assert {each: status for each, status in told.items() if status != 404} == {}


@pytest.mark.parametrize("sign", ["%00", "%0A", "%0D", "%1B", "%7F", "%C2%85", "%EF%BF%BE"])
@pytest.mark.parametrize("path", ["/{}", "/promises/{}", "/static/{}", "/a/x{}", "/herrljunga/policy/a{}b"])
def test_a_control_in_a_path_is_an_address_that_is_not_there(client: TestClient, path: str, sign: str) -> None:
    response = client.get(path.format(sign))
    assert response.status_code == 404
    assert "Sidan finns inte" in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("query", ["policy=%00", "%00=1", "policy=a%0Bb", "policy=%EF%BF%BF"])
def test_a_control_in_a_query_is_refused(home: Installation, query: str) -> None:
    ask(home.database)
    assert here(home).get(f"/herrljunga/results?{query}").status_code == 400


def test_a_program_is_told_as_a_program(home: Installation) -> None:
    world = ask(home.database)
    api = program(home, key(home, world.municipality_id))
    for path, status in (("cases/%00", 404), ("cases?state=%00", 422), ("persons?key=%00", 422)):
        response = api.get(f"/api/v1/{path}")
        assert (response.status_code, response.json()["status"]) == (status, status)
