"""A town's spring, lived through the real services: mails as they truly leave, long links, threads and receipts too."""

from __future__ import annotations

import re
from datetime import date
from email import message_from_bytes
from email.policy import default

from sqlalchemy import update

from styrhjul.db.model import Person
from styrhjul.db.session import Database
from styrhjul.domain.answer import GoalsAnswer, GoalText
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.signature import Algorithm
from styrhjul.services.answering.answer import Submission, submit
from styrhjul.services.mailing.signing import activate_key, make_key
from tests.outside.outbox import Mail
from tests.town import SEALER, Town, build_town, nine

#: Every kind of duty that opens a case by itself.
KINDS = tuple(kind for kind in ActionKind if kind is not ActionKind.OTHER_DUTY)
FIRST, ANSWERED, LAST = date(2026, 12, 20), date(2027, 3, 18), date(2027, 4, 30)
ANSWERING, SILENT = "socialnämnden", "byggnämnden"
LINK = re.compile(r"/a/([A-Za-z0-9_-]{43})")


def live_a_spring(database: Database, dns: dict[str, str]) -> list[Mail]:
    """Return every mail that left, in order: one committee sets its goals in time, the other is silent to the end.

    They are signed; what is to be published of the key is written into `dns`.
    """
    town = build_town(database, kinds=KINDS, committees=(ANSWERING, SILENT))
    with database.municipality(town.municipality_id) as session:
        session.execute(update(Person).where(Person.address.startswith("secretary.")).values(language="en"))
    known = (database, SEALER, town.municipality_id)
    make_key(*known, ("v27", Algorithm.RSA), nine(FIRST))
    key = activate_key(*known, "v27", nine(FIRST))
    dns[key.name] = key.value
    town.live_through(FIRST, ANSWERED)
    set_goals(town)
    town.live_through(ANSWERED, LAST)
    keys = {mail.message_id: mail.key for mail in town.mails()}
    taken = [Mail("", raw) for _, raw in town.transport.taken]
    return [
        Mail(f"{keys[str(mail.message['Message-ID'])]}, lived {number} ({mail.language})", mail.raw)
        for number, mail in enumerate(taken, 1)
    ]


def set_goals(town: Town) -> None:
    """The committee's chair answers by the link of the latest reminder."""
    chair = f"chair.{ANSWERING.replace('ä', 'a')}@{town.slug}.example.org"
    mails = [message_from_bytes(raw, policy=default) for to, raw in town.transport.taken if to == chair]
    reminder = next(mail for mail in reversed(mails) if "mål" in str(mail["Subject"]))
    body = reminder.get_body(("plain",))
    found = LINK.search(str(body.get_content()) if body else "")
    assert found, "no link in the reminder"
    goals = GoalsAnswer(goals=(GoalText(text="Fler ska kunna påverka."),), signed_by="Kim", decided_on=ANSWERED)
    answered = Submission(token=found[1], answer=goals, form_id="a" * 32, seen_version=0)
    submit(town.database, town.mailroom, answered, now=nine(ANSWERED))
