"""P7, in the web and on both databases: nothing of one municipality is in anything another one is shown.

Every route of the table is asked by every kind of caller, with the other municipality's ids wherever a request can hold
one. A new route is in it by itself; one with a new name in its path fails until that name has a FILLER.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.requests import Request
from starlette.testclient import TestClient

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.db.attachment_query import keep_file
from styrhjul.db.migrate import METADATA
from styrhjul.db.model import Appointment, UserRole, new_id
from styrhjul.db.order_model import Order, OrderKind, OrderStatus
from styrhjul.db.webhook_model import HookStatus, Webhook, WebhookMessage
from styrhjul.domain.office import PostRole
from styrhjul.domain.webhook import HookEvent
from styrhjul.services.foundation.installation import Installation
from styrhjul.web import permission, rate
from styrhjul.web.actor import Actor
from styrhjul.web.app import create_app
from styrhjul.web.permission import OfficialsOnly
from styrhjul.web.rules import RULES, Permission, Rule, Whose
from tests.answer_world import NOW, World, ask
from tests.one_of_each import OWNED
from tests.published_world import publish
from tests.servers import past_every_session
from tests.web.api_world import key

Response = Any  # the test client's own
CANARY = "kanariefågel-7f3a"
#: A municipality's own name has another: whoever signs in or writes to one chooses among the names, and learns no more.
NAMED = "kanarienamn-91c2"
CHOSEN_AMONG = {"/sign-in", "/accessibility"}
OURS, THEIRS = "ena", "andra"
#: What a person would read: each gets the canary in the other municipality. The names are alike but for that.
TOLD = {
    "municipality": ("name",),
    "body": ("name",),
    "post": ("title",),
    "person": ("name",),
    "policy": ("title",),
    "edition": ("text", "adopted_by"),
    "duty": ("reason",),
    "case": ("due_source",),
}


@dataclass(frozen=True)
class Here:
    """Two municipalities alike, and what a path can name of each: ours, theirs and nobody's."""

    home: Installation
    ours: World
    theirs: World
    named: dict[str, dict[str, str]]
    #: A key of ours that may do everything.
    key: str


def rows_of(here: Here, municipality_id: str) -> dict[str, list[str]]:
    """Everything a municipality has, read past every session."""
    found = {}
    with past_every_session(here.home.database) as connection:
        for table in (METADATA.tables[owned.__tablename__] for owned in OWNED):  # type: ignore[attr-defined]
            rows = connection.execute(select(table).where(table.c.municipality_id == municipality_id))
            found[table.name] = sorted(map(repr, rows))
    return found


def _mark(home: Installation, municipality_id: str) -> None:
    with past_every_session(home.database) as connection:
        for name, columns in TOLD.items():
            table = METADATA.tables[name]
            own = table.c.id if name == "municipality" else table.c.municipality_id
            canary = NAMED if name == "municipality" else CANARY
            marked = {column: table.c[column].concat(f" {canary}") for column in columns}
            connection.execute(update(table).where(own == municipality_id).values(marked))


def _link_id(home: Installation, token: str) -> str:
    with TestClient(create_app(home), base_url="http://127.0.0.1:8000") as client:
        opened = client.get(f"/a/{token}", follow_redirects=False).headers["location"]
    return opened.removeprefix("/answer/")


def _first(home: Installation, municipality_id: str, table: str) -> str:
    """The id of some row there is; a name nobody has where there is none."""
    found = METADATA.tables[table]
    with past_every_session(home.database) as connection:
        query = select(found.c.id).where(found.c.municipality_id == municipality_id).order_by(found.c.id).limit(1)
        return str(connection.scalar(query) or "0" * 32)


#: What a path may name, for one municipality: a table whose first row is meant, or a word that is the same in both.
ROWS = {
    "case_id": "case",
    "mail_id": "mail",
    "body": "body",
    "post_id": "post",
    "person_id": "person",
    "appointment_id": "appointment",
    "duty": "duty",
    "duty_id": "duty",
    "user_id": "user",
    "attachment_id": "attachment",
    "token_id": "api_token",
    "organization_id": "body",
    "policy_id": "policy",
    "edition_id": "edition",
    "webhook_id": "webhook",
    "order_id": "order",
}
WORDS = {
    "policy": "integration",
    "key": "goals_opened",
    "lifecycle": "goal_setting",
    "act": "extend",
    "kept": "mail",
    "name": "mail-1",
    "on": "2027-03-01",
    "year": "2026",
    "place": "0",
    "table": "promises",
    "paper": "memorandum-revise",
    "kind": "docx",
}
NOBODYS = {"municipality": "ingen", "token": "x" * 43} | dict.fromkeys((*ROWS, "link_id"), "0" * 32)


def _named(home: Installation, world: World, slug: str) -> dict[str, str]:
    rows = {name: _first(home, world.municipality_id, table) for name, table in ROWS.items()}
    return WORDS | rows | {"municipality": slug, "token": world.chair, "link_id": _link_id(home, world.chair)}


