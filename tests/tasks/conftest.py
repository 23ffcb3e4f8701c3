"""An installation of the test's own, found by the tasks through the environment, as always."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import tasks.app
from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path / "var"))
    tasks.app.installation.cache_clear()
    installation = Installation.open(load_settings())
    installation.migrate()
    yield installation
    installation.close()
    tasks.app.installation().close()
    tasks.app.installation.cache_clear()
