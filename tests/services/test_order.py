"""What is ordered is made once, whoever dies on the way, and nobody else's; on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from config.clock import Clock, StoppedClock
from config.settings import load_settings
from styrhjul.db.journal import entries
from styrhjul.db.order_model import Order, OrderKind, OrderStatus
from styrhjul.db.order_query import LEASE, ClaimedOrder, claim_order
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.services.foundation.crashpoint import watched
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.foundation.order import (
    MOST,
    NoSuchOrder,
    OrderLine,
    TooManyOrders,
    Wish,
    fetch_order,
    order_of,
    orders_of,
    place_order,
    remove_order,
)
from styrhjul.services.operations import order_making
from styrhjul.services.operations.order_making import OrderReport, make_orders
from tests.town import Town, build_town

NOW = datetime(2027, 3, 10, 8, tzinfo=UTC)
OPENING = date(2027, 1, 7)
PACK = Wish(kind=OrderKind.AUDIT_PACK, title="Granskningsunderlag", wanted={"policy": "policy"})
WISHES = {
    "lillby-styrdokument-2027.docx": Wish(
        kind=OrderKind.CHAPTER, title="Styrdokument 2027", wanted={"year": "2027", "format": "docx"}
    ),
    "lillby-granskning-policy.zip": PACK,
    "lillby-handlingar-2027-01-01-2027-01-31.zip": Wish(
        kind=OrderKind.RECORDS, title="Handlingar", wanted={"first": "2027-01-01", "last": "2027-01-31"}
    ),
    "lillby-export-2027-03-10.zip": Wish(kind=OrderKind.EXPORT, title="Allt", wanted={}),
}


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=("socialnämnden",))


@pytest.fixture
def home(town: Town, tmp_path: Path) -> Iterator[Installation]:
    url = town.database.url.render_as_string(hide_password=False)
    opened = Installation.open(load_settings(data_dir=tmp_path, database_url=url), StoppedClock(NOW))
    yield opened
    opened.close()


def make_later(home: Installation, after: timedelta) -> OrderReport:
    opened = Installation.open(home.settings, StoppedClock(NOW + after))
    try:
        return make_orders(opened)
    finally:
        opened.close()


def place(town: Town, wish: Wish = PACK) -> str:
    return place_order(town.database, town.municipality_id, wish, by="Revisorn", now=NOW)


def stands(town: Town, order_id: str) -> OrderLine:
    return order_of(town.database, town.municipality_id, order_id)


def journal(town: Town) -> list[tuple[EntryKind, str, dict[str, Value]]]:
    with town.database.reading(town.municipality_id) as session:
        lines = [(entry.kind, entry.by, dict(entry.data)) for entry, _ in entries(session)]
    return [line for line in lines if line[0].startswith("order_")]


# -- making ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WISHES)
def test_each_kind_gives_its_file_with_its_hash(town: Town, home: Installation, name: str) -> None:
    town.live(OPENING)
    order_id = place(town, WISHES[name])
    assert make_orders(home) == OrderReport(made=1)
    made = stands(town, order_id)
    file = fetch_order(town.database, town.municipality_id, order_id, by="Revisorn", now=NOW)
    with ZipFile(BytesIO(file.content)) as package:
        assert package.testzip() is None
    assert (made.status, made.percent, made.fault) == (OrderStatus.DONE, 100, None)
    assert (made.name, made.size_bytes) == (file.name, len(file.content)) == (name, made.size_bytes)
    assert made.sha256 == sha256(file.content).hexdigest()


def test_the_journal_says_who_ordered_and_who_took_what(town: Town, home: Installation) -> None:
    order_id = place(town)
    make_orders(home)
    file = fetch_order(town.database, town.municipality_id, order_id, by="Samordnaren", now=NOW)
    remove_order(town.database, town.municipality_id, order_id, by="Revisorn", now=NOW)
    told = {"order": order_id, "kind": "audit_pack"}
    assert journal(town) == [
        (EntryKind.ORDER_PLACED, "Revisorn", told | {"policy": "policy"}),
        (EntryKind.ORDER_FETCHED, "Samordnaren", told | {"sha256": sha256(file.content).hexdigest()}),
        (EntryKind.ORDER_REMOVED, "Revisorn", told),
    ]


def test_the_same_wish_again_is_the_same_order_until_it_is_made(town: Town, home: Installation) -> None:
    first = place(town)
    assert place(town) == first
    make_orders(home)
    assert place(town) != first
    assert len(journal(town)) == 2


def test_the_one_that_has_waited_longest_is_made_first_and_all_in_the_end(town: Town, home: Installation) -> None:
    place(town, WISHES["lillby-export-2027-03-10.zip"])
    place(town)
    assert make_orders(home) == OrderReport(made=2)
    assert make_orders(home) == OrderReport()


def test_while_one_is_made_no_other_is_begun(town: Town, home: Installation) -> None:
    place(town)
    place(town, WISHES["lillby-export-2027-03-10.zip"])
    with town.database.system() as session:
        assert claim_order(session, NOW) is not None
    assert make_orders(home) == OrderReport()
    assert make_later(home, timedelta(minutes=16)) == OrderReport(made=2)


def test_a_municipality_has_so_many_orders_and_no_more(town: Town) -> None:
    for year in range(MOST):
        place(town, Wish(kind=OrderKind.CHAPTER, title="Avsnitt", wanted={"year": str(2000 + year), "format": "pdf"}))
    with pytest.raises(TooManyOrders, match="Ta bort någon"):
        place(town)
    assert len(journal(town)) == MOST


def test_how_far_it_has_come_is_seen_while_it_is_made(town: Town, home: Installation) -> None:
    town.live(OPENING)  # two mails
    order_id = place(town, WISHES["lillby-handlingar-2027-01-01-2027-01-31.zip"])
    seen: list[int] = []

    def look(point: str) -> None:
        if point == "order_progress":
            seen.append(stands(town, order_id).percent)

    with watched(look):
        make_orders(home)
    assert seen == [0, 50]


# -- what stands in the way --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["after_order_claim_commit", "order_progress", "before_order_finish"])
def test_a_maker_that_is_killed_is_followed_by_another_and_there_is_one_file(
    town: Town, home: Installation, point: str
) -> None:
    order_id = place(town)
    assert killed_making(home, point)
    assert make_later(home, timedelta(minutes=1)) == OrderReport(), "leased still"
    assert make_later(home, timedelta(minutes=16)) == OrderReport(made=1)
    assert stands(town, order_id).status is OrderStatus.DONE
    assert [kind for kind, _, _ in journal(town)] == [EntryKind.ORDER_PLACED]


def test_whoever_is_killed_stops_the_others_orders_for_two_minutes_and_no_longer(
    town: Town, home: Installation
) -> None:
    other = build_town(town.database, "storby", committees=("socialnämnden",))
    place(town)
    waits = place(other)
    assert killed_making(home, "order_progress")
    assert make_later(home, timedelta(seconds=119)) == OrderReport()
    assert make_later(home, timedelta(minutes=2)) == OrderReport(made=2)
    assert stands(other, waits).status is OrderStatus.DONE


@pytest.mark.parametrize("share", [1, 50])
def test_whoever_goes_on_keeps_the_order_also_within_a_percent(
    town: Town, home: Installation, share: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six steps of half a minute: three minutes, and nobody else begins."""
    order_id = place(town)
    begun_by_others: list[bool] = []
    at = [NOW]

    def slow(database: Database, order: ClaimedOrder, progress: Callable[[int, int], None], now: datetime) -> bytes:
        del database, order
        for step in range(6):
            at[0] = now + step * LEASE / 4
            progress(step, 6 * share)
            with town.database.system() as session:
                begun_by_others.append(claim_order(session, now + (step + 3) * LEASE / 4) is not None)
        return b"made"

    monkeypatch.setattr(order_making, "read_or_store", slow)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Order).values(kind=OrderKind.POLICY_BATCH))
    opened = Installation.open(home.settings, Clock(home.settings.data_dir, lambda: at[0]))
    assert make_orders(opened) == OrderReport(made=1)
    opened.close()
    assert begun_by_others == [False] * 6
    assert stands(town, order_id).status is OrderStatus.DONE