def _attach(home: Installation, world: World, content: bytes) -> None:
    """Let the case have a file that was handed in."""
    with home.database.municipality(world.municipality_id) as session:
        row = {"id": new_id(), "case_id": world.case_id, "post_id": world.posts[PostRole.CHAIR], "form_id": "f" * 32}
        file = {"sha256": "0" * 64, "size_bytes": len(content), "media_type": "text/plain", "name": "a.txt"}
        keep_file(session, {**row, **file, "content": content, "sent_at": NOW, "received_at": NOW})


def _tell(home: Installation, world: World, path: str) -> None:
    """Let another system be told of the case."""
    content = {"id": new_id(), "made_at": NOW, "events": [HookEvent.CASE_OPENED.value], "sealed_secret": b"x"}
    with home.database.municipality(world.municipality_id) as session:
        session.add(hook := Webhook(url=f"https://example.org/{path}", **content))
        session.flush()
        told = {"event": HookEvent.CASE_OPENED, "case_id": world.case_id, "happened_at": NOW, "next_attempt_at": NOW}
        session.add(WebhookMessage(webhook_id=hook.id, content={}, status=HookStatus.QUEUED, **told))


def _order(home: Installation, world: World, title: str) -> None:
    """Let a file that everybody may have be ordered and made."""
    file = {"name": f"{title}.pdf", "media_type": "application/pdf", "size_bytes": 4, "content": title.encode()}
    with home.database.municipality(world.municipality_id) as session:
        session.add(
            Order(
                **file,
                kind=OrderKind.CHAPTER,
                title=title,
                wanted={},
                placed_by=title,
                placed_at=NOW,
                status=OrderStatus.DONE,
                finished_at=NOW,
                kept_until=NOW.date(),
                sha256="0" * 64,
            )
        )


@pytest.fixture(params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Here]:
    url = request.getfixturevalue(f"{request.param.replace('postgresql', 'postgres')}_database_url")
    home = Installation.open(load_settings(data_dir=tmp_path, database_url=url), StoppedClock(NOW))
    ours, theirs = ask(home.database, slug=OURS), ask(home.database, slug=THEIRS)
    _attach(home, ours, b"ours")
    _attach(home, theirs, CANARY.encode())
    _tell(home, ours, "ours")
    _tell(home, theirs, CANARY)
    _order(home, ours, "ours")
    _order(home, theirs, CANARY)
    _mark(home, theirs.municipality_id)
    ours_key, _ = key(home, ours.municipality_id), key(home, theirs.municipality_id)
    named = {"ours": _named(home, ours, OURS), "theirs": _named(home, theirs, THEIRS)}
    publish(home.database, OURS)  # theirs are closed, and ours must hold nothing of theirs
    yield Here(home, ours, theirs, named, ours_key)
    home.close()


# -- who asks ----------------------------------------------------------------------------------------------------------

OFFICIALS = (UserRole.COORDINATOR, UserRole.AUDITOR, UserRole.CHIEF_EXECUTIVE, UserRole.ADMINISTRATOR)
#: Without a sign-in: with our link opened, with one whose office somebody else has taken over, with nothing.
OTHERS = ("link only", "former holder", "anonymous")


