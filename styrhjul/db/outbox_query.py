"""The outbox as the sender sees it: claim, mark, finish. Across municipalities, in a system session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from styrhjul.db.compiled import Compiled
from styrhjul.db.hold_query import held_since
from styrhjul.db.mail_model import AttemptOutcome, Channel, Mail, MailAttempt, MailStatus
from styrhjul.db.model import Base, Utc, new_id
from styrhjul.db.pace import UNLIMITED, Pace, Purse, domain_of
from styrhjul.db.prepared import Reading
from styrhjul.db.session import refuse_foreign
from styrhjul.db.turn import barred, first_orphan, is_accepted, next_in_turn, sender_channel
from styrhjul.db.upsert import insert_new

#: Longer than the hardest time limit of a task (780 s), shorter than the broker's visibility (3600 s).
LEASE = timedelta(seconds=900)
#: The channel that is the whole way out. The others are one sender each: see `sender_channel`.
WAY_OUT = "smtp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A mail leased to this sender until `lease_until`, under a fence nobody else knows."""

    municipality_id: str
    mail_id: str
    fence: str
    attempts: int
    composed_at: datetime
    #: An earlier try may have handed it over: it is resent unchanged, or not at all.
    is_uncertain: bool
    #: The sender it leaves under, as a channel's name.
    channel: str
    #: Where it goes.
    domain: str


def is_in_hand(now: datetime) -> ColumnElement[bool]:
    """Whether a sender has leased a mail until after `now`; False also where nobody ever did."""
    return and_(Mail.lease_until.is_not(None), Mail.lease_until > now)


def is_uncertain(now: datetime) -> ColumnElement[bool]:
    """Whether the server may have a mail on its way without our knowing; of those in `OPEN_MAIL`.

    A mail that is being sent this very moment has begun its data as well: its sender will say how it went.
    """
    return and_(Mail.data_started_at.is_not(None), or_(Mail.status == MailStatus.QUEUED, ~is_in_hand(now)))


def is_anything_waiting(session: Session, now: datetime) -> bool:
    """Whether there is any mail to claim: cheap where there is none."""
    return bool(_ANYTHING.rows(session.connection(), {"at": now}))


def claim(
    session: Session, now: datetime, limit: int, closed: Collection[str] = (), pace: Pace = UNLIMITED
) -> list[Claimed]:
    """Lease up to `limit` mails that may be tried now; raise their attempts before the work.

    Municipalities take turns, twenty mails a turn. A mail whose lease ran out is claimed again, one at a time and no
    more: whoever leased it died, perhaps of it, and those beside it are not to blame. One that has an accepted attempt
    never is. Mail of a sender whose channel is `closed` is left lying, and so is what the pace does not allow, and what
    was composed before a hold. Returned in the order of their turns.
    """
    purse, bars = Purse.open(session, pace, now), barred(closed, held_since(session))
    orphan = first_orphan(session, now, purse, bars)
    found = [orphan] if orphan else []
    found += next_in_turn(session, now, limit - len(found), purse, bars)
    purse.close(session)
    places = {mail.mail_id: place for place, mail in enumerate(found)}
    return sorted(_lease(session, list(places), now), key=lambda mail: places[mail.mail_id])


_AT = bindparam("at", type_=Utc())
_FREE = (
    Mail.status.in_((MailStatus.QUEUED, MailStatus.SENDING)),
    Mail.next_attempt_at <= _AT,
    or_(Mail.lease_until.is_(None), Mail.lease_until <= _AT),
)
_ANYTHING = Compiled(select(Mail.id).where(*_FREE).limit(1))


def _lease(session: Session, chosen: Sequence[str], now: datetime) -> list[Claimed]:
    """Lease those of the chosen that are still free, in one statement."""
    if not chosen:
        return []
    fence = new_id()
    lease = {"at": now, "until": now + LEASE, "new_fence": fence, "chosen": chosen}
    return [
        Claimed(
            municipality_id=municipality_id,
            mail_id=mail_id,
            fence=fence,
            attempts=attempts,
            composed_at=composed_at,
            is_uncertain=data_started_at is not None,
            channel=sender_channel(return_path),
            domain=domain_of(address),
        )
        for municipality_id, mail_id, attempts, composed_at, data_started_at, return_path, address in _CLAIM.rows(
            session.connection(), lease
        )
    ]


