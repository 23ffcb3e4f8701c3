"""How fast mail may leave: buckets per recipient domain and municipality, rests for slow domains, and lines out.

All of it is settled in the transaction that claims, with the caller's clock; whoever claims locks the row `all` first.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, func, not_, select
from sqlalchemy.orm import Session

from styrhjul.db.mail_model import Mail, MailBucket, MailLine, MailStatus
from styrhjul.db.prepared import Reading
from styrhjul.db.upsert import insert_into, insert_new

#: A sender that has waited so long for one reply holds nobody else's line any more, nor does one that was killed.
LINE_KEPT = timedelta(minutes=2)
#: A slow domain rests twice as long as it took, so that it gets a third of a sender's time; no longer than this.
LONGEST_REST = timedelta(minutes=10)
#: What is noted as later than this was noted by a clock that was ahead.
_FAR = timedelta(hours=1)
_ALL, _DOMAIN, _MUNICIPALITY = "all", "domain:", "municipality:"
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The limits, 0 = none: mails a minute, mails leased at once, and senders with a line to the server at once."""

    domain_per_minute: int = 0
    municipality_per_minute: int = 0
    domain_at_once: int = 0
    lines: int = 0


UNLIMITED = Pace()

_BUCKETS = Reading(select(MailBucket.name, MailBucket.tokens, MailBucket.filled_at, MailBucket.rests_until))
#: Nobody else reads or fills the buckets meanwhile: locking one row holds all.
_LOCK = Reading(select(MailBucket.name).where(MailBucket.name == bindparam("name")).with_for_update())
_ON_THE_WAY = Reading(
    select(Mail.goes_to).where(Mail.status == MailStatus.SENDING, Mail.lease_until > bindparam("now"))
)


def domain_of(address: str) -> str:
    """Return an address's domain in small letters."""
    return address.rpartition("@")[2].lower()


@dataclass(slots=True)
class Purse:
    """What may be claimed in one transaction. `open` it before, `close` it in the same transaction."""

    pace: Pace
    now: datetime
    tokens: dict[str, float] = field(default_factory=dict)
    #: When each bucket was filled last: never later than it says, whatever the clock does.
    filled_at: dict[str, datetime] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    leased: Counter[str] = field(default_factory=Counter)
    spent: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, session: Session, pace: Pace, now: datetime) -> Purse:
        """Lock the buckets against other claims and fill them by the time that has passed."""
        purse = cls(pace, now)
        _lock(session, now)
        for name, tokens, filled_at, rests_until in _BUCKETS.everywhere(session):
            limit = purse.limit(name)
            filled_at = now if filled_at > now + _FAR else filled_at  # noqa: PLW2901 - by a clock that was ahead
            passed = max(now - filled_at, timedelta())
            purse.tokens[name] = min(limit, tokens + limit * (passed / _MINUTE))
            purse.filled_at[name] = max(now, filled_at)
            if rests_until is not None and now < rests_until <= now + LONGEST_REST:
                purse.resting.add(name)
        if pace.domain_at_once:
            purse.leased.update(domain_of(row[0]) for row in _ON_THE_WAY.everywhere(session, now=now))
        return purse

    def limit(self, name: str) -> int:
        """Return how many a minute a bucket lets through, which is also all it holds; 0 = no limit."""
        of_domain = name.startswith(_DOMAIN)
        return self.pace.domain_per_minute if of_domain else self.pace.municipality_per_minute

    def share(self, municipality_id: str, domain: str) -> int:
        """Return how many mails a municipality may have taken out for one domain now."""
        if _DOMAIN + domain in self.resting:
            return 0
        shares = [self._left(name) for name in (_DOMAIN + domain, _MUNICIPALITY + municipality_id) if self.limit(name)]
        if most := self.pace.domain_at_once:
            shares.append(most - self.leased[domain])
        return max(min(shares, default=sys.maxsize), 0)

    def pay(self, municipality_id: str, domain: str, mails: int) -> bool:
        """Take so many mails' share from their buckets; False, and nothing taken, where there is less."""
        if self.share(municipality_id, domain) < mails:
            return False
        for name in (_DOMAIN + domain, _MUNICIPALITY + municipality_id):
            if self.limit(name) and mails:
                self.tokens[name] = self.tokens.get(name, self.limit(name)) - mails
                self.spent.add(name)
        self.leased[domain] += mails
        return True

    def close(self, session: Session) -> None:
        """Write down what was spent."""
        rows = [
            {"name": name, "tokens": self.tokens[name], "filled_at": self.filled_at.get(name, self.now)}
            for name in sorted(self.spent)
        ]
        if rows:
            insert = insert_into(session, MailBucket)
            kept = {"tokens": insert.excluded.tokens, "filled_at": insert.excluded.filled_at}
            session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=kept), rows)

    def _left(self, name: str) -> int:
        return int(self.tokens.get(name, self.limit(name)))


def rest(session: Session, domain: str, took: timedelta, now: datetime) -> None:
    """Let a domain that took so long over one mail wait, and others go first."""
    until = now + min(2 * took, LONGEST_REST)
    insert = insert_into(session, MailBucket)
    row = {"name": _DOMAIN + domain, "tokens": 0.0, "filled_at": now, "rests_until": until}
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"rests_until": until}), [row])


def take_line(session: Session, line: str, pace: Pace, now: datetime) -> bool:
    """Take one of the lines to the mail server, or keep the one taken; False when all are taken by others."""
    if not pace.lines:
        return True
    _lock(session, now)
    is_taken = and_(MailLine.held_until > now, MailLine.held_until <= now + LINE_KEPT)  # longer: by a clock ahead
    session.execute(delete(MailLine).where(not_(is_taken), MailLine.id != line))
    others = session.scalar(select(func.count()).select_from(MailLine).where(MailLine.id != line)) or 0
    if others >= pace.lines:
        return False
    insert = insert_into(session, MailLine)
    kept = insert.on_conflict_do_update(index_elements=["id"], set_={"held_until": now + LINE_KEPT})
    session.execute(kept, [{"id": line, "held_until": now + LINE_KEPT}])
    return True


def _lock(session: Session, now: datetime) -> None:
    insert_new(session, MailBucket, [{"name": _ALL, "tokens": 0.0, "filled_at": now}], MailBucket.name)
    _LOCK.everywhere(session, name=_ALL)


def drop_line(session: Session, line: str) -> None:
    """Give a line back. Safe to repeat."""
    session.execute(delete(MailLine).where(MailLine.id == line))


def why_waiting(session: Session, municipality_id: str, address: str, now: datetime) -> str | None:
    """Return in Swedish what kept a mail from being claimed lately; None = nothing but the next pulse."""
    names: Sequence[str] = (_DOMAIN + domain_of(address), _MUNICIPALITY + municipality_id)
    rows = session.execute(select(MailBucket).where(MailBucket.name.in_(names))).scalars().all()
    by_name = {row.name: row for row in rows}
    domain = by_name.get(names[0])
    if domain is not None and domain.rests_until is not None and domain.rests_until > now:
        return f"Mottagarens server var långsam. {domain_of(address)} får vänta medan andra mejl går först."
    if domain is not None and domain.tokens < 1:
        return f"Minutens mejl till {domain_of(address)} har gått. Mejlet går när det finns plats."
    if (own := by_name.get(names[1])) is not None and own.tokens < 1:
        return "Kommunens mejl för den här minuten har gått. Mejlet går när det finns plats."
    return None
