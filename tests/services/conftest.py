"""One database per test, and a municipality to fill it with."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from styrhjul.db.session import Database
from styrhjul.services.municipality import NewMunicipality, add_municipality


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 10, 15, 7, 0, tzinfo=UTC)


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
