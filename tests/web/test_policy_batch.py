"""Several files at once: held and read by a worker, a table of what they are, and what is ticked is stored or not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.model import Duty, DutyStatus, Policy
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.order_making import OrderReport, make_orders
from styrhjul.services.policies import batch_order as policy_batch_order
from styrhjul.services.policies import file as policy_file
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


def sent(client: TestClient, files: dict[str, str] = FILES) -> Response:
    fields = {"csrf": hidden(client.get(IMPORT).text, "csrf"), "text": ""}
    uploads = [("file", (name, text.encode())) for name, text in files.items()]
    return client.post(IMPORT, data=fields, files=uploads)


def table(client: TestClient, home: Installation, files: dict[str, str] = FILES) -> Response:
    """Send files, let the worker read them, and look again."""
    waiting = sent(client, files)
    make_orders(at_nine(home))
    return client.get(waiting.url.path)


def pick(client: TestClient, shown: Response, *numbers: str) -> Response:
    fields = {"csrf": hidden(shown.text, "csrf"), "pick": list(numbers)}
    return client.post(f"{shown.url.path}/pick", data=fields)


def stored(client: TestClient, home: Installation, shown: Response, *numbers: str) -> Response:
    """Pick, let the worker store, and look again."""
    waiting = pick(client, shown, *numbers)
    make_orders(at_nine(home))
    return client.get(waiting.url.path)


def titles(home: Installation, town: Town) -> set[str]:
    with home.database.reading(town.municipality_id) as session:
        return set(session.scalars(select(Policy.title).where(Policy.id != town.policy_id)))


def test_the_request_itself_reads_no_document(official: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, reader in ((policy_batch_order, "read_file"), (policy_file, "read_document")):
        monkeypatch.setattr(module, reader, None)
    waiting = sent(official)
    assert waiting.status_code == 200
    assert re.fullmatch(r"/lillby/orders/[0-9a-f]{32}", waiting.url.path)
    assert "Filerna väntar på att läsas." in waiting.text
    assert '<noscript><meta http-equiv="refresh"' in waiting.text


def test_the_same_files_again_are_the_same_order(official: TestClient) -> None:
    assert sent(official).url == sent(official).url


def test_each_file_has_a_row_and_nothing_is_stored(official: TestClient, home: Installation, town: Town) -> None:
    shown = table(official, home).text
    for words in ("Fem filer", "Samma som miljö.txt.", "Filen är tom", "Går inte", "2024-05-13"):
        assert words in shown
    assert titles(home, town) == set()


def test_what_is_ticked_is_stored_by_the_worker_and_waits(official: TestClient, home: Installation, town: Town) -> None:
    files = {"miljö.txt": TEXT, "mat.txt": TEXT.replace("Miljöpolicy", "Matpolicy") + TEXT}
    waiting = pick(official, table(official, home, files), "0", "1")
    assert "väntar på att läsas in" in waiting.text
    for what_is_no_use in ("Hämta filen", f"{waiting.url.path}/file", "SHA-256"):
        assert what_is_no_use not in waiting.text
    assert titles(home, town) == set()
    make_orders(at_nine(home))
    page = official.get(waiting.url.path).text
    assert "2 dokument är inlästa." in page
    assert titles(home, town) == {"Miljöpolicy för Lillby kommun", "Matpolicy för Lillby kommun"}
    with home.database.reading(town.municipality_id) as session:
        statuses = set(session.scalars(select(Duty.status).where(Duty.policy_id != town.policy_id)))
    assert statuses == {DutyStatus.PROPOSED}


def test_what_is_not_ticked_stays_out(official: TestClient, home: Installation, town: Town) -> None:
    stored(official, home, table(official, home), "0")
    assert titles(home, town) == {"Miljöpolicy för Lillby kommun"}


def test_what_cannot_be_picked_is_not_stored_whatever_the_form_says(
    official: TestClient, home: Installation, town: Town
) -> None:
    refused = pick(official, table(official, home), "2", "3", "99", "x")
    assert refused.status_code == 422
    assert "Kryssa för minst ett dokument." in refused.text
    assert make_orders(at_nine(home)) == OrderReport()
    assert titles(home, town) == set()


def ticked(shown: Response) -> list[str]:
    return re.findall(r'name="pick" value="(\d+)" checked>', shown.text)


def test_the_ticks_that_were_taken_away_stay_away_when_nothing_is_picked(
    official: TestClient, home: Installation
) -> None:
    shown = table(official, home)
    assert ticked(shown) == ["0", "1"]
    refused = pick(official, shown)
    assert refused.status_code == 422
    assert ticked(refused) == []
    assert "Två kan läsas in" in refused.text


def test_the_ticks_are_as_they_were_left_when_something_has_changed(official: TestClient, home: Installation) -> None:
    food = TEXT.replace("Miljöpolicy", "Matpolicy") + TEXT
    shown = table(official, home, {"miljö.txt": TEXT, "klimat.txt": CLIMATE, "mat.txt": food})
    bring_in(official, TEXT.replace("Skolan bör", "Förskolan bör"))
    again = stored(official, home, shown, "0", "2")
    assert "Något har ändrats" in again.text
    assert ticked(again) == ["2"], "the first has to be read now, the second was never picked"


def test_the_address_of_a_form_that_came_back_leads_to_the_table(official: TestClient, home: Installation) -> None:
    shown = table(official, home)
    refused = pick(official, shown)
    again = official.get(refused.url.path)
    assert (again.status_code, again.url.path) == (200, shown.url.path)


@pytest.mark.parametrize("number", ["9" * 5_000, "-1", "²", "1e3", " 0"])
def test_a_number_of_no_row_picks_nothing(official: TestClient, home: Installation, number: str) -> None:
    refused = pick(official, table(official, home), number)
    assert refused.status_code == 422
    assert "Kryssa för minst ett dokument." in refused.text


def test_what_has_changed_since_the_table_is_shown_anew(official: TestClient, home: Installation, town: Town) -> None:
    shown = table(official, home)
    bring_in(official, TEXT.replace("Skolan bör", "Förskolan bör"))
    again = stored(official, home, shown, "0")
    assert "Något har ändrats sedan du såg tabellen" in again.text
    assert "Titeln finns" in again.text
    assert len(titles(home, town)) == 1


def test_what_came_in_meanwhile_word_for_word_is_here_already(
    official: TestClient, home: Installation, town: Town
) -> None:
    shown = table(official, home)
    bring_in(official)
    assert "Ett fanns redan." in stored(official, home, shown, "0").text
    assert len(titles(home, town)) == 1


def test_a_taken_title_is_named(official: TestClient, home: Installation, town: Town) -> None:
    with home.database.municipality(town.municipality_id) as session:
        session.execute(update(Policy).values(title="Miljöpolicy för Lillby kommun"))
    shown = table(official, home).text
    assert "Titeln finns" in shown
    assert "--edition-of" not in shown, "who reads a page has no command line"
    assert '/policies/import">Läs in den som ny utgåva' in shown


def test_a_document_of_another_municipality_is_told_in_its_row_and_not_ticked(
    official: TestClient, home: Installation
) -> None:
    other = TEXT.replace("Policy\n", "Grums kommun\n", 1).replace("Lillby", "Grums")
    shown = table(official, home, {"grums.txt": other, "klimat.txt": CLIMATE}).text
    rows = shown.partition("<tbody>")[2].split("<tr>")[1:]
    assert "Texten gäller Grums" in rows[0].partition("<details")[0]
    assert [" checked" in row for row in rows] == [False, True]
    assert ["Annan kommun" in row for row in rows] == [True, False]
    assert ["Kan läsas in" in row for row in rows] == [False, True]


def test_that_no_document_is_ready_is_said_in_the_plural(official: TestClient, home: Installation) -> None:
    bring_in(official)
    shown = table(official, home, {"miljö.txt": TEXT, "bild.png": "\x00"}).text
    assert "Inga kan läsas in som de är." in shown


def test_a_sentence_whose_actor_is_no_body_is_counted_as_to_be_read(official: TestClient, home: Installation) -> None:
    rows = table(official, home, {"miljö.txt": TEXT, "klimat.txt": CLIMATE}).text.partition("<tbody>")[2]
    assert "Att läsa: </span>3<" in rows, "Skolan is no body, in three sentences"


def test_files_that_are_too_much_together_say_so(
    official: TestClient, home: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_batch_order, "MOST_LETTERS", 2 * len(TEXT))
    shown = table(official, home, {"miljö.txt": TEXT, "klimat.txt": CLIMATE}).text
    assert "<title>Gick inte: " in shown
    assert "för många eller för stora" in shown


def test_files_are_no_file_to_fetch(official: TestClient, home: Installation) -> None:
    shown = table(official, home)
    fields = {"csrf": hidden(shown.text, "csrf")}
    assert official.post(f"{shown.url.path}/file", data=fields).status_code == 404


def test_files_are_thrown_away_by_whoever_wants_to(official: TestClient, home: Installation, town: Town) -> None:
    shown = table(official, home)
    fields = {"csrf": hidden(shown.text, "csrf")}
    assert "Filerna är borttagna." in official.post(f"{shown.url.path}/remove", data=fields).text
    assert pick(official, shown, "0").status_code == 404
    assert titles(home, town) == set()


def test_a_table_grows_old(official: TestClient, home: Installation, town: Town) -> None:
    shown = table(official, home)
    later = at_nine(home, NOW + timedelta(days=8))
    assert make_orders(later) == OrderReport(tidied=1)
    assert pick(official, shown, "0").status_code == 404
    assert titles(home, town) == set()


def test_a_table_of_one_municipality_stores_nothing_in_another(
    official: TestClient, home: Installation, town: Town
) -> None:
    other = build_town(home.database, "storby")
    shown = table(official, home)
    fields = {"csrf": hidden(shown.text, "csrf"), "pick": ["0"]}
    astray = shown.url.path.replace("/lillby/", "/storby/")
    assert official.post(f"{astray}/pick", data=fields).status_code == 404
    assert official.get(astray).status_code == 404
    assert make_orders(at_nine(home)) == OrderReport()
    assert (titles(home, town), titles(home, other)) == (set(), set())
