"""A mail that left on trial is a record of who got it, and of whom it was written for."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from styrhjul.db.model import Municipality
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.municipality.trial import begin_trial
from styrhjul.services.records.mail_pdf import mail_content
from styrhjul.services.records.saving import Source, mail_record_of, save_span
from tests.town import FOLLOWED_FROM, Town, build_town, nine

if TYPE_CHECKING:
    from pathlib import Path

    from styrhjul.db.session import Database
    from styrhjul.services.records.mail_record import MailRecord

SAVED = datetime(2027, 6, 1, 9, tzinfo=UTC)
OPENS = date(2027, 1, 7)
TRIAL = "prov@lillby.example.org"


@pytest.fixture
def town(database: Database) -> Town:
    """A town whose first mails have left on trial."""
    town = build_town(database, kinds=(ActionKind.FOLLOW_UP,), committees=("socialnämnden",))
    with database.register(town.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=None))
    begin_trial(database, town.municipality_id, to_address=TRIAL, by="samordnaren", now=nine(FOLLOWED_FROM))
    town.live(OPENS)
    return town


@pytest.fixture
def record(town: Town) -> MailRecord:
    return mail_record_of(town.database, town.municipality_id, town.mails()[0].id)


def test_the_receiver_is_who_got_it(town: Town, record: MailRecord) -> None:
    told = record.metadata
    assert (told.receiver.office, told.receiver.address) == (None, TRIAL)
    assert told.trial_for is not None
    assert (told.trial_for.office, told.trial_for.address) == ("chair, socialnämnden", town.mails()[0].address)


@pytest.mark.parametrize(
    ("lang", "label", "words"),
    [
        ("sv", "Provkörning", "skulle ha gått till chair, socialnämnden"),
        ("en", "Trial run", "would have gone to chair, socialnämnden"),
    ],
)
def test_the_pdf_says_both(record: MailRecord, lang: str, label: str, words: str) -> None:
    del record.message["Content-Language"]
    record.message["Content-Language"] = lang
    content = json.loads(json.dumps(mail_content(record)))
    rows = {row["label"]: [each["text"] for each in row["values"]] for row in content["facts"]}
    assert rows[label] == [f"{words}, {record.metadata.trial_for.address}"]  # type: ignore[union-attr]
    assert TRIAL in {text for texts in rows.values() for text in texts}
    assert content["subtitle"].endswith(TRIAL)


def test_the_index_says_both(town: Town, tmp_path: Path) -> None:
    source = Source(database=town.database, sealer=town.mailroom.sealer, now=SAVED)
    save_span(source, town.municipality_id, (OPENS, OPENS), tmp_path / "out")
    rows = json.loads((tmp_path / "out/index.json").read_text(encoding="utf-8"))
    assert {row["receiver"] for row in rows} == {TRIAL}
    assert {row["trial_for"].rpartition(", ")[2] for row in rows} == {mail.address for mail in town.mails()}
