"""A picture of every page, on a desk and on a phone. With STYRHJUL_UPDATE_GOLDEN=1 they are kept in docs/screens."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pages.paths import PAGES, filled

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from styrhjul.services.installation import Installation

pytestmark = pytest.mark.browser
UPDATE = os.environ.get("STYRHJUL_UPDATE_GOLDEN") == "1"
SCREENS = Path(__file__).parents[2] / "docs/screens"
#: A page that goes on and on is cut here: what is below looks the same.
TALLEST = 3000
DEVICES = {"desktop": 1280, "phone": 390}


@pytest.mark.parametrize("pattern", PAGES)
def test_every_page_can_be_looked_at(
    browser: Browser, site: str, home: Installation, tmp_path: Path, pattern: str
) -> None:
    folder = SCREENS if UPDATE else tmp_path
    folder.mkdir(exist_ok=True)
    page = browser.new_page(base_url=site)
    page.goto(filled(pattern, home))
    page.evaluate("document.fonts.ready")
    for device, width in DEVICES.items():
        page.set_viewport_size({"width": width, "height": 900})
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        page.set_viewport_size({"width": width, "height": height})
        path = folder / f"{name_of(pattern)}-{device}.jpg"
        page.screenshot(path=path, type="jpeg", quality=72)
        assert path.stat().st_size > 5_000
    page.close()


def name_of(pattern: str) -> str:
    """Return a route's name as a file."""
    words = re.findall(r"\w+", pattern.replace("{municipality}", "").replace("{key}", "one").replace("{name}", "one"))
    return "-".join(words) or ("municipality" if "municipality" in pattern else "start")
