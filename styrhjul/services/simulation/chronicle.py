"""What the journal tells of each case: whether it is whole, whether it folds to the row, whether a rung was lost."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A case that was followed: its journal, when it was chased, and the rungs in its ledger by due day (ISO)."""

    case_id: str
    lifecycle: Lifecycle
    holder: str
    body: str
    opens_on: date
    is_binding: bool
    entries: tuple[Entry, ...]
    chases: tuple[Chase, ...]
    noticed: Mapping[str, set[str]]

    @property
    def noticed_ever(self) -> set[str]:
        """The rungs of every due day."""
        return set().union(*self.noticed.values())


def judge_chronicle(world: World) -> list[Followed]:
    """Note what the journal gives away; return the cases it tells of."""
    entries = list(_entries(world))
    by_case: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.case_id:
            by_case[entry.case_id].append(entry)
    _judge_mail_ends(world, entries)
    followed = list(_followed(world, by_case))
    for case in followed:
        if case.noticed_ever:  # else nobody holds any office there
            for chase in case.chases:
                _judge_rungs(world, case, chase)
    return followed


def _followed(world: World, by_case: Mapping[str, list[Entry]]) -> Iterator[Followed]:
    noticed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for case_id, due_on, rung in world.database.ask("SELECT DISTINCT case_id, due_on, rung FROM notice"):
        noticed[case_id][due_on].add(rung)
    for case_id, key, state, due_on, opens_on, is_binding, holder, body in world.database.ask(_CASES):
        entries = tuple(by_case[case_id])
        if _judge_row(world, LIFECYCLES[key], entries, (state, due_on)):
            yield Followed(
                case_id=case_id,
                lifecycle=LIFECYCLES[key],
                holder=holder,
                body=body,
                opens_on=date.fromisoformat(opens_on),
                is_binding=bool(is_binding),
                entries=entries,
                chases=tuple(_chases(world, LIFECYCLES[key], entries, (case_id, body))),
                noticed=noticed[case_id],
            )


def _chases(world: World, lifecycle: Lifecycle, entries: Sequence[Entry], of: tuple[str, str]) -> Iterator[Chase]:
    """Yield the times a case was chased, as long as its body was there."""
    case_id, body = of
    end = world.dissolved.get(body, date.max)
    for chase in chases(lifecycle, entries, world.papers.get(case_id), world.span.last):
        if chase.since < end:
            yield replace(chase, until=min(chase.until, end))


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


def _judge_row(world: World, lifecycle: Lifecycle, entries: Sequence[Entry], row: tuple[str, str]) -> bool:
    """Fold the journal to the row; tell whether it could be read at all."""
    try:
        standing = fold(lifecycle, entries)
    except NotAllowed as false_step:
        world.breaks("journal", f"{lifecycle.key}: {false_step}")
        return False
    if standing is None or (standing.state.value, standing.due_on.isoformat()) != row:
        world.breaks("journal", f"{lifecycle.key} folds to {standing}, the row says {row}")
    return True


def _judge_mail_ends(world: World, entries: list[Entry]) -> None:
    """Each mail ends once, for each case it speaks of."""
    ends = Counter((str(each.data["mail"]), each.case_id) for each in entries if each.kind in _MAIL_ENDS)
    for (mail_id, _), number in ends.items():
        if number > 1:
            world.breaks("mail", f"{mail_id} ended {number} times")


def _judge_rungs(world: World, case: Followed, chase: Chase) -> None:
    """Every rung that could still leave stands in the ledger, sent or not."""
    lifecycle = case.lifecycle
    for key in _owed(world, case, chase):
        once = lifecycle.rung(key).at.anchor is Anchor.OPENING
        found = case.noticed_ever if once else case.noticed[chase.due_on.isoformat()]
        if key not in found:
            world.breaks("missed", f"{lifecycle.key} {key} of a case due on {chase.due_on}")


def _owed(world: World, case: Followed, chase: Chase) -> Iterator[str]:
    """Yield the rungs that had a day, whatever moved meanwhile, and time enough after it."""
    lifecycle = case.lifecycle
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
SELECT "case".id, lifecycle, state, due_on, opens_on, is_binding, holder, body.slug
FROM "case" JOIN body ON body.id = body_id WHERE state <> 'not_followed'
"""