def _claim() -> ReturningUpdate[str, str, int, datetime, datetime | None, str, str]:
    free = (
        select(Mail.municipality_id, Mail.id)
        .where(
            *_FREE,
            ~is_accepted(Mail),
            Mail.id.in_(bindparam("chosen", expanding=True)),
        )
        .with_for_update(skip_locked=True)
    )
    return (
        update(Mail)
        .where(tuple_(Mail.municipality_id, Mail.id).in_(free))
        .values(
            status=MailStatus.SENDING,
            lease_until=bindparam("until", type_=Utc()),
            fence=bindparam("new_fence"),
            attempts=Mail.attempts + 1,
        )
        .returning(
            Mail.municipality_id,
            Mail.id,
            Mail.attempts,
            Mail.composed_at,
            Mail.data_started_at,
            Mail.return_path,
            Mail.goes_to,
        )
    )


_CLAIM = Compiled(_claim())


def release(session: Session, mails: Sequence[Claimed], next_attempt_at: datetime) -> None:
    """Give back mails that the server never got; what they took of the pace is not given back."""
    for mail in mails:
        session.execute(
            update(Mail)
            .where(Mail.municipality_id == mail.municipality_id, Mail.id == mail.mail_id, Mail.fence == mail.fence)
            .values(
                status=MailStatus.QUEUED,
                lease_until=None,
                fence=None,
                attempts=Mail.attempts - 1,
                next_attempt_at=next_attempt_at,
                data_started_at=Mail.data_started_at if mail.is_uncertain else None,
            )
            .execution_options(synchronize_session=False)
        )


def record_attempt(
    session: Session | Connection, mail: Claimed, outcome: AttemptOutcome, reply: str, now: datetime
) -> None:
    """Append how a try ended; an accepted one counts whoever holds the lease by now."""
    if isinstance(session, Session):
        refuse_foreign(session, mail.municipality_id)
        session.flush()
        session = session.connection()
    tried = {
        "municipality_id": mail.municipality_id,
        "mail_id": mail.mail_id,
        "tried_at": now,
        "outcome": outcome,
        "reply": reply[:500],
    }
    _ATTEMPT.run(session, [tried])


_ATTEMPT = Compiled(insert(Base.metadata.tables[MailAttempt.__tablename__]))


def accepted_but_open(session: Session) -> list[tuple[str, str]]:
    """Return (municipality, mail) of mails a server has accepted and that are not finished here yet."""
    return [(municipality_id, mail_id) for municipality_id, mail_id in _ACCEPTED_BUT_OPEN.everywhere(session)]


_ACCEPTED_BUT_OPEN = Reading(
    select(Mail.municipality_id, Mail.id)
    .join(MailAttempt, (MailAttempt.municipality_id == Mail.municipality_id) & (MailAttempt.mail_id == Mail.id))
    .where(
        MailAttempt.outcome == AttemptOutcome.ACCEPTED,
        Mail.status.in_((MailStatus.QUEUED, MailStatus.SENDING)),
    )
    .distinct()
    .order_by(Mail.municipality_id, Mail.id)
)


def failing_channels(session: Session) -> dict[str, datetime | None]:
    """Return the channels that have failed since they last worked, and until when each is closed."""
    return {row[0]: row[1] for row in _FAILING.everywhere(session)}


_FAILING = Reading(select(Channel.name, Channel.closed_until).where(Channel.failures > 0))


def close_channel(session: Session, name: str, reason: str, now: datetime) -> None:
    """Close a channel for a minute, doubling to ten, and no mail is blamed. One that is closed stays as it is.

    Several senders may meet the same refusal: it counts once.
    """
    insert_new(session, Channel, [{"name": name, "failures": 0}], Channel.name)
    channel = session.get_one(Channel, name, with_for_update=True)
    if channel.closed_until is not None and channel.closed_until > now:
        return
    channel.failures += 1
    channel.closed_until = now + timedelta(minutes=min(2 ** (channel.failures - 1), 10))
    channel.reason = reason[:500]


def open_channel(session: Session, name: str) -> None:
    """The server took a mail: forget the channel's earlier failures. Writes only when there are any."""
    session.execute(
        update(Channel)
        .where(Channel.name == name, Channel.failures > 0)
        .values(failures=0, closed_until=None, reason=None)
        .execution_options(synchronize_session=False)
    )
