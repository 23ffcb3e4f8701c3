"""The headers of the mails that really leave: threads, the list they belong to, their language, and their sender."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import update

from styrhjul.db.model import Municipality
from styrhjul.db.session import Database
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.layout import SUBJECT_WISHED
from styrhjul.mail.matter import OF_ONE
from styrhjul.mail.render import render
from tests.services.people import post_of
from tests.services.test_deadline_days import CHAIR, OPENING, answer
from tests.town import Town, build_town

REMINDED = (date(2027, 3, 15), date(2027, 3, 18))


def taken(town: Town, address: str = CHAIR) -> list[EmailMessage]:
    return [message_from_bytes(raw, policy=policy.default) for to, raw in town.transport.taken if to == address]


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=("socialnämnden",))


def test_all_about_one_case_hangs_together_receipt_and_all(town: Town) -> None:
    town.live(OPENING)
    town.live_through(*REMINDED)
    answer(town, on=date(2027, 3, 19))
    root = f"<case-{town.cases()[0].id}@lillby.example.org>"
    assert [(mail["References"], mail["In-Reply-To"]) for mail in taken(town)] == [(root, root)] * 3
    assert len({mail["Message-ID"] for mail in taken(town)}) == 3


def test_a_mail_about_several_hangs_with_its_office(database: Database) -> None:
    town = build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.FOLLOW_UP), committees=("socialnämnden",))
    town.live(OPENING)
    [digest] = taken(town)
    chair = post_of(town, "socialnämnden", PostRole.CHAIR)
    assert digest["References"] == digest["In-Reply-To"] == f"<office-{chair}@lillby.example.org>"


def test_every_mail_says_whose_it_is_and_that_a_machine_sent_it(town: Town) -> None:
    town.live(OPENING)
    [mail] = taken(town)
    assert mail["List-Id"] == "<styrhjul.lillby.lillby.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Reply-To"] == "registrator@lillby.example.org"
    assert mail["Content-Language"] == "sv"
    assert [each.addr_spec for each in mail["To"].addresses] == [CHAIR]


def test_a_sender_with_swedish_letters_in_its_domain_can_write(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Municipality).values(sender_address="styrhjul@växjö.example"))
    town.live(OPENING)
    [mail] = taken(town)
    assert mail["References"].endswith("@xn--vxj-qla6g.example>")
    assert mail["List-Id"] == "<styrhjul.lillby.xn--vxj-qla6g.example>"


@pytest.mark.parametrize("key", [*sorted(OF_ONE), "receipt"])
def test_the_diary_number_stands_in_the_subject_where_it_is_known_and_there_is_room(key: str) -> None:
    context = CONTEXTS[key].sample()
    subject = render(context).subject
    number = context.item.diary_number  # type: ignore[attr-defined]
    has_room = number is not None and len(subject.removesuffix(f" ({number})")) + len(number) + 3 <= SUBJECT_WISHED
    assert subject.endswith(f" ({number})") is has_room
