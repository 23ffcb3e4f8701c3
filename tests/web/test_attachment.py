"""Files with an answer in the pages: added without a script, listed, removed, handed in, given out and never opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from styrhjul.db.attachment_model import Attachment
from styrhjul.services.foundation.installation import Installation
from styrhjul.web.security import MOST_BYTES_WITH_FILE
from styrhjul.web.upload import MOST_FILE_BYTES
from tests.answer_world import World, ask
from tests.web.conftest import hidden
from tests.web.link_pages import TYPED
from tests.web.test_answer import GOAL, count, goals, opened
from tests.web.upload_corpus import HOSTILE, PDF

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

NAME = "Tjänsteskrivelse 1.pdf"


def added(client: TestClient, path: str, page: str, name: str = NAME, content: bytes = PDF, **typed: str) -> Response:
    """Press the button with a file chosen, and everything that stands in the form."""
    carried = dict(re.findall(r'name="(attachments-\d+)" value="(\w+)"', page))
    files = {"file": (name, content, "application/octet-stream")}
    return client.post(f"{path}/attachment", data=goals(page, GOAL, **carried, **typed), files=files)


def reviewed(client: TestClient, path: str, page: str, **typed: str) -> str:
    carried = dict(re.findall(r'name="(attachments-\d+)" value="(\w+)"', page))
    return client.post(f"{path}/review", data=goals(page, GOAL, **carried, **typed)).text


def handed_in(client: TestClient, path: str, page: str, **typed: str) -> Response:
    review = reviewed(client, path, page, **typed)
    signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Anna"}
    return client.post(path, data=signed)


def test_a_file_is_added_with_what_was_typed(client: TestClient, world: World) -> None:
    response = added(client, *opened(client, world.chair))
    assert response.url.path.startswith("/answer/")
    assert (response.status_code, GOAL in response.text, NAME in response.text) == (200, True, True)
    assert NAME in reviewed(client, response.url.path, response.text)


def test_a_file_can_be_removed_before_handing_in(client: TestClient, home: Installation, world: World) -> None:
    path, page = opened(client, world.chair)
    page = added(client, path, page).text
    [button] = re.findall(r'formaction="([^"]+/remove)"', page)
    after = client.post(button, data=goals(page, GOAL, **{"attachments-0": hidden(page, "attachments-0")})).text
    assert (NAME in after, GOAL in after) == (False, True)
    assert count(home, world, Attachment) == 0


def test_it_is_on_the_receipt_and_the_officials_page_and_is_saved_not_opened(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    receipt = handed_in(client, path, added(client, path, page).text).text
    case = client.get(f"/herrljunga/case/{world.case_id}").text
    for shown in (receipt, case):
        [address] = re.findall(r'href="([^"]+/attachment/\w+)"', shown)
        file = client.get(address)
        assert file.content == PDF
        assert file.headers["content-type"] == "application/pdf"
        assert file.headers["content-disposition"].startswith('attachment; filename="bilaga.pdf"')
        assert file.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in file.headers["content-security-policy"]


def test_officials_do_not_get_what_has_not_been_handed_in(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    file = hidden(added(client, path, page).text, "attachments-0")
    assert client.get(f"/herrljunga/case/{world.case_id}/attachment/{file}").status_code == 404
    assert client.get(f"{path}/attachment/{file}").status_code == 200


def test_a_changed_answer_opens_with_its_files(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    handed_in(client, path, added(client, path, page).text)
    assert NAME in client.get(path).text


@pytest.mark.parametrize("lifecycle", TYPED)
def test_every_question_takes_files(client: TestClient, home: Installation, lifecycle: str) -> None:
    asked = ask(home.database, lifecycle, slug="olofstrom")
    path, page = opened(client, asked.holder)
    page = added(client, path, page, NAME, PDF, **TYPED[lifecycle]).text
    receipt = handed_in(client, path, page, **TYPED[lifecycle])
    assert (receipt.url.path, NAME in receipt.text) == (f"{path}/receipt", True)


@pytest.mark.parametrize("what", ["of nothing", "a program called pdf", "a bomb of promises", "a way up", "a page"])
def test_a_refused_file_is_told_beside_the_field_and_nothing_typed_is_lost(
    client: TestClient, home: Installation, world: World, what: str
) -> None:
    name, content, word = HOSTILE[what]
    response = added(client, *opened(client, world.chair), name, content)
    assert (response.status_code, GOAL in response.text, word in response.text) == (422, True, True)
    assert 'href="#file"' in response.text
    assert count(home, world, Attachment) == 0


def test_a_file_that_is_too_large_is_refused_in_words_and_a_larger_one_before_it_is_read(
    client: TestClient, world: World
) -> None:
    path, page = opened(client, world.chair)
    response = added(client, path, page, content=PDF + bytes(MOST_FILE_BYTES))
    assert (response.status_code, GOAL in response.text, "20 MB" in response.text) == (413, True, True)
    response = added(client, path, page, content=bytes(MOST_BYTES_WITH_FILE))
    assert (response.status_code, "välj en mindre fil" in response.text) == (413, True)


def test_a_button_without_a_file_and_a_file_without_the_button_are_told(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    assert "Välj en fil" in client.post(f"{path}/attachment", data=goals(page, GOAL)).text
    assert "är inte tillagd" in reviewed(client, path, page, file="svar.pdf")
    assert "är inte tillagd" in client.post(f"{path}/draft", data=goals(page, GOAL, file="svar.pdf")).text


def test_a_name_with_a_line_break_adds_no_header(client: TestClient, world: World) -> None:
    path, page = opened(client, world.chair)
    page = added(client, path, page, "a\r\nSet-Cookie: x=1\0.pdf").text
    file = client.get(f"{path}/attachment/{hidden(page, 'attachments-0')}")
    assert (file.status_code, "set-cookie" in file.headers) == (200, False)


def test_a_form_of_somebody_else_adds_nothing(client: TestClient, home: Installation, world: World) -> None:
    path, page = opened(client, world.chair)
    files = {"file": (NAME, PDF, "application/pdf")}
    assert client.post(f"{path}/attachment", data={"csrf": "x"}, files=files).status_code == 403
    assert count(home, world, Attachment) == 0
    assert NAME not in page
