"""Break-glass: the operator's address opens one municipality, once and for a while, and the municipality is told."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.mail_model import Mail
from styrhjul.db.model import UserRole
from styrhjul.db.sign_in_model import BreakGlass
from styrhjul.domain.journal import EntryKind
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.sign_in.operator import Opening, OpeningRefused, open_glass
from styrhjul.web.actor import Actor
from styrhjul.web.rules import GRANTED, Permission
from tests.answer_world import NOW, World
from tests.answer_world import ask as municipality
from tests.web.conftest import hidden
from tests.web.sign_in_world import add, afar, caught, later

REASON = "Felsökning av inläsningen, ärende 4711"


def opened(home: Installation, world: World, minutes: int = 60) -> Opening:
    return open_glass(
        home.database,
        home.mailroom,
        municipality_id=world.municipality_id,
        reason=REASON,
        minutes=minutes,
        now=NOW,
    )


def test_an_operator_gets_in_once_and_sees_until_when(home: Installation, world: World) -> None:
    path = f"/sign-in/operator/{opened(home, world).token}"
    with afar(home) as client:
        csrf = hidden(client.get(path).text, "csrf")
        page = client.post(path, data={"csrf": csrf})
        assert (page.status_code, page.url.path) == (200, "/herrljunga")
        assert "Öppet för driften till kl. 11.00" in page.text
        assert REASON in page.text
    with afar(home) as client:
        gone = client.get(path)
        assert (gone.status_code, "Adressen öppnar inget" in gone.text) == (404, True)


def test_looking_at_the_address_a_thousand_times_opens_nothing(home: Installation, world: World) -> None:
    path = f"/sign-in/operator/{opened(home, world).token}"
    with afar(home) as client:
        assert {client.get(path).status_code for _ in range(20)} == {200}
        assert client.get(path).status_code == 429
        assert "styrhjul-session" not in client.cookies
    with home.database.reading(world.municipality_id) as session:
        assert session.scalars(select(BreakGlass.used_at)).all() == [None]


def test_the_opening_ends_by_itself(home: Installation, world: World) -> None:
    path = f"/sign-in/operator/{opened(home, world, minutes=20).token}"
    with afar(home) as client:
        client.post(path, data={"csrf": hidden(client.get(path).text, "csrf")})
        kept = dict(client.cookies)
    with afar(later(home, minutes=19), cookies=kept) as client:
        assert client.get("/herrljunga").status_code == 200
    with afar(later(home, minutes=20), cookies=kept) as client:
        assert client.get("/herrljunga", follow_redirects=False).status_code == 303
        assert client.get(path).status_code == 404


def test_the_registrar_and_the_coordinators_are_told_why_and_until_when(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    add(home, world.municipality_id, UserRole.AUDITOR, address="rev@example.org", name="Rev")
    token = opened(home, world).token
    told = caught(home, "driften")
    with home.database.reading(world.municipality_id) as session:
        addresses = set(session.scalars(select(Mail.address)))
    assert addresses == {"registrator@herrljunga.example.org", "anna@example.org"}
    assert all(REASON in text and "kl. 11.00" in text and str(token) not in text for text in told)


def test_opening_and_entering_stand_in_the_journal(home: Installation, world: World) -> None:
    path = f"/sign-in/operator/{opened(home, world).token}"
    with afar(home) as client:
        client.post(path, data={"csrf": hidden(client.get(path).text, "csrf")})
    with home.database.reading(world.municipality_id) as session:
        rows = {row.kind: row.data for row in session.scalars(select(JournalEntry))}
    assert rows[EntryKind.BREAK_GLASS_OPENED]["reason"] == REASON
    assert EntryKind.BREAK_GLASS_USED in rows


def test_an_opening_is_of_one_municipality(home: Installation, world: World) -> None:
    lillby = municipality(home.database, slug="lillby")
    token = str(opened(home, world).token)
    swapped = f"{lillby.municipality_id}.{token.partition('.')[2]}"
    with afar(home) as client:
        assert client.get(f"/sign-in/operator/{swapped}").status_code == 404
        client.post(
            f"/sign-in/operator/{token}", data={"csrf": hidden(client.get(f"/sign-in/operator/{token}").text, "csrf")}
        )
        assert client.get("/lillby").status_code == 404
        assert client.get("/herrljunga/users").status_code == 403


def test_an_operator_reads_and_coordinates_and_no_more() -> None:
    actor = Actor(name="driften", roles=frozenset({UserRole.OPERATOR}), municipality="herrljunga")
    assert {each for each, roles in GRANTED.items() if actor.roles & roles} == {Permission.READ, Permission.COORDINATE}


@pytest.mark.parametrize(("reason", "minutes"), [("", 60), ("kort", 60), (REASON, 0), (REASON, 241), ("a" * 400, 5)])
def test_without_a_reason_or_for_too_long_nothing_opens(
    home: Installation, world: World, reason: str, minutes: int
) -> None:
    with pytest.raises(OpeningRefused):
        open_glass(
            home.database,
            home.mailroom,
            municipality_id=world.municipality_id,
            reason=reason,
            minutes=minutes,
            now=NOW,
        )
    with home.database.reading(world.municipality_id) as session:
        assert session.scalar(select(func.count()).select_from(Mail)) == 0
