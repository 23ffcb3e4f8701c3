"""The simulator's oracle: a life in which nothing goes wrong is clean, and whatever is planted in it is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import structlog.testing

from styrhjul.services.simulation.lists import Seat
from styrhjul.services.simulation.oracle import judge
from styrhjul.services.simulation.simulate import Span, Town, live, undisturbed

if TYPE_CHECKING:
    from styrhjul.services.simulation.server import Taken
    from styrhjul.services.simulation.world import World

#: Long enough for goals that nobody sets to go up, and for the summer after.
SPAN = Span(first=date(2026, 10, 15), last=date(2027, 8, 31))
MONDAY_MORNING = datetime(2027, 8, 30, 8, 0, tzinfo=UTC)
TOWN = Town(slug="olofstrom", seed=6, span=SPAN)


@dataclass(frozen=True)
class Lived:
    """A life and the picture of its end, so that every test begins with the same."""

    world: World
    picture: bytes
    taken: tuple[Taken, ...]
    seatings: tuple[tuple[datetime, tuple[Seat, ...]], ...]

    def reset(self) -> None:
        """Let nothing have been planted or noted."""
        self.world.database.set_back(self.picture)
        self.world.server.taken[:] = self.taken
        self.world.seatings[:] = self.seatings
        self.world.clock.moment = MONDAY_MORNING
        del self.world.broken[:]

    def judged(self, *planted: str) -> set[str]:
        """The kinds of complaint."""
        return {line.partition(":")[0] for line in self.complaints(*planted)}

    def complaints(self, *planted: str) -> list[str]:
        """The complaints after SQL that should not have happened; each statement must change something."""
        for statement in planted:
            before = self.world.database.changes
            self.world.database.ask(statement)
            assert self.world.database.changes > before, statement
        judge(self.world, undisturbed_rounds())
        return self.world.broken


def undisturbed_rounds() -> frozenset[tuple[str, str, str, str]]:
    return undisturbed(TOWN.slug, TOWN.span)


@pytest.fixture(scope="module")
def one_life() -> Lived:
    with structlog.testing.capture_logs():
        undisturbed_rounds()  # lived first: a new life ends the one before
        world = live(TOWN)
        return Lived(world, world.database.picture(), tuple(world.server.taken), tuple(world.seatings))


@pytest.fixture
def lived(one_life: Lived) -> Lived:
    one_life.reset()
    return one_life


def test_a_life_without_trouble_is_clean(lived: Lived) -> None:
    assert lived.judged() == set()


@pytest.mark.parametrize("rung", ["opened", "reminder", "last_reminder", "warning"])
def test_a_rung_that_is_not_in_the_ledger_is_missed(lived: Lived, rung: str) -> None:
    assert "missed" in lived.judged(f"UPDATE notice SET rung = rung || '_9' WHERE rung = '{rung}'")  # noqa: S608


#: Somebody's last mail tells of the notice of their first mail once more.
AGAIN = """
WITH theirs AS (SELECT mail_item.rowid AS item, notice_id, mail_id, appointment_id
                FROM mail_item JOIN mail ON mail.id = mail_id WHERE notice_id IS NOT NULL),
     twice AS (SELECT min(item) AS first, max(item) AS last FROM theirs
               GROUP BY appointment_id HAVING count(DISTINCT mail_id) > 1)
