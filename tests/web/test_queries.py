"""No page asks the database more than fifteen times: every GET there is, as test_leak fills it in."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select
from starlette.testclient import TestClient

from styrhjul.db.migrate import METADATA
from styrhjul.db.model import UserRole
from styrhjul.db.order_model import OrderKind
from styrhjul.services.foundation.order import Wish, place_order
from styrhjul.services.sign_in.session import begin_session
from styrhjul.web.rate import Rate
from styrhjul.web.rules import RULES, Rule, Whose
from styrhjul.web.session import SESSION_COOKIE
from tests.answer_world import NOW, World
from tests.published_world import publish
from tests.servers import past_every_session
from tests.web.api_world import key
from tests.web.conftest import here
from tests.web.sign_in_world import add
from tests.web.test_answer import GOAL, handed_in, opened
from tests.web.test_leak import ROWS, WORDS, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from styrhjul.services.foundation.installation import Installation

MOST = 15
#: What saves a file is no page.
PAGES = [rule for rule in RULES if rule.method == "GET" and rule.rate is not Rate.EXPORT]


@contextmanager
def asked(home: Installation) -> Iterator[list[str]]:
    """Collect what the database is asked meanwhile."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        del connection, cursor, rest
        if not statement.startswith("BEGIN"):  # PostgreSQL's is no question either
            statements.append(" ".join(statement.split()))

    event.listen(home.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(home.database.engine, "before_cursor_execute", note)


def named(home: Installation, world: World, client: TestClient) -> dict[str, str]:
    """What a path may name: the first row of a table where there is one, else a word."""
    rows = {}
    wish = Wish(kind=OrderKind.EXPORT, title="Allt", wanted={})
    place_order(home.database, world.municipality_id, wish, by="kansliet", now=NOW)
    with past_every_session(home.database) as connection:
        for name, table in ROWS.items():
            column = METADATA.tables[table].c["slug" if name == "body" else "id"]
            rows[name] = str(connection.scalar(select(column).order_by(column).limit(1)) or "0" * 32)
    link = opened(client, world.chair)[0].removeprefix("/answer/")
    return WORDS | {"kept": "inbound_text"} | rows | {"municipality": "herrljunga", "token": "x" * 43, "link_id": link}


def signed_in(home: Installation, world: World, client: TestClient) -> TestClient:
    user_id = add(home, world.municipality_id, *(set(UserRole) - {UserRole.OPERATOR}))
    with home.database.municipality(world.municipality_id) as session:
        client.cookies.set(SESSION_COOKIE, begin_session(session, NOW, user_id=user_id))
    client.headers["Authorization"] = f"Bearer {key(home, world.municipality_id)}"
    return client


def too_many(home: Installation, client: TestClient, parts: dict[str, str]) -> list[str]:
    found = []
    for rule in PAGES:
        client.get(path_of(rule, parts))  # what is remembered from then on is remembered in life too
        with asked(home) as statements:
            client.get(path_of(rule, parts))
        if len(statements) > MOST:
            twice = [f"{times} x {text}" for text, times in Counter(statements).most_common() if times > 1]
            found.append("\n".join([f"{rule.path}: {len(statements)}", *twice]))
    return found


@pytest.mark.parametrize("is_answered", [False, True])
def test_no_page_asks_the_database_more_often_than_it_may(
    home: Installation,
    world: World,
    is_answered: bool,
) -> None:
    with here(home) as client:
        if is_answered:
            handed_in(client, world.chair, GOAL)
        publish(home.database)
        parts = named(home, world, client)
        found = too_many(home, signed_in(home, world, client), parts)
    assert found == []


def test_what_is_counted_are_pages_that_show_something(home: Installation, world: World) -> None:
    """Else nothing would be counted, whatever a page asks."""
    with here(home) as client:
        publish(home.database)
        parts = named(home, world, client)
        official = signed_in(home, world, client)
        missing = [
            rule.path
            for rule in PAGES
            if rule.whose in (Whose.PATH, Whose.TOKEN) and _is_missing(official, rule, parts)
        ]
    assert missing == NOT_IN_THIS_WORLD


def _is_missing(client: TestClient, rule: Rule, parts: dict[str, str]) -> bool:
    return client.get(path_of(rule, parts)).status_code >= 400


#: Pages of what the small world has nothing of.
NOT_IN_THIS_WORLD = [
    "/{municipality}/body/{body}/meeting/{on}",
    "/{municipality}/mail/{mail_id}",
    "/{municipality}/mail/{mail_id}/html",
]
