"""What a link leads to speaks its reader's language. STYRHJUL_UPDATE_GOLDEN=1 writes what the pages say anew."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from styrhjul.domain.office import PostRole
from styrhjul.mail.language import LANGUAGES
from styrhjul.web.page import LANGUAGE_NAMES, TEMPLATES
from tests.answer_world import World, ask
from tests.mail.test_language import FUNCTION_WORDS
from tests.web.conftest import hidden
from tests.web.link_pages import TYPED, Said, answered, dead, reads, seen

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("STYRHJUL_UPDATE_GOLDEN") == "1"
#: Names of bodies and people, the Swedish word for an office or a term in its brackets, the way to the other language.
NAMES = re.compile(r"\([a-zåäö ]+\)|Socialnämnden|Kommunfullmäktige|Kommunallagen \(2017:725\)")
_TAKES = re.compile(r'{% (?:extends|import|include|from) "([^"]+)"')


def of_links() -> list[Path]:
    """Every template of the pages that a link leads to: those that stand in its frame, errors, and all they take in."""
    takes = {path.name: set(_TAKES.findall(path.read_text(encoding="utf-8"))) for path in TEMPLATES.glob("*.html")}
    found: set[str] = set()
    waiting = {
        "error.html",
        "gone.html",
        *(name for name, taken in takes.items() if taken & {"_link.html", "_form.html"}),
    }
    while waiting:
        found |= waiting
        waiting = set().union(*(takes[name] for name in waiting)) - found
    return sorted(TEMPLATES / name for name in found)


OF_LINKS = of_links()
MARKED = re.compile(r'\{#.*?#\}|\{% trans %\}.*?\{% endtrans %\}|_\("[^"]*"\)', re.DOTALL)
SWEDISH_LETTERS = re.compile(r"\w*[åäöÅÄÖ]\w*")


def pages(client: TestClient, home: Installation, lifecycle: str, language: str) -> dict[str, str]:
    world = ask(home.database, lifecycle)
    reads(home, world, language)
    return dict([*seen(client, world), *answered(client, world), *dead(client, home, world)])


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("lifecycle", list(TYPED))
def test_a_page_says_what_it_said(client: TestClient, home: Installation, lifecycle: str, language: str) -> None:
    told = pages(client, home, lifecycle, language)
    content = "\n".join(f"== {name} ==\n" + "\n".join(Said(html).all) + "\n" for name, html in told.items())
    path = GOLDEN / language / f"{lifecycle}.txt"
    if UPDATE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    assert content == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lifecycle", list(TYPED))
def test_no_swedish_is_left_on_an_english_page_outside_quotes_and_names(
    client: TestClient, home: Installation, lifecycle: str
) -> None:
    left = {}
    for name, html in pages(client, home, lifecycle, "en").items():
        assert '<html lang="en">' in html
        text = NAMES.sub("", " | ".join(Said(html).foreign))
        left[name] = [*FUNCTION_WORDS.findall(text), *SWEDISH_LETTERS.findall(text)]
    assert {name: words for name, words in left.items() if words} == {}


@pytest.mark.parametrize("path", OF_LINKS, ids=lambda path: path.name)
def test_every_word_of_a_page_behind_a_link_is_marked(path: Path) -> None:
    """Pages that no walk comes to, too: last year's goals, what is missing from a report."""
    unmarked = MARKED.sub("", path.read_text(encoding="utf-8"))
    assert FUNCTION_WORDS.findall(unmarked) + SWEDISH_LETTERS.findall(unmarked) == []


def test_a_decision_about_a_document_is_read_in_english(client: TestClient, home: Installation) -> None:
    world = ask(home.database, "revision")
    reads(home, world, "en")
    decided = {"outcome": "repeal", "comment": "Ersatt.", "decided_on": "2027-03-01", "decided_by": world.bodies["kf"]}
    told = dict(answered(client, world, decided))
    assert "The reference number is missing" not in told["receipt"]  # the section number comes first
    assert "The section number (§) is missing" in told["receipt"]
    assert "<dt>Decided by</dt><dd>Kommunfullmäktige</dd>" in told["receipt"]
    assert "The document ceases to be in force when the secretariat has approved the answer." in told["receipt"]
    text = NAMES.sub("", " | ".join(Said(told["review"]).foreign + Said(told["receipt"]).foreign))
    assert FUNCTION_WORDS.findall(text) == []


