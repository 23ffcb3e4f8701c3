"""T-L7: whoever guesses at links gets twenty tries a minute, and nobody else notices; whoever works has enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from styrhjul.web import rate
from styrhjul.web.rate import MISSES, MOST, WINDOW_SECONDS, Rate, Tally
from styrhjul.web.rules import RULES
from tests.answer_world import World
from tests.web.conftest import here
from tests.web.sign_in_world import add, afar, sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation


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
    counted = Tally(tick=lambda: now[0])

    def waits() -> list[int]:
        return [counted.seconds_to_wait("a", MISSES) for _ in range(MISSES + 1)]

    assert waits() == [0] * MISSES + [WINDOW_SECONDS]
    now[0] = 59.5
    assert counted.seconds_to_wait("a", MISSES) == 1
    now[0] = 60.0
    assert waits() == [0] * MISSES + [WINDOW_SECONDS]


def test_only_so_many_callers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "_MOST_CALLERS", 3)
    counted = Tally(tick=lambda: 0.0)
    for number in range(10):
        counted.seconds_to_wait(str(number), MISSES)
    assert len(counted._called) == 3


# -- whoever changes, uploads or fetches much -----------------------------------------------------------------------


#: A route of each class, and what it answers to a call that does nothing.
OFTEN = {
    Rate.WRITE: ("POST", "/herrljunga/meetings/subscribe", 403),
    Rate.UPLOAD: ("POST", "/herrljunga/people/import", 403),
    Rate.EXPORT: ("GET", f"/herrljunga/mail/{'0' * 32}/pdf", 404),
}


@pytest.mark.parametrize("often", OFTEN)
def test_one_call_too_many_within_a_minute_is_told_to_wait(client: TestClient, world: World, often: Rate) -> None:
    method, path, ordinary = OFTEN[often]
    said = [client.request(method, path).status_code for _ in range(MOST[often] + 2)]
    assert said == [ordinary] * MOST[often] + [429] * 2
    refused = client.request(method, path)
    assert 1 <= int(refused.headers["retry-after"]) <= WINDOW_SECONDS
    assert "Vänta en minut" in refused.text
    assert client.get("/herrljunga").status_code == 200
    assert {OFTEN[other][2] for other in OFTEN if other is not often} == {
        client.request(*OFTEN[other][:2]).status_code for other in OFTEN if other is not often
    }


def test_reading_is_free(client: TestClient, world: World) -> None:
    assert {client.get("/herrljunga/settings").status_code for _ in range(130)} == {200}
    assert not {Rate.READ, Rate.FREE} & MOST.keys()


def test_a_session_that_was_made_up_counts_for_nothing(client: TestClient, world: World) -> None:
    calls = []
    for number in range(MOST[Rate.WRITE] + 1):
        client.cookies.set("styrhjul-session", f"made-up-{number}")
        calls.append(client.post("/herrljunga/meetings/subscribe").status_code)
    assert (calls[-2] == 429, calls[-1]) == (False, 429)


def test_each_session_and_each_opened_link_is_counted_for_itself(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as client:
        sign_in(home, client)
        calls = [client.post("/herrljunga/meetings/subscribe").status_code for _ in range(MOST[Rate.WRITE] + 1)]
        form = client.get(f"/a/{world.chair}").url.path
        assert (calls[-1], client.post(f"{form}/review").status_code) == (429, 403)
        client.cookies.delete("styrhjul-session")
        sign_in(home, client)
        assert client.post("/herrljunga/meetings/subscribe").status_code == 403


def test_each_class_that_writes_or_costs_has_a_figure() -> None:
    declared = {rule.rate for rule in RULES}
    assert declared - MOST.keys() == {Rate.READ, Rate.FREE, Rate.LINK, Rate.SIGN_IN}
