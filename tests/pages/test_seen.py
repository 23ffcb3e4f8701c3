"""Every page in a real browser: nobody is shut out, nothing runs off the screen, the browser complains of nothing."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.pages.paths import PAGES, filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from styrhjul.services.foundation.installation import Installation

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "web/vendor/axe.min.js").read_text(encoding="utf-8")
#: The judge keeps what it finds wrong and nothing else: telling of what is right is most of its work.
JUDGED = """axe.run({
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
}).then(found => found.violations.map(each => `${each.id}: ${each.nodes[0].html}`))"""
BAD = """<!doctype html><html lang="sv"><title>x</title><style>
  :root { color-scheme: light dark } body { background: Canvas } h1 { color: #555 }</style>
  <main><h1>Rubrik</h1><img src="data:,"></main></html>"""
WIDTHS = (320, 390, 640, 768, 1024, 1280, 1920)
#: The text at twice its size on a desk leaves as little room as half the width (WCAG 1.4.4 and 1.4.10).
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (320, "light"),
    (390, "dark"),
    (640, "light"),
    (1280, "dark"),
    (1920, "light"),
)


@contextmanager
def page_of(browser: Browser, site: str, **options: Any) -> Iterator[Page]:  # noqa: ANN401 - playwright's own
    context = browser.new_context(base_url=site, **options)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def visit(page: Page, path: str) -> None:
    """Open a page that is there: the one that says that nothing is would pass all of this."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path


@pytest.fixture(scope="module")
def bare(browser: Browser, site: str) -> Iterator[Page]:
    """A page in which the judge may run; one for them all."""
    with page_of(browser, site, bypass_csp=True, reduced_motion="reduce") as page:
        yield page


@pytest.mark.parametrize("pattern", PAGES)
def test_no_page_shuts_anybody_out(bare: Page, home: Installation, pattern: str) -> None:
    """One visit: a look is the width and the light it is seen in, and the judge is asked again for each."""
    visit(bare, filled(pattern, home))
    bare.evaluate(AXE)
    found = {}
    for width, scheme in LOOKS:
        bare.emulate_media(color_scheme=scheme)
        bare.set_viewport_size({"width": width, "height": 900})
        found[width, scheme] = bare.evaluate(JUDGED)
    assert {look: wrong for look, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("pattern", PAGES)
def test_no_page_runs_off_the_screen(bare: Page, home: Installation, pattern: str) -> None:
    visit(bare, filled(pattern, home))
    wide = {}
    for width in WIDTHS:
        bare.set_viewport_size({"width": width, "height": 900})
        wide[width] = bare.evaluate("document.documentElement.scrollWidth")
    assert wide == {width: width for width in WIDTHS}


def test_the_judge_is_listened_to(bare: Page) -> None:
    """A page that must not pass: in each look it is told why, and the light is not the one before."""
    bare.set_content(BAD)
    bare.evaluate(AXE)
    found = {}
    for scheme in ("light", "dark"):
        bare.emulate_media(color_scheme=scheme)
        found[scheme] = {each.split(":")[0] for each in bare.evaluate(JUDGED)}
    assert "color-contrast" in found["dark"] - found["light"]
    assert "image-alt" in found["light"] & found["dark"]


@pytest.mark.parametrize("pattern", PAGES)
def test_the_browser_complains_of_no_page(browser: Browser, site: str, home: Installation, pattern: str) -> None:
    """Nothing in the console, no breach of the page's own policy, nothing fetched that is not there."""
    said: list[str] = []
    with page_of(browser, site) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("response", lambda answer: said.append(answer.url) if answer.status >= 400 else None)
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => console.error('CSP', e.blockedURI))"
        )
        visit(page, filled(pattern, home))
        page.wait_for_load_state("networkidle")
    assert said == []


@pytest.mark.parametrize("pattern", PAGES)
def test_every_control_is_reached_with_the_keyboard(bare: Page, home: Installation, pattern: str) -> None:
    """Tab goes through every link, field and button that can be seen, and each shows that it has the focus."""
    bare.set_viewport_size({"width": 1280, "height": 900})
    visit(bare, filled(pattern, home))
    wanted = bare.evaluate(MARK_CONTROLS)
    reached: set[str] = set()
    for _ in range(2 * wanted + 20):  # a frame on the way has controls of its own
        if len(reached) == wanted:
            break
        bare.keyboard.press("Tab")
        number, is_shown = bare.evaluate(FOCUSED)
        if number is not None:
            reached.add(number)
            assert is_shown
    assert len(reached) == wanted


MARK_CONTROLS = """(() => {
  const shown = it => it.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  const seen = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(it => shown(it) && !it.disabled && !it.closest('[inert]') && it.tabIndex >= 0);
  const group = it => [...document.getElementsByName(it.name)];
  const alone = seen.filter(it => it.type !== 'radio' || it === (group(it).find(one => one.checked) ?? group(it)[0]));
  alone.forEach((it, n) => it.dataset.n = n);
  document.activeElement?.blur();
  return alone.length;
})()"""
#: An outline; in the wheel, where one would be a box round an arc, the mark's own contour.
FOCUSED = """(() => {
  const it = document.activeElement;
  const contour = mark => parseFloat(getComputedStyle(mark).strokeWidth) >= 5;
  const marks = [...it?.querySelectorAll('.w-arc, .w-pin, .w-thread') ?? []];
  return [it?.dataset?.n ?? null, it && (getComputedStyle(it).outlineStyle !== 'none' || marks.some(contour))];
})()"""
