"""What a text leaves unclear, on the import preview and on the policy's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from styrhjul.services.foundation.installation import Installation
from tests.web.conftest import here
from tests.web.policy_world import POLICY, at_nine, bring_in, send, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

IMPORT = "/lillby/policies/import"


@pytest.fixture
def official(home: Installation) -> Iterator[TestClient]:
    settle(home)
    with here(at_nine(home)) as client:
        yield client


def test_what_the_text_leaves_unclear_stands_on_the_policys_page(official: TestClient) -> None:
    assert bring_in(official).status_code == 200
    page = official.get(POLICY).text
    assert "Att se över vid nästa revidering" in page
    assert "Meningen säger inte" in page


def test_what_the_text_leaves_unclear_is_told_before_it_is_read_in(official: TestClient) -> None:
    page = send(official, IMPORT, IMPORT, text="Resepolicy\n\nAnsvar\n\nNämnderna ska ta fram mål.").text
    assert "Meningen säger inte hur många mål det ska vara." in page