def killed_making(home: Installation, point: str) -> bool:
    """Let a process of its own make until it is killed at a crash point."""
    armed = os.environ | {"STYRHJUL_CRASHPOINT": point}
    command = [sys.executable, "-c", _PROGRAM, home.settings.database_url, str(home.settings.data_dir), NOW.isoformat()]
    return subprocess.run(command, env=armed, check=False).returncode == -signal.SIGKILL


_PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.order_making import make_orders
settings = load_settings(database_url=sys.argv[1], data_dir=Path(sys.argv[2]))
make_orders(Installation.open(settings, StoppedClock(datetime.fromisoformat(sys.argv[3]))))
"""


def test_an_order_that_kills_everybody_is_given_up_and_says_so(town: Town, home: Installation) -> None:
    order_id = place(town)
    for number in range(3):
        with town.database.system() as session:
            assert claim_order(session, NOW + number * timedelta(minutes=16)) is not None
    assert make_later(home, timedelta(hours=1)) == OrderReport(tidied=1)
    assert "avbrutits tre gånger" in str(stands(town, order_id).fault)


def test_whoever_was_taken_over_writes_nothing(town: Town, home: Installation) -> None:
    """The first maker was slow, not dead: the second one's fence stands in its way."""
    order_id = place(town)

    def take_over(point: str) -> None:
        if point == "before_order_finish":
            with town.database.municipality(town.municipality_id) as session:
                session.execute(update(Order).values(fence="f" * 32))

    with watched(take_over):
        assert make_orders(home) == OrderReport(stopped=1)
    assert stands(town, order_id).status is OrderStatus.MAKING


