"""One database per test, a municipality to fill it with, and a room that its mails are caught in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from styrhjul.db.session import Database
from styrhjul.mail.seal import Sealer
from styrhjul.mail.transport import transport_from_url
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.municipality.directory import NewMunicipality, add_municipality


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 10, 15, 7, 0, tzinfo=UTC)


@pytest.fixture
def mailroom(tmp_path: Path) -> Mailroom:
    return Mailroom(
        base_url="http://127.0.0.1:8000",
        sealer=Sealer("k" * 40),
        open_transport=lambda: transport_from_url("catch:", tmp_path),
    )


@pytest.fixture
def municipality_id(database: Database, now: datetime) -> str:
    new = NewMunicipality(
        slug="vinterby",
        name="Vinterby kommun",
        starts_on=date(2026, 10, 15),
        sender_address="styrhjul@vinterby.example.org",
        reply_to="registrator@vinterby.example.org",
    )
    return add_municipality(database, new, now)
