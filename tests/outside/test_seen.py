"""The mails as they are seen: drawn by chromium on a phone and a desk, by day and in the dark, and measured there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.outside.outbox import Mail

pytestmark = pytest.mark.browser
#: WCAG 2.2, 1.4.3, for text of any size.
LEAST = 4.5
WIDTHS = (390, 720)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE = Path(__file__).parents[1] / "web/vendor/axe.min.js"
#: All that is law (EN 301 549, by way of WCAG 2.2 AA) but contrast, which is measured here for both schemes.
LAWFUL = """axe.run({
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], rules: {"color-contrast": {enabled: false}},
})"""
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
PALE = '<!doctype html><body style="margin: 0"><p>Fine</p><p style="color: #777777; width: 900px">Pale</p>'


@pytest.fixture(scope="module")
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.evaluate(AXE.read_text(encoding="utf-8"))  # it stays while the content comes and goes
        yield page
        browser.close()


def measured(page: Page, html: str) -> dict[str, list[dict[str, Any]]]:
    """Return every text and its contrast in each scheme. Raises if there is none."""
    page.set_content(html)
    found: dict[str, list[dict[str, Any]]] = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found[scheme] = page.evaluate(CONTRAST)
        assert found[scheme]
    return found


def pale(page: Page, html: str) -> list[str]:
    return [
        f"chromium, {scheme}: {each['ratio']:.2f}:1, {each['color']} on {each['ground']}: {each['text']}"
        for scheme, texts in measured(page, html).items()
        for each in texts
        if each["ratio"] < LEAST
    ]


def too_wide(page: Page, html: str) -> list[str]:
    page.set_content(html)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        needed = page.evaluate("document.documentElement.scrollWidth")
        found += [f"chromium, {width} px wide: needs {needed} px"] if needed > width else []
    return found


def shut_out(page: Page, html: str) -> list[str]:
    page.set_content(html)
    return [f"axe, {each['id']}: {each['nodes'][0]['html']}" for each in page.evaluate(LAWFUL)["violations"]]


def test_every_text_stands_out_from_its_ground(page: Page, mails: list[Mail]) -> None:
    assert {mail.name: found for mail in mails if (found := pale(page, mail.html))} == {}


def test_dark_is_dark_and_light_is_light(page: Page, mails: list[Mail]) -> None:
    """Else a sheet that chromium does not read would pass for one that it does."""
    seen = measured(page, mails[0].html)
    assert {each["ground"] for each in seen["light"]}.isdisjoint(each["ground"] for each in seen["dark"])


def test_no_mail_runs_off_the_screen(page: Page, mails: list[Mail]) -> None:
    assert {mail.name: found for mail in mails if (found := too_wide(page, mail.html))} == {}


def test_no_mail_shuts_anybody_out(page: Page, mails: list[Mail]) -> None:
    assert {mail.name: found for mail in mails if (found := shut_out(page, mail.html))} == {}


def test_pale_text_and_wide_lines_are_noticed(page: Page) -> None:
    assert [each.rpartition(": ")[2] for each in pale(page, PALE) if "light" in each] == ["Pale"]
    assert len(too_wide(page, PALE)) == len(WIDTHS)
    assert any(each.startswith("axe, html-has-lang") for each in shut_out(page, PALE))


def test_every_text_stands_out_where_the_style_sheet_is_dropped(page: Page, mails: list[Mail]) -> None:
    """Gmail does so with mailboxes of others; what stands in the tags must do."""
    bare = {mail.name: re.sub(r"<style>.*?</style>", "", mail.html, flags=re.DOTALL) for mail in mails}
    assert {name: found for name, html in bare.items() if (found := pale(page, html) + too_wide(page, html))} == {}
