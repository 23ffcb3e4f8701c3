"""A released municipality with its offices, in the web's own installation, and a text to bring in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from config.clock import StoppedClock
from styrhjul.db.model import Duty
from styrhjul.services.foundation.installation import Installation
from tests.town import Town, build_town
from tests.web.conftest import here, hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Response
    from starlette.testclient import TestClient

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
TEXT = """\
Policy

Antagen av: Kommunfullmäktige
Datum: 2024-05-13 § 41

Miljöpolicy för Lillby kommun

Ansvar

Varje nämnd ska årligen besluta om 1-3 mål för sitt miljöarbete.

Målen följs upp årligen och redovisas i årsredovisningen.

Policyn ska revideras varje mandatperiod.

Skolan bör äta mer ekologiskt. Skolan ska varje år berätta om maten. Skolan ska varje år berätta om maten.
"""
SLUG = "miljopolicy-for-lillby-kommun"
POLICY = f"/lillby/policy/{SLUG}"


def settle(home: Installation) -> Town:
    """Build the municipality where the pages find it."""
    return build_town(home.database)


def at_nine(home: Installation, now: datetime = NOW) -> Installation:
    """Return the installation with its clock standing still."""
    return Installation(home.settings, StoppedClock(now))


def send(client: TestClient, page: str, action: str, **fields: object) -> Response:
    """Post a form with the token of the page it stands on; what is not given is taken from the page's hidden fields."""
    shown = client.get(page).text
    version = re.search(r'name="version" value="([^"]*)"', shown)
    sent = {"csrf": hidden(shown, "csrf"), **({"version": version.group(1)} if version else {}), **fields}
    return client.post(action, data=sent)


def bring_in(client: TestClient, text: str = TEXT, edition_of: str = "") -> Response:
    """Preview a pasted text and store it."""
    shown = send(client, "/lillby/policies/import", "/lillby/policies/import", text=text).text
    sent = {"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given"), "edition_of": edition_of}
    return client.post("/lillby/policies/import/store", data=sent)


def confirm_clear(client: TestClient, policy: str = POLICY) -> Response:
    """Read what is clear, tick that it is read, and confirm it."""
    shown = client.get(f"{policy}/confirm").text
    clear = re.findall(r'name="clear" value="([^"]*)"', shown)
    return client.post(f"{policy}/confirm", data={"csrf": hidden(shown, "csrf"), "clear": clear, "seen": "yes"})


def duties(home: Installation, town: Town) -> list[Duty]:
    """Every duty that was brought in, in the order of the text."""
    with home.database.reading(town.municipality_id) as session:
        query = select(Duty).where(Duty.policy_id != town.policy_id).order_by(Duty.start, Duty.id)
        return list(session.scalars(query))


@pytest.fixture
def town(home: Installation) -> Town:
    """Lillby, released, with its offices."""
    return settle(home)


@pytest.fixture
def official(home: Installation, town: Town) -> Iterator[TestClient]:
    """Return a browser at nine o'clock."""
    with here(at_nine(home)) as client:
        yield client


@pytest.fixture
def brought(official: TestClient) -> TestClient:
    """Return a browser once the text has come in."""
    assert bring_in(official).status_code == 200
    return official
