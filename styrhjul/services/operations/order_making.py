"""Making what has been ordered: claim one, make its file, keep it with its hash. The table is the only queue.

Whoever makes tells how far it has come and renews its lease with that, and is stopped there when the order has been
taken away, taken over, or has taken too long. A crash loses the work and not the order: its lease runs out and somebody
else begins anew.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy.exc import OperationalError

from styrhjul.db.order_model import OrderKind
from styrhjul.db.order_query import (
    LEASE,
    ClaimedOrder,
    MadeFile,
    claim_order,
    finish_order,
    note_percent,
    tidy_orders,
)
from styrhjul.domain.moment import local_date
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.foundation.leaving_file import LeavingFile, leaving
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.policies.batch_order import TooMuchText, read_or_store
from styrhjul.services.records.export import Wish, export_to
from styrhjul.services.records.package import save_packed
from styrhjul.services.records.saving import Source, save_span
from styrhjul.services.reports.audit import audit_pack
from styrhjul.services.reports.audit_file import audit_file
from styrhjul.services.reports.chapter import YearUnknown, chapter_of
from styrhjul.services.reports.chapter_file import ChapterFormat, chapter_file
from styrhjul.services.reports.word_content import TemplateRefused

log = structlog.get_logger()

#: Shorter than a task's soft limit: a maker ends by itself.
LONGEST = timedelta(minutes=10)
#: No new order is begun after this; the next pulse does.
LONGEST_RUN = timedelta(seconds=20)
#: A file is kept so long after the day it was made.
KEPT = timedelta(days=7)
MOST_BYTES = 100_000_000

Progress = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class OrderReport:
    """What became of the orders of one run, in counts. `tidied` were cleared away or given up."""

    made: int = 0
    failed: int = 0
    stopped: int = 0
    tidied: int = 0


class NotMade(ValueError):
    """Why an order gives no file; the message is for whoever ordered it, in Swedish."""


class _Stopped(Exception):
    """The order is no longer ours: taken away, or taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What a maker works with."""

    home: Installation
    order: ClaimedOrder
    now: datetime
    progress: Progress

    @property
    def wanted(self) -> Mapping[str, str]:
        return self.order.wanted


def make_orders(home: Installation, *, longest: timedelta = LONGEST) -> OrderReport:
    """Make what has been ordered, the oldest first. Safe to repeat, to overlap, and to kill at any point.

    1. clear away what is too old, give up what has killed everybody who tried;
    2. lease one order, unless one is being made;
    3. make its file; 4. keep it, or why there is none; and so on until `LONGEST_RUN` has passed.
    """
    report, ends_at = OrderReport(), time.monotonic() + LONGEST_RUN.total_seconds()
    now = home.clock.now()
    with home.database.system() as session:
        report.tidied = tidy_orders(session, now, local_date(now), _kept_until(now))
    while time.monotonic() < ends_at:
        with home.database.system() as session:
            claimed = claim_order(session, home.clock.now())
        if claimed is None:
            break
        crashpoint("after_order_claim_commit")
        _make_one(home, claimed, report, longest)
    return report


def _make_one(home: Installation, claimed: ClaimedOrder, report: OrderReport, longest: timedelta) -> None:
    try:
        made = _made(home, claimed, longest)
    except _Stopped:
        report.stopped += 1
        return
    crashpoint("before_order_finish")
    now = home.clock.now()
    with home.database.municipality(claimed.municipality_id) as session:
        is_ours = finish_order(session, claimed, made, now, _kept_until(now))
    report.stopped += not is_ours
    report.failed += is_ours and isinstance(made, str)
    report.made += is_ours and not isinstance(made, str)


def _made(home: Installation, claimed: ClaimedOrder, longest: timedelta) -> MadeFile | str:
    """Return the file, or in Swedish why there is none. Raises _Stopped, and what a lost database raises."""
    work = _Work(home=home, order=claimed, now=home.clock.now(), progress=_told_to(home, claimed, longest))
    try:
        file = _MAKERS[claimed.kind](work)
    except (NotMade, TemplateRefused, TooMuchText, YearUnknown) as why:
        return str(why)
    except NotHere:
        return "Styrdokumentet finns inte längre."
    except (_Stopped, OperationalError):
        raise
    except Exception:
        log.exception("order_failed", order=claimed.order_id, kind=claimed.kind.value)
        return (
            "Något gick fel hos oss när beställningen gjordes. Beställ igen. Händer det igen, säg till den som driver "
            f"Styrhjul och nämn beställning {claimed.order_id[:8]}."
        )
    if len(file.content) > MOST_BYTES:
        return _TOO_LARGE
    sha256 = hashlib.sha256(file.content).hexdigest()
    return MadeFile(name=file.name, media_type=file.media_type, sha256=sha256, content=file.content)


def _told_to(home: Installation, claimed: ClaimedOrder, longest: timedelta) -> Progress:
    """Return what a maker calls as it goes on: each new percent is written, in a transaction of its own.

    Where a percent takes long the lease is renewed before a quarter of it has passed.
    """
    ends_at, written, renewed_at = time.monotonic() + longest.total_seconds(), 0, home.clock.now()

    def progress(done: int, total: int) -> None:
        nonlocal written, renewed_at
        if time.monotonic() > ends_at:
            raise NotMade(_BATCH_TOO_LONG if claimed.kind is OrderKind.POLICY_BATCH else _TOO_LONG)
        percent, now = max(written, min(done * 100 // max(total, 1), 99)), home.clock.now()
        if percent == written and now < renewed_at + LEASE / 4:
            return
        crashpoint("order_progress")
        with home.database.municipality(claimed.municipality_id) as session:
            if not note_percent(session, claimed, percent, now):
                raise _Stopped
        written, renewed_at = percent, now

    return progress


_TOO_LARGE = (
    "Filen blir större än 100 MB. Välj färre dagar, eller be den som driver Styrhjul att göra den "
    "med kommandot styrhjul, som skriver till disk."
)
_TOO_LONG = (
    "Det tog mer än tio minuter och avbröts. Välj färre dagar, eller be den som driver Styrhjul att göra filen "
    "med kommandot styrhjul, som får ta den tid det tar."
)
_BATCH_TOO_LONG = (
    "Det tog mer än tio minuter och avbröts. Läs in färre filer åt gången, eller be den som driver Styrhjul att "
    "läsa in dem med kommandot styrhjul import, som får ta den tid det tar."
)


def _chapter(work: _Work) -> LeavingFile:
    kind, database = next(each for each in ChapterFormat if each == work.wanted["format"]), work.home.database
    view = chapter_of(database, work.order.slug, int(work.wanted["year"]), work.now, None)
    work.progress(1, 3)
    return chapter_file(database, view, kind, work.now)


def _audit_pack(work: _Work) -> LeavingFile:
    pack = audit_pack(work.home.database, work.order.slug, work.wanted["policy"], work.now, work.progress)
    work.progress(99, 100)
    return audit_file(pack)


def _records(work: _Work) -> LeavingFile:
    first, last = (date.fromisoformat(work.wanted[name]) for name in ("first", "last"))
    home, municipality_id = work.home, work.order.municipality_id
    source = Source(database=home.database, sealer=home.mailroom.sealer, now=work.now, progress=work.progress)
    name = f"{work.order.slug}-handlingar-{first}-{last}.zip"
    return _written(
        name, lambda out: save_packed(out, lambda folder: save_span(source, municipality_id, (first, last), folder))
    )


def _export(work: _Work) -> LeavingFile:
    wish = Wish(
        now=work.now,
        secret=work.home.settings.effective_secret_key(),
        slug=work.order.slug,
        progress=work.progress,
    )
    name = f"{work.order.slug}-export-{local_date(work.now)}.zip"
    return _written(name, lambda out: export_to(work.home.database, out, wish))


def _policy_batch(work: _Work) -> LeavingFile:
    return leaving("styrdokument.json", read_or_store(work.home.database, work.order, work.progress, work.now))


def _written(name: str, write: Callable[[Path], object]) -> LeavingFile:
    """Return the file that `write` leaves; one that is too large is never read into memory."""
    with TemporaryDirectory(prefix="styrhjul-order-") as folder:
        out = Path(folder) / name
        write(out)
        if out.stat().st_size > MOST_BYTES:
            raise NotMade(_TOO_LARGE)
        return leaving(name, out.read_bytes())


def _kept_until(now: datetime) -> date:
    return local_date(now) + KEPT


_MAKERS: Mapping[OrderKind, Callable[[_Work], LeavingFile]] = {
    OrderKind.CHAPTER: _chapter,
    OrderKind.AUDIT_PACK: _audit_pack,
    OrderKind.RECORDS: _records,
    OrderKind.EXPORT: _export,
    OrderKind.POLICY_BATCH: _policy_batch,
}
