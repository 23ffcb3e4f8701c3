"""Several files at once: a table of what they are, and what is ticked is stored, all or none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.model import Duty, DutyStatus, Policy
from styrhjul.services.installation import Installation
from styrhjul.web.official import policy_batch
from tests.town import Town, build_town
from tests.web.conftest import here, hidden
from tests.web.policy_world import NOW, TEXT, at_nine, bring_in, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Response
    from starlette.testclient import TestClient

IMPORT = "/lillby/policies/import"
CLIMATE = TEXT.replace("Miljöpolicy", "Klimatpolicy").replace(
    "miljöarbete", "klimat, sin luft och sitt vatten i alla delar"
)
FILES = {"miljö.txt": TEXT, "klimat.txt": CLIMATE, "kopia.txt": TEXT + "\n", "bild.png": "\x00", "tom.txt": " "}


@pytest.fixture
def town(home: Installation) -> Town:
    return settle(home)


@pytest.fixture
def official(home: Installation, town: Town) -> Iterator[TestClient]:
    with here(at_nine(home)) as client:
        yield client


def table(client: TestClient, files: dict[str, str] = FILES) -> str:
    sent = {"csrf": hidden(client.get(IMPORT).text, "csrf"), "text": ""}
    uploads = [("file", (name, text.encode())) for name, text in files.items()]
    return client.post(IMPORT, data=sent, files=uploads).text


def pick(client: TestClient, shown: str, *numbers: str) -> Response:
    sent = {"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given"), "pick": list(numbers)}
    return client.post(f"{IMPORT}/batch", data=sent)


def titles(home: Installation, town: Town) -> set[str]:
    with home.database.reading(town.municipality_id) as session:
        return set(session.scalars(select(Policy.title).where(Policy.id != town.policy_id)))


def test_each_file_has_a_row_and_nothing_is_stored(official: TestClient, home: Installation, town: Town) -> None:
    shown = table(official)
    for words in ("Fem filer", "Samma som miljö.txt.", "Filen är tom", "Går inte", "2024-05-13"):
        assert words in shown
    assert titles(home, town) == set()


def test_what_is_ticked_is_stored_and_waits(official: TestClient, home: Installation, town: Town) -> None:
    shown = table(official, {"miljö.txt": TEXT, "mat.txt": TEXT.replace("Miljöpolicy", "Matpolicy") + TEXT})
    page = pick(official, shown, "0", "1").text
    assert "2 dokument är inlästa." in page
    assert titles(home, town) == {"Miljöpolicy för Lillby kommun", "Matpolicy för Lillby kommun"}
    with home.database.reading(town.municipality_id) as session:
        statuses = set(session.scalars(select(Duty.status).where(Duty.policy_id != town.policy_id)))
    assert statuses == {DutyStatus.PROPOSED}


def test_what_is_not_ticked_stays_out(official: TestClient, home: Installation, town: Town) -> None:
    pick(official, table(official), "0")
    assert titles(home, town) == {"Miljöpolicy för Lillby kommun"}


def test_what_cannot_be_picked_is_not_stored_whatever_the_form_says(
    official: TestClient, home: Installation, town: Town
) -> None:
    assert pick(official, table(official), "2", "3", "99").status_code == 422
    assert titles(home, town) == set()


def test_what_has_changed_since_the_table_is_shown_anew(official: TestClient, home: Installation, town: Town) -> None:
    shown = table(official)
    bring_in(official)
    refused = pick(official, shown, "0")
    assert refused.status_code == 422
    assert "Något har ändrats sedan du såg tabellen" in refused.text
    assert "Finns redan" in refused.text


def test_a_table_that_was_tampered_with_stores_nothing(official: TestClient, home: Installation, town: Town) -> None:
    shown = table(official)
    sent = {"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given")[:-3], "pick": ["0"]}
    assert official.post(f"{IMPORT}/batch", data=sent).url.path == IMPORT
    assert titles(home, town) == set()


def test_a_taken_title_is_named(official: TestClient, home: Installation, town: Town) -> None:
    with home.database.municipality(town.municipality_id) as session:
        session.execute(update(Policy).values(title="Miljöpolicy för Lillby kommun"))
    shown = table(official)
    assert "Titeln finns" in shown
    assert "--edition-of" not in shown, "who reads a page has no command line"
    assert '/policies/import">Läs in den som ny utgåva' in shown


def test_a_document_of_another_municipality_is_told_in_its_row_and_not_ticked(official: TestClient) -> None:
    other = TEXT.replace("Policy\n", "Grums kommun\n", 1).replace("Lillby", "Grums")
    shown = table(official, {"grums.txt": other, "klimat.txt": CLIMATE})
    rows = shown.partition("<tbody>")[2].split("<tr>")[1:]
    assert "Texten gäller Grums" in rows[0].partition("<details")[0]
    assert [" checked" in row for row in rows] == [False, True]


def test_a_sentence_whose_actor_is_no_body_is_counted_as_to_be_read(official: TestClient) -> None:
    rows = table(official, {"miljö.txt": TEXT, "klimat.txt": CLIMATE}).partition("<tbody>")[2]
    assert "Att läsa: </span>3<" in rows, "Skolan is no body, in three sentences"


def test_files_that_are_too_much_together_are_refused_before_any_is_read_by_rules(
    official: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_batch, "MOST_LETTERS", 2 * len(TEXT))
    monkeypatch.setattr(policy_batch, "look_through", None)
    shown = table(official, {"miljö.txt": TEXT, "klimat.txt": CLIMATE})
    assert "för många eller för stora" in shown


def test_a_table_grows_old(official: TestClient, home: Installation, town: Town) -> None:
    shown = table(official)
    with here(at_nine(home, NOW + timedelta(hours=25)), cookies=dict(official.cookies)) as later:
        assert pick(later, shown, "0").url.path == IMPORT
    assert titles(home, town) == set()


def test_a_table_of_one_municipality_stores_nothing_in_another(
    official: TestClient, home: Installation, town: Town
) -> None:
    other = build_town(home.database, "storby")
    shown = table(official)
    sent = {"csrf": hidden(shown, "csrf"), "given": hidden(shown, "given"), "pick": ["0"]}
    assert official.post("/storby/policies/import/batch", data=sent).url.path == "/storby/policies/import"
    assert (titles(home, town), titles(home, other)) == (set(), set())
