"""Every page before the checker of the web's own standard."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from starlette.testclient import TestClient

from styrhjul.web.app import create_app
from tests.pages.paths import PAGES, filled
from tests.programs import HTML_CHECKER

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation

pytestmark = pytest.mark.needs("the Nu Html Checker")
BAD = "a bad page"


@pytest.fixture(scope="module")
def invalid(home: Installation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the checker says of each page, and of one that must not pass."""
    folder = tmp_path_factory.mktemp("pages")
    files = {pattern: folder / f"{number}.html" for number, pattern in enumerate((*PAGES, BAD))}
    base = "http://127.0.0.1:8000"
    with TestClient(create_app(home), base_url=base, client=("127.0.0.1", 50000)) as client:
        for pattern in PAGES:
            files[pattern].write_text(client.get(filled(pattern, home)).text, encoding="utf-8")
    files[BAD].write_text("<!doctype html><title>x</title><table><b>y", encoding="utf-8")
    return checked(files)


def checked(files: dict[str, Path]) -> dict[str, list[str]]:
    names = {path: pattern for pattern, path in files.items()}
    command = ["java", "-jar", str(HTML_CHECKER), "--format", "json", "--exit-zero-always", *map(str, names)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, list[str]] = {pattern: [] for pattern in files}
    for message in json.loads(done.stderr)["messages"]:
        page = names[Path(unquote(urlsplit(message["url"]).path))]
        said[page].append(f"line {message.get('lastLine')}: {message['message']}")
    return said


def test_every_page_is_valid_html(invalid: dict[str, list[str]]) -> None:
    assert {page: said for page, said in invalid.items() if said and page != BAD} == {}


def test_the_checker_is_listened_to(invalid: dict[str, list[str]]) -> None:
    assert invalid[BAD]
