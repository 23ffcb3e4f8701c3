"""The fastest way to send that was tried when the targets were set: nothing but what sending takes.

One query finds what is due, one statement for each hundred mails writes the outbox, and another their outcome; the
words come from one flat template, the message is put together by hand, and the connection is kept. It looks at nothing
again, keeps no journal, and a kill doubles up to a hundred mails: what ours costs beside it is what the promises cost.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import Environment, Template
from sqlalchemy import bindparam, insert, select, update

from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.model import Appointment, Body, Municipality, Person, Post, new_id
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.message import Envelope, build, new_message_id
from styrhjul.mail.render import Rendered, render

A_TASK = 100
#: A mail: its municipality and its id.
Key = tuple[str, str]


def best_scan(database: Database, now: datetime, due_on: date) -> Iterator[list[Key]]:
    """Write every mail that is due into the outbox; yield their keys, as many as one task sends."""
    due = (
        select(Case.municipality_id, Post.id, Appointment.id, Person.address, Municipality.sender_address)
        .join(Post, (Post.municipality_id == Case.municipality_id) & (Post.body_id == Case.body_id))
        .join(Appointment, (Appointment.municipality_id == Post.municipality_id) & (Appointment.post_id == Post.id))
        .join(Person, (Person.municipality_id == Post.municipality_id) & (Person.id == Appointment.person_id))
        .join(Municipality, Municipality.id == Case.municipality_id)
        .where(Case.state == State.OPEN, Case.due_on == due_on)
        .where(Post.role.in_((PostRole.CHAIR, PostRole.SECRETARY)))
    )
    with database.system(read_only=True) as session:
        found = session.execute(due).all()
    for start in range(0, len(found), A_TASK):
        rows = [_row(now, each) for each in found[start : start + A_TASK]]
        with database.engine.begin() as connection:
            connection.execute(insert(Mail), rows)
        yield [(row["municipality_id"], row["id"]) for row in rows]


def best_send(database: Database, server: smtplib.SMTP, keys: Sequence[Sequence[str]], now: datetime) -> None:
    """Write and send what one task brings, and note together what became of each."""
    names = (Body.name.label("body"), Person.name.label("person"))
    named = (
        select(Mail.municipality_id, Mail.id, Mail.status, Mail.address, Mail.return_path, Mail.message_id, *names)
        # Outer joins, so that SQLite, which has no statistics, begins with the mails.
        .outerjoin(Post, (Post.municipality_id == Mail.municipality_id) & (Post.id == Mail.post_id))
        .outerjoin(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .outerjoin(
            Appointment, (Appointment.municipality_id == Mail.municipality_id) & (Appointment.id == Mail.appointment_id)
        )
        .outerjoin(
            Person, (Person.municipality_id == Appointment.municipality_id) & (Person.id == Appointment.person_id)
        )
        .where(Mail.municipality_id.in_({key[0] for key in keys}), Mail.id.in_([key[1] for key in keys]))
    )
    with database.system(read_only=True) as session:
        mails = [mail for mail in session.execute(named) if mail.status is MailStatus.QUEUED]
    outcomes = []
    for mail in mails:
        server.sendmail(mail.return_path, [mail.address], _message(mail, now))
        outcomes.append({"of": mail.municipality_id, "own": mail.id, "at": now + timedelta(seconds=1)})
    by_key = (Mail.municipality_id == bindparam("of"), Mail.id == bindparam("own"))
    accepted = update(Mail.__table__).where(*by_key)  # type: ignore[arg-type]
    with database.engine.begin() as connection:
        connection.execute(accepted.values(status=MailStatus.ACCEPTED, finished_at=bindparam("at")), outcomes)


def _row(now: datetime, due: Sequence[Any]) -> dict[str, Any]:
    municipality_id, post_id, appointment_id, address, sender = due
    mail_id = new_id()
    return {
        "municipality_id": municipality_id,
        "id": mail_id,
        "key": "goals_reminder",
        "post_id": post_id,
        "appointment_id": appointment_id,
        "address": address,
        "return_path": sender,
        "subject": _templates()[0].render(),
        "message_id": new_message_id(mail_id, "bench.example.org"),
        "composed_at": now,
        "sha256": "0" * 64,
        "status": MailStatus.QUEUED,
        "next_attempt_at": now,
    }


def _message(mail: Any, now: datetime) -> bytes:  # noqa: ANN401 - a row of the query above
    subject, text, html = (each.render(body=mail.body, name=mail.person) for each in _templates())
    envelope = Envelope(
        message_id=mail.message_id,
        date_at=now,
        sender_address=mail.return_path,
        sender_name="Kansliet",
        to_address=mail.address,
        to_name=mail.person,
        reply_to=mail.return_path,
        return_path=mail.return_path,
        mail_id=mail.id,
    )
    return build(Rendered(subject=subject, text=text, html=html), envelope)


@cache
def _templates() -> tuple[Template, Template, Template]:
    """The sample mail as flat templates: everything that is the same for all is text already."""
    sample = render(CONTEXTS["goals_reminder"].sample())
    flat = Environment(autoescape=True)
    text, html = "{{ body }}, {{ name }}: " + sample.text, f"{sample.html}<!-- {{{{ body }}}}, {{{{ name }}}} -->"
    return flat.from_string(sample.subject), flat.from_string(text), flat.from_string(html)
