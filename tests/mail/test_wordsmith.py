"""The limited child: what a hostile text may cost, and what it cannot reach. F-40."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.wording_names import DAY_FILTERS, FILTERS, Value
from styrhjul.mail.wordsmith import NotSaid, Wordsmith

ROOT = Path(__file__).parents[2]
VALUES: dict[str, Value] = {
    "today": date(2027, 3, 1),
    "due_on": date(2027, 3, 31),
    "body_name": "Socialnämnden",
    "long": "x" * 100_000,
}
#: Ten thousand million rounds: without a limit it would take minutes.
LOOP = "{% for a in long %}{% for b in long %}{% endfor %}{% endfor %}"


@pytest.fixture
def wordsmith() -> Iterator[Wordsmith]:
    with Wordsmith() as wordsmith:
        yield wordsmith


def say(wordsmith: Wordsmith, text: str, language: str = "sv") -> str:
    return wordsmith.say(text, language=language, values=VALUES)


def test_a_text_is_written_out_with_names_and_days(wordsmith: Wordsmith) -> None:
    assert say(wordsmith, "{{ body_name | inside }} senast {{ due_on | weekday }}") == (
        "socialnämnden senast onsdag 31 mars"
    )
    assert say(wordsmith, "by {{ due_on | day }}", "en") == "by 31 March"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FILTERS)
def test_what_stands_after_a_bar_is_every_language_s_own_grammar(
    wordsmith: Wordsmith, language: str, name: str
) -> None:
    """A language that is registered is known here, without a line more."""
    said, today = getattr(LANGUAGES[language], name), date(2027, 3, 1)
    if name in DAY_FILTERS:
        assert say(wordsmith, f"{{{{ due_on | {name} }}}}", language) == said(date(2027, 3, 31), today)
    else:
        value: str | int = 3 if name == "number" else "Kommundirektör"
        assert say(wordsmith, f"{{{{ {value!r} | {name} }}}}", language) == said(value)


def test_the_mails_are_written_where_the_system_knows_no_limits() -> None:
    code = "import sys\nsys.modules['resource'] = None\nimport styrhjul.services.mailing.outbox, styrhjul.mail.wording"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_one_child_serves_a_whole_run_and_none_is_started_without_a_text(wordsmith: Wordsmith) -> None:
    assert wordsmith.started == 0
    assert {say(wordsmith, "Hej") for _ in range(50)} == {"Hej"}
    assert wordsmith.started == 1


def test_an_endless_text_is_ended_by_its_seconds_and_the_next_is_written_by_another_child(
    wordsmith: Wordsmith,
) -> None:
    with pytest.raises(NotSaid) as ended:
        say(wordsmith, LOOP)
    assert ended.value.is_limit
    assert (say(wordsmith, "Hej"), wordsmith.started) == ("Hej", 2)


def test_a_child_that_stands_still_is_not_waited_for() -> None:
    with Wordsmith(patience_seconds=2) as wordsmith:
        say(wordsmith, "Hej")
        child = wordsmith._child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        with pytest.raises(NotSaid, match="för lång tid"):
            say(wordsmith, "Hej")
        assert child.poll() is not None


def test_more_memory_than_the_bound_is_not_given(wordsmith: Wordsmith) -> None:
    with pytest.raises(NotSaid, match="MemoryError"):
        say(wordsmith, "{{ long * 4000 }}")


def test_more_than_sixty_four_kilobytes_is_not_written_out(wordsmith: Wordsmith) -> None:
    with pytest.raises(NotSaid, match="OutputTooLong"):
        say(wordsmith, "{{ long }}")


HOSTILE = {
    "{{ ''.__class__ }}": "SecurityError",
    "{{ body_name.format }}{{ body_name.format('x') }}": "",
    "{{ nobody }}": "UndefinedError",
    "{% for a in range(9) %}{% endfor %}": "range",
    "{{ cycler }}": "UndefinedError",
    "{{ body_name | safe }}": "safe",
    "{{ body_name | attr('upper') }}": "attr",
    "{% include 'x' %}": "no loader",
    "{{ 1 / 0 }}": "ZeroDivisionError",
}


@pytest.mark.parametrize("text", [text for text, error in HOSTILE.items() if error])
def test_what_is_no_name_or_filter_of_ours_is_not_there(wordsmith: Wordsmith, text: str) -> None:
    with pytest.raises(NotSaid, match=HOSTILE[text]):
        say(wordsmith, text)


@pytest.mark.parametrize("deed", ["open('x', 'w')", "open('README.md')", "__import__('socket').socket()"])
def test_once_it_is_limited_it_opens_neither_file_nor_socket(deed: str) -> None:
    code = f"import socket\nfrom styrhjul.mail import wording_child\nwording_child._limit()\n{deed}"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert re.search("Too many open files|Operation not permitted", ended.stderr)


def test_it_knows_no_setting_of_the_installation(wordsmith: Wordsmith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_SECRET_KEY", "a secret key for tests, long enough")
    say(wordsmith, "Hej")
    child = wordsmith._child
    assert child is not None
    assert b"STYRHJUL" not in Path(f"/proc/{child.pid}/environ").read_bytes()
