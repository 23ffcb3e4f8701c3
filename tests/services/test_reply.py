"""A person's reply is kept with its case and passed on once to the registrar, never to anybody else."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, timedelta
from email import message_from_bytes, policy
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import dkim
import pytest

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.inbound_model import InboundMail, StrayMail
from styrhjul.db.mail_ledger_query import load_mails
from styrhjul.db.mail_model import PASSED_ON, Mail, MailStatus
from styrhjul.db.session import Database
from styrhjul.db.trial_model import Trial
from styrhjul.domain.inbound import InboundKind
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.mail.signature import Algorithm
from styrhjul.services.cases.view import case_view
from styrhjul.services.delivery.reply import FORWARDED, MOST_A_DAY, MOST_FROM_ALL
from styrhjul.services.mailing.signing import activate_key, make_key
from styrhjul.web.timeline import timeline
from tests.mail.inbound_shape import OURS, TO, mail
from tests.mail.make_inbound import CORPUS
from tests.services.inbound_world import LATER, PATHS, PostalTown, postal_town
from tests.town import SEALER, build_town

REGISTRAR = "registrator@lillby.example.org"
TOKEN = "Ab3_-" * 8 + "xyz"
SAID = "Hej! Nämnden tar upp målen den 24 mars. Vänliga hälsningar, Anna"


@pytest.fixture
def town(database: Database) -> PostalTown:
    return postal_town(database)


def corpus(town: PostalTown, name: str) -> bytes:
    return town.about(town.mail_to(), (CORPUS / f"{name}.eml").read_bytes())


def letter(text: str = "Hej", *, sender: str = TO, thread: str = "", to: str = OURS) -> bytes:
    head = f"From: {sender}\nTo: {to}\nSubject: SV: =?utf-8?q?M=C3=A5l?=\n{thread}\n"
    return mail(f"{head}Content-Type: text/plain; charset=utf-8", text)


def forwards(town: PostalTown) -> list[Mail]:
    return [each for each in town.mails() if each.key == PASSED_ON]


def passed(town: PostalTown) -> Any:  # noqa: ANN401 - its parts are of many kinds
    """The covering mail, as the registrar's server parses it."""
    [forward] = forwards(town)
    return message_from_bytes(SEALER.open(forward.sealed_bytes or b""), policy=policy.default)


def test_a_reply_is_kept_as_it_came_and_sealed(town: PostalTown) -> None:
    raw = corpus(town, "reply-plain")
    town.take(raw)
    [kept] = town.inbound()
    assert SEALER.open(kept.sealed_bytes) == raw
    assert raw not in kept.sealed_bytes
    assert (kept.kind, kept.mail_id, kept.sender) == (InboundKind.REPLY, town.mail_to().id, TO)


def test_it_stands_with_the_case_in_the_words_of_whoever_wrote(town: PostalTown) -> None:
    town.take(corpus(town, "reply-latin-1"))
    [entry] = [each for each in town.rows(JournalEntry) if each.kind is EntryKind.REPLY_RECEIVED]
    view = case_view(town.database, town.slug, entry.case_id, LATER + timedelta(days=1))
    [told] = [each for each in timeline(view) if each.what == f"{TO} svarade på ett mejl."]
    assert told.why == SAID


@pytest.mark.parametrize("name", ["reply-plain", "reply-to-return-path", "reply-by-references-only"])
def test_its_case_is_found_by_the_thread_or_by_the_return_path(town: PostalTown, name: str) -> None:
    town.take(corpus(town, name))
    assert {each.mail_id for each in town.inbound()} == {town.mail_to().id}
    entries = [each for each in town.rows(JournalEntry) if each.kind is EntryKind.REPLY_RECEIVED]
    assert [each.case_id for each in entries] != [None]


def test_its_case_is_found_by_the_root_of_the_thread_alone(town: PostalTown) -> None:
    case = town.cases()[0]
    town.take(letter(thread=f"References: <case-{case.id}@lillby.example.org>"))
    assert [each.case_id for each in town.inbound()] == [case.id]