UPDATE mail_item SET notice_id = (SELECT notice_id FROM theirs WHERE item = (SELECT min(first) FROM twice))
WHERE rowid = (SELECT last FROM twice ORDER BY first LIMIT 1)
"""


def test_the_same_notice_in_two_mails_is_a_duplicate(lived: Lived) -> None:
    assert "duplicate" in lived.judged(AGAIN)


def test_it_is_none_where_nobody_knew_that_the_first_was_taken(lived: Lived) -> None:
    taken = lived.world.server.taken
    taken[:] = [replace(each, told=False) for each in taken]
    assert "duplicate" not in lived.judged(AGAIN)


def test_what_should_have_gone_up_and_did_not_is_missed(lived: Lived) -> None:
    assert "missed" in lived.judged("UPDATE notice SET rung = 'opened_9' WHERE rung = 'chief_executive'")


def test_what_was_withdrawn_on_its_way_up_and_never_left_is_missed(lived: Lived) -> None:
    assert "missed" in lived.judged("UPDATE notice SET status = 'cancelled' WHERE rung = 'chief_executive'")


def test_nobody_is_told_of_a_case_that_binds_nobody(lived: Lived) -> None:
    assert "not binding" in lived.judged('UPDATE "case" SET is_binding = 0')


#: Every warning ended without reaching anybody.
ALL_LOST = (
    "UPDATE notice SET status = 'failed', delivered_on = NULL WHERE rung = 'warning'",
    """UPDATE mail SET status = 'failed' WHERE id IN
       (SELECT mail_id FROM mail_item JOIN notice ON notice.id = notice_id WHERE rung = 'warning')""",
)


def test_that_nobody_was_told_of_who_could_not_be_reached_is_missed(lived: Lived) -> None:
    lived.world.server.taken.clear()
    assert any("reached nobody" in line for line in lived.complaints(*ALL_LOST))


def test_nobody_is_told_that_somebody_was_out_of_reach_who_was_not(lived: Lived) -> None:
    plant = "UPDATE notice SET rung = 'unreachable', planned_on = '2027-06-01' WHERE rung = 'chief_executive'"
    assert "within reach" in lived.judged(plant)


def test_two_digests_in_one_week_are_one_too_many(lived: Lived) -> None:
    taken = lived.world.server.taken
    taken[:] = [replace(each, to="chief@example.org", shown=taken[0].shown) for each in taken]
    assert "digest" in lived.judged()


# -- whoever follows ----------------------------------------------------------------------------------------------


def follows(lived: Lived, days_later: int, *, person: str = "ny") -> list[str]:
    """What is said when the secretary of a case had been followed by somebody, counted from the day it went up."""
    [(body, up_on)] = lived.world.database.ask(WENT_UP)
    since = date.fromisoformat(up_on) + timedelta(days_later)
    last = (since - timedelta(1)).isoformat()
    for number, (moment, seats) in enumerate(lived.world.seatings):
        held = [seat for seat in seats if (seat.body, seat.role) == (body, "secretary") and seat.is_held(since)]
        left = [replace(seat, ends_on=last) if seat in held else seat for seat in seats]
        new = [replace(held[0], person=person, starts_on=since.isoformat())] if person else []
        lived.world.seatings[number] = (moment, (*left, *new))
    return lived.complaints()


#: Nobody has answered it, and no more is written about it to whoever was warned.
WENT_UP = """
SELECT body.slug, delivered_on FROM notice JOIN "case" ON "case".id = case_id JOIN body ON body.id = body_id
WHERE rung = 'chief_executive' AND lifecycle = 'goal_setting' AND closed_on IS NULL AND state = 'open'
AND "case".holder = 'body' AND delivered_on IS NOT NULL ORDER BY delivered_on, body.slug LIMIT 1
"""


@pytest.mark.parametrize("days_later", [-1, 0])
def test_nothing_goes_up_over_somebody_new_who_was_not_warned(lived: Lived, days_later: int) -> None:
    assert any(line.startswith("unwarned") and "is new since" in line for line in follows(lived, days_later))


def test_whoever_follows_and_hears_nothing_is_noted(lived: Lived) -> None:
    assert {line.partition(":")[0] for line in follows(lived, 7)} == {"newcomer"}


def test_the_one_who_goes_on_sitting_has_heard(lived: Lived) -> None:
    [(body, _)] = lived.world.database.ask(WENT_UP)
    seats = lived.world.seatings[-1][1]
    [person] = {seat.person for seat in seats if (seat.body, seat.role) == (body, "secretary") and not seat.ends_on}
    assert follows(lived, 7, person=person) == []


def test_a_vacant_office_need_not_hear(lived: Lived) -> None:
    assert follows(lived, -1, person="") == []


# -- the witness ---------------------------------------------------------------------------------------------------


def seen(lived: Lived, rung: str, *, to: str | None = None) -> list[str]:
    """What is said of a mail that is sent once more, at the last moment of the life."""
    world = lived.world
    message_id, address = world.database.ask(MAIL_OF, rung)[0]
    for told in world.server.on_mail:
        told(message_id, to or address)
    return [line.partition(":")[0] for line in world.broken]


MAIL_OF = """
SELECT message_id, address FROM mail JOIN mail_item ON mail_id = mail.id JOIN notice ON notice.id = notice_id
JOIN post ON post.id = notice.post_id WHERE rung = ? AND role = 'secretary' ORDER BY mail.rowid LIMIT 1
"""


def test_a_mail_to_whoever_holds_the_office_is_read_by_the_right_person(lived: Lived) -> None:
    assert "wrong reader" not in seen(lived, "opened")


def test_a_mail_to_the_holder_of_another_office_is_noted(lived: Lived) -> None:
    [(chief,)] = lived.world.database.ask(ADDRESS_OF_CHIEF)
    assert "wrong reader" in seen(lived, "opened", to=chief)


@pytest.mark.parametrize(("later", "kinds"), [(0, set()), (10, {"hours"}), (-4, {"hours"}), (5 * 24, {"hours"})])
def test_a_mail_outside_office_hours_is_noted(lived: Lived, later: int, kinds: set[str]) -> None:
    """In the evening, before the office opens, on a Saturday."""
    lived.world.clock.moment += timedelta(hours=later)
    assert set(seen(lived, "opened")) & {"hours"} == kinds


def test_a_mail_that_asks_for_something_by_a_day_that_has_passed_is_noted(lived: Lived) -> None:
    assert "stale" in seen(lived, "warning")


def test_on_the_day_it_was_written_it_is_not(lived: Lived) -> None:
    [(message_id, _)] = lived.world.database.ask(MAIL_OF, "warning")
    lived.world.clock.moment = next(each.at for each in lived.taken if each.message_id == message_id)
    assert "stale" not in seen(lived, "warning")


ADDRESS_OF_CHIEF = """
SELECT address FROM person JOIN appointment ON person_id = person.id JOIN post ON post.id = post_id
WHERE role = 'chief_executive' AND appointment.ends_on IS NULL
"""
