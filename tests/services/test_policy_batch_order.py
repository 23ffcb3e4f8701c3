"""Files that were sent are held, read by a worker, picked from and stored once, whoever dies; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.db.journal import entries
from styrhjul.db.model import Policy
from styrhjul.db.order_model import Order, OrderStatus
from styrhjul.db.order_query import MOST_TRIES
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.services.foundation.crashpoint import watched
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.foundation.order import OrderLine, order_of
from styrhjul.services.foundation.sent_files import SentFile, pack, unpack
from styrhjul.services.operations.order_making import OrderReport, make_orders
from styrhjul.services.policies.batch import RowState
from styrhjul.services.policies.batch_order import BatchResult, Stored, batch_of, pick, place_batch
from styrhjul.services.policies.store import Signed
from tests.town import Town, build_town

NOW = datetime(2027, 3, 10, 8, tzinfo=UTC)
TEXT = """\
Antagen av: Kommunfullmäktige
Datum: 2024-05-13 § 41

Miljöpolicy för Lillby kommun

Varje nämnd ska årligen besluta om 1-3 mål för sitt miljöarbete.
"""
FILES = (
    SentFile(name="bild.png", refused="filer som slutar på .png läses inte."),
    SentFile(name="miljö.txt", content=TEXT.encode()),
    SentFile(name="tom.txt", content=b" "),
    SentFile(name="mat.txt", content=TEXT.replace("Miljöpolicy", "Matpolicy").encode()),
)
PICKED = Signed(by="Samordnaren", now=NOW, confirm=False)


class Died(Exception):
    """The worker is gone."""


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=("socialnämnden",))


@pytest.fixture
def home(town: Town, tmp_path: Path) -> Iterator[Installation]:
    opened = open_at(town, tmp_path, NOW)
    yield opened
    opened.close()


def open_at(town: Town, folder: Path, now: datetime) -> Installation:
    url = town.database.url.render_as_string(hide_password=False)
    return Installation.open(load_settings(data_dir=folder, database_url=url), StoppedClock(now))


def place(town: Town) -> str:
    return place_batch(town.database, town.municipality_id, FILES, by="Samordnaren", now=NOW)


def choose(town: Town, order_id: str, *numbers: int) -> None:
    pick(town.database, town.municipality_id, order_id, numbers, PICKED)


def result(town: Town, order_id: str) -> BatchResult:
    return batch_of(town.database, town.municipality_id, order_id)


def stands(town: Town, order_id: str) -> OrderLine:
    return order_of(town.database, town.municipality_id, order_id)


def is_held(town: Town) -> bool:
    with town.database.reading(town.municipality_id) as session:
        return session.scalars(select(Order.given)).one() is not None


def brought_in(town: Town) -> list[str]:
    """Tell from the journal who brought each policy in."""
    with town.database.reading(town.municipality_id) as session:
        return [entry.by for entry, _ in entries(session) if entry.kind is EntryKind.POLICY_IMPORTED]


def policies(town: Town) -> int:
    with town.database.reading(town.municipality_id) as session:
        return session.scalar(select(func.count(Policy.id)).where(Policy.id != town.policy_id)) or 0


def test_what_is_packed_comes_out_as_it_went_in_and_is_always_the_same_bytes() -> None:
    twins = (*FILES, FILES[1])
    assert unpack(pack(twins)) == list(twins)
    assert pack(twins) == pack(twins)


def test_files_become_a_table_and_are_held_no_longer(town: Town, home: Installation) -> None:
    order_id = place(town)
    assert is_held(town)
    assert make_orders(home) == OrderReport(made=1)
    assert not is_held(town)
    rows = result(town, order_id).rows
    assert [(row.name, row.state) for row in rows] == [
        ("miljö.txt", RowState.READY),
        ("mat.txt", RowState.SIMILAR),
        ("bild.png", RowState.REFUSED),
        ("tom.txt", RowState.REFUSED),
    ]
    assert rows[2].why == "filer som slutar på .png läses inte."
    assert not any(row.proposal for row in rows), "the text is kept, not what was read in it"
    assert policies(town) == 0


def test_what_is_picked_is_stored_in_the_name_of_whoever_picked(town: Town, home: Installation) -> None:
    order_id = place(town)
    make_orders(home)
    choose(town, order_id, 0, 1)
    assert stands(town, order_id).kept_until is None, "what waits to be stored is never cleared away"
    assert make_orders(home) == OrderReport(made=1)
    assert result(town, order_id) == BatchResult(stored=Stored(documents=2, known=0, waiting=2))
    assert brought_in(town)[-2:] == ["Samordnaren", "Samordnaren"]
    assert policies(town) == 2


def test_a_second_pick_changes_nothing(town: Town, home: Installation) -> None:
    order_id = place(town)
    make_orders(home)
    choose(town, order_id, 0)
    choose(town, order_id, 1)
    make_orders(home)
    choose(town, order_id, 1)
    assert make_orders(home) == OrderReport()
    assert policies(town) == 1


def test_a_second_pick_before_the_first_is_stored_does_not_take_its_place(town: Town, home: Installation) -> None:
    order_id = place(town)
    make_orders(home)
    choose(town, order_id, 0)
    choose(town, order_id, 1)
    make_orders(home)
    with town.database.reading(town.municipality_id) as session:
        titles = session.scalars(select(Policy.title).where(Policy.id != town.policy_id)).all()
    assert titles == ["Miljöpolicy för Lillby kommun"]


def test_whoever_dies_after_storing_is_begun_anew_and_nothing_comes_in_twice(
    town: Town, home: Installation, tmp_path: Path
) -> None:
    order_id = place(town)
    make_orders(home)
    choose(town, order_id, 0)
    before = len(brought_in(town))

    def die(point: str) -> None:
        if point == "before_order_finish":
            raise Died

    with watched(die), pytest.raises(Died):
        make_orders(home)
    assert stands(town, order_id).status is OrderStatus.MAKING
    later = open_at(town, tmp_path, NOW + timedelta(minutes=16))
    assert make_orders(later) == OrderReport(made=1)
    later.close()
    assert result(town, order_id).stored == Stored(documents=0, known=1, waiting=1)
    assert (policies(town), len(brought_in(town)) - before) == (1, 1)


def test_files_that_nobody_lives_to_read_are_held_no_longer(town: Town, home: Installation) -> None:
    order_id = place(town)
    with town.database.municipality(town.municipality_id) as session:
        spent = {"status": OrderStatus.MAKING, "attempts": MOST_TRIES, "lease_until": NOW}
        session.execute(update(Order).values(**spent))
    assert make_orders(home) == OrderReport(tidied=1)
    assert stands(town, order_id).status is OrderStatus.FAILED
    assert "välj sedan filerna igen" in str(stands(town, order_id).fault)
    assert not is_held(town)


def test_a_table_stays_to_be_picked_from_again_where_what_was_picked_could_not_be_stored(
    town: Town, home: Installation
) -> None:
    order_id = place(town)
    make_orders(home)
    choose(town, order_id, 0)
    assert make_orders(home, longest=timedelta()) == OrderReport(failed=1)
    assert "Läs in färre filer åt gången" in str(stands(town, order_id).fault)
    assert len(result(town, order_id).rows) == 4
    choose(town, order_id, 0)
    assert make_orders(home) == OrderReport(made=1)
    assert policies(town) == 1
