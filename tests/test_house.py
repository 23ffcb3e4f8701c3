"""The house keeps its own rules, and each rule is shown to bite."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from tests import house
from tests.house import Module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DECISIONS = sorted((house.ROOT / "docs/decisions").glob("*.md"))
SECTIONS = ["Context", "Choice", "Price"]

long_file = '"""Long."""\n' + "x = 1\n" * 400
long_function = '"""Long."""\ndef f():\n' + "    x = 1\n" * 50
long_test = '"""Long."""\ndef test_f():\n' + "    assert 1\n" * 25

BREACHES = [
    (house.opens_with_its_subject, "styrhjul/mail/render.py", "x = 1"),
    (house.is_short, "styrhjul/mail/render.py", long_file),
    (house.has_short_functions, "styrhjul/mail/render.py", long_function),
    (house.has_short_functions, "tests/mail/test_render.py", long_test),
    (house.lies_near_the_door, "styrhjul/web/routes/api/v1.py", ""),
    (house.has_a_room, "styrhjul/mail/mail_utils.py", ""),
    (house.has_a_room, "styrhjul/common/text.py", ""),
    (house.has_a_room, "styrhjul/mail/render.py", "class MailManager: ..."),
    (house.has_a_room, "styrhjul/mail/render.py", "def handle_mail(): ..."),
    (house.takes_the_day_as_an_argument, "styrhjul/services/cases/sweep.py", "from datetime import date\ndate.today()"),
    (house.takes_the_day_as_an_argument, "workflows/a.py", "import datetime as dt\ndt.datetime.now(dt.UTC)"),
    (house.takes_the_day_as_an_argument, "styrhjul/mail/a.py", "from time import time as t\nt()"),
    (house.takes_the_day_as_an_argument, "tasks/a.py", "import random\nrandom.choice([1])"),
    (house.takes_the_day_as_an_argument, "styrhjul/domain/a.py", "from uuid import uuid4\nuuid4()"),
    (house.leaves_time_to_the_database, "tasks/a.py", "t.apply_async(eta=1)"),
    (house.leaves_time_to_the_database, "tasks/a.py", "t.apply_async(countdown=1)"),
    (house.leaves_time_to_the_database, "tasks/a.py", "@app.task(autoretry_for=(OSError,))\ndef f(): ..."),
    (house.leaves_time_to_the_database, "tasks/a.py", "from celery.schedules import crontab\ncrontab(hour=9)"),
    (house.leaves_time_to_the_database, "tasks/a.py", "self.retry()"),
    (house.takes_a_lifecycle_by_its_name, "styrhjul/db/a.py", 'case.lifecycle == "handover"'),
    (house.takes_a_lifecycle_by_its_name, "tasks/a.py", 'sweep("follow_up")'),
    (house.tells_whether_it_failed, "tests/a.py", "import pytest\npytest.skip('later')"),
    (house.tells_whether_it_failed, "tests/a.py", "import pytest\n@pytest.mark.xfail()\ndef test_f(): assert 1"),
    (house.tells_whether_it_failed, "tests/a.py", "def test_f(): print(1)"),
]

NEAR_MISSES = [
    (house.is_short, "styrhjul/db/migrations/versions/20270101_add_note.py", long_file),
    (house.has_a_room, "styrhjul/db/database.py", "class Information: ..."),
    (house.takes_the_day_as_an_argument, "tasks/pulse.py", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
    (house.takes_the_day_as_an_argument, "styrhjul/mail/a.py", "import time\ntime.monotonic()"),
    (house.leaves_time_to_the_database, "tasks/a.py", "t.apply_async(expires=25)"),
    (house.takes_a_lifecycle_by_its_name, "styrhjul/db/course_model.py", '__tablename__ = "referral"'),
    (house.tells_whether_it_failed, "tests/a.py", "def test_f():\n    with pytest.raises(ValueError): f()"),
]


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_every_module(rule: Callable[[Module], Iterator[str]]) -> None:
    among = [module for module in house.modules() if module.source.strip()]
    assert house.complaints(rule, tuple(among)) == []


@pytest.mark.parametrize(("rule", "path", "source"), BREACHES)
def test_a_planted_breach_is_found(rule: Callable[[Module], Iterator[str]], path: str, source: str) -> None:
    assert house.complaints(rule, (Module(PurePosixPath(path), source),))


@pytest.mark.parametrize(("rule", "path", "source"), NEAR_MISSES)
def test_a_near_miss_is_left_in_peace(rule: Callable[[Module], Iterator[str]], path: str, source: str) -> None:
    assert house.complaints(rule, (Module(PurePosixPath(path), source),)) == []


def test_every_rule_has_a_planted_breach() -> None:
    assert {rule for rule, _, _ in BREACHES} == set(house.RULES)


def test_ninety_five_functions_of_a_hundred_fit_in_thirty_lines() -> None:
    lengths = [
        house.length(f)
        for module in house.modules()
        if module.is_product and not module.is_history
        for f in module.functions()
    ]
    assert house.p95(lengths) <= 30


def test_p95_sees_the_long_tail() -> None:
    assert house.p95([5] * 90 + [60] * 10) == 60


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert [found for name, text in house.texts() for found in house.foreign(name, text)] == []


@pytest.mark.parametrize("line", ["cd /ro" + "ot/x", "https://py" + "pi.org/simple", 'p = "/wo' + 'rk/a"'])
def test_a_planted_path_or_host_is_found(line: str) -> None:
    assert list(house.foreign("a.py", line))


@pytest.mark.parametrize("line", ["docs/work/a.md", "styrhjul/web/x", "https://example.org/"])
def test_an_ordinary_path_or_host_is_left_in_peace(line: str) -> None:
    assert list(house.foreign("a.md", line)) == []


def test_no_template_compares_with_a_bare_lifecycle_key() -> None:
    """A renamed key would only leave words out; `LifecycleKey.NAME` is an error when it is gone."""
    templates = {name: text for name, text in house.texts() if name.startswith("templates/")}
    assert len(templates) > 50
    assert {name: found for name, text in templates.items() if (found := list(house.bare_keys(text)))} == {}


@pytest.mark.parametrize("code", ['{% if asked == "handover" %}', '{{ 1 if asked in ("x", "revision") else 2 }}'])
def test_a_planted_bare_key_is_found(code: str) -> None:
    assert list(house.bare_keys(code))


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = "\n".join((house.ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:20])
    assert re.search(r"^\./run demo\b", opening, re.MULTILINE)
    assert re.search(r"^\./run test\b", opening, re.MULTILINE)


def test_every_word_of_run_is_in_its_help() -> None:
    source = (house.ROOT / "run").read_text(encoding="utf-8")
    handled = set(re.findall(r'word == "(\w+)"', source))
    assert handled
    assert handled <= set(re.findall(r'^    "(\w+)": "', source, re.MULTILINE))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_every_decision_has_its_context_its_choice_and_its_price(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)", text, re.MULTILINE) == SECTIONS
    assert re.match(r"# \d{4} · \S", text)


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