@pytest.mark.parametrize("point", ["order_progress", "before_order_finish"])
def test_an_order_that_is_cancelled_while_it_is_made_leaves_nothing(town: Town, home: Installation, point: str) -> None:
    order_id = place(town)

    def cancel(passed: str) -> None:
        if passed == point:
            remove_order(town.database, town.municipality_id, order_id, by="Revisorn", now=NOW)

    with watched(cancel):
        assert make_orders(home) == OrderReport(stopped=1)
    assert orders_of(town.database, town.municipality_id) == []
    with pytest.raises(NoSuchOrder):
        fetch_order(town.database, town.municipality_id, order_id, by="Revisorn", now=NOW)


def test_what_cannot_be_made_says_why_in_swedish(town: Town, home: Installation) -> None:
    gone = place(town, Wish(kind=OrderKind.AUDIT_PACK, title="Borta", wanted={"policy": "borta"}))
    never = place(town, Wish(kind=OrderKind.CHAPTER, title="Förr", wanted={"year": "1999", "format": "json"}))
    assert make_orders(home) == OrderReport(failed=2)
    assert stands(town, gone).fault == "Styrdokumentet finns inte längre."
    assert "finns ingenting att redovisa" in str(stands(town, never).fault)


def test_our_own_fault_is_told_with_a_number_and_nothing_of_it_leaks(town: Town, home: Installation) -> None:
    wrong = place(town, Wish(kind=OrderKind.CHAPTER, title="Fel", wanted={"year": "hemligt", "format": "pdf"}))
    assert make_orders(home) == OrderReport(failed=1)
    fault = str(stands(town, wrong).fault)
    assert wrong[:8] in fault
    assert "hemligt" not in fault


def test_what_takes_too_long_ends_and_says_what_to_do(town: Town, home: Installation) -> None:
    order_id = place(town)
    assert make_orders(home, longest=timedelta()) == OrderReport(failed=1)
    assert "tio minuter" in str(stands(town, order_id).fault)


@pytest.mark.parametrize("name", ["lillby-granskning-policy.zip", "lillby-export-2027-03-10.zip"])
def test_a_file_that_is_too_large_is_not_kept(
    town: Town, home: Installation, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_making, "MOST_BYTES", 100)
    order_id = place(town, WISHES[name])
    assert make_orders(home) == OrderReport(failed=1)
    assert "större än" in str(stands(town, order_id).fault)


def test_a_file_is_here_for_seven_days_and_then_gone(town: Town, home: Installation) -> None:
    order_id = place(town)
    make_orders(home)
    assert stands(town, order_id).kept_until == date(2027, 3, 17)
    assert make_later(home, timedelta(days=7)) == OrderReport()
    assert make_later(home, timedelta(days=8)) == OrderReport(tidied=1)
    with pytest.raises(NoSuchOrder):
        stands(town, order_id)


def test_an_order_that_waits_is_never_cleared_away(town: Town, home: Installation) -> None:
    place(town)
    assert make_later(home, timedelta(days=400)) == OrderReport(made=1)


def test_nobody_elses_order_is_here(town: Town, home: Installation) -> None:
    other = build_town(town.database, "storby", committees=("socialnämnden",))
    order_id = place(town)
    make_orders(home)
    for act in (remove_order, fetch_order):
        with pytest.raises(NoSuchOrder):
            act(other.database, other.municipality_id, order_id, by="Revisorn", now=NOW)
    with pytest.raises(NoSuchOrder):
        stands(other, order_id)
    assert orders_of(other.database, other.municipality_id) == []
    assert stands(town, order_id).status is OrderStatus.DONE


def test_what_is_listed_leaves_the_bytes_where_they_are(town: Town, home: Installation) -> None:
    place(town)
    make_orders(home)
    with town.database.reading(town.municipality_id) as session:
        order = session.scalars(select(Order)).one()
        assert "content" not in vars(order)
