"""When a mail that did not get through is tried again: often in the first hour, for five days (RFC 5321, 4.5.4.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import accumulate

_FIRST_MINUTES = (5, 15, 40, 60, 120, 240)
_THEN_MINUTES = 480
TRIES_IN_FIRST_HOUR = 4
GIVE_UP_AFTER = timedelta(days=5)
#: An uncertain mail may be with the server already; it gets this long to turn up.
UNCERTAIN_WAITS = timedelta(minutes=15)


def next_try(
    attempts: int, now: datetime, *, since: datetime | None = None, uncertain: bool = False
) -> datetime | None:
    """Return when to try again after so many attempts (at least 1), the last of them now; None: give up.

    `since`: when its matter was first tried, also in an earlier mail. Offices close at night, so five days may pass
    with few tries: those of the first hour are always made. `uncertain`: the last attempt was cut off after the data,
    so the wait is never under fifteen minutes.
    """
    if attempts < 1:
        raise ValueError(f"{attempts} attempts: there has been no attempt to repeat")
    is_old = since is not None and now - since >= GIVE_UP_AFTER
    if attempts > len(_DELAYS) or (is_old and attempts >= TRIES_IN_FIRST_HOUR):
        return None
    delay = _DELAYS[attempts - 1]
    return now + (max(delay, UNCERTAIN_WAITS) if uncertain else delay)


def _delays() -> tuple[timedelta, ...]:
    give_up = GIVE_UP_AFTER // timedelta(minutes=1)
    minutes = [*_FIRST_MINUTES, *[_THEN_MINUTES] * (give_up // _THEN_MINUTES)]
    return tuple(
        timedelta(minutes=m) for m, waited in zip(minutes, accumulate(minutes), strict=True) if waited <= give_up
    )


_DELAYS = _delays()
