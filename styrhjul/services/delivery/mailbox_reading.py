"""Reading the mailbox that reports and replies come to. A mailbox that cannot be reached stops nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from styrhjul.db.session import Database
from styrhjul.mail.imap import ImapFailed, ImapMailbox, MailboxRefused
from styrhjul.services.delivery.inbound import Arrived, take_in
from styrhjul.services.foundation.mailroom import Mailroom

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class InboundReport:
    """What one reading did, in counts.

    `known` were here already; `failed` could not be kept and lie there still; `unreachable` is 1 when the mailbox was.
    """

    taken: int = 0
    known: int = 0
    failed: int = 0
    unreachable: int = 0


def read_mailbox(
    database: Database, mailroom: Mailroom, mailbox: ImapMailbox | None, clock: Callable[[], datetime]
) -> InboundReport:
    """Take in what lies in the mailbox; each mail is moved aside after its commit. Safe to repeat, overlap and kill."""
    report = InboundReport()
    if mailbox is None:
        return report

    def keep(raw: bytes) -> bool:
        try:
            taken = take_in(database, mailroom, Arrived(raw=raw), clock())
        except Exception:
            log.exception("mail_not_taken_in")
            report.failed += 1
            return False
        report.taken += taken.is_new
        report.known += not taken.is_new
        return True

    try:
        mailbox.read(keep)
    except (*ImapFailed, MailboxRefused) as failure:
        log.warning("mailbox_unreachable", host=mailbox.host, reason=str(failure)[:200])
        report.unreachable = 1
    return report
