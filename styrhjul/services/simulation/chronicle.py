"""What the journal tells of each case: whether it is whole, whether it folds to the row, whether a rung was lost."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from styrhjul.domain.journal import GENESIS, Entry, EntryKind, fold, seal
from styrhjul.domain.lifecycle import Event, Lifecycle, NotAllowed, State, step
from styrhjul.domain.moment import local_date
from styrhjul.domain.rung import Anchor, Audience, Rung
from styrhjul.services.simulation.world import World
from workflows import LIFECYCLES

#: A case chased so long before its due day, and so long after, has passed every rung of the asking; even in July.
_BEFORE, _AFTER = timedelta(70), timedelta(45)

_MAIL_ENDS = (
    EntryKind.MAIL_ACCEPTED,
    EntryKind.MAIL_FAILED,
    EntryKind.MAIL_CANCELLED,
    EntryKind.MAIL_NOT_RESENT,
)


@dataclass(frozen=True, slots=True)
class Chase:
    """From one day to another a case was chased for the same due day."""

    since: date
    until: date
    due_on: str


def judge_chronicle(world: World) -> None:
    """Note what the journal gives away."""
    entries = list(_entries(world))
    by_case: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.case_id:
            by_case[entry.case_id].append(entry)
    _judge_mail_ends(world, entries)
    noticed = set(world.database.ask("SELECT DISTINCT case_id, due_on, rung FROM notice"))
    for case_id, key, state, due_on, is_binding in world.database.ask(_CASES):
        lifecycle = LIFECYCLES[key]
        _judge_row(world, lifecycle, by_case[case_id], (state, due_on))
        ever = {rung for case, _, rung in noticed if case == case_id}
        if not ever:
            continue  # nobody holds any office there
        for chase in _chases(lifecycle, by_case[case_id], world.span.last):
            for rung in _owed(lifecycle, chase, is_binding=bool(is_binding)):
                once = rung.at.anchor is Anchor.OPENING and rung.key in ever
                if not once and (case_id, chase.due_on, rung.key) not in noticed:
                    world.breaks("missed", f"{key} {rung.key} of a case due on {chase.due_on}")


def _entries(world: World) -> Iterator[Entry]:
    """Yield the journal, and note where the chain does not hold."""
    previous, expected = GENESIS, 0
    for number, at, kind, by, case_id, data, sealed in world.database.ask(_JOURNAL):
        expected += 1
        entry = Entry(
            municipality_id=world.municipality_id,
            number=number,
            at=datetime.fromisoformat(at).replace(tzinfo=UTC),
            kind=EntryKind(kind),
            by=by,
            case_id=case_id,
            data=json.loads(data),
        )
        if number != expected or seal(previous, entry) != sealed:
            world.breaks("journal", f"line {number} does not follow from line {expected - 1}")
        previous = sealed
        yield entry
    if world.database.ask("SELECT number, seal FROM journal_head") != [(expected, previous)]:
        world.breaks("journal", "its end is missing")


def _judge_row(world: World, lifecycle: Lifecycle, entries: list[Entry], row: tuple[str, str]) -> None:
    try:
        standing = fold(lifecycle, entries)
    except NotAllowed as false_step:
        world.breaks("journal", f"{lifecycle.key}: {false_step}")
        return
    if standing is None or (standing.state.value, standing.due_on.isoformat()) != row:
        world.breaks("journal", f"{lifecycle.key} folds to {standing}, the row says {row}")


def _judge_mail_ends(world: World, entries: list[Entry]) -> None:
    """Each mail ends once, for each case it speaks of."""
    ends = Counter((str(each.data["mail"]), each.case_id) for each in entries if each.kind in _MAIL_ENDS)
    for (mail_id, _), number in ends.items():
        if number > 1:
            world.breaks("mail", f"{mail_id} ended {number} times")


def _chases(lifecycle: Lifecycle, entries: list[Entry], last: date) -> Iterator[Chase]:
    """Yield the times a case was chased, from its journal and the declared transitions."""
    state, due_on, since = State.OPEN, "", date.min
    for entry in entries:
        after, due_after = state, due_on
        if entry.kind is EntryKind.CASE_OPENED:
            due_after = str(entry.data["due_on"])
        elif entry.kind is EntryKind.CASE_MOVED:
            after = step(lifecycle, state, Event(str(entry.data["event"])))
        elif entry.kind is EntryKind.DUE_MOVED:
            due_after = str(entry.data["due_on"])
        if (after, due_after) != (state, due_on):
            today = local_date(entry.at)
            if state in lifecycle.chased and due_on and since < today:  # sent back and given more time is one decision
                yield Chase(since, today, due_on)
            state, due_on, since = after, due_after, today
    if state in lifecycle.chased and due_on:
        yield Chase(since, last, due_on)


def _owed(lifecycle: Lifecycle, chase: Chase, *, is_binding: bool) -> list[Rung]:
    """Return the rungs that must stand in the ledger, sent or not."""
    due_on = date.fromisoformat(chase.due_on)
    if chase.until < due_on + _AFTER:
        return []
    warnings = {rung.after for rung in lifecycle.ladder if rung.after}
    whole = chase.since <= due_on - _BEFORE
    return [
        rung
        for rung in lifecycle.ladder
        if rung.to is Audience.HOLDER and rung.after is None and (is_binding if rung.key in warnings else whole)
    ]


_JOURNAL = "SELECT number, at, kind, by, case_id, data, seal FROM journal_entry ORDER BY number"
_CASES = """
SELECT id, lifecycle, state, due_on, is_binding FROM "case" WHERE state <> 'not_followed'
"""