def test_the_registrar_gets_it_once_as_an_attachment(town: PostalTown) -> None:
    for _ in range(2):
        assert town.take(letter("Hej pa dig", thread=f"In-Reply-To: {town.mail_to().message_id}")).effect == FORWARDED
    covering = passed(town)
    assert covering["To"].addresses[0].addr_spec == REGISTRAR
    assert not covering.defects
    note, attached = covering.iter_parts()
    said = note.get_body(("plain",)).get_content()
    assert " ".join(said.split()).endswith("Styrhjul har inte svarat.")
    assert attached.get_content_type() == "message/rfc822"
    assert attached.get_payload()[0].get_payload().strip() == "Hej pa dig"


def test_it_leaves_through_the_outbox_and_goes_to_nobody_else(town: PostalTown) -> None:
    town.take(corpus(town, "reply-plain"))
    town.deliver(date(2027, 1, 8))
    assert [to for to, _ in town.transport.taken[4:]] == [REGISTRAR]
    [forward] = forwards(town)
    assert forward.status is MailStatus.ACCEPTED
    with town.database.reading(town.municipality_id) as session:
        assert [each.office for each in load_mails(session, limit=9) if each.mail_id == forward.id] == ["Registrator"]
    assert PATHS.read(forward.return_path, local_date(LATER)) is not None


def test_it_is_signed_as_all_the_municipalitys_mail_is(town: PostalTown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dkim, "time", SimpleNamespace(time=LATER.timestamp))  # it refuses what is from the future
    key = make_key(town.database, SEALER, town.municipality_id, ("v27", Algorithm.RSA), LATER)
    activate_key(town.database, SEALER, town.municipality_id, "v27", LATER)
    town.take(corpus(town, "reply-plain"))
    [forward] = forwards(town)
    raw = SEALER.open(forward.sealed_bytes or b"")
    assert dkim.verify(raw, dnsfunc=lambda *_, **__: key.value.encode())
    assert forward.sha256 == sha256(raw).hexdigest()


def test_while_the_municipality_is_on_trial_it_stays_here(town: PostalTown) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.add(Trial(to_address="prov@example.org", begun_by="registrator", begun_at=LATER))
    town.take(letter("Hej", thread=f"In-Reply-To: {town.mail_to().message_id}"))
    assert forwards(town) == []


def test_what_is_not_plain_ascii_goes_as_a_file_unchanged(town: PostalTown) -> None:
    raw = corpus(town, "reply-latin-1")
    town.take(raw)
    _, attached = passed(town).iter_parts()
    assert attached.get_filename() == "svar.eml"
    assert attached.get_content() == raw


@pytest.mark.parametrize(
    "quoted",
    [
        f"https://lillby.example.org/a/{TOKEN}",
        f"https://lillby.example.org/a/{TOKEN[:20]}=\n{TOKEN[20:]}",
        f"https://filter.example.org/?url=https%3A%2F%2Flillby.example.org%2Fa%2F{TOKEN}&data=1",
        b64encode(f"Se https://lillby.example.org/a/{TOKEN} nu".encode()).decode(),
    ],
)
def test_no_link_that_works_reaches_the_registrar_or_the_pages(town: PostalTown, quoted: str) -> None:
    town.take(letter(f"Hej!\n{quoted}\nAnna"))
    [kept] = town.inbound()
    assert TOKEN not in kept.text
    [forward] = forwards(town)
    sent = SEALER.open(forward.sealed_bytes or b"").replace(b"=\r\n", b"")
    assert TOKEN.encode() not in sent
    assert b64encode(TOKEN.encode())[:40] not in sent.replace(b"\r\n", b"")
    assert quoted.encode()[-20:] not in sent or "http" in quoted


@pytest.mark.parametrize(
    ("sender", "envelope"), [(REGISTRAR, ""), (REGISTRAR.upper(), ""), (TO, REGISTRAR), (OURS, ""), (TO, OURS)]
)
def test_it_never_goes_back_to_the_registrar_or_to_us(town: PostalTown, sender: str, envelope: str) -> None:
    assert "Inte skickat vidare" in town.take(letter(sender=sender), sender=envelope).effect
    assert forwards(town) == []


