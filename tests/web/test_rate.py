"""T-L7: whoever guesses at links gets twenty tries a minute, and nobody else notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from styrhjul.web import rate
from styrhjul.web.rate import MISSES, WINDOW_SECONDS, StopGuessing
from tests.answer_world import World
from tests.web.conftest import here

if TYPE_CHECKING:
    from starlette.testclient import TestClient
    from starlette.types import Receive, Scope, Send

    from styrhjul.services.installation import Installation


async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that is never asked."""


def guesses(client: TestClient, path: str, count: int) -> list[int]:
    return [client.get(path.format(f"{number:043}")).status_code for number in range(count)]


@pytest.mark.parametrize("path", ["/a/{}", "/calendar/{}.ics"])
def test_the_twenty_first_guess_within_a_minute_is_told_to_wait(client: TestClient, world: World, path: str) -> None:
    assert guesses(client, path, MISSES + 5) == [404] * MISSES + [429] * 5
    refused = client.get(path.format("y" * 43))
    assert 1 <= int(refused.headers["retry-after"]) <= WINDOW_SECONDS
    assert "Vänta en minut" in refused.text
    assert "default-src 'none'" in refused.headers["content-security-policy"]


def test_a_link_that_is_there_opens_though_others_behind_the_address_have_guessed(
    client: TestClient, world: World
) -> None:
    guesses(client, "/a/{}", MISSES + 5)
    assert client.get(f"/a/{world.chair}").status_code == 200


def test_another_address_may_still_miss(home: Installation, client: TestClient, world: World) -> None:
    guesses(client, "/a/{}", MISSES + 5)
    with here(home, client=("192.0.2.7", 50000)) as other:
        assert guesses(other, "/a/{}", 1) == [404]


def test_a_page_that_is_missing_elsewhere_is_no_guess(client: TestClient, world: World) -> None:
    assert set(guesses(client, "/herrljunga/case/{}", MISSES + 5)) == {404}


def test_a_minute_later_there_are_twenty_more() -> None:
    now = [0.0]
    counted = StopGuessing(nowhere, tick=lambda: now[0])
    assert [counted.seconds_to_wait("a") for _ in range(MISSES + 1)] == [0] * MISSES + [WINDOW_SECONDS]
    now[0] = 59.5
    assert counted.seconds_to_wait("a") == 1
    now[0] = 60.0
    assert [counted.seconds_to_wait("a") for _ in range(MISSES + 1)] == [0] * MISSES + [WINDOW_SECONDS]


def test_only_so_many_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "_MOST_ADDRESSES", 3)
    counted = StopGuessing(nowhere, tick=lambda: 0.0)
    for number in range(10):
        counted.seconds_to_wait(str(number))
    assert len(counted._missed) == 3
