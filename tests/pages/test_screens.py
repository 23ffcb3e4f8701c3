"""A picture of every page, on a desk and on a phone. With STYRHJUL_UPDATE_GOLDEN=1 they are kept in docs/screens."""

from __future__ import annotations

import base64
import html
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from styrhjul.web.app import create_app
from tests.pages.paths import PAGES, filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

    from styrhjul.services.foundation.installation import Installation

pytestmark = pytest.mark.browser
UPDATE = os.environ.get("STYRHJUL_UPDATE_GOLDEN") == "1"
SCREENS = Path(__file__).parents[2] / "docs/screens"
SHEET = SCREENS / "README.md"
#: A page that goes on and on is cut here: what is below looks the same.
TALLEST = 1500
#: How wide the page is, and how many of the picture's dots one of its own becomes: no picture is wider than 1 000.
DEVICES = {"desktop": (1280, 0.78), "phone": (390, 1.0)}
QUALITY = 40
MOST_BYTES = 5_000_000
HEAD = """# Every page

Made by the test run (`STYRHJUL_UPDATE_GOLDEN=1 ./run test tests/pages/test_screens.py`) of the demo on 10 March 2027,
with its invented people. A long page is cut.
"""


@pytest.fixture(scope="module", params=DEVICES)
def seen_on(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[tuple[str, BrowserContext]]:
    """A device's name, and a browser of its size."""
    width, dots = DEVICES[request.param]
    size = {"width": width, "height": 900}
    context = browser.new_context(base_url=site, viewport=size, device_scale_factor=dots, reduced_motion="reduce")  # type: ignore[arg-type]
    yield request.param, context
    context.close()


@pytest.mark.parametrize("pattern", PAGES)
def test_every_page_can_be_looked_at(
    seen_on: tuple[str, BrowserContext], home: Installation, tmp_path: Path, pattern: str
) -> None:
    device, context = seen_on
    folder = SCREENS if UPDATE else tmp_path
    folder.mkdir(exist_ok=True)
    path = folder / file_of(pattern, device)
    path.write_bytes(picture(context, filled(pattern, home), DEVICES[device][0]))
    assert path.stat().st_size > 5_000


def picture(context: BrowserContext, address: str, width: int) -> bytes:
    """Return the top of a page as WebP, which playwright itself does not make."""
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.fonts.ready")
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(tall, TALLEST)})
    asked = {"format": "webp", "quality": QUALITY}
    taken = context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    page.close()
    return base64.b64decode(taken["data"])


def test_the_pictures_that_are_kept_are_of_every_page_and_small(home: Installation) -> None:
    if UPDATE:
        SHEET.write_text(sheet(home), encoding="utf-8")
    wanted = {file_of(pattern, device) for pattern in PAGES for device in DEVICES}
    assert set(re.findall(r"[\w-]+\.webp", SHEET.read_text(encoding="utf-8"))) == wanted
    assert {path.name for path in SCREENS.glob("*.webp")} >= wanted
    assert sum(path.stat().st_size for path in SCREENS.iterdir()) < MOST_BYTES


def sheet(home: Installation) -> str:
    """Return the contact sheet: each page's route, what it calls itself, and its pictures."""
    found = [HEAD]
    with TestClient(create_app(home), base_url=home.settings.base_url, client=("127.0.0.1", 50000)) as client:
        for pattern in PAGES:
            named = re.search(r"<title>(.*?)</title>", client.get(filled(pattern, home)).text, re.DOTALL)
            assert named, pattern
            title = html.unescape(" ".join(named[1].split()))
            shown = " ".join(f'<img src="{file_of(pattern, device)}" alt="" height="420">' for device in DEVICES)
            found.append(f"## {title}\n\n`{pattern}`\n\n{shown}\n")
    return "\n".join(found)


def file_of(pattern: str, device: str) -> str:
    """Return the name of a route's picture."""
    words = re.findall(r"\w+", pattern.replace("{municipality}", "").replace("{key}", "one").replace("{name}", "one"))
    name = "-".join(words) or ("municipality" if "municipality" in pattern else "start")
    return f"{name}-{device}.webp"
