"""Who holds what, as a file: for officials of the municipality, and for nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema
import pytest

from tests.answer_world import World
from tests.popolo_schema import WHOLE
from tests.web.conftest import here

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

AT = "/herrljunga/people/popolo.json"


def test_an_official_fetches_it(client: TestClient, world: World) -> None:
    response = client.get(AT)
    assert response.headers["content-disposition"] == 'attachment; filename="herrljunga-popolo.json"'
    jsonschema.Draft7Validator(WHOLE).validate(response.json())
    assert {each["name"] for each in response.json()["persons"]} >= {"Ordförande", "Kommunchef"}
    assert AT in client.get("/herrljunga/people").text


@pytest.mark.parametrize("path", [AT, "/ingenstans/people/popolo.json"])
def test_a_stranger_is_asked_to_sign_in(home: Installation, world: World, path: str) -> None:
    with here(home, client=("192.0.2.7", 4711)) as stranger:
        response = stranger.get(path, follow_redirects=False)
    assert (response.status_code, "Ordförande" in response.text) == (303, False)
