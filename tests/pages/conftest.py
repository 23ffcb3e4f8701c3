"""Three municipalities in March 2027, as the demo has played them, and every page of theirs in a real browser."""

from __future__ import annotations

import shutil
import socket
import threading
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from config.clock import StoppedClock, at_nine
from config.settings import load_settings
from styrhjul.services.api.publication import publication_view, publish_promises
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.operations.play import play
from styrhjul.web.app import create_app
from tests.pages.paths import TOWN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

#: A Wednesday on which some have answered nothing: cases are open, late and with the kommunchef.
DAY = date(2027, 3, 10)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the demo on that day; each module gets a copy."""
    folder = tmp_path_factory.mktemp("played")
    home = Installation.open(load_settings(data_dir=folder))
    home.prepare()
    play(home, DAY)
    home.close()
    return folder


@pytest.fixture(scope="module")
def home(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("home") / "data"
    shutil.copytree(played, folder)
    home = Installation.open(load_settings(data_dir=folder), StoppedClock(at_nine(DAY)))
    open_promises(home)
    yield home
    home.close()


def open_promises(home: Installation) -> None:
    """Let anybody read the town's promises, as somebody who has seen them does."""
    town, now = municipality_by(home.database, TOWN), home.clock.now()
    seen = publication_view(home.database, town, now).mark
    publish_promises(home.database, town, seen, now, by="samordnaren")


@pytest.fixture(scope="module")
def site(home: Installation) -> Iterator[str]:
    with served(home) as address:
        yield address


@contextmanager
def served(home: Installation, port: int = 0) -> Iterator[str]:
    """Serve the application on a port; yield its address."""
    listening = socket.create_server(("127.0.0.1", port))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as in tests/web/test_browser.py
    server = uvicorn.Server(uvicorn.Config(create_app(home), log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
