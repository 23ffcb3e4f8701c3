"""The ways to send, as tasks of one Celery app with the same worker: ours, the naive one mail by mail, and the fastest.

The naive way is no straw man: it renders with our templates, compiled once, and keeps its connections to the database.
"""

from __future__ import annotations

import os
import smtplib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import cache

import redis
from celery import Celery
from sqlalchemy import select

from bench._best import best_scan, best_send
from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.model import Appointment, Body, Municipality, Person, Post, new_id
from styrhjul.db.pace import Pace
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole
from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.render import render
from styrhjul.mail.seal import Sealer
from styrhjul.mail.smtp import SmtpTransport
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.delivery.compose import compose_mails
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.foundation.mailroom import Mailroom
from workflows import LIFECYCLES

_BROKER = os.environ.get("BENCH_BROKER", "memory://")
#: As shipped: a line for each worker, nothing near the limits of a town.
_PACE = Pace(domain_per_minute=60, municipality_per_minute=600, domain_at_once=60, lines=5)

app = Celery("bench", broker=_BROKER)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 3600},
)


@cache
def _database() -> Database:
    return Database(os.environ["BENCH_DATABASE_URL"], relaxed_marks=bool(os.environ.get("BENCH_RELAXED")))


@cache
def _mailroom() -> Mailroom:
    transport = SmtpTransport(host="127.0.0.1", port=int(os.environ["BENCH_SMTP_PORT"]), hostname="bench.example.org")
    sealer = Sealer("a key for benches, long enough to be one")
    return Mailroom(base_url="https://bench.example.org", sealer=sealer, open_transport=lambda: transport, pace=_PACE)


@cache
def _board() -> redis.Redis:
    return redis.Redis.from_url(_BROKER)


def _counted(name: str, work: Callable[[], object], many: int = 1) -> None:
    """Do the work, and note how many are done by it and what it took this process."""
    began = time.process_time()
    try:
        work()
    finally:
        _board().incrbyfloat(f"bench:{name}:seconds", time.process_time() - began)
        _board().incr(f"bench:{name}", many)


@app.task(name="bench.warm_up")
def warm_up() -> None:
    """Have everything imported, compiled and connected; slow enough that each process gets one."""
    render(CONTEXTS["goals_reminder"].sample())
    with _database().system(read_only=True) as session:
        session.execute(select(Municipality.id)).all()
    time.sleep(0.5)
    _counted("warm_up", lambda: None)


@app.task(name="bench.sweep")
def sweep(now: str) -> None:
    """Find what is due, in every lifecycle: no mail is written before the day's sweeps are through."""
    _counted(
        "sweep", lambda: [run_sweep(_database(), each, datetime.fromisoformat(now)) for each in LIFECYCLES.values()]
    )


@app.task(name="bench.compose")
def compose(now: str) -> None:
    """Write the mails."""
    _counted("compose", lambda: compose_mails(_database(), _mailroom(), datetime.fromisoformat(now)))


@app.task(name="bench.deliver")
def send(now: str) -> None:
    """Send a run of mails. The clock goes on from the day that is played."""
    start, began = datetime.fromisoformat(now), time.monotonic()
    _counted(
        "deliver",
        lambda: deliver(_database(), _mailroom(), lambda: start + timedelta(seconds=time.monotonic() - began)),
    )


@app.task(name="bench.naive_scan")
def naive_scan(now: str, days_before: int) -> None:
    """Look at every open case as an object, and hand over one task a mail for those that are due."""

    def scan() -> None:
        today = local_date(datetime.fromisoformat(now))
        with _database().system(read_only=True) as session:
            for case in session.scalars(select(Case).where(Case.state == State.OPEN).execution_options(yield_per=1000)):
                if (case.due_on - today).days == days_before:
                    for role in (PostRole.CHAIR, PostRole.SECRETARY):
                        naive_mail.delay(case.municipality_id, case.id, role.value, now)

    _counted("naive_scan", scan)


@app.task(name="bench.naive_mail")
def naive_mail(municipality_id: str, case_id: str, role: str, now: str) -> None:
    """Write and send one mail on a connection of its own, and note that it was sent."""
    _counted("naive_mail", lambda: _send_one(municipality_id, case_id, role, datetime.fromisoformat(now)))


@app.task(name="bench.best_scan")
def scan_best(now: str, days_before: int) -> None:
    """Write what is due into the outbox, and hand over a task for each hundred."""

    def scan() -> None:
        moment = datetime.fromisoformat(now)
        for keys in best_scan(_database(), moment, local_date(moment) + timedelta(days=days_before)):
            send_best.delay(keys, now)

    _counted("best_scan", scan)


@app.task(name="bench.best_mail")
def send_best(keys: list[list[str]], now: str) -> None:
    """Send a hundred mails on the line that is kept."""
    _counted("best_mail", lambda: best_send(_database(), _line(), keys, datetime.fromisoformat(now)), len(keys))


@cache
def _line() -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_SMTP_PORT"]), "bench.example.org")


def _send_one(municipality_id: str, case_id: str, role: str, now: datetime) -> None:
    with _database().municipality(municipality_id) as session:
        case = session.get_one(Case, (municipality_id, case_id))
        body = session.get_one(Body, (municipality_id, case.body_id))
        municipality = session.get_one(Municipality, municipality_id)
        post = session.scalars(select(Post).where(Post.body_id == body.id, Post.role == role)).one()
        appointment = session.scalars(select(Appointment).where(Appointment.post_id == post.id)).one()
        person = session.get_one(Person, (municipality_id, appointment.person_id))
        rendered = render(CONTEXTS["goals_reminder"].sample())
        message = EmailMessage()
        message["Subject"], message["Date"] = rendered.subject, format_datetime(now)
        message["Message-ID"] = make_msgid(domain="bench.example.org")
        message["From"], message["To"] = municipality.sender_address, person.address
        message.set_content(rendered.text)
        message.add_alternative(rendered.html, subtype="html")
        raw = message.as_bytes()
        with smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_SMTP_PORT"]), "bench.example.org") as line:
            line.sendmail(municipality.sender_address, [person.address or ""], raw)
        session.add(
            Mail(
                id=new_id(),
                key="goals_reminder",
                post_id=post.id,
                appointment_id=appointment.id,
                address=person.address or "",
                return_path=municipality.sender_address,
                subject=rendered.subject,
                message_id=str(message["Message-ID"]),
                composed_at=now,
                sha256="0" * 64,
                status=MailStatus.ACCEPTED,
                next_attempt_at=now,
                finished_at=datetime.now(UTC),
            )
        )
