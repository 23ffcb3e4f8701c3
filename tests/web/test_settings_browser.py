"""The settings in a real browser: open to everybody, in both themes, and a change made with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from styrhjul.services.municipality.practice import show_practice
from tests.answer_world import World
from tests.web.test_browser import AXE, DESK, PHONE, browser, page_of, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from styrhjul.services.foundation.installation import Installation

pytestmark = pytest.mark.browser
__all__ = ["browser", "site"]
AT = "/herrljunga/settings"
PAGES = (
    "", "/practice", "/ladders", "/ladders/goal_setting", "/wording", "/wording/goals_warning", "/calendar", "/trial",
    "/retention/mail_text",
)  # fmt: skip


def complaints(page: Page) -> list[Any]:
    """Return what axe finds, and whether the page runs off the screen."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    runs_off = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*found, *(["runs off"] if runs_off else [])]


@pytest.mark.parametrize("viewport", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_open_to_everybody(
    browser: Browser, site: str, world: World, scheme: str, viewport: dict[str, int]
) -> None:
    found = {}
    with page_of(browser, site, viewport=viewport, color_scheme=scheme) as page:
        for path in PAGES:
            page.goto(f"{AT}{path}")
            found[path] = complaints(page)
    assert not {path: said for path, said in found.items() if said}


def test_a_change_is_looked_at_and_saved_with_the_keyboard(
    browser: Browser, site: str, home: Installation, world: World
) -> None:
    with page_of(browser, site, viewport=DESK) as page:
        page.goto(f"{AT}/practice")
        page.get_by_role("radio", name="Onsdag").focus()
        page.keyboard.press("ArrowDown")
        page.get_by_role("button", name="Se vad som ändras").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Vad som ändras")
        assert complaints(page) == []
        page.get_by_role("button", name="Spara ändringen").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Ändringen är sparad")
    assert show_practice(home.database, world.municipality_id).practice.digest_weekday == 3


def test_what_is_wrong_is_open_to_everybody_too(browser: Browser, site: str, world: World) -> None:
    with page_of(browser, site) as page:
        page.goto(f"{AT}/practice")
        page.get_by_label("Mejl skickas från").fill("åtta")
        page.get_by_role("button", name="Se vad som ändras").click()
        page.get_by_role("alert").get_by_role("link").click()
        expect(page.get_by_label("Mejl skickas från")).to_be_focused()
        assert complaints(page) == []
