"""The witness: stands beside the mail server and the answer form, and notes what must never be seen there."""

from __future__ import annotations

import json
from datetime import date, time, timedelta

from styrhjul.domain.calendar import is_ordinary_day
from styrhjul.domain.moment import STOCKHOLM, local_date
from styrhjul.domain.rung import Audience
from styrhjul.services.simulation.delivered import declared
from styrhjul.services.simulation.offices_change import OfficesChange
from styrhjul.services.simulation.wording import days_it_goes_up, last_days, words_of
from styrhjul.services.simulation.world import World
from workflows import LIFECYCLES

#: A run that began before the office closed may send a last mail after it.
_ONE_RUN = timedelta(minutes=2)


class Witness:
    """Looks at every mail before the server answers, and at every case after an answer was tried."""

    def __init__(self, world: World, offices: OfficesChange | None) -> None:
        self._world = world
        self._offices = offices
        world.server.on_mail.append(self._see_mail)
        world.on_answer.append(self._see_answer)

    def _see_mail(self, message_id: str, to: str) -> None:
        world, today = self._world, local_date(self._world.clock.now())
        if self._offices and to not in self._offices.addresses_on(today):
            world.breaks("former holder", f"{to} was written to on {today}")
        items = world.database.ask(_ITEMS, message_id)
        if items:  # a receipt goes at once: somebody has just pressed the button
            self._see_hour(to)
            self._see_words(message_id, to, {date.fromisoformat(row[2]) for row in items})
        for lifecycle, state, due_on, rung, noticed, post_id, assigned in items:
            self._see_reader(to, rung, post_id, today)
            if assigned not in {None, post_id} and LIFECYCLES[lifecycle].rung(declared(rung)).to is Audience.HOLDER:
                world.breaks("former holder", f"{lifecycle} {rung} to {to} on {today}, who has given the case away")
            if state not in LIFECYCLES[lifecycle].chased and rung not in _told_anyway(lifecycle):
                world.breaks("after the answer", f"{lifecycle} {rung} to {to} on {today}, the case being {state}")
            elif due_on != noticed:
                world.breaks("after the answer", f"{lifecycle} {rung} to {to} on {today} for {noticed}, not {due_on}")

    def _see_words(self, message_id: str, to: str, due: set[date]) -> None:
        """Its own words name no last day of these cases, nor any day on which one goes up, that has passed."""
        today = local_date(self._world.clock.now())
        words = words_of(self._world.server.offered.get(message_id, b""))
        named = (last_days(words, today) & due) | days_it_goes_up(words, today)
        for day in sorted(day for day in named if day < today):
            self._world.breaks("stale", f"{to} was told on {today} of {day} as if it were ahead")

    def _see_hour(self, to: str) -> None:
        """Mail leaves on ordinary days, while the office is open, by the municipality's own clock."""
        world, now = self._world, self._world.clock.now()
        [(opens, closes, rest_months)] = world.database.ask(_PRACTICE)
        begun = (now - _ONE_RUN).astimezone(STOCKHOLM).time()
        if now.astimezone(STOCKHOLM).time() < time.fromisoformat(opens) or begun >= time.fromisoformat(closes):
            world.breaks("hours", f"{to} was written to at {now:%Y-%m-%d %H:%M} UTC, the office being closed")
        if not is_ordinary_day(local_date(now), frozenset(map(int, json.loads(rest_months)))):
            world.breaks("hours", f"{to} was written to on {local_date(now)}, which is no ordinary day")

    def _see_reader(self, to: str, rung: str, post_id: str, today: date) -> None:
        """Whoever reads it holds that very office, or is the vice chair of a chair who cannot be reached."""
        if not self._offices:
            return
        [(body, role)] = self._world.database.ask(_OFFICE, post_id)
        readers = self._offices.addresses_of(body, role, today)
        if role == "chair" and not readers - self._world.server.gone.keys():
            readers |= self._offices.addresses_of(body, "vice_chair", today)
        if to not in readers:
            self._world.breaks("wrong reader", f"{rung} for {body}/{role} went to {to} on {today}")

    def _see_answer(self, case_id: str) -> None:
        """State, answer and silence came in one transaction, whatever was killed.

        What is told anyway may still wait: its mail was called off for something else in it, and is composed anew.
        """
        for lifecycle, state, answers, moves, waiting in self._world.database.ask(_ANSWERED, case_id):
            if answers != moves:
                self._world.breaks("half an answer", f"{lifecycle} has {answers} and moved {moves} times for them")
            asked = [rung for rung in json.loads(waiting) if rung not in _told_anyway(lifecycle)]
            if state not in LIFECYCLES[lifecycle].chased and asked:
                self._world.breaks("half an answer", f"{lifecycle} is {state}, {len(asked)} notices still wait")


def _told_anyway(lifecycle: str) -> set[str]:
    return {each.key for each in LIFECYCLES[lifecycle].ladder if each.told_anyway}


_ITEMS = """
SELECT lifecycle, state, "case".due_on, rung, notice.due_on, notice.post_id, assigned.id
FROM mail CROSS JOIN mail_item ON mail_id = mail.id
CROSS JOIN notice ON notice.municipality_id = mail.municipality_id AND notice.id = notice_id
CROSS JOIN "case" ON "case".municipality_id = mail.municipality_id AND "case".id = notice.case_id
LEFT JOIN post AS assigned
ON assigned.municipality_id = mail.municipality_id AND assigned.id = assigned_post_id AND assigned.ended_on IS NULL
WHERE message_id = ?
"""
_PRACTICE = "SELECT office_opens, office_closes, rest_months FROM municipality"
_OFFICE = """
SELECT body.slug, role FROM post JOIN body ON body.municipality_id = post.municipality_id AND body.id = body_id
WHERE post.id = ?
"""
_ANSWERED = """
SELECT lifecycle, state,
       (SELECT count(*) FROM answer
        WHERE answer.municipality_id = "case".municipality_id AND answer.case_id = "case".id),
       (SELECT count(*) FROM journal_entry
        WHERE journal_entry.municipality_id = "case".municipality_id AND journal_entry.case_id = "case".id
        AND kind = 'case_moved' AND json_extract(data, '$.answer') IS NOT NULL),
       (SELECT json_group_array(rung) FROM notice
        WHERE notice.municipality_id = "case".municipality_id AND notice.case_id = "case".id AND status = 'planned')
FROM "case" WHERE id = ?
"""
