"""Addresses and names, ordinary and hostile: each becomes exactly one recipient or a clear refusal, in both ways in."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from styrhjul.mail.message import Envelope, MessageRefused, ascii_address, build
from styrhjul.mail.render import Rendered
from styrhjul.services.foundation.address import address_fault
from styrhjul.services.organisation.officials_check import read_roster
from styrhjul.services.organisation.officials_roster import FaultyOfficials, Known
from styrhjul.services.organisation.officials_sheet import SheetError, read_sheets
from tests.mail.addresses import FILE, Case, written

if TYPE_CHECKING:
    from email.message import EmailMessage

CASES = [Case(**json.loads(line)) for line in FILE.read_text(encoding="ascii").splitlines()]
MAILED = [case for case in CASES if case.travels is not None]
NOT_MAILED = [case for case in CASES if case.travels is None]
LISTED = [case for case in CASES if case.imported]
NOT_LISTED = [case for case in CASES if not case.imported]
HOW_MANY = {"To", "From", "Subject", "Message-ID", "Reply-To", "Date"}
RENDERED = Rendered(subject="Mål", text="Hej.\n", html="<p>Hej.</p>\n")
ENVELOPE = Envelope(
    message_id="<1@styrhjul.example.org>",
    date_at=datetime(2027, 3, 10, 8, 0, tzinfo=UTC),
    sender_address="styrhjul@kommun.example",
    sender_name="Kommunen",
    to_address="",
    to_name="",
    reply_to="registrator@kommun.example",
    return_path="studs@kommun.example",
    mail_id="1",
)


def shown(case: Case) -> str:
    return (
        f"{case.what}: {case.address if case.name == 'Ordförande' else case.name}"[:70]
        .encode("unicode_escape")
        .decode()
    )


def mail_to(case: Case) -> EmailMessage:
    raw = build(RENDERED, replace(ENVELOPE, to_address=case.address, to_name=case.name))
    return message_from_bytes(raw, policy=default)


def imported(case: Case, folder: Path) -> list[SheetError]:
    """What a list of officials with this person is told."""
    file = folder / "persons.csv"
    with file.open("w", encoding="utf-8", errors="surrogatepass", newline="") as lines:
        csv.writer(lines, delimiter=";").writerows([("key", "name", "address"), ("p1", case.name or "A", case.address)])
    try:
        read_roster(read_sheets(file), Known())
    except FaultyOfficials as faulty:
        return list(faulty.errors)
    return []


def test_the_corpus_is_the_one_that_is_written() -> None:
    assert FILE.read_text(encoding="ascii") == written()
    assert len(CASES) >= 130


@pytest.mark.parametrize("case", MAILED, ids=shown)
def test_what_is_mailed_goes_to_exactly_one_recipient_with_the_name_as_it_is(case: Case) -> None:
    message = mail_to(case)
    [recipient] = message["To"].addresses
    assert recipient.addr_spec == case.travels
    # Python's reader shows a space wherever two encoded words meet.
    assert recipient.display_name.replace(" ", "") == case.name.replace(" ", "")
    assert ascii_address(case.address) == case.travels
    assert message.defects == []
    assert [Counter(message.keys())[name] for name in HOW_MANY] == [1] * len(HOW_MANY)
    assert {"Bcc", "Cc"} & set(message.keys()) == set()


@pytest.mark.parametrize("case", NOT_MAILED, ids=shown)
def test_what_is_not_mailed_is_refused_before_there_is_a_mail(case: Case) -> None:
    with pytest.raises(MessageRefused):
        mail_to(case)


@pytest.mark.parametrize("case", LISTED, ids=shown)
def test_what_a_list_may_say_can_be_mailed(case: Case, tmp_path: Path) -> None:
    assert imported(case, tmp_path) == []
    assert ascii_address(case.address)


@pytest.mark.parametrize("case", NOT_LISTED, ids=shown)
def test_what_a_list_may_not_say_is_told_with_line_column_and_what_to_do(case: Case, tmp_path: Path) -> None:
    [error, *more] = imported(case, tmp_path)
    whole_file = {"\x00", "\ud800"} & set(case.address + case.name)  # no text file holds it: it has no lines
    column = "name" if case.name != "Ordförande" else "address"
    assert (error.file, more) == ("persons.csv", [])
    assert (error.line, error.column) == ((1, "") if whole_file else (2, column))
    assert any(word in error.message for word in ("Skriv", "skriv", "Korta", "Spara"))
    assert case.address not in error.message or len(case.address) < 3


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_no_way_in_takes_an_address_that_cannot_be_mailed(case: Case) -> None:
    """`address_fault` also guards municipalities and users, without the sheet's rules before it."""
    try:
        ascii_address(case.address)
    except MessageRefused:
        assert address_fault(case.address)
    else:
        assert address_fault(case.address) is None or case.what in {"letters in the domain", "look-alike", "one label"}
