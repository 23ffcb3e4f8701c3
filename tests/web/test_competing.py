"""Whoever was second, whoever was first and the officials all see both answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from styrhjul.domain.office import PostRole
from tests.answer_world import World
from tests.web.conftest import hidden
from tests.web.test_answer import GOAL, goals, handed_in, opened

if TYPE_CHECKING:
    from starlette.testclient import TestClient

MINE = "Det som skrevs samtidigt."


def test_both_writers_and_the_officials_see_both_answers(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    handed_in(client, world.tokens[PostRole.SECRETARY], GOAL, name="Bo Exempel")
    review = client.post(f"{path}/review", data=goals(page, MINE)).text
    signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Anna"}
    second = client.post(path, data=signed)
    assert (second.status_code, GOAL in second.text, MINE in second.text) == (409, True, True)
    assert "Ditt svar, sparat bredvid" in second.text
    for address in (path, f"{path}/receipt", f"/herrljunga/case/{world.case_id}"):
        assert MINE in client.get(address).text, address
    _, first = opened(client, world.tokens[PostRole.SECRETARY])
    assert MINE in first
    assert "<h2>Ett svar till, från Anna</h2>" in first
