"""Mails and answers are saved from their pages by officials, as files with safe names, and by nobody else."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from sqlalchemy import select, update

from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.domain.answer import GoalsAnswer, GoalText
from styrhjul.services.answering.answer import Submission, submit
from styrhjul.services.delivery.deliver import deliver
from tests.answer_world import NOW, World, ask
from tests.web.conftest import here

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

KINDS = {"eml": "message/rfc822", "pdf": "application/pdf", "json": "application/json"}


@pytest.fixture
def mail_id(home: Installation, world: World) -> str:
    """Hand in an answer and send its receipts; return the first of them."""
    answer = GoalsAnswer(goals=(GoalText(text="Fler ska påverka."),), signed_by="Åsa", decided_on=date(2027, 3, 3))
    handed = Submission(token=world.chair, answer=answer, form_id="f" * 32, seen_version=0)
    submit(home.database, home.mailroom, handed, now=NOW)
    deliver(home.database, home.mailroom, lambda: NOW)
    with home.database.reading(world.municipality_id) as session:
        return session.scalars(select(Mail.id).order_by(Mail.address)).first() or ""


def addresses(world: World, mail_id: str) -> dict[str, str]:
    mail, answer = f"/herrljunga/mail/{mail_id}", f"/herrljunga/case/{world.case_id}/answer"
    return {f"{mail}/eml": "eml", f"{mail}/pdf": "pdf", f"{answer}/pdf": "pdf", f"{answer}/json": "json"}


def test_each_is_a_file_to_save_and_never_a_page(client: TestClient, world: World, mail_id: str) -> None:
    for address, ending in addresses(world, mail_id).items():
        response = client.get(address)
        assert response.status_code == 200
        assert response.headers["content-type"] == KINDS[ending]
        assert response.headers["content-disposition"].startswith('attachment; filename="2027-03-10-')
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"


def test_a_files_name_is_safe_and_readable(client: TestClient, world: World, mail_id: str) -> None:
    header = client.get(f"/herrljunga/mail/{mail_id}/pdf").headers["content-disposition"]
    plain, _, shown = header.removeprefix('attachment; filename="').partition("\"; filename*=UTF-8''")
    assert plain.startswith("2027-03-10-socialnamnden-")
    assert plain.endswith(".pdf")
    assert unquote(shown).startswith("2027-03-10 Socialnämnden ")
    assert shown.isascii()


def test_the_mail_is_the_one_that_left(client: TestClient, mail_id: str) -> None:
    parsed = message_from_bytes(client.get(f"/herrljunga/mail/{mail_id}/eml").content, policy=policy.default)
    assert parsed.defects == []
    assert "Socialnämnden" in parsed["Subject"]


def test_another_municipalitys_are_not_here(client: TestClient, home: Installation, world: World, mail_id: str) -> None:
    ask(home.database, slug="grums")
    for address in addresses(world, mail_id):
        assert client.get(address.replace("/herrljunga/", "/grums/")).status_code == 404
        assert client.get(address.replace("/herrljunga/", "/nowhere/")).status_code == 404


def test_strangers_get_nothing(home: Installation, world: World, mail_id: str) -> None:
    with here(home, client=("192.0.2.7", 4711)) as stranger:
        for address in addresses(world, mail_id):
            assert stranger.get(address, follow_redirects=False).headers["location"].startswith("/sign-in")


def test_a_case_without_an_answer_has_none_to_save(client: TestClient, world: World) -> None:
    assert client.get(f"/herrljunga/case/{world.case_id}/answer/pdf").status_code == 404
    assert "/answer/pdf" not in client.get(f"/herrljunga/case/{world.case_id}").text


def test_a_mail_on_its_way_says_so_and_has_no_links(
    client: TestClient, home: Installation, world: World, mail_id: str
) -> None:
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Mail).values(status=MailStatus.QUEUED))
    response = client.get(f"/herrljunga/mail/{mail_id}/eml")
    assert response.status_code == 409
    assert "väntar på att skickas" in response.text
    assert f"{mail_id}/eml" not in client.get("/herrljunga/mail").text


@pytest.mark.parametrize("page", ["/herrljunga/mail", "/herrljunga/mail/{mail_id}"])
def test_the_pages_lead_to_the_files(client: TestClient, mail_id: str, page: str) -> None:
    shown = client.get(page.format(mail_id=mail_id)).text
    assert f'href="/herrljunga/mail/{mail_id}/eml"' in shown
    assert f'href="/herrljunga/mail/{mail_id}/pdf"' in shown


def test_a_case_leads_to_its_mails(client: TestClient, world: World, mail_id: str) -> None:
    assert f'href="/herrljunga/mail/{mail_id}"' in client.get(f"/herrljunga/case/{world.case_id}").text


def test_a_case_leads_to_its_answer(client: TestClient, world: World, mail_id: str) -> None:
    assert f'href="/herrljunga/case/{world.case_id}/answer/pdf"' in client.get(f"/herrljunga/case/{world.case_id}").text
