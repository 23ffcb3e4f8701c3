"""No token that is nearly right, of another kind or no token at all opens anything, wherever it is held up."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import select

from styrhjul.db.case_model import Answer
from styrhjul.domain.office import PostRole
from styrhjul.services.answering.opened_link import LinkGone, find_opened
from styrhjul.services.cases.calendar_feed import NoSuchCalendar, calendar_feed, share_calendar
from styrhjul.services.sign_in.code import MOST_TRIES, ask_for_code, try_code
from styrhjul.services.sign_in.operator import OpeningGone, look_at_opening, open_glass, use_opening
from styrhjul.services.sign_in.session import find_session
from tests.answer_world import NOW, World
from tests.web.conftest import hidden
from tests.web.sign_in_world import ANNA, add, codes, later

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

RANDOM = 10_000
#: Every way in which a token can be nearly right. What a browser decodes to the very token is not among them.
SPOILED: dict[str, Callable[[str], str]] = {
    "nothing": lambda good: "",
    "its first half": lambda good: good[: len(good) // 2],
    "one letter short": lambda good: good[:-1],
    "without its first letter": lambda good: good[1:],
    "one letter more": lambda good: f"{good}A",
    "one letter before": lambda good: f"A{good}",
    "doubled": lambda good: good * 2,
    "the other case": lambda good: good.swapcase(),
    "capitals": lambda good: good.upper(),
    "its last bit turned": lambda good: good[:-1] + ("B" if good[-1] != "B" else "C"),
    "its first letter another": lambda good: ("B" if good[0] != "B" else "C") + good[1:],
    "backwards": lambda good: good[::-1],
    "encoded twice": lambda good: quote(quote(f"{good}%")),
    "padded": lambda good: f"{good}=",
    "padded twice": lambda good: f"{good}==",
    "in base64 once more": lambda good: base64.urlsafe_b64encode(good.encode()).decode(),
    "in hexadecimal": lambda good: good.encode().hex(),
    "in quotes": lambda good: f'"{good}"',
    "with a dot": lambda good: f"{good}.",
    "with a comma and itself": lambda good: f"{good},{good}",
    "with a look-alike letter": lambda good: f"{good[:-1]}\u0430",
    "with digits of another script": lambda good: f"{good[:-1]}\u0661",
    "with a null": lambda good: f"{good}\x00",
    "with a hash sign": lambda good: f"%23{good}",
    "with a space in front": lambda good: f" {good}",
    "with a line break": lambda good: f"{good}\n",
    "with a tab": lambda good: f"{good}\t",
    "all zeros": lambda good: "0" * len(good),
    "all letters A": lambda good: "A" * len(good),
    "a wildcard": lambda good: "%25",
    "sql": lambda good: "' OR 1=1 --",
    "a path": lambda good: "..%2f..%2fetc",
    "very long": lambda good: good * 100,
}

Opens = Callable[[str], object]


def doors(home: Installation, world: World) -> dict[str, tuple[str, Opens]]:
    """Each kind of token: one that opens, and what it opens when it is held up."""
    base, database = home.settings.base_url, home.database
    url = share_calendar(database, world.municipality_id, world.posts[PostRole.CHAIR], "", NOW).url
    return {
        "link": (world.chair, lambda token: find_opened(database, token)),
        "calendar": (
            url.removeprefix("/calendar/").removesuffix(".ics"),
            lambda token: calendar_feed(database, token, base, NOW),
        ),
        "operator": (opening(home, world), lambda token: look_at_opening(database, token, NOW)),
        "session": (use_opening(database, opening(home, world), NOW), lambda token: signed_in(home, token)),
    }


def opening(home: Installation, world: World) -> str:
    """An operator's token."""
    why, where = "Felsökning av inläsningen", world.municipality_id
    return str(open_glass(home.database, home.mailroom, municipality_id=where, reason=why, minutes=60, now=NOW).token)


def signed_in(home: Installation, token: str) -> object:
    found = find_session(home.database, token, NOW)
    if found is None:
        raise NotSignedIn
    return found


class NotSignedIn(Exception):
    """Nobody's session."""


