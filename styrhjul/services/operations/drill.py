"""The drill: back up, go on, lose everything, put the backup back, and see that nothing leaves twice.

It plays the examples in an installation of its own, with mail caught; what is rehearsed are the real steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.clock import at_nine
from styrhjul.mail.catch import Catcher
from styrhjul.mail.relay_log import Departure
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.delivery.compose import compose_mails
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.backup import back_up
from styrhjul.services.operations.hold import end_hold
from styrhjul.services.operations.play import FIRST_DAY, NeverQuiet, next_event, turn
from styrhjul.services.operations.pulse import pulse_all
from styrhjul.services.operations.reconcile import reconcile
from styrhjul.services.operations.restore import put_back
from styrhjul.services.records.journal import verify_journals
from workflows import LIFECYCLES

_BY = "Övningen"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillReport:
    """What was seen, in counts.

    `left_since` mails left after the backup; `sent_while_held` and `doubled` must be nothing, and the journal whole.
    """

    left_before: int
    left_since: int
    backup_bytes: int
    sent_while_held: int
    marked: int
    told_anew: int
    sent_after: int
    doubled: int
    broken_seals: int

    @property
    def holds(self) -> bool:
        """Whether all is as it must be."""
        return self.sent_while_held == self.doubled == self.broken_seals == 0


def drill(
    installation: Installation, backup: Path, destroy: Callable[[], None], tell: Callable[[str], None]
) -> DrillReport:
    """Rehearse a loss on an empty installation that catches its mail; `destroy` loses its database.

    1. play the examples to the first day, then write the mails of the next and leave them lying;
    2. back up; let these mails leave, and those of the day on which mail leaves next;
    3. lose the database, put the backup back, pulse: nothing may leave;
    4. hold the outbox against what the mail server has taken, end the hold, pulse.
    """
    caught = Catcher(installation.settings.data_dir / "mail")
    tell("spelar de första dagarna")
    turn(installation, FIRST_DAY)
    _write_mails(installation)
    before = _ids(caught)
    size = back_up(installation, backup)
    tell("säkerhetskopian är tagen; mejlen fortsätter att lämna")
    deliver(installation.database, installation.mailroom, installation.clock.now)
    last = _go_on(installation)
    left = _ids(caught)

    tell("databasen försvinner och läses tillbaka")
    installation.close()
    destroy()
    put_back(installation, backup, by=_BY, now=at_nine(last))
    pulse_all(installation, at_nine(last))
    held = _ids(caught) - left
    found = reconcile(
        installation.database,
        installation.mailroom,
        [Departure(message_id=each.strip("<>")) for each in left],
        at_nine(last),
    )
    tell("utskicken stäms av mot mejlservern och släpps")
    end_hold(installation.database, by=_BY, now=at_nine(last))
    turn(installation, last)
    return DrillReport(
        left_before=before.total(),
        left_since=(left - before).total(),
        backup_bytes=size,
        sent_while_held=held.total(),
        marked=len(found.marked),
        told_anew=len(found.unknown),
        sent_after=(_ids(caught) - left).total(),
        doubled=sum(times - 1 for times in _ids(caught).values()),
        broken_seals=len(verify_journals(installation.database).broken),
    )


def _ids(caught: Catcher) -> Counter[str]:
    return Counter(each.message_id for each in caught.messages())


def _write_mails(installation: Installation) -> None:
    """Come to the next day that writes mail, and stop before it leaves."""
    while (day := next_event(installation)) is not None:
        installation.clock.turn_to(at_nine(day))
        for lifecycle in LIFECYCLES.values():
            run_sweep(installation.database, lifecycle, at_nine(day))
        if compose_mails(installation.database, installation.mailroom, at_nine(day)).composed:
            return
    raise NeverQuiet("Exemplen har inga fler mejl att skriva.")


def _go_on(installation: Installation) -> date:
    """Play to the next day on which mail is written and leaves, and return it."""
    while (day := next_event(installation)) is not None:
        if turn(installation, day).sent:
            return day
    raise NeverQuiet("Exemplen har inga fler mejl att skicka.")
