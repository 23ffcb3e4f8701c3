"""A list comes in by the browser: seen before it is stored, told where it is wrong, and never half."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.model import Meeting, Person
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.organisation.officials_child import answer
from styrhjul.services.organisation.officials_sheet import File, read_files
from styrhjul.services.organisation.officials_upload import MOST_ROWS, Preview, preview, read_upload, rows_of
from styrhjul.web.upload import MOST_FILE_BYTES
from tests.answer_world import NOW, World, ask
from tests.web.conftest import hidden
from tests.web.officials_corpus import corpus

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

PATH = "/herrljunga/people/import"
PERSONS = "key;name;address\nanna;Anna Ek;anna.ek@example.org\n"
MEETINGS = "body;meets_on\nsocial;2027-04-06\n"


def upload(client: TestClient, content: str | bytes, name: str = "lista.csv") -> Response:
    page = client.get(PATH).text
    return client.post(PATH, data={"csrf": hidden(page, "csrf")}, files={"file": (name, content)})


def confirm(client: TestClient, page: str, **other: str) -> Response:
    fields = {"csrf": hidden(page, "csrf"), "carried": hidden(page, "carried"), **other}
    return client.post(f"{PATH}/confirm", data=fields)


def stored(home: Installation, world: World) -> tuple[int, ...]:
    with home.database.reading(world.municipality_id) as session:
        return tuple(
            session.scalar(select(func.count()).select_from(each)) or 0 for each in (Person, Meeting, JournalEntry)
        )


def test_nothing_is_stored_before_somebody_has_seen_it(client: TestClient, home: Installation, world: World) -> None:
    before = stored(home, world)
    seen = upload(client, PERSONS)
    assert seen.status_code == 200
    assert "Tillkommer" in seen.text
    assert "Anna Ek" in seen.text
    assert stored(home, world) == before
    assert "Listan är inläst: 1 tillagda" in confirm(client, seen.text).text
    assert stored(home, world)[0] == before[0] + 1


def test_a_list_that_was_worked_out_against_another_register_is_shown_anew(
    client: TestClient, home: Installation, world: World
) -> None:
    first, second = upload(client, PERSONS).text, upload(client, MEETINGS).text
    assert confirm(client, second).status_code == 200
    late = confirm(client, first)
    assert late.status_code == 422
    assert "Organisationen har ändrats sedan listan granskades" in late.text
    assert confirm(client, late.text).status_code == 200
    assert stored(home, world)[0] == 6


@pytest.mark.parametrize("carried", ["", "x", "e30.x"])
def test_what_we_did_not_sign_is_not_stored(client: TestClient, world: World, carried: str) -> None:
    response = confirm(client, upload(client, PERSONS).text, carried=carried)
    assert response.status_code == 422
    assert "Förhandsgranskningen gäller inte längre" in response.text


def test_a_preview_of_another_municipality_is_not_stored_here(
    client: TestClient, home: Installation, world: World
) -> None:
    foreign = ask(home.database, slug="storby")
    before = stored(home, foreign)
    page = upload(client, PERSONS).text
    fields = {"csrf": hidden(page, "csrf"), "carried": hidden(page, "carried")}
    assert client.post("/storby/people/import/confirm", data=fields).status_code == 422
    assert stored(home, foreign) == before


def test_what_takes_all_meetings_away_asks_for_a_yes(client: TestClient, home: Installation, world: World) -> None:
    confirm(client, upload(client, MEETINGS).text)
    seen = upload(client, "body;meets_on\nks;2027-04-07\n").text
    assert "Organ som förlorar alla kommande sammanträden" in seen
    assert confirm(client, seen).status_code == 422
    assert stored(home, world)[1] == 1
    assert confirm(client, seen, sure="yes").status_code == 200


def test_an_error_says_sheet_row_and_column_and_what_to_do(client: TestClient, world: World) -> None:
    page = upload(client, PERSONS + "bo;Bo 19121212-1212;bo\n").text
    assert "En sak att rätta" in page
    assert re.search(r"lista\.csv.*rad 3.*name.*personnummer", page, re.DOTALL)
    assert "19121212" not in page
    assert 'name="carried"' not in page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("lista.pdf", b"%PDF-1.7 %%EOF", "Välj en fil som slutar på xlsx, csv"),
        ("lista.csv", b"PK\x03\x04", "stämmer inte med filens ändelse"),
        ("lista.xlsx", b"kind;key\n", "stämmer inte med filens ändelse"),
        ("lista.csv", b"", "är tom"),
        ("lista.csv", b"x" * (MOST_FILE_BYTES + 1), "större än 20 MB"),
    ],
)
def test_the_gate_of_every_file_is_the_gate_of_a_list(
    client: TestClient, world: World, name: str, content: bytes, words: str
) -> None:
    refused = upload(client, content, name)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert 'name="carried"' not in refused.text


def test_a_list_larger_than_a_form_is_read(client: TestClient, world: World) -> None:
    page = upload(client, PERSONS + ";;\n" * 400_000)
    assert page.status_code in (200, 422)
    assert "för stort" not in page.text


def test_no_file_is_told_at_the_field(client: TestClient, world: World) -> None:
    page = client.get(PATH).text
    response = client.post(PATH, data={"csrf": hidden(page, "csrf")}, files={})
    assert response.status_code == 422
    assert "Välj en arbetsbok (.xlsx) eller en CSV-fil." in response.text


def test_the_form_to_fill_in_is_a_workbook(client: TestClient, world: World) -> None:
    response = client.get("/herrljunga/people/template.xlsx")
    assert response.headers["content-disposition"] == 'attachment; filename="styrhjul-uppdrag.xlsx"'
    assert response.content.startswith(b"PK")


@pytest.mark.parametrize("name", ["<b>.csv", "../../x.csv", "å\u202e.csv"])
def test_a_files_name_is_only_shown(client: TestClient, world: World, name: str) -> None:
    response = upload(client, "=;=\n", name)
    assert response.status_code == 422
    assert "<b>" not in html.unescape(response.text.replace("&lt;", ""))
    assert "\u202e" not in response.text


# -- the corpus ------------------------------------------------------------------------------------------------------


def test_the_corpus_is_large() -> None:
    assert len(list(corpus())) >= 220


@pytest.mark.parametrize("part", range(6))
def test_no_list_of_the_corpus_breaks_anything_or_is_stored(home: Installation, world: World, part: int) -> None:
    before = stored(home, world)
    for case, name, content in list(corpus())[part::6]:
        sheets = read_files([File(name, content)])
        if len(rows_of(sheets)) > MOST_ROWS:
            errors = read_upload(name, content).sheets.errors
            assert errors, case
        elif not sheets.errors:
            seen = preview(home.database, world.municipality_id, sheets, NOW, by="Samordnaren")
            assert isinstance(seen, Preview), case
            errors = seen.report.errors
        else:
            errors = sheets.errors
        assert all(error.line >= 1 and error.message.endswith(".") for error in errors), case
    assert stored(home, world) == before


@pytest.mark.parametrize("kind", ["many rows", "bomb", "laughs", "cut at 50"])
def test_the_limited_child_answers_for_the_worst(kind: str) -> None:
    _, name, content = next(each for each in corpus() if kind in each[0])
    assert read_upload(name, content).sheets.errors


def test_a_child_that_overruns_is_ended_and_told_as_an_error_of_the_file() -> None:
    read = read_upload("lista.csv", PERSONS.encode(), patience_seconds=0.01)
    assert [error.message[:20] for error in read.sheets.errors] == ["Filen tog för mycket"]


def test_the_child_tells_the_first_faults_and_counts_the_rest() -> None:
    _, name, content = next(each for each in corpus() if "many faults" in each[0])
    read = read_upload(name, content)
    assert len(read.sheets.errors) == 200
    assert read.more > 10_000
    assert "rows" in answer('{"name": "a.csv", "content": ""}')
