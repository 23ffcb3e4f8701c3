"""In a real browser: a text is brought in, its duties confirmed and its mails released; and nobody is shut out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from styrhjul.db.model import DutyStatus
from styrhjul.services.operations.order_making import make_orders
from tests.web.policy_world import NOW, POLICY, TEXT, at_nine, duties, settle
from tests.web.test_browser import DESK, PHONE, page_of, press, served, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FilePayload, Page

    from styrhjul.services.foundation.installation import Installation
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
    press(page, "Visa förslaget")


def bring_in(page: Page) -> None:
    preview(page)
    press(page, "Läs in dokumentet")


def test_from_a_file_to_the_first_mail(browser: Browser, site: str, town: Town) -> None:
    before = {notice.id for notice in town.notices()}
    with page_of(browser, site, viewport=DESK) as page:
        bring_in(page)
        expect(page.get_by_role("heading", name="Sju skyldigheter är inte bekräftade")).to_be_visible()
        page.get_by_role("link", name="Läs och bekräfta fyra tydliga").click()
        page.get_by_label("Jag har läst meningarna").check()
        page.get_by_role("button", name="Bekräfta dem").click()
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
        press(page, "Läs in dokumentet")
        one = duties(home, town)[1].id
        for path in (
            "/lillby/policies",
            POLICY,
            f"{POLICY}/duty/{one}",
            f"{POLICY}/duty",
            f"{POLICY}/confirm",
            *others(),
        ):
            page.goto(path)
            assert violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"], path
    assert complaints == []


def pick_files(page: Page, home: Installation) -> None:
    """Choose four files, of which one is a copy and one no text, and let the worker read them."""
    page.goto("/lillby/policies/import")
    other = TEXT.replace("Miljöpolicy", "Matpolicy") + TEXT
    files = {"miljö.txt": TEXT, "mat.txt": other, "kopia.txt": TEXT + "\n", "bild.png": "x"}
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files.items()
    ]
    page.get_by_label("Fil").set_input_files(chosen)
    page.get_by_role("button", name="Visa förslaget").click()
    expect(page.get_by_role("status")).to_contain_text("Filerna väntar på att läsas.")
    make_orders(at_nine(home))
    expect(page.get_by_role("heading", name="Fyra filer")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("scripts", [True, False])
def test_several_files_come_in_through_one_table(
    browser: Browser, site: str, home: Installation, town: Town, *, scripts: bool
) -> None:
    with page_of(browser, site, viewport=DESK, java_script_enabled=scripts) as page:
        pick_files(page, home)
        page.get_by_label("Läs in Matpolicy för Lillby kommun").uncheck()
        page.get_by_role("button", name="Läs in de ikryssade").click()
        expect(page.get_by_role("status")).to_contain_text("Det du kryssade för väntar på att läsas in.")
        make_orders(at_nine(home))
        expect(page.get_by_role("heading", name="Ett dokument är inläst.")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("7 skyldigheter väntar på att bekräftas.")).to_be_visible()
    assert len(duties(home, town)) == 7


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_neither_the_table_nor_the_changes_shut_anybody_out(
    browser: Browser, site: str, home: Installation, *, viewport: dict[str, int], scheme: str
) -> None:
    with page_of(browser, site, viewport=viewport, color_scheme=scheme, bypass_csp=True) as page:
        pick_files(page, home)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        bring_in(page)
        page.goto("/lillby/policies/import")
        renewed = TEXT.replace("2024-05-13", "2026-11-02").replace("1-3 mål", "två mål")
        page.get_by_label("Eller klistra in texten").fill(renewed)
        page.get_by_role("button", name="Visa förslaget").click()
        expect(page.get_by_role("heading", name="Vad som ändras")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


@pytest.mark.parametrize("width", [320, 1280, 1920])
def test_a_tick_of_the_table_is_not_printed_across_its_document(
    browser: Browser, site: str, home: Installation, width: int
) -> None:
    with page_of(browser, site, viewport={"width": width, "height": 900}) as page:
        pick_files(page, home)
        for label in page.locator(".policy-batch label").all():
            cell = label.locator("xpath=ancestor::td")
            assert label.evaluate("it => it.scrollWidth <= it.clientWidth"), label.inner_text()
            assert cell.evaluate("it => it.scrollWidth <= it.clientWidth"), label.inner_text()


def test_all_that_waits_is_gone_through_by_keyboard(
    browser: Browser, site: str, home: Installation, town: Town
) -> None:
    with page_of(browser, site, viewport=DESK) as page:
        bring_in(page)
        page.get_by_role("link", name="Gå igenom dem en i taget").click()
        for number in range(7):
            expect(page.get_by_text(f"{7 - number} av 7 kvar")).to_be_visible()
            page.locator("#duty").focus()
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "Bekräfta som den står"
            page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"{POLICY}#skyldigheter"))
    assert {duty.status for duty in duties(home, town)} == {DutyStatus.CONFIRMED}


def others() -> tuple[str, ...]:
    return ("/lillby/policies/import", f"{POLICY}/confirm", f"{POLICY}/release", f"{POLICY}/owner")


def test_an_error_leads_to_its_field(browser: Browser, site: str) -> None:
    with page_of(browser, site) as page:
        bring_in(page)
        page.goto(f"{POLICY}/duty")
        press(page, "Lägg till skyldigheten")
        page.get_by_role("alert").get_by_role("link", name="Välj styrka.").click()
        expect(page.locator(":focus")).to_have_attribute("name", "modality")
        assert violations_without_policy(browser, site, page.url) == []


def violations_without_policy(browser: Browser, site: str, path: str) -> list[str]:
    """Of the page anew, where axe may run."""
    with page_of(browser, site, bypass_csp=True) as page:
        page.goto(path)
        return violations(page)
