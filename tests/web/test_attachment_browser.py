"""A file with an answer, on a phone: added, seen, removed, and open to everybody on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.answer_world import World
from tests.web.test_browser import browser, page_of, site, violations
from tests.web.upload_corpus import PDF

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser", "site"]  # fixtures
pytestmark = pytest.mark.browser
GOAL = "Fler ska kunna påverka det stöd de får."
NAME = "Tjänsteskrivelse om målen för socialnämnden och dess verksamheter 2027-03-01.pdf"


def test_a_file_is_added_and_removed_on_a_phone_with_what_was_typed(browser: Browser, site: str, world: World) -> None:
    with page_of(browser, site) as page:
        page.goto(f"/a/{world.chair}")
        page.get_by_label("Vad vill nämnden uppnå?").first.fill(GOAL)
        page.get_by_label("Välj en fil").set_input_files({"name": NAME, "mimeType": "text/html", "buffer": PDF})
        page.get_by_role("button", name="Lägg till bilaga").click()
        expect(page.get_by_role("link", name=NAME)).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Ta bort").click()
        expect(page.get_by_role("link", name=NAME)).to_have_count(0)
        expect(page.get_by_label("Vad vill nämnden uppnå?").first).to_have_value(GOAL)
