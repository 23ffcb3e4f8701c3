"""In a real browser: in by a code and by the municipality's own account, out again, and open to everybody."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from styrhjul.services.foundation.installation import Installation
from styrhjul.services.sign_in.oidc import DISCOVERY, set_provider
from styrhjul.services.sign_in.provider import ProviderSettings
from styrhjul.web import permission
from tests.answer_world import NOW, World
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, serving
from tests.web.sign_in_world import ANNA, add, codes
from tests.web.test_browser import AXE, DESK, PHONE, page_of, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("STYRHJUL_PICTURES")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def from_afar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sits at the machine: the browser is a stranger's."""
    monkeypatch.setattr(permission, "is_here", lambda request: False)


def faults(page: Page, name: str) -> list[str]:
    """What axe finds on the page, in both themes."""
    page.add_script_tag(path=AXE)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour halfway between the two
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}.png", full_page=True)
        found += [each["id"] for each in page.evaluate("axe.run()")["violations"]]
    return found


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_somebody_signs_in_by_code_and_out_again(
    browser: Browser, home: Installation, world: World, viewport: dict[str, int]
) -> None:
    add(home, world.municipality_id)
    seen = {}
    with served(home) as site, page_of(browser, site, viewport=viewport, bypass_csp=True) as page:
        page.goto("/herrljunga/users")
        seen["sign-in"] = faults(page, f"sign-in-{viewport['width']}")
        page.get_by_label("Din adress i arbetet").fill(ANNA)
        page.get_by_role("button", name="Skicka en kod").click()
        page.get_by_label("Engångskod").fill("12")
        page.get_by_role("button", name="Logga in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        seen["code"] = faults(page, f"code-{viewport['width']}")
        page.get_by_label("Engångskod").fill(codes(home)[0])
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Användare")
        page.get_by_text("Ändra eller ta bort").click()
        seen["users"] = faults(page, f"users-{viewport['width']}")
        page.get_by_role("button", name="Logga ut").click()
        expect(page.get_by_role("status")).to_contain_text("Du är utloggad")
    assert seen == {"sign-in": [], "code": [], "users": []}


def test_somebody_signs_in_with_the_municipalitys_account(browser: Browser, home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with serving(NOW) as provider, served(home) as site:
        settings = home.settings.model_copy(update={"base_url": site})
        told = ProviderSettings(
            issuer=provider.issuer,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            discovery_url=provider.issuer + DISCOVERY,
        )
        set_provider(home.database, home.mailroom.sealer, world.municipality_id, told, NOW)
        with served(Installation(settings, home.clock)) as other, page_of(browser, other) as page:
            settings.__dict__["base_url"] = other  # a port is known only once it is served
            page.goto("/herrljunga")
            page.get_by_role("link", name="Logga in med kommunens konto").click()
            expect(page.get_by_text("samordnare, administratör")).to_be_visible()
            assert page.url == f"{other}/herrljunga"
