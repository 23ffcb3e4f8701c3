"""The oracle: what must hold at the end of a life, judged from the tables and from what the mail server took.

It asks the rows in SQL, the journal, the lists the world itself brought and the mails' own words. With the product it
shares the calendar, the fold of a journal, `step` and `effective`: a fault in one of these it cannot see. Nor does it
judge whether a due day is the right one: the dated tests do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from styrhjul.domain.lifecycle import FINAL_STATES
from styrhjul.services.simulation.chronicle import judge_chronicle
from styrhjul.services.simulation.delivered import Delivered, declared, delivered_in
from styrhjul.services.simulation.server import Taken
from styrhjul.services.simulation.successors import judge_escalations, judge_newcomers
from styrhjul.services.simulation.upward import judge_upward
from styrhjul.services.simulation.world import World
from workflows import LIFECYCLES

#: Retries go on for five days, and mail leaves on working days only.
_ON_ITS_WAY_DAYS = 14

#: Rounds of years before this one depend on the day a body took office.
_SETTLED = "2028"

#: What stands in place of the document of a round that law asks for.
_NO_POLICY = "-"

Round = tuple[str, str, str, str]


def judge(world: World, undisturbed: frozenset[Round]) -> None:
    """Note in `world.broken` everything that does not hold."""
    delivered = list(delivered_in(world))
    _judge_copies(world)
    _judge_doubles(world, delivered)
    _judge_climbing(world, delivered)
    judge_escalations(world, delivered)
    _judge_ends(world)
    _judge_rounds(world, undisturbed)
    _judge_digests(world, delivered)
    cases = judge_chronicle(world)
    judge_upward(world, cases, delivered)
    judge_newcomers(world, cases, delivered)


def rounds_of(world: World) -> frozenset[Round]:
    """Return every round that has opened."""
    return frozenset(world.database.ask(_ROUNDS))


def _judge_copies(world: World) -> None:
    """The same mail is taken twice only when we cannot know that it was; and then it is the same."""
    copies: dict[str, list[Taken]] = defaultdict(list)
    for taken in world.server.taken:
        copies[taken.message_id].append(taken)
    for message_id, same in copies.items():
        if any(each.told for each in same[:-1]):
            world.breaks("duplicate", f"{same[-1].to} got {message_id} again on {same[-1].at:%Y-%m-%d}")
        if len({each.sha256 for each in same}) > 1:
            world.breaks("duplicate", f"{message_id} was changed between two tries")
    for message_id, status in world.database.ask(_UNFINISHED):
        if message_id in copies and copies[message_id][-1].told:
            world.breaks("mail", f"{message_id} was accepted, yet is {status}")


def _judge_doubles(world: World, delivered: list[Delivered]) -> None:
    """The same notice never stands in two mails to one reader, nor twice in the ledger.

    Unless the first was taken without anybody knowing, and could not be sent again as it was.
    """
    mails: dict[tuple[str, ...], dict[str, bool]] = defaultdict(dict)
    for each in sorted(delivered, key=lambda each: each.taken.at):
        notice = (each.case_id, each.due_on, each.rung, each.post_id, each.reader, str(each.given))
        mails[notice][each.message_id] = each.told
    for key, found in mails.items():
        if any(list(found.values())[:-1]):
            world.breaks("duplicate", f"{' '.join(key)} in {len(found)} mails")
    for number, *doubled in world.database.ask(_LEDGER):
        world.breaks("duplicate", f"{' '.join(map(str, doubled))} stands {number} times in the ledger")


def _judge_climbing(world: World, delivered: list[Delivered]) -> None:
    """In one office a ladder only goes up, one rung at a time; who follows somebody hears of it in their own turn."""
    ladders: dict[tuple[str, ...], list[Delivered]] = defaultdict(list)
    for each in delivered:
        ladders[each.case_id, each.due_on, each.post_id, each.reader, str(each.given)].append(each)
    for climbed in ladders.values():
        climbed.sort(key=lambda each: (each.taken.at, each.height))
        for lower, higher in pairwise(climbed):
            again = lower.rung == higher.rung and not lower.told
            if (lower.height >= higher.height and not again) or lower.message_id == higher.message_id:
                world.breaks("ladder", f"{lower.lifecycle} {higher.rung} came after {lower.rung} on {higher.on}")


def _judge_digests(world: World, delivered: list[Delivered]) -> None:
    """Whoever stands above everybody gets one mail a week, whatever it tells of."""
    weeks: dict[tuple[str, int, int], set[str]] = defaultdict(set)
    for each in delivered:
        if each.told and LIFECYCLES[each.lifecycle].rung(declared(each.rung)).at.digest:
            year, week, _ = each.on.isocalendar()
            weeks[each.taken.to, year, week].add(each.message_id)
    for (to, year, week), mails in weeks.items():
        if len(mails) > 1:
            world.breaks("digest", f"{to} got {len(mails)} in week {week} of {year}")


def _judge_ends(world: World) -> None:
    """Nothing is stuck: every notice came to an end, and every case is over or will wake."""
    old = (world.span.last - timedelta(_ON_ITS_WAY_DAYS)).isoformat()
    for lifecycle, rung, status, planned_on in world.database.ask(_STUCK, old, f"{old} 00:00:00"):
        world.breaks("missed", f"{lifecycle} {rung} planned on {planned_on} is still {status}")
    for lifecycle, period, state, wakes in world.database.ask(_CASES):
        if (state in FINAL_STATES) == bool(wakes):
            world.breaks("sleep", f"{lifecycle} {period} is {state} and {'wakes' if wakes else 'never wakes'}")
    for lifecycle, error in world.database.ask("SELECT lifecycle, error FROM quarantine"):
        world.breaks("stuck", f"{lifecycle} in quarantine: {error}")


def _judge_rounds(world: World, undisturbed: frozenset[Round]) -> None:
    """Every round that opens when nothing goes wrong has opened.

    Unless its document was repealed: then nothing is handed over either. Nor is a body asked that is no more, or about
    another term than the one it took office for.
    """
    repealed = {slug for (slug,) in world.database.ask("SELECT slug FROM policy WHERE repealed_on IS NOT NULL")}
    if repealed:
        repealed.add(_NO_POLICY)
    for policy, lifecycle, body, period in sorted(undisturbed - rounds_of(world)):
        if policy in repealed or body in world.dissolved or (body in world.other_terms and period < _SETTLED):
            continue
        world.breaks("missed", f"{lifecycle} {period} of {body} for {policy} never opened")


def count_broken(world: World) -> Counter[str]:
    """Return how many things broke, by kind."""
    return Counter(line.partition(":")[0] for line in world.broken)


_ROUNDS = f"""
SELECT coalesce(policy.slug, '{_NO_POLICY}'), lifecycle, body.slug, period
FROM "case" JOIN body ON body.id = body_id LEFT JOIN policy ON policy.id = policy_id
"""  # noqa: S608 - our own word
_UNFINISHED = "SELECT message_id, status FROM mail WHERE status NOT IN ('accepted', 'queued', 'sending')"
_LEDGER = """
SELECT count(*), case_id, due_on, rung, post_id, turn FROM notice
GROUP BY case_id, due_on, rung, post_id, turn HAVING count(*) > 1
"""
_STUCK = """
SELECT lifecycle, rung, status, planned_on FROM notice JOIN "case" ON "case".id = case_id
WHERE status IN ('planned', 'mailed') AND planned_on < ? AND not_before_at < ?
"""
_CASES = """
SELECT "case".lifecycle, period, state, (SELECT count(*) FROM wake WHERE subject_id = "case".id) FROM "case"
"""
