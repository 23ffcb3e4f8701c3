"""The offices of the simulated world: people leave and follow each other, addresses die, meetings move.

Every change goes in as the municipality would bring it: its lists as files, read by the real import.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

from styrhjul.domain.calendar import next_working_day
from styrhjul.domain.moment import local_date, local_moment
from styrhjul.services.operations.play import EXAMPLES
from styrhjul.services.organisation.officials import import_sheets
from styrhjul.services.organisation.officials_sheet import read_files
from styrhjul.services.simulation.life import Future
from styrhjul.services.simulation.lists import Lists, Seat
from styrhjul.services.simulation.world import World

#: Who matters to a ladder.
_ROLES = (
    "chair",
    "vice_chair",
    "secretary",
    "head_of_administration",
    "chief_executive",
    "document_owner",
    "coordinator",
)
_CHANGES = (("follow", 4), ("vacancy", 3), ("address", 2), ("blocked", 3))
_DAYS_PER_CHANGE = 130
_DAYS_PER_MOVED_MEETING = 45


class OfficesChange:
    """Plans every change on the first day. `addresses_on` tells whom mail may reach."""

    def __init__(self, world: World, future: Future) -> None:
        self._world = world
        self._future = future
        world.on_silence.append(self._upset)
        self.lists = Lists.of(EXAMPLES / world.slug)
        world.seatings.append((world.clock.moment, tuple(self.lists.seats)))
        self._newcomers = 0
        self._plan()

    def look(self) -> None:
        """All is planned."""

    def addresses_on(self, day: date) -> set[str]:
        """Return the addresses of everybody who holds an office on a day, as the municipality knows it."""
        on = day.isoformat()
        return {self.lists.persons[seat.person][2] for seat in self.lists.seats if seat.is_held_on(on)}

    def addresses_of(self, body: str, role: str, day: date) -> set[str]:
        """Return the addresses of whoever holds one office on a day."""
        held = (seat for seat in self.lists.seats if (seat.body, seat.role) == (body, role) and seat.is_held(day))
        return {self.lists.persons[seat.person][2] for seat in held}

    def _plan(self) -> None:
        chance, span = self._world.chance, self._world.span
        for number in range(span.days // _DAYS_PER_CHANGE):
            what = chance.weighted(_CHANGES, "change", number)
            act: Callable[[int], None] = getattr(self, f"_{what}")
            self._future.plan(self._some_time("change", number), partial(act, number))
        for number in range(span.days // _DAYS_PER_MOVED_MEETING):
            self._future.plan(self._some_time("move", number), partial(self._meeting, number))

    def _some_time(self, name: str, number: int) -> datetime:
        chance, span = self._world.chance, self._world.span
        day = span.first + timedelta(chance.between(3, span.days, f"{name} on", number))
        return local_moment(day, time(6, 30)) + timedelta(minutes=chance.between(0, 12 * 60, f"{name} at", number))

    def _upset(self) -> None:
        """Somebody leaves while their mail waits."""
        moment = self._world.clock.moment + timedelta(hours=1)
        act = self._follow if self._world.chance.happens(0.6, "upset", moment) else self._address
        self._future.plan(moment, partial(act, moment.toordinal()))

    # -- changes -------------------------------------------------------------------------------------------------------

    def _follow(self, number: int) -> None:
        """One leaves, the next begins the day after."""
        seat = self._some_seat(number)
        if seat:
            self.leave(seat, self._today())
            self.appoint(seat, self._today() + timedelta(1))
            self.bring(f"{seat.body}/{seat.role} follows")

    def _vacancy(self, number: int) -> None:
        """One has left a few days ago, and nobody follows for weeks."""
        seat = self._some_seat(number)
        if not seat:
            return
        chance, today = self._world.chance, self._today()
        self.leave(seat, today - timedelta(chance.between(0, 5, "left", number)))
        self.bring(f"{seat.body}/{seat.role} vacant")
        back = next_working_day(today + timedelta(chance.between(3, 70, "vacant for", number)))
        self._future.plan(local_moment(back, time(11, 0)), lambda: self._fill(seat))

    def _fill(self, seat: Seat) -> None:
        if seat.body in self._world.dissolved:
            return
        if not any(each.is_held(self._today()) for each in self.lists.seats if _same_office(each, seat)):
            self.appoint(seat, self._today())
            self.bring(f"{seat.body}/{seat.role} filled")

    def _address(self, number: int) -> None:
        """Somebody gets a new address; the old one lives on, and mail may not go there any more."""
        seat = self._some_seat(number)
        if seat:
            self._new_address(seat.person)
            self.bring(f"{seat.body}/{seat.role} new address")

    def _blocked(self, number: int) -> None:
        """A mailbox is closed; the municipality finds out much later."""
        seat = self._some_seat(number)
        if not seat:
            return
        self._world.server.gone[self.lists.persons[seat.person][2]] = self._world.clock.moment
        self._world.tell(f"{seat.body}/{seat.role} mailbox closed")
        found = self._today() + timedelta(self._world.chance.between(5, 120, "found", number))
        self._future.plan(local_moment(found, time(10, 0)), lambda: self._mend(seat))

    def _mend(self, seat: Seat) -> None:
        self._new_address(seat.person)
        self.bring(f"{seat.body}/{seat.role} reachable again")

    def _meeting(self, number: int) -> None:
        """A meeting to come moves a week, or is cancelled."""
        coming = [meeting for meeting in self.lists.meetings if meeting[1] > self._today().isoformat()]
        if not coming:
            return
        aimed_at = set(self._world.database.ask(_AIMED_AT))
        coming = [meeting for meeting in coming if tuple(meeting) in aimed_at] or coming
        meeting = self._world.chance.pick(coming, "meeting", number)
        days = self._world.chance.pick((-7, 7, 14, None), "moved by", number)
        self.lists.meetings.remove(meeting)
        if days is not None:
            moved = date.fromisoformat(meeting[1]) + timedelta(days)
            if moved > self._today() and [meeting[0], moved.isoformat()] not in self.lists.meetings:
                self.lists.meetings.append([meeting[0], moved.isoformat()])
        self.bring(f"{meeting[0]} meeting of {meeting[1]} moved by {days}")

    # -- the lists -----------------------------------------------------------------------------------------------------

    def _today(self) -> date:
        return local_date(self._world.clock.now())

    def _some_seat(self, number: int) -> Seat | None:
        today = self._today()
        held = [seat for seat in self.lists.seats if seat.role in _ROLES and seat.is_held(today) and not seat.ends_on]
        awaited = set(self._world.database.ask(_AWAITED))
        awaited |= {(body, "vice_chair") for body, role in awaited if role == "chair"}
        held = [seat for seat in held if (seat.body, seat.role) in awaited] or held
        return self._world.chance.pick(held, "seat", number) if held else None

    def leave(self, seat: Seat, last: date) -> None:
        """Let somebody's last day be this, or their first where that is later."""
        seats = self.lists.seats
        last = max(last, date.fromisoformat(seat.starts_on))
        seats[seats.index(seat)] = replace(seat, ends_on=last.isoformat())
        self._note(seat)

    def appoint(self, seat: Seat, first: date) -> None:
        """Let somebody new hold an office from a day on."""
        self._newcomers += 1
        key = f"ny-{self._newcomers}-{seat.role.replace('_', '-')}-{seat.body}"
        address = f"ny.{self._newcomers}@{self._world.slug}.example.org"
        self.lists.persons[key] = [key, f"Ny {self._newcomers}", address, "sv"]
        self.lists.seats.append(Seat(seat.body, seat.role, key, first.isoformat(), ""))
        self._note(seat)

    def _note(self, seat: Seat) -> None:
        self._world.seat_changes.setdefault((seat.body, seat.role), []).append(self._today() + timedelta(1))

    def _new_address(self, person: str) -> None:
        self._newcomers += 1
        self.lists.persons[person][2] = f"bytt.{self._newcomers}@{self._world.slug}.example.org"

    def bring(self, what: str) -> None:
        """Import the lists."""
        world = self._world
        world.tell(what)
        world.seatings.append((world.clock.moment, tuple(self.lists.seats)))
        sheets = read_files(list(self.lists.files()))
        # Every body and meeting that is missing here is missing on purpose.
        report = import_sheets(world.database, world.municipality_id, sheets, world.clock.now(), confirm=True)
        for error in report.errors:
            world.breaks("officials", f"{what}: {error.file} {error.line} {error.column}: {error.message}")


def _same_office(one: Seat, other: Seat) -> bool:
    return (one.body, one.role) == (other.body, other.role)


#: Offices that mail is on its way to: a change there does the most harm.
_AWAITED = """
SELECT DISTINCT body.slug, role FROM notice JOIN post ON post.id = post_id JOIN body ON body.id = body_id
WHERE status IN ('planned', 'mailed')
"""
#: Meetings at which an open case is to be decided: one that moves moves its days.
_AIMED_AT = """
SELECT body.slug, meeting_on FROM "case" JOIN body ON body.id = body_id WHERE state = 'open' AND meeting_on IS NOT NULL
"""