@pytest.fixture
def client(here: Here, who: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Whoever it is, past the form token, which has tests of its own. One loop serves every request."""

    async def passed(request: Request, cookie: str) -> None:
        del request, cookie

    def actor(request: Request) -> Actor:
        del request
        if who in OTHERS:
            raise OfficialsOnly
        return Actor(name=who, roles=frozenset({UserRole(who)}), municipality=OURS)

    monkeypatch.setattr(rate, "MOST", {})  # else a limit would answer in the place of most routes
    monkeypatch.setattr(permission, "_refuse_foreign_form", passed)
    monkeypatch.setattr(permission, "_actor", actor)
    with TestClient(
        create_app(here.home), base_url="http://127.0.0.1:8000", raise_server_exceptions=False, follow_redirects=False
    ) as client:
        if who not in OTHERS:
            client.headers["Authorization"] = f"Bearer {here.key}"
        if who in ("link only", "former holder"):
            client.get(f"/a/{here.ours.chair}")
        if who == "former holder":
            with here.home.database.municipality(here.ours.municipality_id) as session:
                session.execute(update(Appointment).values(ends_on=date(2027, 1, 2)))
        yield client


# -- where an id may stand ---------------------------------------------------------------------------------------------


def path_of(rule: Rule, named: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: named[name[1]], rule.path)


def asked(client: TestClient, rule: Rule, path: str, theirs: dict[str, str]) -> Iterator[Response]:
    """The same request with the other municipality's ids in the query, the form, cookies and headers, one by one."""
    form: dict[str, Any] = {"data": {"nothing": ""}} if rule.method == "POST" else {}
    if form and rule.whose is Whose.TOKEN:
        form = {"json": theirs, "headers": {"Idempotency-Key": "0123456789abcdef"}}
    yield client.request(rule.method, path, **form)
    yield client.request(rule.method, path, params=theirs, **form)
    if form:
        yield client.request(rule.method, path, data=theirs)
    headers = {"X-Municipality": THEIRS, "X-Forwarded-Host": f"{THEIRS}.example.org", "Referer": f"/{THEIRS}"}
    cookies = "; ".join(f"{name}={value}" for name, value in theirs.items() if value.isascii())
    headers |= form.pop("headers", {})
    yield client.request(rule.method, path, headers={**headers, "Cookie": cookies}, **form)


def leaks(here: Here, rule: Rule, response: Response) -> list[str]:
    """What of theirs is in a response, but what the request itself said, and their name where one chooses a name."""
    said, asking, theirs = f"{response.headers}\n{response.text}", response.request, here.named["theirs"]
    asked_for = f"{asking.url} {asking.content!r} {asking.headers}"
    ids = [theirs[name] for name in (*ROWS, "link_id")]
    name = [] if rule.path in CHOSEN_AMONG else [NAMED]
    secret = [CANARY, *name, f"{THEIRS}.example.org", *ids, *here.theirs.tokens.values()]
    return [word for word in secret if word in said and word not in asked_for and word != "0" * 32]


@pytest.mark.parametrize("who", [*map(str, OFFICIALS), *OTHERS])
def test_nothing_of_theirs_is_in_any_response_to_ours(here: Here, client: TestClient) -> None:
    before, found = rows_of(here, here.theirs.municipality_id), []
    for rule in RULES:
        theirs = here.named["theirs"]
        for named in (here.named["ours"], theirs, theirs | {"municipality": OURS}):
            if rule.whose is Whose.LINK and rule.permission is Permission.PUBLIC and named is not here.named["ours"]:
                continue  # their token in our hands is theirs: the token is the key
            for response in asked(client, rule, path_of(rule, named), theirs):
                if response.status_code >= 500:
                    found.append(f"{rule.method} {rule.path}: {response.status_code}")
                found += [f"{rule.method} {rule.path}: {leak}" for leak in leaks(here, rule, response)]
    assert found == []
    assert rows_of(here, here.theirs.municipality_id) == before


def said(response: Response) -> tuple[int, str]:
    """What is answered, but for the number of the call itself."""
    return response.status_code, re.sub(r'"request_id":"[0-9a-f]+"', "", response.text)


@pytest.mark.parametrize("who", [*map(str, OFFICIALS)])
def test_what_is_theirs_and_what_is_not_there_are_answered_alike(here: Here, client: TestClient) -> None:
    """404, and the same words: nobody learns that it exists."""
    differing, compared = [], 0
    ours, theirs = here.named["ours"], here.named["theirs"]
    for rule in (rule for rule in RULES if rule.whose in (Whose.PATH, Whose.TOKEN)):
        for name in set(re.findall(r"\{(\w+)\}", rule.path)) & NOBODYS.keys():
            foreign, missing = (
                client.request(
                    rule.method, path_of(rule, ours | {name: value}), data={"x": "y"} if rule.method == "POST" else None
                )
                for value in (theirs[name], NOBODYS[name])
            )
            compared += 1
            if said(foreign) != said(missing) or foreign.status_code < 400:
                differing.append(f"{rule.method} {rule.path} {name}: {foreign.status_code} {missing.status_code}")
    assert compared > 10
    assert differing == []


@pytest.mark.parametrize("who", [str(UserRole.COORDINATOR)])
def test_every_answer_of_every_route_is_closed_to_scripts_frames_sniffing_and_caches(
    here: Here, client: TestClient
) -> None:
    named = here.named["ours"]
    for rule in RULES:
        response = client.request(rule.method, path_of(rule, named))
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy, rule
        assert "frame-ancestors" in policy, rule
        assert "unsafe-eval" not in policy, rule
        assert response.headers["x-content-type-options"] == "nosniff", rule
        assert {"referrer-policy", "permissions-policy", "cache-control"} <= response.headers.keys(), rule


def test_every_name_in_a_path_has_a_filler(here: Here) -> None:
    names = {name for rule in RULES for name in re.findall(r"\{(\w+)\}", rule.path)}
    assert names <= here.named["ours"].keys(), "say in ROWS or WORDS what such a name stands for"


def test_the_canary_is_seen_by_those_whose_it_is(here: Here) -> None:
    """Else the matrix would find nothing whatever leaked."""
    with TestClient(create_app(here.home), base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1)) as client:
        theirs = here.named["theirs"]
        pages = [
            client.get(f"/{THEIRS}{path}").text for path in ("", "/policy/integration", f"/case/{theirs['case_id']}")
        ]
        program = {"Authorization": f"Bearer {key(here.home, here.theirs.municipality_id, name='Annat')}"}
        paths = ("organizations", "policies", "posts", f"cases/{theirs['case_id']}")
        pages += [client.get(f"/api/v1/{path}", headers=program).text for path in paths]
    assert all(CANARY in page for page in pages)
    assert NAMED in pages[0]
