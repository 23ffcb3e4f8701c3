"""Signing in by a code in a mail: who gets one, what it opens, and how often it may be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.mail_model import Mail
from styrhjul.db.sign_in_model import SignInCode, SignInTally
from styrhjul.domain.journal import EntryKind
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.municipality.trial import begin_trial
from styrhjul.web.sign_in.next_page import safe_next
from tests.answer_world import NOW, World
from tests.answer_world import ask as municipality
from tests.web.conftest import hidden
from tests.web.sign_in_world import ANNA, add, afar, ask, caught, codes, later, sign_in, type_code

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.mark.parametrize("typed", ["/login", "/logga-in"])
def test_an_address_typed_from_memory_leads_to_where_one_signs_in(client: TestClient, typed: str) -> None:
    answer = client.get(typed, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_a_stranger_is_led_to_where_one_signs_in_and_back(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as client:
        asked = client.get("/herrljunga/mail")
        assert (asked.url.path, asked.url.query) == ("/sign-in", b"next=/herrljunga/mail")
        ask(client, wanted=hidden(asked.text, "next"))
        page = type_code(client, codes(home)[0])
    assert page.url.path == "/herrljunga/mail"
    assert "Anna Ek" in page.text
    assert "samordnare, administratör" in page.text


def test_a_form_of_a_stranger_is_refused_and_not_redirected(home: Installation, world: World) -> None:
    with afar(home) as client:
        response = client.post("/herrljunga/users", data={"csrf": "x"})
    assert response.status_code == 403
    assert "Du är inte inloggad" in response.text


def test_a_part_of_a_page_leads_the_whole_page_to_sign_in(home: Installation, world: World) -> None:
    with afar(home) as client:
        response = client.get("/herrljunga", headers={"HX-Request": "true"}, follow_redirects=False)
    assert (response.status_code, response.headers["hx-redirect"]) == (403, "/sign-in?next=/herrljunga")


def test_a_known_and_an_unknown_address_get_the_same_answer(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    pages, wrong = [], []
    for address in (ANNA, "nils@example.org"):
        with afar(home) as client:
            pages.append(ask(client, address))
            wrong.append(type_code(client, "000000" if "000000" not in codes(home) else "111111"))
    masked = [page.text.replace("n…@", "a…@").replace(hidden(page.text, "csrf"), "") for page in (*pages, *wrong)]
    assert masked[0] == masked[1]
    assert masked[2] == masked[3]
    assert [page.status_code for page in (*pages, *wrong)] == [200, 200, 422, 422]
    assert len(codes(home)) == 1


def test_an_unknown_address_costs_the_same_row_and_gets_no_mail(home: Installation, world: World) -> None:
    with afar(home) as client:
        ask(client, "nils@example.org")
    with home.database.reading(world.municipality_id) as session:
        assert session.scalars(select(SignInCode.user_id)).all() == [None]
        assert session.scalar(select(func.count()).select_from(Mail)) == 0


def test_a_code_that_nobody_got_never_fits(home: Installation, world: World) -> None:
    """Even the right digits of a request for nobody let nobody in."""
    with afar(home) as client:
        ask(client, "nils@example.org")
        with home.database.reading(world.municipality_id) as session:
            row = session.scalars(select(SignInCode)).one()
        right = next(
            f"{n:06}" for n in range(10**6) if home.sign_in_key.mac(f"code {row.id}", f"{n:06}") == row.code_mac
        )
        assert type_code(client, right).status_code == 422


def test_after_five_wrong_codes_the_right_one_does_not_fit(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as client:
        ask(client)
        right = codes(home)[0]
        wrong = [type_code(client, f"{(int(right) + n) % 10**6:06}").text for n in range(1, 6)]
        assert "Du har fyra försök kvar" in wrong[0]
        assert "Koden gäller inte längre" in wrong[4]
        assert type_code(client, right).status_code == 422


def test_a_code_works_once_and_for_ten_minutes(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as client:
        ask(client)
        kept, code = dict(client.cookies), codes(home)[0]
        assert type_code(client, code).status_code == 200
    with afar(home, cookies=kept) as client:
        assert type_code(client, code).status_code == 422
    with afar(home) as client:
        ask(client)
        kept, code = dict(client.cookies), next(each for each in codes(home) if each != code)
    with afar(later(home, minutes=10), cookies=kept) as client:
        assert type_code(client, code).status_code == 422


def test_a_code_opens_only_the_browser_that_asked(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as asking, afar(home) as other:
        ask(asking)
        ask(other, "nils@example.org")
        assert type_code(other, codes(home)[0]).status_code == 422


def test_the_code_rests_nowhere_once_its_mail_has_left(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as client:
        ask(client)
    code = codes(home)[0]
    home.close()
    kept = b"".join(path.read_bytes() for path in home.settings.data_dir.glob("styrhjul.db*"))
    assert code.encode() not in kept
    with home.database.reading(world.municipality_id) as session:
        mail = session.scalars(select(Mail)).one()
    assert (mail.sealed_bytes, mail.redacted, mail.post_id) == (None, None, None)
    assert code not in mail.subject


def test_a_code_that_was_late_is_not_sent(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as client:
        ask(client)
    assert caught(later(home, minutes=11)) == []


def test_a_code_leaves_at_night_and_to_its_own_reader_while_a_trial_runs(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    night = later(home, hours=14)
    with afar(night) as client:
        ask(client)
    assert len(codes(night)) == 1


def test_a_trial_does_not_read_along(home: Installation, world: World) -> None:
    from sqlalchemy import update  # noqa: PLC0415

    from styrhjul.db.model import Municipality  # noqa: PLC0415

    add(home, world.municipality_id)
    with home.database.register(world.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=None))
    begin_trial(home.database, world.municipality_id, to_address="prov@example.org", by="x", now=NOW)
    with afar(home) as client:
        ask(client)
    with home.database.reading(world.municipality_id) as session:
        assert session.scalars(select(Mail.goes_to)).all() == [ANNA]


def test_the_sixth_code_to_an_address_within_an_hour_is_not_sent_and_not_told(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as client:
        answers = {ask(client, ANNA.upper() if n % 2 else ANNA).status_code for n in range(7)}
        assert answers == {200}
        assert len(caught(home)) == 5
    with afar(later(home, minutes=61)) as client:
        ask(client)
    assert len(caught(later(home, minutes=61))) == 6


def test_a_caller_who_asks_for_everybody_is_stopped(home: Installation, world: World) -> None:
    with afar(home) as client:
        answers = [ask(client, f"nils{n}@example.org").status_code for n in range(42)]
    assert answers == [200] * 40 + [429] * 2
    with afar(home) as client:  # by database, not by process
        assert ask(client, "x@example.org").status_code == 429


def test_what_is_counted_names_nobody(home: Installation, world: World) -> None:
    with afar(home) as client:
        ask(client, "nils@example.org")
    with home.database.system(read_only=True) as session:
        names = list(session.scalars(select(SignInTally.name)))
    assert len(names) == 2
    assert all(len(name) == 64 and "nils" not in name for name in names)


@pytest.mark.parametrize("address", ["", "nils", "nils@", "nils@example.org\r\nBcc: x@example.org", "a b@example.org"])
def test_a_faulty_address_is_told_at_the_field_and_kept(home: Installation, world: World, address: str) -> None:
    with afar(home) as client:
        response = ask(client, address)
    assert response.status_code == 422
    assert 'href="#address"' in response.text


def test_the_forms_of_signing_in_are_ours_alone(home: Installation, world: World) -> None:
    add(home, world.municipality_id)
    with afar(home) as client:
        sent = {"municipality": "herrljunga", "address": ANNA}
        assert client.post("/sign-in", data=sent).status_code == 403
        ask(client)
        assert client.post("/sign-in/code", data={"code": codes(home)[0]}).status_code == 403
        page = client.get("/sign-in").text
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert client.post("/sign-in", data=sent | {"csrf": hidden(page, "csrf")}, headers=foreign).status_code == 403


def test_two_municipalities_with_one_address_never_mix(home: Installation, world: World) -> None:
    other = municipality(home.database, slug="lillby")
    add(home, world.municipality_id)
    add(home, other.municipality_id, name="Anna Lund")
    with afar(home) as client:
        sign_in(home, client, slug="lillby")
        assert client.get("/").url.path == "/lillby"
        assert client.get("/herrljunga").status_code == 404
        assert "Herrljunga" not in client.get("/lillby").text


def test_what_signing_in_did_stands_in_the_journal_without_code_or_address(home: Installation, world: World) -> None:
    user_id = add(home, world.municipality_id)
    with afar(home) as client:
        sign_in(home, client)
    with home.database.reading(world.municipality_id) as session:
        rows = session.execute(select(JournalEntry.kind, JournalEntry.data)).all()
    told = {kind: data for kind, data in rows if kind in (EntryKind.SIGN_IN_CODE_SENT, EntryKind.USER_SIGNED_IN)}
    assert told[EntryKind.USER_SIGNED_IN] == {"user": user_id, "way": "code"}
    assert told[EntryKind.SIGN_IN_CODE_SENT].keys() == {"user", "mail"}


ELSEWHERE = [
    "//evil.example.org",
    "https://evil.example.org",
    "/\\evil.example.org",
    "\\/evil.example.org",
    "/%5cevil.example.org",
    "/%2f/evil.example.org/..",
    "///evil",
    "javascript:alert(1)",
    "/\tevil",
    "/x\r\nSet-Cookie: a=b",
    "/%0d%0aLocation:x",
    "/%252f%252fevil\\",
    "evil",
    "",
    "/" + "a" * 600,
    "/sign-in",
    "/sign-out",
    "/\u2028evil",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_sent_elsewhere_afterwards(wanted: str) -> None:
    assert safe_next(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/", "/herrljunga", "/herrljunga/case/1?x=1&y=å", "/herrljunga/mail#senast"])
def test_a_page_of_ours_is_where_one_goes(wanted: str) -> None:
    assert safe_next(wanted) == wanted
