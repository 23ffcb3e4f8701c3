"""The simulator's oracle: a life in which nothing goes wrong is clean, and whatever is planted in it is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
import structlog.testing

from styrhjul.services.simulate import Span, Town, live, undisturbed
from styrhjul.services.simulation.oracle import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from styrhjul.services.simulation.world import World

#: Long enough for goals that nobody sets to go up, and for the summer after.
SPAN = Span(first=date(2026, 10, 15), last=date(2027, 8, 31))
TOWN = Town(slug="herrljunga", seed=3, span=SPAN)


@dataclass(frozen=True)
class Lived:
    """A life and the picture of its end, so that every test begins with the same."""

    world: World
    picture: bytes

    def judged(self, *planted: str) -> set[str]:
        """The kinds of complaint after SQL that should not have happened; each statement must change something."""
        self.world.database.set_back(self.picture)
        for statement in planted:
            before = self.world.database.changes
            self.world.database.ask(statement)
            assert self.world.database.changes > before, statement
        del self.world.broken[:]
        judge(self.world, undisturbed_rounds())
        return {line.partition(":")[0] for line in self.world.broken}


def undisturbed_rounds() -> frozenset[tuple[str, str, str, str]]:
    return undisturbed(TOWN.slug, TOWN.span)


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    with structlog.testing.capture_logs():
        undisturbed_rounds()  # lived first: a new life ends the one before
        world = live(TOWN)
        yield Lived(world, world.database.picture())


def test_a_life_without_trouble_is_clean(lived: Lived) -> None:
    assert lived.judged() == set()


@pytest.mark.parametrize("rung", ["opened", "reminder", "last_reminder", "warning"])
def test_a_rung_that_is_not_in_the_ledger_is_missed(lived: Lived, rung: str) -> None:
    assert "missed" in lived.judged(f"UPDATE notice SET rung = rung || '_9' WHERE rung = '{rung}'")  # noqa: S608


#: The item of the last mail tells of the notice of the first mail's once more.
AGAIN = """
UPDATE mail_item SET notice_id = (SELECT notice_id FROM mail_item WHERE notice_id IS NOT NULL ORDER BY rowid LIMIT 1)
WHERE rowid = (SELECT max(rowid) FROM mail_item WHERE notice_id IS NOT NULL)
"""


def test_the_same_notice_in_two_mails_is_a_duplicate(lived: Lived) -> None:
    assert "duplicate" in lived.judged(AGAIN)


def test_it_is_none_where_nobody_knew_that_the_first_was_taken(lived: Lived) -> None:
    taken = lived.world.server.taken
    known = list(taken)
    taken[:] = [replace(each, told=False) for each in known]
    try:
        assert "duplicate" not in lived.judged(AGAIN)
    finally:
        taken[:] = known
