"""An order in a real browser: placed and fetched with the keyboard alone, and followed with a script and without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from styrhjul.services.foundation.crashpoint import watched
from styrhjul.services.operations.order_making import make_orders
from tests.answer_world import World
from tests.web.test_browser import DESK, browser, page_of, press, site
from tests.web.test_settings_browser import complaints

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from styrhjul.services.foundation.installation import Installation

pytestmark = pytest.mark.browser
__all__ = ["browser", "site"]
POLICY = "/herrljunga/policy/integration"
ORDER = "Beställ granskningsunderlag"


def test_it_is_ordered_fetched_and_taken_away_with_the_keyboard(
    browser: Browser, site: str, home: Installation, world: World
) -> None:
    with page_of(browser, site, viewport=DESK) as page:
        page.goto(POLICY)
        page.get_by_role("button", name=ORDER).press("Enter")
        expect(page.get_by_role("status")).to_contain_text("väntar på sin tur")
        make_orders(home)
        expect(page).to_have_title(re.compile("^Klar: Granskningsunderlag: Integrationspolicy"))
        assert complaints(page) == []
        with page.expect_download() as fetched:
            page.get_by_role("button", name="Hämta filen").press("Enter")
        assert fetched.value.suggested_filename == "herrljunga-granskning-integration.zip"
        page.get_by_role("button", name="Ta bort filen").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Filen är borttagen.")
        assert complaints(page) == []


def test_while_it_is_made_one_live_region_tells_how_far_it_has_come(
    browser: Browser, site: str, home: Installation, world: World
) -> None:
    """The region itself stays, or what is new in it would not be read aloud."""
    said: list[str | None] = []
    with page_of(browser, site, viewport=DESK) as page:
        page.goto(POLICY)
        press(page, ORDER)
        live = page.get_by_role("status")
        region = live.element_handle()

        def look(point: str) -> None:
            if point == "before_order_finish":
                expect(live).to_contain_text("Ungefär 90 procent är klart.", timeout=30_000)
                expect(page.get_by_role("progressbar")).to_have_js_property("value", 99)
                said.append(region.text_content())

        with watched(look):
            make_orders(home)
    assert ["90 procent" in str(each) for each in said] == [True]


def test_without_scripts_the_page_looks_again_by_itself(
    browser: Browser, site: str, home: Installation, world: World
) -> None:
    with page_of(browser, site, viewport=DESK, java_script_enabled=False) as page:
        page.goto(POLICY)
        press(page, ORDER)
        make_orders(home)
        expect(page.get_by_role("button", name="Hämta filen")).to_be_visible(timeout=30_000)
        assert page.title().startswith("Klar: ")
