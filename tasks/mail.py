"""One pulse per step of the mail: write what may leave, send what is written, take in what has come."""

from __future__ import annotations

from styrhjul.services.delivery.compose import compose_mails
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.delivery.mailbox_reading import read_mailbox
from tasks.app import app
from tasks.patience import LONGEST_STEP, over_after
from tasks.step import run_step, wake


@app.task(name="mail.compose", acks_late=True, ignore_result=True)
def compose() -> None:
    """Gather open notices into mails."""
    is_over = over_after(LONGEST_STEP)
    report = run_step(
        "mail.compose", lambda here, now: compose_mails(here.database, here.mailroom, now, is_over=is_over)
    )
    if report.composed:
        wake("mail.deliver")
    if report.cut_short:
        wake("mail.compose")


@app.task(name="mail.deliver", acks_late=True, ignore_result=True)
def send() -> None:
    """Send what waits in the outbox."""
    report = run_step("mail.deliver", lambda here, _: deliver(here.database, here.mailroom, here.clock.now))
    if report.cut_short:
        wake("mail.deliver")


@app.task(name="mail.inbound", acks_late=True, ignore_result=True)
def take_in() -> None:
    """Take in what lies in the mailbox, where one is named."""
    run_step("mail.inbound", lambda here, _: read_mailbox(here.database, here.mailroom, here.mailbox, here.clock.now))
