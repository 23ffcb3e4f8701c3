"""The chapter on its page says what its files say, and each file comes with a name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from styrhjul.web.official import report

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.answer_world import World

HERE = "/herrljunga/report/2027"


@pytest.mark.usefixtures("world")
def test_the_page_shows_who_has_not_answered_and_leads_to_the_files(client: TestClient) -> None:
    page = client.get(HERE).text
    assert "0 av 1 nämnd har svarat på målen för 2027." in page
    for kind in ("docx", "pdf", "xlsx", "json"):
        assert f'href="{HERE}/{kind}"' in page


@pytest.mark.parametrize(("kind", "begins"), [("docx", b"PK"), ("pdf", b"%PDF-"), ("xlsx", b"PK"), ("json", b"{")])
@pytest.mark.usefixtures("world")
def test_each_file_comes_with_a_name(client: TestClient, kind: str, begins: bytes) -> None:
    file = client.get(f"{HERE}/{kind}")
    assert file.content.startswith(begins)
    assert f'filename="herrljunga-styrdokument-2027.{kind}"' in file.headers["Content-Disposition"]


@pytest.mark.usefixtures("world")
def test_one_policy_alone_keeps_to_it(client: TestClient) -> None:
    file = client.get(f"{HERE}/json?policy=integration")
    assert [each["slug"] for each in json.loads(file.content)["sections"]] == ["integration"]
    assert f'href="{HERE}/pdf?policy=integration"' in client.get(f"{HERE}?policy=integration").text


@pytest.mark.parametrize("address", ["/herrljunga/report/x", "/herrljunga/report/1", f"{HERE}?policy=inget"])
def test_what_is_not_there_is_not_found(client: TestClient, world: World, address: str) -> None:
    del world
    assert client.get(address).status_code == 404


def test_of_many_policies_one_is_chosen(client: TestClient, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    del world
    monkeypatch.setattr(report, "MOST_ON_A_PAGE", 0)
    page = client.get(HERE).text
    assert f'href="{HERE}?policy=integration"' in page
    assert "har svarat" not in page
    assert "har svarat" in client.get(f"{HERE}?policy=integration").text
    assert client.get("/herrljunga/report/x").status_code == 404
