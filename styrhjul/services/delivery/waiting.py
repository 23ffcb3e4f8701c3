"""Which mails wait, and what each of them waits for: for whoever looks after the mail server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from styrhjul.db.hold_query import held_since
from styrhjul.db.late_query import closed_reasons
from styrhjul.db.mail_model import MailStatus
from styrhjul.db.outbox_query import WAY_OUT
from styrhjul.db.pace import domain_of, why_waiting
from styrhjul.db.session import Database
from styrhjul.db.turn import sender_channel
from styrhjul.db.waiting_query import WaitingRow, count_waiting, waiting_rows
from styrhjul.domain.moment import swedish_time

#: Shown at once: a mail server that is down may have a hundred thousand waiting.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMail:
    """A mail that no server has taken. `domain` is the recipient's, `why` is in Swedish."""

    municipality: str
    message_id: str
    domain: str
    since: datetime
    why: str


def waiting_mails(database: Database, now: datetime) -> tuple[int, Sequence[WaitingMail]]:
    """Return how many mails wait, and the oldest of them with why. Writes nothing."""
    with database.system(read_only=True) as session:
        held, closed = held_since(session), closed_reasons(session)

        @cache
        def why_slow(municipality_id: str, domain: str) -> str | None:
            return why_waiting(session, municipality_id, f"@{domain}", now)

        mails = [
            WaitingMail(
                municipality=row.slug,
                message_id=row.message_id.strip("<>"),
                domain=domain_of(row.address),
                since=row.composed_at,
                why=_why(row, held, closed, now) or why_slow(row.municipality_id, domain_of(row.address)) or _NEXT,
            )
            for row in waiting_rows(session, MOST_SHOWN)
        ]
        return count_waiting(session), mails


_NEXT = "Skickas vid nästa puls."


def _why(row: WaitingRow, held: datetime | None, closed: Mapping[str, str], now: datetime) -> str | None:
    """Return what keeps it that is neither its recipient's nor its municipality's pace."""
    if row.status is MailStatus.SENDING:
        return "Försöks just nu."
    if held is not None and row.composed_at <= held:
        return "Utskicken hålls tillbaka. Se styrhjul hold show."
    if WAY_OUT in closed:
        return f"Mejlservern tar inte emot något mejl: {closed[WAY_OUT]}"
    if (sender := sender_channel(row.return_path)) in closed:
        return f"Mejlservern tar inte emot avsändaren: {closed[sender]}"
    if row.next_attempt_at > now:
        return f"Försöks igen {swedish_time(row.next_attempt_at)}."
    return None
