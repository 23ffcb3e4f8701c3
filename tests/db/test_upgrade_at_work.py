"""A town goes on in this version while its tables become those of the next, and afterwards; the drill's short form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from styrhjul.db import migrate
from styrhjul.db.session import Database
from styrhjul.services.records.journal import verify_journals
from tests.db.test_migrate_live import STUBBORN, owner, planted, program, upgrading  # noqa: F401 - fixtures
from tests.next_version import BODIES, INDEX
from tests.town import Town, build_town

OPENING = date(2027, 1, 7)


def told(town: Town) -> Counter[str]:
    return Counter(address for address, _ in town.transport.taken)


def test_a_town_misses_nothing_while_its_tables_change_nor_afterwards(
    owner: str,  # noqa: F811
    program: str,  # noqa: F811
    planted: Callable[..., None],  # noqa: F811
    sqlite_database_url: str,
) -> None:
    """It tells everybody as often as another one whose tables stay as they are."""
    planted(*BODIES)
    databases = Database(program), Database(sqlite_database_url)
    town, undisturbed = (build_town(database) for database in databases)
    lives = [lambda: town.live_through(OPENING, OPENING + timedelta(30))]
    with upgrading(*lives, lambda: migrate.upgrade(owner, program=program, patience=STUBBORN)) as [living, upgrade]:
        assert (upgrade.result(), living.result()) == (INDEX, None)
    town.live_through(OPENING + timedelta(31), OPENING + timedelta(60))
    undisturbed.live_through(OPENING, OPENING + timedelta(60))
    assert told(town) == told(undisturbed)
    assert told(town).total() == len(town.mails()) > 0
    assert not verify_journals(databases[0]).broken
    for database in databases:
        database.dispose()
