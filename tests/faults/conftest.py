"""A town in a real database, with a real SMTP server that takes its mail, and processes that work for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog.testing

from tests.faults.scene import Scene
from tests.tasks.test_real_processes import home, start  # noqa: F401 - fixtures
from tests.town import build_town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from styrhjul.db.session import Database
    from tests.smtp_sink import SmtpSink


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    """What our own code has logged; drawing it in colours with every variable would take longer than the test."""
    with structlog.testing.capture_logs() as events:
        yield events


@pytest.fixture
def scene(database: Database, smtp_sink: SmtpSink, tmp_path: Path) -> Scene:
    """A town whose goal round opens on OPENING: two cases, four mails."""
    return Scene(build_town(database), smtp_sink, tmp_path)
