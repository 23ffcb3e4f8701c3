"""A file that takes time is ordered on a page, followed there, and fetched by those who may and nobody else."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from styrhjul.db.model import UserRole
from styrhjul.services.operations.order_making import OrderReport, make_orders
from styrhjul.web.official import report
from tests.web.conftest import hidden
from tests.web.sign_in_world import add, afar, sign_in

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation
    from tests.answer_world import World

ORDERS = "/herrljunga/orders"
POLICY = {"policy": "integration"}
YEAR = {"first": "2027-01-01", "last": "2027-12-31"}
#: What each kind asks for, and who may have it.
MAY = {
    "chapter": ({"year": "2027", "format": "json"}, frozenset(UserRole) - {UserRole.OPERATOR}),
    "audit-pack": (POLICY, {UserRole.AUDITOR, UserRole.COORDINATOR}),
    "records": (YEAR, {UserRole.AUDITOR, UserRole.COORDINATOR}),
    "export": ({}, {UserRole.ADMINISTRATOR}),
}
SIGNED_IN = [role for role in UserRole if role is not UserRole.OPERATOR]


def place(client: TestClient, kind: str = "audit-pack", **fields: str) -> Response:
    csrf = hidden(client.get(ORDERS).text, "csrf")
    return client.post(f"{ORDERS}/{kind}", data={"csrf": csrf, **MAY[kind][0], **fields}, follow_redirects=False)


def press(client: TestClient, address: str, what: str) -> Response:
    return client.post(f"{address}/{what}", data={"csrf": hidden(client.get(address).text, "csrf")})


@pytest.mark.usefixtures("world")
def test_an_order_is_placed_followed_fetched_and_taken_away(client: TestClient, home: Installation) -> None:
    address = place(client).headers["location"]
    assert re.fullmatch(rf"{ORDERS}/[0-9a-f]{{32}}", address)
    waiting = client.get(address).text
    assert "väntar på sin tur" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert make_orders(home) == OrderReport(made=1)
    done = client.get(address).text
    assert "http-equiv" not in done
    assert "<title>Klar: Granskningsunderlag: Integrationspolicy" in done
    file = press(client, address, "file")
    assert 'filename="herrljunga-granskning-integration.zip"' in file.headers["Content-Disposition"]
    with ZipFile(io.BytesIO(file.content)) as package:
        assert {"granskning.pdf", "granskning.json", "journal.jsonl", "SHA256SUMS"} <= set(package.namelist())
    assert "Filen är borttagen." in press(client, address, "remove").text
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", SIGNED_IN)
@pytest.mark.parametrize("kind", MAY)
def test_who_may_order_a_kind_may_have_it_and_nobody_else_sees_it(
    home: Installation, world: World, client: TestClient, kind: str, role: UserRole
) -> None:
    address = place(client, kind).headers["location"]
    make_orders(home)
    add(home, world.municipality_id, role)
    is_theirs = role in MAY[kind][1]
    with afar(home) as other:
        sign_in(home, other)
        assert (address in other.get(ORDERS).text) is is_theirs
        assert other.get(address).status_code == (200 if is_theirs else 404)
        csrf = hidden(other.get(ORDERS).text, "csrf")
        assert other.post(f"{address}/file", data={"csrf": csrf}).status_code == (200 if is_theirs else 404)
        again = other.post(f"{ORDERS}/{kind}", data={"csrf": csrf, **MAY[kind][0]}, follow_redirects=False)
        assert again.status_code == (303 if is_theirs else 403)
        assert other.post(f"{address}/remove", data={"csrf": csrf}).status_code == (200 if is_theirs else 404)


@pytest.mark.usefixtures("world")
def test_the_pages_own_script_hears_only_what_is_new(client: TestClient, home: Installation) -> None:
    address = place(client).headers["location"]
    seen = re.search(r'data-hx-get="[^"]*seen=([^"]*)"', client.get(address).text)
    assert seen
    ask = {"headers": {"HX-Request": "true"}, "params": {"seen": seen[1]}}
    assert client.get(address, **ask).status_code == 204  # type: ignore[arg-type]
    assert "väntar på sin tur" in client.get(address, headers={"HX-Request": "true"}).text
    make_orders(home)
    assert client.get(address, **ask).headers["HX-Refresh"] == "true"  # type: ignore[arg-type]


@pytest.mark.usefixtures("world")
def test_what_could_not_be_made_says_why_and_gives_no_file(client: TestClient, home: Installation) -> None:
    address = place(client).headers["location"]
    make_orders(home, longest=timedelta())
    page = client.get(address).text
    assert "<title>Gick inte: " in page
    assert "tio minuter" in page
    csrf = hidden(page, "csrf")
    assert client.post(f"{address}/file", data={"csrf": csrf}).status_code == 404


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first": "i fjol"}, "Skriv datumet som 2027-03-24."),
        ({"first": "0001-01-01"}, "Skriv ett år mellan 1900 och 2199."),
        ({"last": "9999-12-31"}, "Skriv ett år mellan 1900 och 2199."),
        ({"last": "2026-12-31"}, "Skriv en senare dag."),
        ({"last": "2028-01-02"}, "Beställ ett år åt gången."),
    ],
)
def test_days_that_cannot_be_are_told_beside_their_field(client: TestClient, fields: dict[str, str], said: str) -> None:
    answer = place(client, "records", **fields)
    assert answer.status_code == 422
    assert answer.text.count(said) == 2
    assert client.get(ORDERS).text.count("Inget är beställt") == 1


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("kind", "fields"), [("chapter", {"format": "exe"}), ("chapter", {"year": "1"}), ("audit-pack", {"policy": "x"})]
)
def test_what_is_not_here_is_not_ordered(client: TestClient, kind: str, fields: dict[str, str]) -> None:
    assert place(client, kind, **fields).status_code == 404
    assert "Inget är beställt" in client.get(ORDERS).text


@pytest.mark.usefixtures("world")
def test_of_many_documents_the_chapter_is_ordered_and_never_made_while_somebody_waits(
    client: TestClient, home: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "MOST_ON_A_PAGE", 0)
    page = client.get("/herrljunga/report/2027/docx")
    assert page.url.path == "/herrljunga/report/2027"
    assert 'name="format" value="docx"' in page.text
    fields = {"csrf": hidden(page.text, "csrf"), "year": "2027", "format": "docx"}
    address = client.post(f"{ORDERS}/chapter", data=fields).url.path
    make_orders(home)
    assert "herrljunga-styrdokument-2027.docx" in press(client, address, "file").headers["Content-Disposition"]


@pytest.mark.usefixtures("world")
def test_a_municipality_with_all_it_may_have_is_told_to_take_one_away(client: TestClient) -> None:
    for year in range(20):
        place(client, "chapter", year=str(2000 + year))
    answer = place(client)
    assert answer.status_code == 409
    assert "Ta bort någon av dem" in answer.text


@pytest.mark.parametrize("role", [UserRole.AUDITOR, UserRole.CHIEF_EXECUTIVE])
def test_the_pack_is_offered_to_whoever_may_have_it(home: Installation, world: World, role: UserRole) -> None:
    add(home, world.municipality_id, role)
    with afar(home) as client:
        sign_in(home, client)
        page = client.get("/herrljunga/policy/integration").text
    assert (f'action="{ORDERS}/audit-pack"' in page) is (role is UserRole.AUDITOR)
