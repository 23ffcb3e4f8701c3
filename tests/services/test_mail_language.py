"""Each recipient of the same case is written to in their own language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select, update

from styrhjul.db.answer_query import GivenAnswer, GivenGoal, GivenJudgement
from styrhjul.db.mail_model import Mail
from styrhjul.db.model import Person
from styrhjul.db.session import Database
from styrhjul.domain.answer import Attainment, Currency, CurrencyAnswer
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.mail.transport import transport_from_url
from styrhjul.services.answering.answer import Submission, submit
from styrhjul.services.answering.words import handed_in
from styrhjul.services.foundation.mailroom import Mailroom
from tests.answer_world import NOW, ask
from tests.town import SEALER, Town, build_town

OPENING = date(2027, 1, 7)
CHAIR, SECRETARY = "chair.socialnamnden@lillby.example.org", "secretary.socialnamnden@lillby.example.org"


@pytest.fixture
def town(database: Database) -> Town:
    town = build_town(database)
    with database.municipality(town.municipality_id) as session:
        session.execute(update(Person).where(Person.address == CHAIR).values(language="en"))
        session.execute(update(Person).where(Person.address == SECRETARY).values(language="fi"))
    return town


def text(town: Town, address: str) -> str:
    [mail] = [mail for mail in town.mails() if mail.address == address]
    return letter(mail)


def letter(mail: Mail) -> str:
    message = message_from_bytes(SEALER.open(mail.sealed_bytes or b""), policy=policy.default)
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(f"{mail.subject} | {part.get_content()}".replace("\xa0", " ").split())


def calendar(town: Town, address: str) -> bytes:
    [mail] = [mail for mail in town.mails() if mail.address == address]
    message = message_from_bytes(SEALER.open(mail.sealed_bytes or b""), policy=policy.default)
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def test_a_chair_who_reads_english_gets_english_and_everybody_else_swedish(town: Town) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    assert "write goals for 2027 by 31 March |" in text(town, CHAIR)
    assert "You do not need to sign in." in text(town, CHAIR)
    assert "skriv mål för 2027 senast 31 mars |" in text(town, SECRETARY)


def test_the_calendar_in_a_mail_is_in_the_mail_s_language(town: Town) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    assert b"SUMMARY:Deadline: " in calendar(town, CHAIR)
    assert b"SUMMARY:Sista dag: " in calendar(town, SECRETARY)


def test_a_language_that_we_do_not_have_stops_no_mail(town: Town) -> None:
    town.sweep(OPENING)
    assert town.compose(OPENING).held == 0
    assert "Du behöver inte logga in." in text(town, SECRETARY)


def test_a_receipt_is_in_the_language_of_whoever_gets_it(database: Database, tmp_path: Path) -> None:
    world = ask(database, LifecycleKey.CURRENCY_REVIEW)
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Person).values(language="en"))
    mailroom = Mailroom(
        base_url="http://127.0.0.1:8000", sealer=SEALER, open_transport=lambda: transport_from_url("catch:", tmp_path)
    )
    answer = CurrencyAnswer(outcome=Currency.NEEDS_REVISION, comment="Lagen är ny.", signed_by="Anna")
    submit(database, mailroom, Submission(token=world.holder, answer=answer, form_id="a" * 32, seen_version=0), now=NOW)
    with database.reading(world.municipality_id) as session:
        mail = session.scalars(select(Mail).where(Mail.key == "receipt")).first()
    assert mail is not None
    said = letter(mail)
    assert "review 2027 received (KS-2016-284) |" in said
    assert "1. Needs to be revised. 2. “Lagen är ny.” 3. The answer is a proposal." in said


def given(**changes: object) -> GivenAnswer:
    empty = {"goals": (), "judgements": (), "plans": (), "projects": (), "comment": None, "outcome": None}
    known = {"answer_id": "a", "case_id": "c", "version": 1, "form_id": "f", "post_id": "p", "signed_by": "Kim Exempel"}
    decided = dict.fromkeys(("decided_on", "paragraph", "decided_by", "diary_number", "replaces"))
    return GivenAnswer(submitted_at=datetime(2027, 3, 3, tzinfo=UTC), **empty | known | decided | changes)  # type: ignore[arg-type]


def test_a_receipt_says_our_words_in_english_and_quotes_what_the_person_wrote() -> None:
    goal = GivenGoal(goal_id="1", text="Fler läser.", indicator="Lån", baseline="", target="10", responsible="")
    judged = GivenJudgement(goal_id=None, goal=None, attainment=Attainment.MET, analysis="Gick bra.", next_step="")
    assert list(handed_in(given(goals=(goal,), judgements=(judged,)), "en")) == [
        "“Fler läser.” Measure: “Lån”. Target: “10”.",
        "The period as a whole: met. “Gick bra.”",
    ]


def test_a_choice_and_what_it_leads_to_are_in_english() -> None:
    said = list(handed_in(given(outcome=Currency.SHOULD_BE_REPEALED, comment="Föråldrad."), "en"))
    assert said[:2] == ["Should be repealed.", "“Föråldrad.”"]
    assert said[2].startswith("The answer is a proposal.")


def test_braces_in_what_a_person_wrote_are_text() -> None:
    assert list(handed_in(given(comment="{who} {0}", diary_number="{number}"), "en")) == [
        "“{who} {0}”",
        "Reference number {number}.",
    ]
