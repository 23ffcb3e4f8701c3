"""Whatever comes in a form, to any route that takes one: an answer in words, and nothing kept that nobody may write."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.web import rate
from styrhjul.web.rate import Rate
from styrhjul.web.rules import RULES, Rule, Whose
from tests.answer_world import NOW, ask
from tests.web.conftest import BASE_URL, here
from tests.web.form_world import SOUND, Form, forms_of
from tests.web.hostile import SHAPES, TWICE, VALUES, Sent, cases
from tests.web.test_leak import OURS, THEIRS, _named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

TAKES_FORMS = [rule for rule in RULES if rule.method == "POST" and rule.whose is not Whose.TOKEN]
#: What nobody writes on purpose, and what turns a page's letters round.
UNWRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
#: A refused try is counted, and what is sealed in a cookie says nothing of itself.
COUNTED = frozenset({Rate.SIGN_IN})
KEPT = ("csrf", "seen", "version", "form_id")


@dataclass(frozen=True)
class Crawled:
    """A database with two municipalities, each form that the pages of one show, and the browser that saw them."""

    folder: Path
    forms: dict[Rule, Form]
    cookies: Any
    theirs: str


@pytest.fixture(autouse=True)
def _in_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the limits of `rate.py` would answer in the place of most routes."""
    monkeypatch.setattr(rate, "MOST", {})


@pytest.fixture(scope="module")
def crawled(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("crawled")
    shutil.copy(migrated, folder / "styrhjul.db")
    with closing(_opened(folder)) as home, here(home) as client:
        return crawl(home, client)


def crawl(home: Installation, client: TestClient) -> Crawled:
    """Two municipalities in which one question each is asked, and every page of the one."""
    ours, theirs = ask(home.database, slug=OURS), ask(home.database, slug=THEIRS)
    named = _named(home, ours, OURS)
    client.get(f"/a/{ours.chair}")
    return Crawled(home.settings.data_dir, forms_of(client, named), client.cookies, theirs.case_id)


def _opened(folder: Path) -> Installation:
    return Installation.open(load_settings(data_dir=folder, base_url=BASE_URL), StoppedClock(NOW))


@pytest.fixture
def again(crawled: Crawled, tmp_path: Path) -> Iterator[Installation]:
    shutil.copytree(crawled.folder, tmp_path, dirs_exist_ok=True)
    home = _opened(tmp_path)
    yield home
    home.close()


def sent(crawled: Crawled, form: Form, named: str) -> Sent:
    """A sound form in a hostile shape, or with a hostile value in one of its fields: which one, the value's turn says.

    Of a form that no page shows every field is hostile.
    """
    sound = [(name, SOUND.get(name, was)) for name, was in form.fields]
    if named in SHAPES:
        return SHAPES[named](sound)
    value = VALUES[named].replace("{theirs}", crawled.theirs)
    typed = [number for number, (name, _) in enumerate(sound) if name not in KEPT]
    chosen = typed[list(VALUES).index(named) % len(typed) :][:1] if form.is_shown and typed else typed
    written = (value if number in chosen else quote(was) for number, (_, was) in enumerate(sound))
    return Sent("&".join(f"{quote(name)}={w}" for (name, _), w in zip(sound, written, strict=True)).encode())


def press(client: TestClient, action: str, form: Sent) -> Any:  # noqa: ANN401 - the test client's own
    headers = {"Content-Type": form.content_type} if form.content_type else {}
    return client.post(action, content=form.body, headers=headers, follow_redirects=False)


#: What is typed is kept there, whatever was wrong with a file that was chosen beside it.
DRAFT = "/answer/{link_id}/draft"


@pytest.mark.parametrize("rule", TAKES_FORMS, ids=lambda rule: rule.path)
def test_no_form_breaks_a_route_or_leaves_what_was_refused(again: Installation, crawled: Crawled, rule: Rule) -> None:
    form, wrong = crawled.forms[rule], []
    with watched(again) as db, here(again, cookies=crawled.cookies) as client:
        for case in cases(rule):
            before, body = version(db), sent(crawled, form, case.named)
            answered = [press(client, form.action, body) for _ in range(1 + (case.named == TWICE))]
            status, written = answered[-1].status_code, version(db) != before
            wrong += [f"{case}: {each.status_code}" for each in answered if each.status_code >= 500]
            if written and status >= 400 and rule.rate not in COUNTED and rule.path != DRAFT and case.named != TWICE:
                wrong.append(f"{case}: refused with {status}, and written")
            wrong += [f"{case}: {found}" for found in unwritten(db)] if written else []
    assert wrong == []


@contextmanager
def watched(home: Installation) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(home.settings.data_dir / "styrhjul.db")) as db:
        yield db


def version(db: sqlite3.Connection) -> int:
    """A number that is another once anybody else has written anything."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def unwritten(db: sqlite3.Connection) -> Iterator[str]:
    """Everything that is kept and that nobody may write."""
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in db.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - a name of the schema
            yield from (f"{table}: {text[:60]!r}" for text in row if isinstance(text, str) and UNWRITTEN.search(text))


#: What one database takes and the other does not.
DIFFERING = ("nul", "lone surrogate", "bytes that are no utf-8", "from right to left", "large number", "last day")


def test_no_form_breaks_a_route_on_postgresql(postgres_database_url: str, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, base_url=BASE_URL, database_url=postgres_database_url)
    home, wrong = Installation.open(settings, StoppedClock(NOW)), []
    with closing(home), here(home) as client:
        crawled = crawl(home, client)
        for rule in TAKES_FORMS:
            form = crawled.forms[rule]
            for named in DIFFERING:
                status = press(client, form.action, sent(crawled, replace(form, is_shown=False), named)).status_code
                wrong += [f"{rule.path} · {named}: {status}"] if status >= 500 else []
    assert wrong == []
