"""The inbound corpus: the right class for each of 120 mails, and no bytes that can stop the reader."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.inbound import REPORTS, InboundKind
from styrhjul.mail.inbound.classify import classify
from styrhjul.mail.inbound.limited import read_mail
from styrhjul.mail.inbound.reading import from_json
from tests.mail.inbound_shape import OUR_ID, PLACEHOLDER, TO, Report, mail
from tests.mail.make_inbound import CORPUS, SIZE, corpus, index

INDEX: dict[str, dict[str, str]] = json.loads((CORPUS / "index.json").read_text(encoding="utf-8"))
MEGABYTE = 1024 * 1024


def test_the_corpus_is_what_its_script_writes() -> None:
    made = {f"{case.name}.eml": case.raw for case in corpus()}
    assert {path.name: path.read_bytes() for path in CORPUS.glob("*.eml")} == made
    assert (CORPUS / "index.json").read_text(encoding="utf-8") == index(corpus())
    assert len(INDEX) == SIZE


@pytest.mark.parametrize("name", sorted(INDEX))
def test_every_mail_gets_its_class(name: str) -> None:
    reading = classify((CORPUS / name).read_bytes())
    assert reading.kind == INDEX[name]["kind"]
    assert re.fullmatch(r"[A-ZÅÄÖ][^\n]{10,200}[.)]", reading.reason)
    if reading.kind in REPORTS:
        stated = re.match(r"[245]\.\d\.\d+", INDEX[name]["status"])
        assert reading.status == (stated.group() if stated else "")
    assert from_json(reading.as_json()) == reading


def test_every_kind_is_in_the_corpus() -> None:
    assert {row["kind"] for row in INDEX.values()} == set(InboundKind)


def test_of_a_hundred_thousand_message_ids_the_two_ends_are_read() -> None:
    ids = [f"<{number}@example.org>" for number in range(100_000)]
    fields = "".join(f"Original-Message-ID: {each}\n" for each in ids[:8_000])
    report = Report().raw().replace(b"Reporting-MTA:", f"{fields}Reporting-MTA:".encode().replace(b"\n", b"\r\n"))
    reply = mail(f"From: {TO}\nTo: {PLACEHOLDER}\nSubject: SV: Hej\nReferences: " + "\n ".join(ids), "Hej")
    assert (classify(report).kind, classify(reply).kind) == (InboundKind.FAILED, InboundKind.REPLY)
    assert {ids[0], ids[7_999]} <= set(classify(report).refers_to)
    assert ids[0] in classify(reply).refers_to
    assert max(len(classify(raw).refers_to) for raw in (report, reply)) <= 400


@given(st.binary(max_size=3_000))
def test_no_bytes_make_it_fall(raw: bytes) -> None:
    assert classify(raw).kind in InboundKind
    assert classify(b"From: a@example.org\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n" + raw).reason


@given(st.sampled_from(sorted(INDEX)), st.integers(0, 3_000), st.binary(max_size=40))
def test_no_damage_makes_it_fall(name: str, place: int, put: bytes) -> None:
    raw = (CORPUS / name).read_bytes()
    assert classify(raw[:place] + put + raw[place + len(put) :]).kind in InboundKind
    assert classify(raw[:place]).kind in InboundKind


def test_a_report_tells_the_address_the_code_and_the_mail() -> None:
    reading = classify(Report().raw())
    assert (reading.failed, reading.status) == ((TO,), "5.1.1")
    assert reading.refers_to == (OUR_ID,)
    assert PLACEHOLDER in reading.recipients


def test_the_code_that_says_most_is_taken_and_never_one_of_another_class() -> None:
    assert classify(Report(status="5.0.0", diagnosis="smtp; 450 4.2.2 full").raw()).status == "5.0.0"
    assert classify(Report(status="5.0.0", diagnosis="smtp; 550 10.5.1.1 gone").raw()).status == "5.0.0"
    assert classify(Report(status="", diagnosis="smtp; 550 5.7.1 no").raw()).status == "5.7.1"


def test_a_reply_keeps_its_words_and_what_it_answers() -> None:
    reading = classify((CORPUS / "reply-latin-1.eml").read_bytes())
    assert reading.text == "Hej! Nämnden tar upp målen den 24 mars. Vänliga hälsningar, Anna"
    assert (reading.sender, reading.refers_to) == (TO, (OUR_ID,))


def test_of_a_page_only_its_words_are_kept() -> None:
    assert classify((CORPUS / "reply-html.eml").read_bytes()).text == "Vi återkommer."


def test_a_header_holds_no_line_break() -> None:
    reading = classify(mail(f"From: {TO}\nSubject: =?utf-8?q?Hej=0D=0ABcc:_x?=", "Hej"))
    assert reading.subject == "Hej Bcc: x"


# -- the child ---------------------------------------------------------------------------------------------------------


def test_the_child_reads_as_we_do() -> None:
    raw = (CORPUS / "m365-unknown-swedish.eml").read_bytes()
    assert read_mail(raw) == classify(raw)


def test_fifty_megabytes_are_read_by_their_beginning() -> None:
    head = f"From: {TO}\r\nSubject: Hej\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n--b\r\n"
    coded = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = head.encode() + coded + (b"A" * 76 + b"\r\n") * (50 * MEGABYTE // 78)
    reading = read_mail(raw)
    assert (reading.kind, reading.text) == (InboundKind.REPLY, "Hej")


def test_a_thousand_layers_are_unknown_and_stop_nothing() -> None:
    assert read_mail((CORPUS / "broken-a-thousand-layers.eml").read_bytes()).kind is InboundKind.UNKNOWN


def test_a_child_that_takes_too_long_is_ended() -> None:
    reading = read_mail(Report().raw(), patience=0.001)
    assert (reading.kind, reading.reason) == (InboundKind.UNKNOWN, "Det gick inte att läsa: det tog för lång tid.")


@pytest.mark.parametrize(
    "wanted", ["socket.socket()", "open('/etc/hostname')", "bytearray(3 * 1024**3)", "subprocess.run(['true'])"]
)
def test_once_locked_up_nothing_is_in_reach(wanted: str) -> None:
    code = "import socket, subprocess; from styrhjul.confined.limits import confine; "
    code += f"from styrhjul.mail.inbound.child import LIMITS; confine(LIMITS); {wanted}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert done.returncode != 0
    assert re.search(r"Too many open files|MemoryError|Operation not permitted", done.stderr)