def test_an_answer_to_what_was_passed_on_is_not_passed_on(town: PostalTown) -> None:
    town.take(letter())
    [forward] = forwards(town)
    taken = town.take(letter("Tack", sender="robot@desk.example.org", thread=f"In-Reply-To: {forward.message_id}"))
    assert "redan är vidareskickat" in taken.effect
    assert len(forwards(town)) == 1


def test_what_was_passed_on_and_comes_back_is_a_loop(town: PostalTown) -> None:
    town.take(letter())
    [forward] = forwards(town)
    raw = SEALER.open(forward.sealed_bytes or b"")
    assert town.take(raw).kind is InboundKind.LOOP
    assert town.take(raw.replace(b"X-Styrhjul-Mail-Id", b"X-Other").replace(b"Auto-", b"X-A-")).kind is InboundKind.LOOP
    assert len(forwards(town)) == 1


def test_whoever_writes_all_day_is_kept_and_passed_on_no_more(town: PostalTown) -> None:
    for number in range(MOST_A_DAY + 2):
        town.take(letter(f"Hej {number}"))
    assert len(forwards(town)) == MOST_A_DAY
    assert len(town.inbound()) == MOST_A_DAY + 2
    town.take(letter("Hej igen"), at=LATER + timedelta(days=2))
    assert len(forwards(town)) == MOST_A_DAY + 1


def test_many_senders_in_a_day_are_kept_and_passed_on_up_to_a_number(town: PostalTown) -> None:
    effects = [town.take(letter(sender=f"a{number}@example.org")).effect for number in range(MOST_FROM_ALL + 2)]
    assert [effect == FORWARDED for effect in effects] == [True] * MOST_FROM_ALL + [False] * 2
    assert effects[-1] == "Inte skickat vidare: 50 svar har redan skickats vidare på ett dygn."
    assert len(town.inbound()) == MOST_FROM_ALL + 2
    assert town.take(letter("Hej igen"), at=LATER + timedelta(days=2)).effect == FORWARDED


def about(subject: str, thread: str) -> bytes:
    return letter(thread=thread).replace(b"SV: =?utf-8?q?M=C3=A5l?=", f"=?utf-8?b?{coded(subject)}?=".encode())


def coded(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("subject", ["Automatiskt svar: Mål", "[Ticket #12345] Mål", "Fwd: verify your sender address"])
def test_a_subject_alone_makes_no_answer_to_our_mail_automatic(town: PostalTown, subject: str) -> None:
    thread = f"In-Reply-To: {town.mail_to().message_id}\n"
    assert town.take(about(subject, "")).kind is InboundKind.AUTOMATIC
    assert town.take(about(subject, thread)).effect == FORWARDED
    assert town.take(about(subject, f"{thread}Auto-Submitted: auto-replied\n")).kind is InboundKind.AUTOMATIC


@pytest.mark.parametrize(
    "subject",
    ["Sv: Fråga om ärende 2027/12", "SV: Ärende 20270001", "Frånvaro bland elever, svar på frågan", "Semester i juli"],
)
def test_a_subject_that_people_write_makes_nothing_automatic(town: PostalTown, subject: str) -> None:
    assert town.take(about(subject, "")).kind is InboundKind.REPLY


@pytest.mark.parametrize("name", ["absent-exchange-swedish", "receipt-displayed", "ticket-otrs", "challenge-tmda"])
def test_what_a_machine_wrote_is_kept_and_never_passed_on(town: PostalTown, name: str) -> None:
    town.take(corpus(town, name))
    assert forwards(town) == []
    assert len(town.inbound()) == 1


def test_whose_a_mail_is_shows_from_the_address_it_came_to(town: PostalTown) -> None:
    other = build_town(town.database, "storby")
    taken = town.take(letter(to="styrhjul@storby.example.org"))
    assert taken.municipality_id == other.municipality_id
    assert town.rows(InboundMail) == []


def test_what_nobody_can_tell_whose_it_is_is_kept_beside(town: PostalTown) -> None:
    build_town(town.database, "storby")
    raw = letter(to="bounce@bounce.example.org")
    assert [town.take(raw).is_new, town.take(raw).is_new] == [True, False]
    with town.database.system(read_only=True) as session:
        [stray] = session.query(StrayMail).all()
    assert SEALER.open(stray.sealed_bytes) == raw
    assert forwards(town) == []
