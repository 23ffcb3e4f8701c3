"""What came in about a mail is told in its record, and saved beside it with how it went on."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from styrhjul.db.mail_model import PASSED_ON, Mail, MailStatus
from styrhjul.mail.forward import without_links
from styrhjul.mail.seal import Sealer
from styrhjul.services.records.mail_pdf import mail_content, mail_pdf
from styrhjul.services.records.saving import Source, mail_record_of, save_case, save_span
from tests.mail.inbound_shape import OURS, TO, Report, mail
from tests.reports.pdf_parts import letters
from tests.services.inbound_world import OPENING, PostalTown, postal_town

if TYPE_CHECKING:
    from pathlib import Path

    from styrhjul.db.session import Database
    from styrhjul.services.records.saving import SavedRecords

#: A report whose diagnosis has a letter that stands nowhere else in a record.
SAVED = datetime(2027, 6, 1, 9, tzinfo=UTC)
GONE = Report().raw().replace(b"User unknown", b"User unknown ^")
TOKEN = "Ab3_-" * 8 + "xyz"
REGISTRAR = "registrator@lillby.example.org"


@pytest.fixture
def town(database: Database) -> PostalTown:
    return postal_town(database)


def reply(town: PostalTown) -> bytes:
    """What the chair writes back, with the link of our mail quoted."""
    head = f"From: {TO}\nTo: {OURS}\nSubject: SV: mal\nIn-Reply-To: {town.mail_to().message_id}"
    return mail(f"{head}\nContent-Type: text/plain", f"Den 24 mars.\n> https://lillby.example.org/a/{TOKEN}")


def case_of(town: PostalTown) -> str:
    [matter] = mail_record_of(town.database, town.municipality_id, town.mail_to().id).metadata.matters
    return matter.case_id


def save(town: PostalTown, out: Path, sealer: Sealer | None = None) -> tuple[SavedRecords, dict[str, Any]]:
    """Save the chair's case; return what was saved, and the rows of the index by kind, the last of each."""
    source = Source(database=town.database, sealer=sealer or town.mailroom.sealer, now=SAVED)
    saved = save_case(source, case_of(town), out)
    return saved, {row["kind"]: row for row in json.loads((out / "index.json").read_text(encoding="utf-8"))}


def test_a_mail_that_came_back_is_a_record_of_that(town: PostalTown) -> None:
    town.take(town.about(town.mail_to(), GONE))
    record = mail_record_of(town.database, town.municipality_id, town.mail_to().id)
    told = record.metadata
    assert told.status is MailStatus.BOUNCED
    assert told.accepted_at is not None
    assert told.journal[-1].kind == "mail_bounced"
    assert set("Mejlet kom inte fram i retur^") <= letters(mail_pdf(record))


def test_a_reply_is_saved_with_its_case_without_links(town: PostalTown, tmp_path: Path) -> None:
    raw = reply(town)
    town.take(raw)
    saved, rows = save(town, tmp_path / "out")
    assert saved.came_in == 1
    row = rows["reply"]
    assert (row["sender"], row["case_ids"], row["status"]) == (TO, case_of(town), "reply")
    [eml] = [name for name in row["files"].split() if name.endswith(".eml")]
    content = (tmp_path / "out" / eml).read_bytes()
    assert content == without_links(raw)
    assert TOKEN.encode() not in content
    assert (row["sha256_sent"], row["sha256_file"]) == (sha256(raw).hexdigest(), sha256(content).hexdigest())


def test_beside_a_reply_stands_what_it_answers_and_where_it_went(town: PostalTown, tmp_path: Path) -> None:
    town.take(reply(town))
    _, rows = save(town, tmp_path / "out")
    [name] = [name for name in rows["reply"]["files"].split() if name.endswith(".json")]
    told = json.loads((tmp_path / "out" / name).read_text(encoding="utf-8"))
    [forward] = [each for each in town.mails() if each.key == PASSED_ON]
    assert (told["answers"], told["forwarded_in"]) == (town.mail_to().message_id, forward.message_id)
    assert [line["kind"] for line in told["journal"]] == ["reply_received", "reply_forwarded"]


def test_what_went_on_to_the_registrar_is_saved_with_the_case(town: PostalTown, tmp_path: Path) -> None:
    town.take(reply(town))
    town.deliver(date(2027, 1, 8))
    [forward] = [each for each in town.mails() if each.key == PASSED_ON]
    _, rows = save(town, tmp_path / "out")
    told = rows["mail"]
    assert (told["identity"], told["receiver"]) == (forward.message_id, f"Registrator, {REGISTRAR}")
    assert told["case_ids"] == case_of(town)
    record = mail_record_of(town.database, town.municipality_id, forward.id)
    assert [line.kind for line in record.metadata.journal] == ["reply_forwarded"]
    assert mail_content(record)["subtitle"] == "Mejl till registratorn"


def test_a_report_is_saved_with_its_case(town: PostalTown, tmp_path: Path) -> None:
    town.take(town.about(town.mail_to(), GONE))
    saved, rows = save(town, tmp_path / "out")
    assert saved.came_in == 1
    assert (rows["bounce"]["status"], rows["bounce"]["case_ids"]) == ("failed", case_of(town))


def test_what_came_in_some_days_is_saved_also_without_a_case(town: PostalTown, tmp_path: Path) -> None:
    town.take(mail(f"From: {TO}\nTo: {OURS}\nSubject: Hej", "Vem ska svara?"))
    source = Source(database=town.database, sealer=town.mailroom.sealer, now=SAVED)
    saved = save_span(source, town.municipality_id, (OPENING, OPENING), tmp_path / "out")
    assert saved.came_in == 1
    rows = json.loads((tmp_path / "out/index.json").read_text(encoding="utf-8"))
    assert [row["case_ids"] for row in rows if row["kind"] == "reply"] == [""]


def test_what_answers_a_mail_on_trial_stands_with_no_case(town: PostalTown, tmp_path: Path) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).where(Mail.address == TO).values(trial_to="prov@lillby.example.org"))
    town.take(reply(town))
    assert save(town, tmp_path / "out")[0].came_in == 0


def test_what_cannot_be_opened_is_listed_and_not_saved(town: PostalTown, tmp_path: Path) -> None:
    town.take(reply(town))
    saved, rows = save(town, tmp_path / "out", Sealer("another secret key, long enough too"))
    assert saved.came_in == 0
    assert (rows["reply"]["files"], rows["reply"]["sender"]) == ("", TO)
    assert rows["reply"]["why_not"].startswith("Mejlet går inte att öppna")
