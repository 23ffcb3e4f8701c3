"""The drafts for a revision as files from its case page, and nowhere else than where they are of use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.answer_world import ask

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation
    from tests.answer_world import World

PAPERS = "/herrljunga/policy/integration/paper"


def test_a_waiting_revision_offers_its_drafts(client: TestClient, home: Installation) -> None:
    world = ask(home.database, "revision")
    page = client.get(f"/herrljunga/case/{world.case_id}").text
    for paper in ("memorandum-unchanged", "memorandum-revise", "memorandum-repeal", "referral-letter"):
        for kind in ("docx", "pdf"):
            assert f'href="{PAPERS}/{paper}/{kind}"' in page


def test_other_cases_offer_none(client: TestClient, world: World) -> None:
    assert "Utkast till underlag" not in client.get(f"/herrljunga/case/{world.case_id}").text


@pytest.mark.parametrize(("kind", "begins"), [("docx", b"PK"), ("pdf", b"%PDF-")])
@pytest.mark.usefixtures("world")
def test_each_comes_with_a_name(client: TestClient, kind: str, begins: bytes) -> None:
    file = client.get(f"{PAPERS}/memorandum-revise/{kind}")
    assert file.content.startswith(begins)
    assert file.headers["Content-Disposition"].endswith(f'"tjansteskrivelse-revideras-integration.{kind}"')


@pytest.mark.parametrize("address", [f"{PAPERS}/annat/docx", f"{PAPERS}/referral-letter/xlsx"])
@pytest.mark.usefixtures("world")
def test_what_is_no_draft_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("world")
def test_an_unknown_policy_has_none(client: TestClient) -> None:
    assert client.get("/herrljunga/policy/inget/paper/referral-letter/pdf").status_code == 404
