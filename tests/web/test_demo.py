"""The control that turns the demo's wheel."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations import play
from styrhjul.web.official.demo import _back
from tests.web.conftest import BASE_URL, here, hidden

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Installation]:
    """The demo on its first day."""
    home = Installation.open(load_settings(data_dir=tmp_path, base_url=BASE_URL))
    home.prepare()
    play.play(home, date(2026, 10, 15))
    yield home
    home.close()


def test_a_press_plays_the_next_day_and_says_what_happened(demo: Installation) -> None:
    with here(demo) as client:
        page = client.get("/olofstrom").text
        assert "Torsdag 15\u00a0oktober 2026" in page
        press = {"csrf": hidden(page, "csrf"), "here": hidden(page, "here"), "step": "day"}
        after = client.post("/demo/turn", data=press)
    assert after.url.path == "/olofstrom"
    assert "Fredag 16\u00a0oktober 2026" in after.text
    assert "mejl skickades" in after.text


def test_outside_the_demo_no_page_calls_itself_an_example_but_says_that_it_is_open(home: Installation) -> None:
    wall = Installation.open(home.settings)
    with here(wall) as real:
        page = real.get("/").text
    wall.close()
    assert "Exempeldata" not in page
    assert "öppna utan inloggning" in page


def test_a_press_without_the_pages_token_turns_nothing(demo: Installation) -> None:
    with here(demo) as client:
        assert client.post("/demo/turn", data={"step": "day"}).status_code == 403
        assert "Torsdag 15\u00a0oktober 2026" in client.get("/").text


def test_outside_the_demo_there_is_no_control(client: TestClient, home: Installation) -> None:
    wall = Installation.open(home.settings)
    with here(wall) as real:
        assert "/demo/turn" not in real.get("/").text
    wall.close()


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example.org", "https://evil.example.org/x", "/\\evil", "javascript:x", ""]
)
def test_it_never_leads_elsewhere(elsewhere: str) -> None:
    assert _back(elsewhere) == "/"


def test_it_leads_back_to_the_page() -> None:
    assert _back("/olofstrom/case/1") == "/olofstrom/case/1"
