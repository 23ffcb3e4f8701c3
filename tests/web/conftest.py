"""The real application on a migrated database of its own, with one question asked."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.web.app import create_app
from tests.answer_world import NOW, World, ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that has been migrated and closed: each test gets a copy."""
    folder = tmp_path_factory.mktemp("migrated")
    home = Installation.open(load_settings(data_dir=folder), StoppedClock(NOW))
    home.prepare()
    home.close()
    return folder / "styrhjul.db"


@pytest.fixture
def home(migrated: Path, tmp_path: Path) -> Iterator[Installation]:
    shutil.copy(migrated, tmp_path / "styrhjul.db")
    home = Installation.open(load_settings(data_dir=tmp_path, base_url=BASE_URL), StoppedClock(NOW))
    yield home
    home.close()


@pytest.fixture
def world(home: Installation) -> World:
    return ask(home.database)


@pytest.fixture
def client(home: Installation) -> Iterator[TestClient]:
    """Somebody at this very machine."""
    with here(home) as client:
        yield client


def here(home: Installation, **options: object) -> TestClient:
    found = {"base_url": BASE_URL, "client": ("127.0.0.1", 50000), "raise_server_exceptions": False, **options}
    return TestClient(create_app(home), **found)  # type: ignore[arg-type]


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found.group(1)
