"""What arrived: the notices in the mails that the server of the simulated world took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from styrhjul.domain.moment import local_date
from styrhjul.domain.rung import repeat_of
from styrhjul.services.simulation.server import Taken
from styrhjul.services.simulation.world import World
from workflows import LIFECYCLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A notice in a mail that the server took."""

    case_id: str
    due_on: str
    rung: str
    post_id: str
    #: The appointment of whoever it was sent to.
    reader: str
    #: That person's key in the lists.
    person: str
    #: How often the case had been given to another post: each time it is told of afresh.
    given: int
    lifecycle: str
    message_id: str
    taken: Taken
    #: Whether anybody knew that the server took it; what nobody knows of may be written anew.
    told: bool

    @property
    def on(self) -> date:
        """The day the machine thought it was."""
        return local_date(self.taken.shown)

    @property
    def height(self) -> int:
        """How far up the ladder it stands."""
        key, number = repeat_of(self.rung)
        return 100 * LIFECYCLES[self.lifecycle].height(key) + number


def declared(rung: str) -> str:
    """Return the key of the declared rung that one of a municipality's own repeats: "reminder_2" is a reminder."""
    return repeat_of(rung)[0]


def delivered_in(world: World) -> Iterator[Delivered]:
    """Yield every notice that the server took, once for each mail it stood in."""
    first: dict[str, Taken] = {}
    for taken in world.server.taken:
        first.setdefault(taken.message_id, taken)
    given: dict[str, list[datetime]] = defaultdict(list)
    for case_id, at in world.database.ask(_GIVEN):
        given[case_id].append(datetime.fromisoformat(at).replace(tzinfo=UTC))
    told = {taken.message_id for taken in world.server.taken if taken.told}
    for case_id, due_on, rung, post_id, reader, person, lifecycle, message_id in world.database.ask(_NOTICES):
        if message_id in first:
            yield Delivered(
                case_id=case_id,
                due_on=due_on,
                rung=rung,
                post_id=post_id,
                reader=reader,
                person=person,
                given=sum(at <= first[message_id].shown for at in given[case_id]),
                lifecycle=lifecycle,
                message_id=message_id,
                taken=first[message_id],
                told=message_id in told,
            )


_GIVEN = "SELECT case_id, at FROM journal_entry WHERE kind = 'case_reassigned'"
_NOTICES = """
SELECT notice.case_id, notice.due_on, rung, notice.post_id, appointment_id, person.key, lifecycle, message_id
FROM mail JOIN appointment ON appointment.id = appointment_id JOIN person ON person.id = person_id
JOIN mail_item ON mail_id = mail.id JOIN notice ON notice.id = notice_id
JOIN "case" ON "case".id = notice.case_id ORDER BY message_id, notice.id
"""
