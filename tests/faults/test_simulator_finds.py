"""Each of thirteen safeguards is missed by the simulator: without it some promise breaks within a thousand seeds.

The first seed that breaks is committed, so that a safeguard that moves, or a simulator that grows blind, is noticed.
Long; part of ./run faults.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.mutation import Edit, copy_program, mutate
from tests.faults.mutation import Mutation as WithTests
from tests.house import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MOST_SEEDS = 1000
#: New terms, goals, follow-ups and their extensions: long enough for everything to happen once.
SPAN = ("--from", "2026-10-15", "--until", "2028-03-31")
LEDGER = 'UniqueConstraint("municipality_id", "case_id", "due_on", "rung", "post_id", "turn", name="uq_notice_ledger"),'
LEDGER_MIGRATION = "styrhjul/db/migrations/versions/20261122_follow_whole_terms.py"
LEDGER_MIGRATED = '"uq_notice_ledger", ["municipality_id", "case_id", "due_on", "rung", "post_id", "turn"]'
NO_KEY = '"uq_notice_ledger", ["municipality_id", "id", "turn"]'
LAST_LOOK, OUTCOME, DELIVER, PLANNER = (
    "styrhjul/services/delivery/last_look.py",
    "styrhjul/services/delivery/outcome.py",
    "styrhjul/services/delivery/deliver.py",
    "styrhjul/domain/planner.py",
)


def without(*edits: Edit) -> WithTests:
    return WithTests(edits=edits, tests=())


SAFEGUARDS = {
    "unique key": without(Edit("styrhjul/db/case_model.py", LEDGER), Edit(LEDGER_MIGRATION, LEDGER_MIGRATED, NO_KEY)),
    "conditional claim": without(
        Edit("styrhjul/db/outbox_query.py", "Mail.lease_until <= _AT", "Mail.lease_until.is_not(None)"),
        Edit("styrhjul/db/turn.py", "Mail.lease_until <= _AT", "Mail.lease_until.is_not(None)"),
    ),
    "lease fence": without(
        Edit(LAST_LOOK, "mail.fence != claimed.fence or "),
        Edit(OUTCOME, "mail if mail.fence == claimed.fence else None", "mail"),
    ),
    "accepted marker": without(
        Edit(
            DELIVER,
            "record_attempt(connection, mail, AttemptOutcome.ACCEPTED, reply.reply, self.clock())",
            "pass",
        )
    ),
    "re-check": without(Edit(LAST_LOOK, "not _still_holds(look, is_telling=telling is not None)", "not look")),
    "holder re-resolve": without(
        Edit(
            "styrhjul/services/delivery/compose.py",
            "Readers(organisation, today)",
            "Readers(organisation, min(notice.planned_on for notice in notices))",
        ),
        Edit(
            LAST_LOOK,
            "Readers(organisation, local_date(now))",
            "Readers(organisation, group[0].composed_at.date())",
        ),
        Edit(LAST_LOOK, "reader is None or reader.address != mail.address", "reader is None"),
    ),
    "warned first": without(
        Edit("styrhjul/domain/ladder.py", "        elif rung.after is None:", "        elif rung.key:")
    ),
    "superseding": without(
        Edit(PLANNER, "_is_recorded(facts, day.rung, post)", "_is_recorded(told, day.rung, post)"),
        Edit(PLANNER, "yield _supersede(facts, day, post)", "yield _send(facts, day, post)"),
        Edit(
            "styrhjul/services/mailing/mailbox.py",
            "key = (waiting.notice.case_id, waiting.notice.post_id)",
            "key = (waiting.notice.id, waiting.notice.post_id)",
        ),
        Edit(LAST_LOOK, " and not _overtaken(look)"),
    ),
    "re-arm": without(Edit(PLANNER, " and (once or notice.due_on == facts.due_on)", " and (once or notice.due_on)")),
    "same-transaction cancel": without(
        Edit(
            "styrhjul/db/answer_write.py",
            "    cancel_open_notices(session, [case.case_id], ANSWERED, at, by=PLANNER)\n",
        )
    ),
    "newcomer told": without(
        Edit("styrhjul/domain/presence.py", "if notice.status in WAITING:", "if notice.status in NoticeStatus:")
    ),
    "newcomer warned": without(
        Edit("styrhjul/domain/ladder.py", "followers = asked & facts.anew", "followers = asked & set()")
    ),
    "freshness": without(Edit("styrhjul/services/mailing/freshness.py", "if now - mail.composed_at < NEW:", "if now:")),
}

#: The first seed that breaks without the safeguard, and what is said of it.
FOUND = {
    "unique key": (1, "duplicate"),
    "conditional claim": (1, "duplicate"),
    "lease fence": (1, "mail"),
    "accepted marker": (1, "duplicate"),
    "re-check": (2, "after the answer"),
    "holder re-resolve": (2, "former holder"),
    "warned first": (2, "unwarned"),
    "superseding": (1, "ladder"),
    "re-arm": (8, "missed"),
    "same-transaction cancel": (1, "half an answer"),
    "newcomer told": (2, "newcomer"),
    "newcomer warned": (14, "unwarned"),
    "freshness": (8, "stale"),
}
#: Each seed once.
SEEDS_FOUND = sorted({seed for seed, _ in FOUND.values()})


@pytest.mark.faults
@pytest.mark.parametrize("name", SAFEGUARDS)
def test_without_it_the_simulator_finds_something(name: str, tmp_path: Path) -> None:
    tree = copy_program(tmp_path / "program")
    mutate(tree, SAFEGUARDS[name])
    told = simulated(tree, "--seed", "1", "--seeds", str(MOST_SEEDS))
    print(f"\n{name}:", told["broken"][:1])  # noqa: T201 - the proof, for ./run faults -s
    assert FOUND[name] in {(each["seed"], each["what"].partition(":")[0]) for each in told["broken"]}


@pytest.mark.faults
def test_with_all_of_them_the_seeds_found_are_green() -> None:
    """Else what was found above would prove nothing."""
    assert [told for seed in SEEDS_FOUND for told in simulated(ROOT, "--seed", str(seed))["broken"]] == []


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_the_safeguard_stands_where_the_simulator_misses_it(name: str) -> None:
    """Quick, so that whoever moves a safeguard hears of it at once."""
    times = [(ROOT / edit.file).read_text(encoding="utf-8").count(edit.old) for edit in SAFEGUARDS[name].edits]
    assert set(times) == {1}


def simulated(tree: Path, *options: str) -> Any:  # noqa: ANN401 - JSON
    """What `styrhjul simulate --json` tells in a copy of the program."""
    done = subprocess.run(
        [sys.executable, "-m", "styrhjul", "simulate", *SPAN, "--faults", "--json", *options],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return json.loads(done.stdout)
