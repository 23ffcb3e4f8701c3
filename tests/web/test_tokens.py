"""No token that is nearly right, of another kind or no token at all opens anything, wherever it is held up."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from styrhjul.domain.office import PostRole
from styrhjul.services.calendar_feed import NoSuchCalendar, calendar_feed, share_calendar
from styrhjul.services.opened_link import LinkGone, find_opened
from styrhjul.services.sign_in_operator import OpeningGone, look_at_opening, open_glass, use_opening
from styrhjul.services.sign_in_session import find_session
from tests.answer_world import NOW, World

if TYPE_CHECKING:
    from styrhjul.services.installation import Installation

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


def test_ten_thousand_random_tokens_open_nothing(home: Installation, world: World) -> None:
    found = list(doors(home, world).values())
    for number in range(RANDOM):
        _, opens = found[number % len(found)]
        assert refused(opens, secrets.token_urlsafe(32))
