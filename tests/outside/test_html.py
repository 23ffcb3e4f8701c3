"""The HTML before two judges: the checker of the web's own standard, and the book of what mail programs understand."""

from __future__ import annotations

import json
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest

from tests.outside.harmless import HARMLESS, OBSOLETE
from tests.programs import COMPATIBILITY, HTML_CHECKER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.outside.outbox import Mail

CHECKER = pytest.mark.needs("the Nu Html Checker")
COMPATIBLE = pytest.mark.needs("caniemail")
BAD = "a bad page"
REMOTE = re.compile(
    r"<(?:img|link|script|iframe|object|video|audio)\b|url\(|@import|\b(?:background|src)=", re.IGNORECASE
)


def checked(pages: Mapping[str, Path]) -> dict[str, list[str]]:
    """Return what the checker says of each page, with the place, except of what Outlook cannot do without."""
    names = {path: name for name, path in pages.items()}
    command = ["java", "-jar", str(HTML_CHECKER), "--format", "json", "--exit-zero-always", *map(str, names)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, list[str]] = {name: [] for name in pages}
    for message in json.loads(done.stderr)["messages"]:
        if not OBSOLETE.fullmatch(message["message"]):
            page = names[Path(unquote(urlsplit(message["url"]).path))]
            said[page].append(f"the Nu Html Checker, line {message.get('lastLine')}: {message['message']}")
    return said


def misunderstood(pages: Mapping[str, Path]) -> dict[str, list[Lack]]:
    script = Path(__file__).with_name("compatibility.mjs")
    command = ["node", str(script), str(COMPATIBILITY), *map(str, pages.values())]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {name: [Lack(*each) for each in said[str(path)]] for name, path in pages.items()}


class Lack(NamedTuple):
    """A feature that a mail uses and a mail program lacks, with caniemail's notes on it."""

    feature: str
    program: str
    support: str
    notes: list[str]

    @property
    def is_harmless(self) -> bool:
        programs, _ = HARMLESS.get(self.feature, ((), ""))
        return any(fnmatch(self.program, pattern) for pattern in programs)

    @property
    def complaint(self) -> str:
        return f"caniemail, {self.program}: {self.feature}: {self.support} {' '.join(self.notes)}"


@pytest.fixture(scope="session")
def judged(pages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The mails and, at the same sitting, a page that must not pass."""
    bad = tmp_path_factory.mktemp("bad") / "bad.html"
    bad.write_text('<!doctype html><title>x</title><p align=left style="display: grid"><table><b>y')
    return {**pages, BAD: bad}


@pytest.fixture(scope="session")
def invalid(judged: dict[str, Path]) -> dict[str, list[str]]:
    return checked(judged)


@pytest.fixture(scope="session")
def lacks(judged: dict[str, Path]) -> dict[str, list[Lack]]:
    return misunderstood(judged)


def of_mails(said: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: complaints for name, complaints in said.items() if complaints and name != BAD}


@CHECKER
def test_the_html_of_every_mail_is_valid(invalid: dict[str, list[str]]) -> None:
    assert of_mails(invalid) == {}


@CHECKER
def test_the_checker_is_listened_to(invalid: dict[str, list[str]]) -> None:
    said = "\n".join(invalid[BAD])
    assert "Start tag “b” seen in “table”" in said
    assert "“lang”" in said


@COMPATIBLE
def test_every_mail_holds_in_the_programs_of_its_readers(lacks: dict[str, list[Lack]]) -> None:
    harm = {name: [each.complaint for each in found if not each.is_harmless] for name, found in lacks.items()}
    assert of_mails(harm) == {}


@COMPATIBLE
def test_nothing_is_called_harmless_that_no_mail_does(lacks: dict[str, list[Lack]]) -> None:
    met = {(lack.feature, lack.program) for name, found in lacks.items() for lack in found if name != BAD}
    excused = [(feature, pattern) for feature, (patterns, _) in HARMLESS.items() for pattern in patterns]
    assert [pair for pair in excused if not any(is_met(pair, each) for each in met)] == []


def is_met(excused: tuple[str, str], met: tuple[str, str]) -> bool:
    return excused[0] == met[0] and fnmatch(met[1], excused[1])


@COMPATIBLE
def test_caniemail_is_listened_to(lacks: dict[str, list[Lack]]) -> None:
    assert [lack.program for lack in lacks[BAD] if lack.feature == "display:grid" and not lack.is_harmless]


def test_no_mail_fetches_anything(mails: list[Mail]) -> None:
    assert {mail.name: found for mail in mails if (found := REMOTE.findall(mail.html))} == {}
