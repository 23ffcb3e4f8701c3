"""The trace: one line per event, from the journal and from what happened outside; the same for the same seed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from styrhjul.services.simulation.world import World


def trace_of(world: World) -> Iterator[str]:
    """Yield the lines in the order of their moments, the journal's before those of the world outside."""
    lines = [*_journal(world), *((each.at, 1, number, each.what) for number, each in enumerate(world.happenings))]
    for at, _, _, what in sorted(lines):
        yield f"{at:%Y-%m-%dT%H:%M:%SZ} {world.slug} {what}"


def _journal(world: World) -> Iterator[tuple[datetime, int, int, str]]:
    cases = {row[0]: " ".join(row[1:]) for row in world.database.ask(_CASES)}
    posts = {row[0]: f"{row[1]}/{row[2]}" for row in world.database.ask(_POSTS)}
    rungs: dict[tuple[str, str], list[str]] = {}
    for mail_id, case_id, rung in world.database.ask(_ITEMS):
        rungs.setdefault((mail_id, case_id), []).append(rung)
    for number, at, kind, case_id, stored in world.database.ask(_ENTRIES):
        data = json.loads(stored)
        told = [cases.get(case_id, "-"), kind]
        told += [str(data[key]) for key in ("event", "rung", "due_on", "outcome", "reason") if data.get(key)]
        told += rungs.get((data.get("mail", ""), case_id), [])
        told += [posts.get(data["post"], "-")] if "post" in data else []
        yield datetime.fromisoformat(at).replace(tzinfo=UTC), 0, number, " ".join(told)


_CASES = """
SELECT "case".id, body.slug, lifecycle, period, coalesce(policy.slug, '-')
FROM "case" JOIN body ON body.id = body_id LEFT JOIN policy ON policy.id = policy_id
"""
_POSTS = "SELECT post.id, body.slug, role FROM post JOIN body ON body.id = body_id"
_ITEMS = """
SELECT mail_id, mail_item.case_id, coalesce(rung, 'receipt')
FROM mail_item LEFT JOIN notice ON notice.id = notice_id ORDER BY 1, 2, 3
"""
_ENTRIES = "SELECT number, at, kind, case_id, data FROM journal_entry ORDER BY number"
