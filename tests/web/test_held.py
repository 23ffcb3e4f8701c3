"""While the installation is held every official's page says so, and says more to whoever can do something about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from styrhjul.db.model import UserRole
from styrhjul.services.operations.hold import begin_hold, end_hold
from tests.answer_world import NOW, World
from tests.web.sign_in_world import add, afar, sign_in
from tests.web.test_browser import DESK, PHONE, browser, page_of, site
from tests.web.test_settings_browser import complaints

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

__all__ = ["browser", "site"]
SAID = "Inga påminnelser skickas just nu"
WHY, TO_DO, UP = "Databasen är återläst", "styrhjul hold end", "upp till kommunledningen"
PAGES = ("", "/decisions", "/cases", "/mail", "/policies", "/settings")


@pytest.fixture
def held(home: Installation, world: World) -> None:
    begin_hold(home.database, reason="Databasen är återläst", by="Driften", now=NOW - timedelta(hours=1))


@pytest.mark.usefixtures("held")
def test_every_page_of_the_municipality_says_it_and_so_does_the_list_of_all(client: TestClient) -> None:
    for path in (*(f"/herrljunga{page}" for page in PAGES), "/"):
        assert SAID in client.get(path).text, path


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("role", "said"),
    [
        (UserRole.AUDITOR, [SAID]),
        (UserRole.DOCUMENT_OWNER, [SAID]),
        (UserRole.CHIEF_EXECUTIVE, [SAID, UP]),
        (UserRole.COORDINATOR, [SAID, WHY]),
        (UserRole.ADMINISTRATOR, [SAID, WHY]),
    ],
)
def test_each_role_is_told_what_it_can_use(home: Installation, world: World, role: UserRole, said: list[str]) -> None:
    add(home, world.municipality_id, role)
    browser = afar(home)
    sign_in(home, browser)
    page = browser.get("/herrljunga").text
    assert [each for each in (SAID, UP, WHY, TO_DO) if each in page] == said


@pytest.mark.usefixtures("held")
def test_whoever_answers_or_only_reads_what_is_public_is_told_nothing_of_it(
    home: Installation, client: TestClient, world: World
) -> None:
    for path in (f"/a/{world.chair}", "/sign-in?municipality=herrljunga", "/about"):
        page = afar(home).get(path).text
        assert [each for each in (SAID, WHY, "Driften") if each in page] == [], path


def test_once_it_is_released_no_page_says_it(home: Installation, client: TestClient, held: None) -> None:
    end_hold(home.database, by="Driften", now=NOW)
    assert SAID not in client.get("/herrljunga").text


@pytest.mark.browser
@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_the_banner_is_open_to_everybody(browser: Browser, site: str, viewport: dict[str, int]) -> None:
    found = {}
    for scheme in ("light", "dark"):
        with page_of(browser, site, viewport=viewport, color_scheme=scheme) as page:
            page.goto("/herrljunga")
            found[scheme] = complaints(page)
    assert found == {"light": [], "dark": []}
