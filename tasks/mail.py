"""One pulse per step of the mail: write what may leave, send what is written."""

from __future__ import annotations

from styrhjul.services.compose import compose_mails
from styrhjul.services.deliver import deliver
from tasks.app import app
from tasks.step import run_step


@app.task(name="mail.compose", acks_late=True, ignore_result=True)
def compose() -> None:
    """Gather open notices into mails."""
    run_step("mail.compose", lambda here, now: compose_mails(here.database, here.mailroom, now))


@app.task(name="mail.deliver", acks_late=True, ignore_result=True)
def send() -> None:
    """Send what waits in the outbox."""
    run_step("mail.deliver", lambda here, _: deliver(here.database, here.mailroom, here.clock.now))