# -- the other language ----------------------------------------------------------------------------------------------


def test_an_english_reader_can_read_the_pages_in_swedish_and_turn_back(client: TestClient, home: Installation) -> None:
    world = ask(home.database)
    reads(home, world, "en")
    form = client.get(f"/a/{world.holder}")
    path = form.url.path
    assert f'href="{path}?language=sv" lang="sv"' in form.text
    swedish = client.get(f"{path}?language=sv")
    assert (swedish.url.path, swedish.url.query) == (path, b"")
    assert '<html lang="sv">' in client.post(f"{path}/review", data={"csrf": hidden(swedish.text, "csrf")}).text
    assert f'href="{path}?language=en" lang="en"' in swedish.text
    assert '<html lang="en">' in client.get(f"{path}?language=en").text


def test_a_swedish_reader_is_offered_nothing_else(client: TestClient, world: World) -> None:
    page = client.get(f"/a/{world.chair}").text
    assert "?language=" not in page
    assert "In English" not in page


@pytest.mark.parametrize("language", ["fi", "../x", "en,sv", ""])
def test_a_language_that_we_do_not_have_changes_nothing(client: TestClient, world: World, language: str) -> None:
    path = client.get(f"/a/{world.chair}").url.path
    page = client.get(path, params={"language": language})
    assert (page.status_code, '<html lang="sv">' in page.text) == (200, True)


def test_every_language_is_called_something_in_itself() -> None:
    assert set(LANGUAGE_NAMES) == set(LANGUAGES)


def test_a_reader_of_a_language_that_we_do_not_have_gets_the_swedish_pages(
    client: TestClient, home: Installation, world: World
) -> None:
    reads(home, world, "fi")
    page = client.get(f"/a/{world.chair}").text
    assert '<html lang="sv">' in page
    assert "?language=" not in page


# -- what went wrong -------------------------------------------------------------------------------------------------


def test_a_form_that_is_too_old_says_so_in_the_language_of_the_link(client: TestClient, home: Installation) -> None:
    world = ask(home.database)
    reads(home, world, "en")
    path = client.get(f"/a/{world.holder}").url.path
    refused = client.post(f"{path}/review", data={"csrf": "x"})
    assert refused.status_code == 403
    assert "The form has become too old" in refused.text


@pytest.mark.parametrize(
    ("wished", "words"),
    [
        ("en-GB,en;q=0.9,sv;q=0.8", "Open the link in the email again"),
        ("sv-SE,en;q=0.5", "Öppna länken i mejlet igen"),
        ("fi,en", "Öppna länken i mejlet igen"),
        ("", "Öppna länken i mejlet igen"),
    ],
)
def test_a_link_that_is_not_open_is_refused_in_the_browsers_language(
    client: TestClient, world: World, wished: str, words: str
) -> None:
    refused = client.get("/answer/" + "0" * 32, headers={"accept-language": wished})
    assert refused.status_code == 403
    assert f"<h1>{words}</h1>" in refused.text


def test_pages_for_officials_stay_swedish(client: TestClient, world: World) -> None:
    for path in ("/finns/inte/alls", "/herrljunga"):
        assert '<html lang="sv">' in client.get(path, headers={"accept-language": "en"}).text


def test_a_heading_for_somebody_above_names_who_owes_the_answer(client: TestClient, home: Installation) -> None:
    world = ask(home.database, "project_follow_up")
    reads(home, world, "en")
    page = client.get(f"/a/{world.tokens[PostRole.HEAD_OF_ADMINISTRATION]}").text
    assert "<h1>The municipal chief executive has not handed in the project follow-up for 2026</h1>" in page
