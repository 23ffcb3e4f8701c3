"""In a real browser: a text is brought in, its duties confirmed and its mails released; and nobody is shut out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.web.policy_world import NOW, POLICY, TEXT, at_nine, duties, settle
from tests.web.test_browser import DESK, PHONE, page_of, served, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from styrhjul.services.installation import Installation
    from tests.town import Town

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def town(home: Installation) -> Town:
    return settle(home)


@pytest.fixture
def site(home: Installation, town: Town) -> Iterator[str]:
    with served(at_nine(home)) as address:
        yield address


def preview(page: Page) -> None:
    page.goto("/lillby/policies")
    page.get_by_role("link", name="Läs in styrdokument").click()
    page.get_by_label("Fil").set_input_files({"name": "policy.txt", "mimeType": "text/plain", "buffer": TEXT.encode()})
    page.get_by_role("button", name="Visa förslaget").click()


def bring_in(page: Page) -> None:
    preview(page)
    page.get_by_role("button", name="Läs in dokumentet").click()


def test_from_a_file_to_the_first_mail(browser: Browser, site: str, town: Town) -> None:
    before = {notice.id for notice in town.notices()}
    with page_of(browser, site, viewport=DESK) as page:
        bring_in(page)
        expect(page.get_by_role("heading", name="Sju skyldigheter är inte bekräftade")).to_be_visible()
        page.get_by_role("button", name="Bekräfta").click()
        page.get_by_role("link", name="Se prognosen och släpp mejlen").click()
        page.get_by_label("Jag har läst prognosen").check()
        page.get_by_role("button", name="Släpp mejlen").click()
        expect(page.get_by_text("Kansliet släppte mejlen.")).to_be_visible()
    town.sweep(NOW.date())
    asked = {case.id for case in town.cases() if case.policy_id not in (None, town.policy_id)}
    assert [notice for notice in town.notices() if notice.id not in before and notice.case_id in asked]


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "light"), (PHONE, "dark"), (DESK, "dark")])
def test_no_page_about_policies_shuts_anybody_out(  # every page, in each light
    browser: Browser, site: str, home: Installation, town: Town, *, viewport: dict[str, int], scheme: str
) -> None:
    complaints: list[str] = []
    with page_of(browser, site, viewport=viewport, color_scheme=scheme, bypass_csp=True) as page:
        page.on("console", lambda message: complaints.append(message.text))
        preview(page)
        assert violations(page) == []
        page.get_by_role("button", name="Läs in dokumentet").click()
        page.get_by_role("button", name="Bekräfta").click()
        one = duties(home, town)[1].id
        for path in ("/lillby/policies", POLICY, f"{POLICY}/duty/{one}", f"{POLICY}/duty", *others()):
            page.goto(path)
            assert violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"], path
    assert complaints == []


def others() -> tuple[str, ...]:
    return ("/lillby/policies/import", f"{POLICY}/release", f"{POLICY}/owner")


def test_an_error_leads_to_its_field(browser: Browser, site: str) -> None:
    with page_of(browser, site) as page:
        bring_in(page)
        page.goto(f"{POLICY}/duty")
        page.get_by_role("button", name="Lägg till skyldigheten").click()
        page.get_by_role("alert").get_by_role("link", name="Välj styrka.").click()
        assert page.evaluate("document.activeElement.name") == "modality"
        assert violations_without_policy(browser, site, page.url) == []


def violations_without_policy(browser: Browser, site: str, path: str) -> list[str]:
    """Of the page anew, where axe may run."""
    with page_of(browser, site, bypass_csp=True) as page:
        page.goto(path)
        return violations(page)
