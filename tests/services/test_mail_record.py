"""A mail as a record: the bytes as they left but for the links, what the registry asks for, and a PDF of both."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.outcome import Refused
from styrhjul.services.records.mail_pdf import mail_pdf
from styrhjul.services.records.record import NoSuchRecord, NotARecord
from styrhjul.services.records.saving import find_mail_record, mail_record_of
from tests.reports.pdf_parts import everything, letters
from tests.town import SENTENCE, Town, build_town

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.services.records.mail_record import MailRecord
    from tests.filled import Filled

OPENS = date(2027, 1, 7)
_LINK = re.compile(rb"/a/([A-Za-z0-9_-]{43})")


@pytest.fixture
def town(database: Database, filled: Filled) -> Town:
    return filled(database, built)


def built(database: Database) -> Town:
    return build_town(database, kinds=(ActionKind.FOLLOW_UP,), committees=("socialnämnden",))


@pytest.fixture
def record(town: Town) -> MailRecord:
    """The first mail of the round, as it left."""
    town.live(OPENS)
    return mail_record_of(town.database, town.municipality_id, town.mails()[0].id)


def sent(town: Town, record: MailRecord) -> bytes:
    return next(raw for _, raw in town.transport.taken if record.metadata.message_id.encode() in raw)


def tokens(town: Town) -> list[bytes]:
    found = [_LINK.findall(raw.replace(b"=\r\n", b"")) for _, raw in town.transport.taken]
    return [token for each in found for token in each]


# -- the file ------------------------------------------------------------------------------------------------------


def test_the_file_is_the_mail_as_it_left_but_for_the_links(town: Town, record: MailRecord) -> None:
    raw = sent(town, record)
    assert len(record.eml) == len(raw)
    plain, redacted = (each.replace(b"=\r\n", b"") for each in (raw, record.eml))
    assert _LINK.sub(b"", plain) == re.sub(rb"/a/borttagen-{34}", b"", redacted)
    assert plain != redacted


def test_no_link_that_opens_is_in_any_file(town: Town, record: MailRecord) -> None:
    found = tokens(town)
    assert found
    for file in (record.eml, everything(mail_pdf(record))):
        whole = file.replace(b"=\r\n", b"")
        assert not [token for token in found if token in whole]


def test_the_file_is_a_mail_without_defects(record: MailRecord) -> None:
    parsed = message_from_bytes(record.eml, policy=policy.default)
    assert [each.defects for each in parsed.walk()] == [[]] * len(list(parsed.walk()))
    assert parsed["Subject"] == record.metadata.subject
    assert parsed["Message-ID"] == record.metadata.message_id
    assert parsed["To"].addresses[0].addr_spec == record.metadata.receiver.address


# -- the metadata --------------------------------------------------------------------------------------------------


def test_the_metadata_is_that_of_the_row(town: Town, record: MailRecord) -> None:
    row, told = town.mails()[0], record.metadata
    assert (told.mail_id, told.message_id, told.subject) == (row.id, row.message_id, row.subject)
    assert (told.receiver.address, told.status, told.attempts) == (row.address, row.status, row.attempts)
    assert (told.composed_at, told.finished_at, told.outcome) == (row.composed_at, row.finished_at, row.outcome)
    assert told.sender.address == "styrhjul@lillby.example.org"
    assert told.municipality == "Lillby kommun"


def test_the_metadata_says_what_it_is_about(record: MailRecord) -> None:
    [matter] = record.metadata.matters
    assert (matter.round, matter.body) == ("Uppföljning 2026", "Socialnämnden")
    assert record.metadata.receiver.office == "chair, socialnämnden"


def test_both_hashes_are_told_and_why_they_differ(town: Town, record: MailRecord) -> None:
    told = record.metadata
    assert told.sha256_sent == sha256(sent(town, record)).hexdigest()
    assert told.sha256_file == sha256(record.eml).hexdigest()
    assert told.why_they_differ
    assert "borttagen" in told.why_they_differ


def test_a_mail_without_links_has_one_hash(town: Town, record: MailRecord) -> None:
    with town.database.municipality(town.municipality_id) as session:
        own = sha256(record.eml).hexdigest()
        session.execute(update(Mail).where(Mail.id == record.metadata.mail_id).values(sha256=own))
    again = mail_record_of(town.database, town.municipality_id, record.metadata.mail_id).metadata
    assert (again.sha256_sent, again.why_they_differ) == (again.sha256_file, None)


def test_its_day_is_told_with_the_zone(record: MailRecord) -> None:
    told = record.metadata
    assert told.dated_at == told.accepted_at == datetime(2027, 1, 7, 8, tzinfo=UTC)
    assert told.dated_at.isoformat() == "2027-01-07T09:00:00+01:00"


def test_the_lines_of_the_journal_that_tell_of_it_are_named(record: MailRecord) -> None:
    assert [line.kind for line in record.metadata.journal] == ["mail_composed", "mail_accepted"]
    assert all(re.fullmatch("[0-9a-f]{64}", line.seal) for line in record.metadata.journal)


# -- what is no record ---------------------------------------------------------------------------------------------


def test_a_mail_on_its_way_is_no_record_yet(town: Town) -> None:
    town.sweep(OPENS)
    town.compose(OPENS)
    with pytest.raises(NotARecord, match="väntar på att skickas"):
        mail_record_of(town.database, town.municipality_id, town.mails()[0].id)


@pytest.mark.parametrize("status", [MailStatus.CANCELLED, MailStatus.QUARANTINED])
def test_a_mail_that_never_left_is_no_record(town: Town, record: MailRecord, status: MailStatus) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).where(Mail.id == record.metadata.mail_id).values(status=status))
    with pytest.raises(NotARecord, match="Mejlet"):
        mail_record_of(town.database, town.municipality_id, record.metadata.mail_id)


def test_a_mail_that_was_refused_is_a_record_of_that(town: Town) -> None:
    town.transport.reply = lambda _: Refused("550 no such user", about_address=True)
    town.live(OPENS)
    record = find_mail_record(town.database, town.mails()[0].message_id)
    assert (record.metadata.status, record.metadata.accepted_at) == (MailStatus.FAILED, None)
    assert set("Mejlet kom inte fram550 no such user") <= letters(mail_pdf(record))


def test_another_municipalitys_mail_is_not_here(town: Town, record: MailRecord, database: Database) -> None:
    other = build_town(database, "storby")
    with pytest.raises(NoSuchRecord):
        mail_record_of(database, other.municipality_id, record.metadata.mail_id)


@pytest.mark.parametrize("form", ["{id}", "<{id}>"])
def test_a_mail_is_found_by_its_message_id(town: Town, record: MailRecord, form: str) -> None:
    wanted = form.format(id=record.metadata.message_id.strip("<>"))
    assert find_mail_record(town.database, wanted).metadata == record.metadata


def test_an_unknown_mail_is_told(town: Town) -> None:
    with pytest.raises(NoSuchRecord, match="nobody@example"):
        find_mail_record(town.database, "<nobody@example.org>")


# -- the PDF -------------------------------------------------------------------------------------------------------


def test_the_pdf_is_the_same_each_time(town: Town, record: MailRecord) -> None:
    again = mail_record_of(town.database, town.municipality_id, record.metadata.mail_id)
    assert mail_pdf(record) == mail_pdf(again)


def test_the_pdf_holds_the_mail_itself(record: MailRecord) -> None:
    assert record.eml in everything(mail_pdf(record))


def test_the_pdf_has_the_subject_as_title_and_the_mails_own_language(record: MailRecord) -> None:
    pdf = mail_pdf(record)
    assert f'<rdf:li xml:lang="x-default">{record.metadata.subject}</rdf:li>'.encode() in pdf
    assert b"/Lang(sv)" in pdf


@pytest.mark.parametrize(
    "changes",
    [
        [(b"Content-Language: sv", b"Content-Language: en")],
        [(b"Content-Language: sv\r\n", b""), (b'lang=3D"sv"', b'lang=3D"en"')],
    ],
)
def test_an_english_mail_is_kept_in_english(record: MailRecord, changes: list[tuple[bytes, bytes]]) -> None:
    english = record.eml
    for change in changes:
        assert change[0] in english
        english = english.replace(*change)
    pdf = mail_pdf(replace(record, eml=english, message=message_from_bytes(english, policy=policy.default)))
    assert b"/Lang(en)" in pdf
    assert b"E-mail to chair" in pdf


def test_only_decided_words_are_set_as_decided(record: MailRecord) -> None:
    """Serif is what somebody has decided: the quoted sentence, and no other line of the mail."""
    assert record.quotes == (SENTENCE,)
    assert b"StyrhjulSerif" in mail_pdf(record)
    assert b"StyrhjulSerif" not in mail_pdf(replace(record, quotes=()))
