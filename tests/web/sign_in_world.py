"""Somebody who signs in, seen from another machine: users, the code out of the caught mail, and the way in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from config.clock import StoppedClock
from styrhjul.db.model import UserRole
from styrhjul.mail.catch import Catcher
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.municipality.directory import NewUser, add_user
from tests.answer_world import NOW
from tests.web.conftest import here, hidden

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

ANNA = "anna@example.org"
CODE_MAIL = re.compile(r"^ {4}([0-9]{6})\r?$", re.MULTILINE)


def add(home: Installation, municipality_id: str, *roles: UserRole, address: str = ANNA, name: str = "Anna Ek") -> str:
    """Add a user; an administrator and coordinator unless told otherwise."""
    held = frozenset(roles or (UserRole.ADMINISTRATOR, UserRole.COORDINATOR))
    return add_user(home.database, municipality_id, NewUser(address=address, name=name, roles=held), NOW)


def afar(home: Installation, **options: object) -> TestClient:
    """A browser on another machine."""
    return here(home, client=("192.0.2.7", 4711), **options)


def at(home: Installation, moment: datetime) -> Installation:
    """The same installation at another moment."""
    return Installation(home.settings, StoppedClock(moment))


def later(home: Installation, **since: float) -> Installation:
    return at(home, NOW + timedelta(**since))


def caught(home: Installation, key: str = "kod") -> list[str]:
    """Send what waits and return the texts of the mails whose subject has a word, newest first."""
    deliver(home.database, home.mailroom, home.clock.now)
    found = Catcher(home.settings.data_dir / "mail").messages()
    return [mail.text for mail in found if key in mail.subject]


def codes(home: Installation) -> list[str]:
    return [CODE_MAIL.findall(text)[0] for text in caught(home)]


def ask(client: TestClient, address: str = ANNA, *, slug: str = "herrljunga", wanted: str = "/") -> Response:
    page = client.get(f"/sign-in?municipality={slug}").text
    fields = {"csrf": hidden(page, "csrf"), "next": wanted, "municipality": slug, "address": address}
    return client.post("/sign-in", data=fields)


def type_code(client: TestClient, code: str) -> Response:
    page = client.get("/sign-in/code").text
    return client.post("/sign-in/code", data={"csrf": hidden(page, "csrf"), "code": code})


def sign_in(home: Installation, client: TestClient, address: str = ANNA, *, slug: str = "herrljunga") -> str:
    """Sign in by code; return the session's token."""
    before = set(codes(home))
    ask(client, address, slug=slug)
    fresh = [code for code in codes(home) if code not in before]
    type_code(client, fresh[0])
    return client.cookies["styrhjul-session"]
