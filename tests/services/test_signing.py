"""A municipality's own signature on its mail, on both databases: made, published, switched on, and off."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import dkim
import pytest
from sqlalchemy import select, update

from styrhjul.db.journal import entries
from styrhjul.db.model import Municipality
from styrhjul.db.session import Database
from styrhjul.db.signing_model import SigningKey
from styrhjul.domain.journal import EntryKind
from styrhjul.mail.seal import SealBroken, Sealer
from styrhjul.mail.signature import Algorithm, BadSelector
from styrhjul.services.mailing.signing import (
    NoSuchKey,
    OtherDomain,
    PublishedKey,
    activate_key,
    make_key,
    signer_in_force,
    signing_municipalities,
    stop_signing,
)
from tests.services.test_deadline_days import CHAIR, answer
from tests.town import SEALER, Town, build_town, nine

OPENING = date(2027, 1, 7)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=("socialnämnden",))


@pytest.fixture
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    """dkimpy refuses a signature from the future: it lives in the town's time here."""
    monkeypatch.setattr(dkim, "time", SimpleNamespace(time=nine(OPENING).timestamp))


def made(town: Town, selector: str = "v27", *, sealer: Sealer = SEALER) -> PublishedKey:
    return make_key(town.database, sealer, town.municipality_id, (selector, Algorithm.RSA), nine(OPENING))


def activated(town: Town, selector: str = "v27") -> PublishedKey:
    return activate_key(town.database, SEALER, town.municipality_id, selector, nine(OPENING))


def mail_of(town: Town) -> bytes:
    town.live(OPENING)
    [raw] = [raw for to, raw in town.transport.taken if to == CHAIR]
    return raw


def verified(raw: bytes, key: PublishedKey) -> bool:
    def dns(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        assert name == key.name.encode()
        return key.value.encode()

    return bool(dkim.verify(raw, dnsfunc=dns))


def test_a_key_signs_nothing_until_it_is_said_to_stand_in_the_dns(town: Town) -> None:
    assert not made(town).is_active
    assert b"DKIM-Signature" not in mail_of(town)


@pytest.mark.usefixtures("_then")
def test_every_mail_is_signed_from_then_on_and_kept_as_it_left(town: Town) -> None:
    key = made(town)
    assert activated(town).is_active
    raw = mail_of(town)
    assert key.name == "v27._domainkey.lillby.example.org."
    assert verified(raw, key)
    assert not verified(raw.replace(b"\r\nSubject: ", b"\r\nSubject: 1", 1), key)
    assert not verified(raw[:-9] + b"x" + raw[-8:], key)


def test_a_new_key_takes_over_from_the_old_one(town: Town) -> None:
    made(town), made(town, "v28")
    activated(town)
    activated(town, "v28")
    assert b" s=v28;" in mail_of(town)


def test_signing_can_be_switched_off(town: Town) -> None:
    made(town)
    activated(town)
    for _ in range(2):
        stop_signing(town.database, town.municipality_id, nine(OPENING))
    assert b"DKIM-Signature" not in mail_of(town)


def test_one_town_does_not_sign_anothers_mail(town: Town) -> None:
    other = build_town(town.database, "storby", committees=("socialnämnden",))
    made(town)
    activated(town)
    other.live(OPENING)
    signed = {(to.rpartition("@")[2], raw.startswith(b"DKIM-Signature")) for to, raw in other.transport.taken}
    assert signed == {("lillby.example.org", True), ("storby.example.org", False)}


def test_making_it_twice_shows_the_same_key(town: Town) -> None:
    assert made(town).value == made(town).value
    assert made(town, "v28").value != made(town).value


def test_the_private_key_lies_sealed_for_this_town_and_name_alone(town: Town) -> None:
    made(town)
    with town.database.reading(town.municipality_id) as session:
        [kept] = session.scalars(select(SigningKey.sealed_key)).all()
    with pytest.raises(SealBroken):
        SEALER.open(kept)
    assert SEALER.open(kept, f"dkim {town.municipality_id} v27".encode())


def test_a_key_that_cannot_be_opened_lets_no_mail_leave_unsigned(town: Town) -> None:
    made(town, sealer=Sealer("another secret"))
    with pytest.raises(SealBroken):
        activated(town)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(SigningKey).values(is_active=True))
    town.sweep(OPENING)
    assert (town.compose(OPENING).stuck, town.mails()) == (1, [])
    assert [(each.municipality, each.opens) for each in signing_municipalities(town.database, SEALER)] == [
        ("lillby", False)
    ]
    stop_signing(town.database, town.municipality_id, nine(OPENING))
    assert town.compose(OPENING).composed == 2


def test_what_is_not_there_is_not_switched_on(town: Town) -> None:
    with pytest.raises(NoSuchKey, match="v27"):
        activated(town)
    with pytest.raises(BadSelector):
        made(town, "v 27")
    with town.database.reading(town.municipality_id) as session:
        assert signer_in_force(session, SEALER) is None


def test_a_key_of_another_domain_than_the_senders_is_refused(town: Town) -> None:
    made(town)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Municipality).values(sender_address="styrhjul@annan.example.org"))
    with pytest.raises(OtherDomain, match=r"lillby\.example\.org"):
        activated(town)


def test_the_journal_says_who_signed_and_from_when(town: Town) -> None:
    made(town)
    activated(town)
    activated(town)
    stop_signing(town.database, town.municipality_id, nine(OPENING))
    with town.database.reading(town.municipality_id) as session:
        found = [(entry.kind, entry.data["selector"]) for entry, _ in entries(session)]
    assert found == [
        (EntryKind.SIGNING_KEY_MADE, "v27"),
        (EntryKind.SIGNING_CHANGED, "v27"),
        (EntryKind.SIGNING_CHANGED, None),
    ]


def test_an_answer_is_taken_in_although_its_receipt_cannot_be_signed(town: Town) -> None:
    town.live(OPENING)
    made(town, sealer=Sealer("another secret"))
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(SigningKey).values(is_active=True))
    answer(town)
    assert [key for key in (mail.key for mail in town.mails()) if key == "receipt"] == ["receipt"] * 3
