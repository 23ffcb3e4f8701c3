"""How often one may sign in or say something, by address and caller. Counted in the database: none, nobody gets in."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, update

from styrhjul.db.session import Database
from styrhjul.db.sign_in_model import SignInTally
from styrhjul.db.upsert import insert_new
from styrhjul.services.foundation.secret import SignInKey

_FORGOTTEN = timedelta(days=1)
#: One subscriber has a whole /64 of IPv6.
_HOME_BITS = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in each period of `within`, which begins with the first."""

    name: str
    most: int
    within: timedelta = timedelta(hours=1)


#: Codes to one address: whoever waits for a mail asks again a few times.
CODES_TO_ADDRESS = Limit("codes to address", 5)
#: A whole town hall may stand behind one caller's address.
CODES_TO_CALLER = Limit("codes to caller", 40)
#: Six digits, five tries a code: 60 an hour from one caller find one code in 16 000 hours.
TRIES_OF_CALLER = Limit("tries of caller", 60)
PROVIDER_BY_CALLER = Limit("provider by caller", 120)
#: A journey to a sign-in service and back lets somebody in once, however often the service itself would.
ONE_JOURNEY = Limit("journey", 1)
OPENINGS_OF_CALLER = Limit("openings of caller", 20)


class TooOften(RuntimeError):
    """Somebody has tried too often; the same caller may again within the hour."""


def is_within(database: Database, key: SignInKey, limit: Limit, who: str, now: datetime) -> bool:
    """Count one more time and tell whether it may be. In a transaction of its own: what fails afterwards counts too."""
    name, begins = key.mac(limit.name, who.lower()), now - limit.within
    is_new = (SignInTally.since_at <= begins) | (SignInTally.since_at > now)
    with database.system() as session:
        session.execute(delete(SignInTally).where(SignInTally.since_at < now - _FORGOTTEN))
        insert_new(session, SignInTally, [{"name": name, "times": 0, "since_at": now}], SignInTally.name)
        counted = (
            update(SignInTally)
            .where(SignInTally.name == name)
            .values(
                times=case((is_new, 1), else_=SignInTally.times + 1),
                since_at=case((is_new, now), else_=SignInTally.since_at),
            )
            .returning(SignInTally.times)
            .execution_options(synchronize_session=False)
        )
        return session.execute(counted).scalar_one() <= limit.most


def refuse_often(database: Database, key: SignInKey, limit: Limit, who: str, now: datetime) -> None:
    """As `is_within`. Raises TooOften."""
    if not is_within(database, key, limit, who, now):
        raise TooOften(limit.name)


def caller_name(host: str) -> str:
    """Return what a caller's tries are counted under: the address, of IPv6 its first half."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _HOME_BITS), strict=False))
    return str(address)
