"""The auditor and the coordinator take a policy's pack from its page; others see no button and get no file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from styrhjul.db.model import UserRole
from tests.web.sign_in_world import add, afar, sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.installation import Installation
    from tests.answer_world import World

HERE = "/herrljunga/policy/integration"
MAY = {
    UserRole.AUDITOR: True,
    UserRole.COORDINATOR: True,
    UserRole.CHIEF_EXECUTIVE: False,
    UserRole.DOCUMENT_OWNER: False,
    UserRole.ADMINISTRATOR: False,
}


@pytest.mark.parametrize("role", MAY)
def test_who_may_take_it_sees_the_button_and_gets_the_file(home: Installation, world: World, role: UserRole) -> None:
    add(home, world.municipality_id, role)
    with afar(home) as client:
        sign_in(home, client)
        page, file = client.get(HERE), client.get(f"{HERE}/pack")
    assert page.status_code == 200
    assert (f'href="{HERE}/pack"' in page.text) is MAY[role]
    assert file.status_code == (200 if MAY[role] else 403)


@pytest.mark.usefixtures("world")
def test_the_file_comes_with_a_name_and_is_a_whole_zip(client: TestClient) -> None:
    file = client.get(f"{HERE}/pack")
    assert 'filename="herrljunga-granskning-integration.zip"' in file.headers["Content-Disposition"]
    with ZipFile(io.BytesIO(file.content)) as package:
        assert package.testzip() is None
        assert {"granskning.pdf", "granskning.json", "journal.jsonl", "SHA256SUMS"} <= set(package.namelist())
        assert package.read("granskning.pdf").startswith(b"%PDF-")


@pytest.mark.usefixtures("world")
def test_a_policy_that_is_not_here_is_not_found(client: TestClient) -> None:
    assert client.get("/herrljunga/policy/inget/pack").status_code == 404
