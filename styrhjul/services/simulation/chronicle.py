"""What the journal tells of each case: whether it is whole, whether it folds to the row, whether a rung was lost."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from styrhjul.domain.journal import GENESIS, Entry, EntryKind, fold, seal
from styrhjul.domain.lifecycle import Lifecycle, NotAllowed
from styrhjul.domain.rung import Anchor, Audience, Rung
from styrhjul.services.simulation.chase import Chase, chases, days_of
from styrhjul.services.simulation.world import World
from workflows import LIFECYCLES

#: A case chased so long after the day of a rung has passed it, even where nobody swept for weeks, twice.
_AFTER = timedelta(65)

_MAIL_ENDS = (
    EntryKind.MAIL_ACCEPTED,
    EntryKind.MAIL_FAILED,
    EntryKind.MAIL_CANCELLED,
    EntryKind.MAIL_NOT_RESENT,
)


def judge_chronicle(world: World) -> None:
    """Note what the journal gives away."""
    entries = list(_entries(world))
    by_case: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.case_id:
            by_case[entry.case_id].append(entry)
    _judge_mail_ends(world, entries)
    noticed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for case_id, due_on, rung in world.database.ask("SELECT DISTINCT case_id, due_on, rung FROM notice"):
        noticed[case_id][due_on].add(rung)
    for case_id, key, state, due_on, opens_on, is_binding in world.database.ask(_CASES):
        lifecycle = LIFECYCLES[key]
        _judge_row(world, lifecycle, by_case[case_id], (state, due_on))
        case = _Followed(date.fromisoformat(opens_on), bool(is_binding), noticed[case_id])
        if not case.noticed_ever:
            continue  # nobody holds any office there
        for chase in chases(lifecycle, by_case[case_id], world.papers.get(case_id), world.span.last):
            _judge_rungs(world, lifecycle, chase, case)


@dataclass(frozen=True, slots=True)
class _Followed:
    """A case, and the rungs in its ledger by due day."""

    opens_on: date
    is_binding: bool
    noticed: Mapping[str, set[str]]

    @property
    def noticed_ever(self) -> set[str]:
        return set().union(*self.noticed.values())


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


def _judge_rungs(world: World, lifecycle: Lifecycle, chase: Chase, case: _Followed) -> None:
    """Every rung that could still leave stands in the ledger, sent or not."""
    for key in _owed(world, lifecycle, chase, case):
        once = lifecycle.rung(key).at.anchor is Anchor.OPENING
        found = case.noticed_ever if once else case.noticed[chase.due_on.isoformat()]
        if key not in found:
            world.breaks("missed", f"{lifecycle.key} {key} of a case due on {chase.due_on}")


def _owed(world: World, lifecycle: Lifecycle, chase: Chase, case: _Followed) -> Iterator[str]:
    """Yield the rungs that had a day, whatever moved meanwhile, and time enough after it."""
    ladders = world.ladders_of(lifecycle.key, chase.since, chase.until)
    warnings = {rung.after for rung in lifecycle.ladder if rung.after}
    for declared in lifecycle.ladder:
        if declared.to is not Audience.HOLDER or declared.after or (declared.key in warnings and not case.is_binding):
            continue
        days = set(chain.from_iterable(_days(declared.key, ladder, chase, case.opens_on) for ladder in ladders))
        reached = [day for day in days if day]
        if len(reached) == len(days) and chase.until >= max(*reached, chase.since) + _AFTER:
            yield declared.key


def _days(key: str, ladder: tuple[Rung, ...], chase: Chase, opens_on: date) -> set[date | None]:
    found = next((rung for rung in ladder if rung.key == key), None)
    return days_of(found, ladder, chase, opens_on) if found else {None}


_JOURNAL = "SELECT number, at, kind, by, case_id, data, seal FROM journal_entry ORDER BY number"
_CASES = """
SELECT id, lifecycle, state, due_on, opens_on, is_binding FROM "case" WHERE state <> 'not_followed'
"""