def refused(opens: Opens, token: str) -> bool:
    """Whether a token opens nothing, said in the one way that its kind has; any other error is a fault."""
    try:
        opens(token)
    except (LinkGone, NoSuchCalendar, OpeningGone, NotSignedIn):
        return True
    return False


def test_no_token_that_is_spoiled_or_of_another_kind_opens_anything(home: Installation, world: World) -> None:
    found, opened, tried = doors(home, world), [], 0
    for kind, (good, opens) in found.items():
        assert not refused(opens, good), kind
        held = {name: spoil(good) for name, spoil in SPOILED.items()}
        others = {f"that of a {other}": token for other, (token, _) in found.items() if other != kind}
        for name, token in (held | others).items():
            tried += 1
            opened += [f"{kind} · {name}"] if not refused(opens, token) else []
    assert opened == []
    assert tried >= 140


def test_no_spoiled_code_signs_anybody_in(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    opened, left = [], list(SPOILED.items())
    for hour in range(0, len(left), MOST_TRIES - 1):  # an hour apart: no limit on sending is met
        then = later(home, hours=hour)
        request, good = asked(then, world)
        for name, spoil in left[hour : hour + MOST_TRIES - 1]:
            given = spoil(good)
            opened += [name] if given != good and typed(then, world, request, given) else []
        assert typed(then, world, request, good)
    assert opened == []


def test_a_code_opens_its_own_request_and_once(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    request, good = asked(home, world)
    other, _ = asked(home, world)
    assert not typed(home, world, other, good)
    assert typed(home, world, request, good)
    assert not typed(home, world, request, good)


def asked(home: Installation, world: World) -> tuple[str, str]:
    """A request for a code, and the code that came."""
    where = world.municipality_id
    request = ask_for_code(
        home.database, home.mailroom, home.sign_in_key, municipality_id=where, address=ANNA, now=home.clock.now()
    )
    return request, codes(home)[0]


def typed(home: Installation, world: World, request: str, given: str) -> bool:
    """Whether a code begins a session."""
    where, now = world.municipality_id, home.clock.now()
    tried = try_code(home.database, home.sign_in_key, municipality_id=where, request_id=request, given=given, now=now)
    return tried.token is not None


def test_no_spoiled_form_token_sends_a_form(client: TestClient, world: World) -> None:
    form = client.get(f"/a/{world.chair}")
    good = hidden(form.text, "csrf")
    official = hidden(client.get("/herrljunga/settings/practice").text, "csrf")
    spoiled = {name: spoil(good) for name, spoil in SPOILED.items()} | {"that of a session": official, "none": ""}
    sent = {name: client.post(f"{form.url.path}/review", data={"csrf": given}) for name, given in spoiled.items()}
    assert {name: each.status_code for name, each in sent.items() if each.status_code != 403} == {}
    assert client.post(f"{form.url.path}/review", data={"csrf": good}).status_code == 422


def test_no_spoiled_review_hands_an_answer_in(client: TestClient, home: Installation, world: World) -> None:
    form = client.get(f"/a/{world.chair}")
    names = ("csrf", "form_id", "seen")
    sent = {name: hidden(form.text, name) for name in names} | {"goals-0-text": "Fler ska kunna påverka."}
    review = client.post(f"{form.url.path}/review", data=sent).text
    good, csrf = hidden(review, "payload"), hidden(review, "csrf")
    found = {}
    for name, given in ({name: spoil(good) for name, spoil in SPOILED.items()} | {"a form token": csrf}).items():
        data = {"csrf": csrf, "payload": given, "signed_by": "Anna"}
        found[name] = client.post(form.url.path, data=data).status_code
    assert {name: status for name, status in found.items() if not 400 <= status < 500} == {}
    assert answers(home, world) == 0
    assert client.post(form.url.path, data={"csrf": csrf, "payload": good, "signed_by": "Anna"}).status_code == 200
    assert answers(home, world) == 1


def answers(home: Installation, world: World) -> int:
    with home.database.reading(world.municipality_id) as session:
        return len(session.scalars(select(Answer.id)).all())


def test_ten_thousand_random_tokens_open_nothing(home: Installation, world: World) -> None:
    found = list(doors(home, world).values())
    for number in range(RANDOM):
        _, opens = found[number % len(found)]
        assert refused(opens, secrets.token_urlsafe(32))
