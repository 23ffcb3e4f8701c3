"""The Word template is sent, fetched and taken away on a page, and the chapter leaves in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from styrhjul.services.reports import chapter_file
from styrhjul.services.reports.word_content import TemplateRefused
from tests.services.test_word_template import parts_of, template
from tests.web.conftest import hidden

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

PAGE = "/herrljunga/settings/word-template"
LETTERHEAD = template()
CHAPTER = "/herrljunga/report/2027/docx"

pytestmark = pytest.mark.usefixtures("world")


def send(client: TestClient, name: str, content: bytes) -> Response:
    form = {"csrf": hidden(client.get(PAGE).text, "csrf")}
    return client.post(PAGE, data=form, files={"file": (name, content)})


def test_the_chapter_is_written_in_the_template_until_it_is_taken_away(client: TestClient) -> None:
    assert "från och med nu" in send(client, "brevmall.docx", LETTERHEAD).text.lower()
    assert b"Rubrik1" in parts_of(client.get(CHAPTER).content)["word/document.xml"]
    assert client.get(f"{PAGE}/file").content == LETTERHEAD
    gone = client.post(f"{PAGE}/remove", data={"csrf": hidden(client.get(PAGE).text, "csrf")})
    assert "Mallen är borttagen" in gone.text
    assert b"Rubrik1" not in parts_of(client.get(CHAPTER).content)["word/document.xml"]
    assert client.get(f"{PAGE}/file").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("brevmall.docm", b"PK", "slutar på docx, dotx"),
        ("brevmall.docx", b"text", "stämmer inte med filens ändelse"),
        ("", b"", "Välj en Word-fil"),
    ],
)
def test_what_is_no_template_is_refused_with_what_to_do(
    client: TestClient, name: str, content: bytes, why: str
) -> None:
    refused = send(client, name, content)
    assert refused.status_code == 422
    assert why in refused.text
    assert "Word-filer har Styrhjuls utseende" in refused.text


def test_a_template_that_no_longer_works_is_told_with_what_to_do(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise TemplateRefused

    monkeypatch.setattr(chapter_file, "in_template", refuse)
    told = client.get(CHAPTER)
    assert told.status_code == 409
    assert "Mallen gick inte att använda" in told.text
