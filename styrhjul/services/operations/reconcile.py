"""After a restore: what the mail server says has left is marked so, and what nobody here knows is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from styrhjul.db.carried_query import lock_mails
from styrhjul.db.mail_model import MailStatus
from styrhjul.db.reconcile_query import OpenMail, known_ids, open_mails, our_domains
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_date
from styrhjul.mail.message import ascii_domain
from styrhjul.mail.relay_log import Departure
from styrhjul.services.delivery.outcome import Ending, finish
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.operations.hold import NotHeld, hold_in_force

ACCORDING_TO_THE_LOG = "Enligt mejlserverns logg skickades mejlet före återläsningen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """`marked` had left and is not sent again; `waiting` has not, and leaves when the hold ends.

    `unknown` left after the backup: nobody here knows what it said, its links are dead, and what it was about is told
    anew.
    """

    marked: Sequence[OpenMail]
    waiting: Sequence[OpenMail]
    unknown: Sequence[Departure]


def reconcile(
    database: Database, mailroom: Mailroom, departures: Iterable[Departure], now: datetime, *, dry_run: bool = False
) -> Reconciled:
    """Hold what was composed before the hold against a server's log. Safe to repeat, and with one log after another.

    Raises NotHeld: while mail leaves, a list of what waits is old before it is read.
    """
    hold = hold_in_force(database)
    if hold is None:
        raise NotHeld
    left = {departure.message_id: departure for departure in departures}
    with database.system(read_only=True) as session:
        mails = open_mails(session, hold.since)
        known = known_ids(session, left)
        domains = {ascii_domain(name).lower() for name in our_domains(session)}
    marked = [mail for mail in mails if mail.message_id in left]
    if not dry_run:
        for municipality_id, theirs in groupby(marked, key=attrgetter("municipality_id")):
            _mark(database, mailroom, municipality_id, {mail.mail_id: left[mail.message_id] for mail in theirs}, now)
    return Reconciled(
        marked=marked,
        waiting=[mail for mail in mails if mail.message_id not in left],
        unknown=[each for key, each in left.items() if key not in known and key.rpartition("@")[2].lower() in domains],
    )


def _mark(
    database: Database, mailroom: Mailroom, municipality_id: str, left: dict[str, Departure], now: datetime
) -> None:
    with database.municipality(municipality_id) as session:
        for row in lock_mails(session, left):
            day = local_date(min(left[row.mail_id].at or row.composed_at, now))  # another zone's clock may be ahead
            finish(session, mailroom, row, Ending(MailStatus.ACCEPTED, ACCORDING_TO_THE_LOG, day), now)
