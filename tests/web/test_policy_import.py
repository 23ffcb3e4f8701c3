"""A text or a file on its way in: the preview, what it stores, and what a new edition would change."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from styrhjul.db.model import Body, DutyStatus, Edition, Policy
from styrhjul.db.session import Database
from styrhjul.documents.formats.sample import packed, sample_word
from styrhjul.services.foundation.installation import Installation
from styrhjul.web.security import MOST_FILES
from tests.town import Town
from tests.web.conftest import here, hidden
from tests.web.policy_world import (
    NOW,
    POLICY,
    SLUG,
    TEXT,
    at_nine,
    bring_in,
    brought,
    confirm_clear,
    duties,
    official,
    send,
    town,
)

if TYPE_CHECKING:
    from starlette.testclient import TestClient

IMPORT = "/lillby/policies/import"
EDITIONS = (("2026-06-14", "två"), ("2026-05-13", "tre"))
MACROS = packed(dict.fromkeys(("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), b""))
MADE = Path(__file__).parents[1] / "documents/made"
__all__ = ["brought", "official", "town"]  # fixtures


def policies(database: Database, town: Town) -> int:
    with database.reading(town.municipality_id) as session:
        return session.scalar(select(func.count()).select_from(Policy)) or 0


def test_a_preview_shows_the_proposals_and_stores_nothing(official: TestClient, home: Installation, town: Town) -> None:
    page = send(official, IMPORT, IMPORT, text=TEXT).text
    assert "Förslag, inget är sparat. Sju meningar läses som skyldigheter." in page
    assert "1 ska?" in page
    assert policies(home.database, town) == 1


def test_a_file_is_read_as_it_is(official: TestClient, home: Installation, town: Town) -> None:
    text = TEXT.replace("\n", "\r\n")
    sent = {"csrf": hidden(official.get(IMPORT).text, "csrf"), "text": ""}
    shown = official.post(IMPORT, data=sent, files={"file": ("policy.txt", text.encode("cp1252"))}).text
    official.post(f"{IMPORT}/store", data={"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given")})
    with home.database.reading(town.municipality_id) as session:
        assert text in session.scalars(select(Edition.text)).all()


def test_a_heading_of_a_word_file_is_a_heading_and_no_row_of_signs(official: TestClient) -> None:
    text = TEXT.replace("Ansvar", "## Ansvar <i> & annat", 1)
    page = send(official, IMPORT, IMPORT, text=text).text
    assert "<b>Ansvar &lt;i&gt; &amp; annat</b>" in page
    assert "## Ansvar" not in page


def test_a_title_that_gives_the_last_day_is_quoted_without_its_mark(official: TestClient) -> None:
    text = "# Klimatplan 2024–2027\n\nLillby kommun\nAntagen av: Kommunfullmäktige\nDatum: 2024-02-26\n\n## Ansvar\n"
    page = send(official, IMPORT, IMPORT, text=text).text
    assert ">Klimatplan 2024–2027</mark>" in page
    assert "# Klimatplan" not in page


def test_a_pasted_text_with_a_zero_in_it_is_stored(official: TestClient, home: Installation, town: Town) -> None:
    assert bring_in(official, TEXT.replace("Policy", "Pol\x00icy", 1)).status_code == 200
    with home.database.reading(town.municipality_id) as session:
        assert not [text for text in session.scalars(select(Edition.text)) if "\x00" in text]


def test_a_file_sent_where_a_text_is_pasted_is_no_text(official: TestClient) -> None:
    sent = {"csrf": hidden(official.get(IMPORT).text, "csrf")}
    answer = official.post(IMPORT, data=sent, files={"text": ("policy.txt", TEXT.encode())})
    assert answer.status_code == 422
    assert "UploadFile" not in answer.text


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf", "html"])
def test_a_document_of_any_kind_is_read_and_a_page_is_told_where_there_is_one(
    official: TestClient, home: Installation, town: Town, kind: str
) -> None:
    made = (MADE / f"herrljunga.{kind}").read_bytes()
    sent = {"csrf": hidden(official.get(IMPORT).text, "csrf"), "text": ""}
    shown = official.post(IMPORT, data=sent, files={"file": (f"policy.{kind}", made)}).text
    assert "Integrationspolicy för Herrljunga kommun" in shown
    assert ("på sidan 2" in shown) == (kind == "pdf")
    stored = official.post(f"{IMPORT}/store", data={"csrf": sent["csrf"], "given": hidden(shown, "given")})
    assert "Integrationspolicy för Herrljunga kommun" in stored.text


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("policy.pdf", b"%PDF", "innehållet i filen stämmer inte med filens ändelse"),
        ("policy.docx", sample_word("<w:p/>"), "ingen text"),
        ("policy.docx", MACROS, "makron"),
        ("policy.doc", b"x", "spara den som .docx"),
        ("policy.txt", b"x" * 10_000_001, "större än 10 MB. Dela upp texten."),
        ("policy.pdf", b"x" * 10_000_001, "större än 10 MB. Spara bilderna mindre"),
        ("policy.txt", b"\x00\x01", "tecken som inte hör hemma i text"),
        ("policy.txt", b"  ", "filen är tom"),
    ],
)
def test_what_is_no_text_is_refused(official: TestClient, name: str, content: bytes, why: str) -> None:
    sent = {"csrf": hidden(official.get(IMPORT).text, "csrf"), "text": ""}
    refused = official.post(IMPORT, data=sent, files={"file": (name, content)})
    assert refused.status_code == 422
    assert why in refused.text


def test_files_that_are_too_large_are_told_the_limit_and_the_way_back(official: TestClient) -> None:
    token = hidden(official.get("/lillby/policies/import").text, "csrf")
    uploads = {"file": ("stor.txt", b"a" * 22_000_000)}
    refused = official.post("/lillby/policies/import", data={"csrf": token}, files=uploads)
    assert refused.status_code == 413
    assert "högst 10 MB, och alla tillsammans högst 20 MB" in refused.text
    assert '<a href="/lillby/policies/import">Tillbaka till formuläret</a>' in refused.text


def test_too_many_files_are_told_the_limit_and_the_way_back(official: TestClient) -> None:
    page = official.get(IMPORT).text
    assert f"högst {MOST_FILES} filer" in page
    uploads = [("file", (f"{number}.txt", b"x")) for number in range(MOST_FILES + 1)]
    refused = official.post(IMPORT, data={"csrf": hidden(page, "csrf")}, files=uploads)
    assert refused.status_code == 400
    assert f"Högst {MOST_FILES} filer åt gången." in refused.text
    assert "mejl" not in refused.text
    assert f'<a href="{IMPORT}">Tillbaka till formuläret</a>' in refused.text


def test_a_form_of_too_many_fields_is_told_so(official: TestClient) -> None:
    sent = {"csrf": hidden(official.get(IMPORT).text, "csrf"), "x": ["y"] * 300}
    refused = official.post(f"{POLICY}/confirm", data=sent)
    assert refused.status_code == 400
    assert "skicka färre åt gången" in refused.text


@pytest.mark.parametrize("count", [1, 2])
def test_a_file_and_a_pasted_text_together_are_refused_and_the_text_stays(official: TestClient, count: int) -> None:
    sent = {"csrf": hidden(official.get(IMPORT).text, "csrf"), "text": "Den klistrade texten"}
    uploads = [("file", (f"{number}.txt", TEXT.encode())) for number in range(count)]
    refused = official.post(IMPORT, data=sent, files=uploads)
    assert refused.status_code == 422
    assert refused.text.count("Du valde en fil och klistrade in en text") == 2
    assert "Den klistrade texten</textarea>" in refused.text


def test_who_chose_nothing_is_asked_to_choose(official: TestClient) -> None:
    refused = send(official, "/lillby/policies/import", "/lillby/policies/import", text=" ")
    assert refused.status_code == 422
    assert "Välj en fil eller klistra in texten." in refused.text
    assert "gick inte att läsa" not in refused.text


def test_a_form_that_takes_no_file_gets_none(official: TestClient) -> None:
    sent = {"csrf": hidden(official.get(IMPORT).text, "csrf")}
    refused = official.post(f"{IMPORT}/store", data=sent, files={"file": ("policy.txt", b"x")})
    assert refused.status_code == 400


def test_every_duty_of_a_stored_text_waits_for_a_person(brought: TestClient, home: Installation, town: Town) -> None:
    found = duties(home, town)
    assert {duty.status for duty in found} == {DutyStatus.PROPOSED}
    page = brought.get(POLICY).text
    assert "Sju skyldigheter är inte bekräftade" in page
    assert "Inga mejl skickas om dokumentet än" in page


def test_the_same_text_again_is_told(brought: TestClient) -> None:
    page = send(brought, IMPORT, IMPORT, text=TEXT).text
    assert "Texten är redan inläst" in page
    assert "Läs in dokumentet" not in page


def test_nothing_but_a_signed_preview_is_stored(official: TestClient, home: Installation, town: Town) -> None:
    shown = send(official, IMPORT, IMPORT, text=TEXT).text
    given = hidden(shown, "given")
    for forged in ("", given[:-2], given.replace(given[5], given[6], 1) + "x"):
        sent = {"csrf": hidden(shown, "csrf"), "given": forged}
        assert official.post(f"{IMPORT}/store", data=sent).status_code == 422
    assert policies(home.database, town) == 1


def test_a_preview_grows_old(official: TestClient, home: Installation, town: Town) -> None:
    shown = send(official, IMPORT, IMPORT, text=TEXT).text
    with here(at_nine(home, NOW + timedelta(hours=25)), cookies=dict(official.cookies)) as later:
        refused = later.post(f"{IMPORT}/store", data={"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given")})
    assert "Förslaget är för gammalt" in refused.text
    assert policies(home.database, town) == 1


def test_what_changed_since_the_preview_is_shown_anew(official: TestClient, home: Installation, town: Town) -> None:
    shown = send(official, IMPORT, IMPORT, text=TEXT).text
    with home.database.municipality(town.municipality_id) as session:
        session.execute(update(Body).where(Body.slug == "byggnämnden").values(dissolved_on=NOW.date()))
    refused = official.post(f"{IMPORT}/store", data={"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given")})
    assert "organ har ändrats sedan du såg förslaget" in refused.text
    assert policies(home.database, town) == 1


def test_a_new_edition_supersedes_the_one_before(brought: TestClient, home: Installation, town: Town) -> None:
    renewed = TEXT.replace("2024-05-13", "2026-11-02").replace("1-3 mål", "två mål")
    page = bring_in(brought, renewed, SLUG).text
    assert "ersatt 2026-11-02" in page
    assert "läste in en ny utgåva: 6 oförändrade, 1 ändrad." in page
    assert policies(home.database, town) == 2


def test_what_an_edition_changes_is_shown_before_it_is_stored(
    brought: TestClient, home: Installation, town: Town
) -> None:
    confirm_clear(brought)
    renewed = TEXT.replace("2024-05-13", "2026-11-02").replace("1-3 mål", "två mål").replace("Målen följs", "De följs")
    shown = send(brought, IMPORT, IMPORT, text=renewed).text
    for words in ("Vad som ändras", "Ändrat: antal mål", "Ska läsas", "1-3 mål", "två mål", "Läs in utgåvan"):
        assert words in shown
    with home.database.reading(town.municipality_id) as session:
        assert session.scalar(select(func.count()).select_from(Edition)) == 2
    page = bring_in(brought, renewed, SLUG).text
    assert "Utgåvan är inläst." in page


def test_an_edition_that_does_not_say_when_it_was_adopted_is_shown_with_a_warning(brought: TestClient) -> None:
    undated = TEXT.replace(" 2024-05-13 § 41", "").replace("1-3 mål", "två mål")
    shown = send(brought, IMPORT, IMPORT, text=undated).text
    assert "Texten säger inte när den antogs. Utgåvan som gäller antogs 2024-05-13" in shown


def test_an_edition_of_another_document_is_shown_before_it_is_stored(brought: TestClient, home: Installation) -> None:
    shown = send(brought, IMPORT, IMPORT, text=TEXT.replace("Miljöpolicy", "Klimatpolicy")).text
    assert "Vad som ändras" not in shown
    sent = {"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given"), "edition_of": SLUG}
    again = brought.post(f"{IMPORT}/store", data=sent)
    assert "Vad som ändras" in again.text
    assert "Klimatpolicy" not in brought.get("/lillby/policies").text
    stored = brought.post(f"{IMPORT}/store", data=sent | {"given": hidden(again.text, "given")})
    assert "Klimatpolicy för Lillby kommun" in stored.text


def test_a_title_that_is_taken_is_no_new_policy(brought: TestClient) -> None:
    refused = bring_in(brought, TEXT + "\nEtt tillägg.\n")
    assert refused.status_code == 422
    assert "har redan ett dokument med titeln" in refused.text


def test_an_edition_that_another_came_before_is_shown_anew_and_not_stored(
    brought: TestClient, home: Installation, town: Town
) -> None:
    """Two people have a new edition each before them; what the second would change is no longer what was shown."""
    ours, theirs = (TEXT.replace("2024-05-13", day).replace("1-3 mål", f"{count} mål") for day, count in EDITIONS)
    shown = send(brought, IMPORT, IMPORT, text=ours).text
    given = {"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given"), "edition_of": SLUG}
    assert bring_in(brought, theirs, SLUG).status_code == 200
    again = brought.post(f"{IMPORT}/store", data=given)
    assert again.status_code == 422
    assert "Gå igenom det igen" in again.text
    with home.database.reading(town.municipality_id) as session:
        assert ours not in session.scalars(select(Edition.text)).all()


@pytest.mark.parametrize("edition_of", ["", SLUG])
def test_what_was_shown_is_asked_for_where_it_is_stored(
    official: TestClient, home: Installation, town: Town, monkeypatch: pytest.MonkeyPatch, edition_of: str
) -> None:
    """Nothing can come between the question and the storing: both are one transaction."""
    if edition_of:
        bring_in(official)
    text = TEXT.replace("2024-05-13", "2026-05-13").replace("1-3 mål", "två mål")
    shown = send(official, IMPORT, IMPORT, text=text).text
    opened: list[str] = []
    register = Database.register

    def noted(self: Database, its: str) -> AbstractContextManager[Session]:
        opened.append(its)
        return register(self, its)

    monkeypatch.setattr(Database, "register", noted)
    given = {"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given"), "edition_of": edition_of}
    assert official.post(f"{IMPORT}/store", data=given, follow_redirects=False).status_code == 303
    assert opened == [town.municipality_id]
