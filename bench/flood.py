"""A hundred thousand mails due at once, and small municipalities beside them: is any lost, doubled, or kept waiting?

`./run bench flood` fills a PostgreSQL, starts the real worker and the real beat on it with the limits that are shipped,
turns their clock to the day on which everything is due, and lets a small municipality fall due every half minute until
the last mail is taken. docs/speed.md says more.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import func, select, update

from bench._filled import OPENING, copy_municipality, give_each_its_domain, tidy
from bench._sink import Sink, Taken, sink
from config.clock import Clock, at_nine
from styrhjul.db.case_model import Notice, SubjectKind, Wake
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.migrate import upgrade
from styrhjul.db.model import Municipality
from styrhjul.db.pulse_model import Pulse
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from tests.servers import PostgresServer, drop_database, own_redis, postgres_server, temporary_folder
from tests.town import build_town

#: A reminder of the goal round of 2027, which is due on 31 March; and the working day before.
FLOOD, DAY_BEFORE = date(2027, 3, 15), date(2027, 3, 12)
#: To the chair and the secretary of each committee.
MAILS_A_BODY = 2
LONGEST_WAIT = 60
MOST_MEGABYTES = 300
NAME = f"styrhjul_bench_{os.getpid()}_flood"
_NEVER = date(2029, 1, 1)
_BETWEEN = 30
_GIVE_UP_SECONDS = 3600
_SECRET = "a secret for the bench, and nothing else"  # noqa: S105 - opens nothing

progress = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when a mail was lost, doubled or late, or a process too large."""
    options = _options(arguments)
    with postgres_server(durable=True) as server, own_redis() as broker, temporary_folder("sh-flood-") as folder:
        world = _fill(server, options)
        try:
            with sink(folder / "taken") as taker, _running(server, broker.url, taker, folder / "var") as sizes:
                seconds = _flood(world, taker, Clock(folder / "var"))
            report = _report(world, taker.all_taken(), seconds, sizes)
        finally:
            world.database.dispose()
            drop_database(server, NAME)
    if options.json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        _print(report)
    return 0 if report["holds"] else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench flood", description=__doc__)
    parser.add_argument("--municipalities", type=int, default=250, help="where everything is due at once")
    parser.add_argument("--bodies", type=int, default=200, help="in each of them, with two mails each")
    parser.add_argument(
        "--small", type=int, default=60, help="municipalities with one committee, half of them due later"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


# -- the database ------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class World:
    """A filled database, and who is small in it."""

    database: Database
    #: How many mails will have left when everybody's have.
    mails: int
    #: Small municipalities that fall due with everybody else, and those that do so one by one.
    at_once: list[str]
    later: list[str]
    #: When each small one fell due, by the machine's clock.
    due_at: dict[str, float] = field(default_factory=dict)


def _fill(server: PostgresServer, options: argparse.Namespace) -> World:
    url = server.database_url(NAME)
    server.execute(f"CREATE DATABASE {NAME}")
    upgrade(url, program=server.program_url(NAME))
    database = Database(url)
    for slug, bodies, many in (("stor", options.bodies, options.municipalities), ("liten", 1, options.small)):
        _open_rounds(database, slug, bodies)
        [source] = _slugged(database, slug)
        copy_municipality(url, source, many - 1)
        give_each_its_domain(url, slug)
    small = _with_one_case(database)
    later = small[::2]
    with database.system() as session:
        session.execute(update(Wake).where(Wake.municipality_id.in_(later)).values(wake_on=_NEVER))
    tidy(database)
    return World(
        database=database,
        mails=options.municipalities * options.bodies * MAILS_A_BODY,
        at_once=small[1::2],
        later=later,
    )


def _open_rounds(database: Database, slug: str, bodies: int) -> None:
    """Build a town whose goal rounds are open and whose first mails are read; every case wakes on the day."""
    town = build_town(database, slug, committees=tuple(f"namnd-{number}" for number in range(bodies)))
    town.sweep(OPENING)
    with database.municipality(town.municipality_id) as session:
        session.execute(update(Notice).values(status=NoticeStatus.DELIVERED, delivered_on=OPENING))
        session.execute(update(Wake).where(Wake.subject_kind == SubjectKind.CASE).values(wake_on=FLOOD))


def _slugged(database: Database, slug: str) -> list[str]:
    with database.system(read_only=True) as session:
        return list(session.scalars(select(Municipality.id).where(Municipality.slug == slug)))


def _with_one_case(database: Database) -> list[str]:
    cases = select(Wake.municipality_id).where(Wake.subject_kind == SubjectKind.CASE)
    with database.system(read_only=True) as session:
        return sorted(session.scalars(cases.group_by(Wake.municipality_id).having(func.count() == 1)))


# -- the processes -----------------------------------------------------------------------------------------------------


@contextmanager
def _running(server: PostgresServer, broker: str, taker: Sink, data_dir: Path) -> Iterator[dict[str, float]]:
    """Run a worker and a beat as they are shipped, on a clock that has been turned; give the most that each has taken.

    Megabytes of memory by process: beat, worker, and each of the worker's children.
    """
    Clock(data_dir).turn_to(at_nine(DAY_BEFORE))
    environment = os.environ | {
        "STYRHJUL_DATA_DIR": str(data_dir),
        "STYRHJUL_DATABASE_URL": server.program_url(NAME),
        "STYRHJUL_BROKER_URL": broker,
        "STYRHJUL_SMTP_URL": f"smtp://127.0.0.1:{taker.port}",
        "STYRHJUL_SECRET_KEY": _SECRET,
        "STYRHJUL_LOG_LEVEL": "WARNING",
    }
    sizes: dict[str, float] = defaultdict(float)
    ended = threading.Event()
    with (data_dir.parent / "log").open("wb") as log:
        running = {name: _start(name, environment, log) for name in ("worker", "beat")}
        weighing = threading.Thread(target=_weigh, args=(running, sizes, ended))
        weighing.start()
        try:
            yield sizes
        finally:
            ended.set()
            weighing.join()
            for process in running.values():
                process.terminate()
            for process in running.values():
                process.wait(60)


def _start(name: str, environment: dict[str, str], log: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - an open file
    words = [sys.executable, "-m", "styrhjul", name]
    return subprocess.Popen(words, env=environment, cwd=Path(__file__).parents[1], stdout=log, stderr=log)


def _weigh(running: dict[str, subprocess.Popen[bytes]], sizes: dict[str, float], ended: threading.Event) -> None:
    while not ended.wait(0.5):
        for name, process in running.items():
            parent = psutil.Process(process.pid)
            children = [(f"{name}'s child", child) for child in parent.children()]
            for title, each in ((name, parent), *children):
                try:
                    sizes[title] = max(sizes[title], each.memory_info().rss / 1e6)
                except psutil.NoSuchProcess:
                    continue


# -- the day -----------------------------------------------------------------------------------------------------------


def _flood(world: World, taker: Sink, clock: Clock) -> float:
    """Turn the clock to the day, let small ones fall due meanwhile, and return the seconds until all is recorded."""
    _until(lambda: _pulses(world.database) > 0, 120, "the worker did not begin")
    clock.turn_to(at_nine(FLOOD))
    began = time.time()
    world.due_at |= dict.fromkeys(world.at_once, began)
    waiting, mails = list(world.later), world.mails + len(world.at_once) * MAILS_A_BODY
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=progress, transient=True) as bar:
        line = bar.add_task("mails taken", total=mails)
        while (recorded := _recorded(world.database)) < mails:
            if time.time() > began + _GIVE_UP_SECONDS:
                raise TimeoutError(f"{recorded} of {mails} mails left in an hour")
            if waiting and time.time() > began + _BETWEEN * (len(world.due_at) - len(world.at_once) + 1):
                _wake(world, waiting.pop())
                mails += MAILS_A_BODY
            bar.update(line, completed=taker.taken, total=mails)
            time.sleep(1)
    world.mails = mails
    return time.time() - began


def _wake(world: World, municipality_id: str) -> None:
    with world.database.system() as session:
        session.execute(update(Wake).where(Wake.municipality_id == municipality_id).values(wake_on=FLOOD))
    world.due_at[municipality_id] = time.time()


def _pulses(database: Database) -> int:
    with database.system(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Pulse)) or 0


def _recorded(database: Database) -> int:
    with database.system(read_only=True) as session:
        return session.scalar(select(func.count()).where(Mail.status == MailStatus.ACCEPTED)) or 0


def _until(happens: Any, seconds: float, otherwise: str) -> None:  # noqa: ANN401 - a question
    until = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > until:
            raise TimeoutError(otherwise)
        time.sleep(0.5)


# -- what comes out ----------------------------------------------------------------------------------------------------


def _report(world: World, taken: Sequence[Taken], seconds: float, sizes: dict[str, float]) -> dict[str, Any]:
    with world.database.system(read_only=True) as session:
        wanted = set(session.scalars(select(Mail.message_id).where(Mail.status == MailStatus.ACCEPTED)))
    came = {each.message_id for each in taken}
    waits = sorted(_waits(world, taken))
    report: dict[str, Any] = {
        "mails": world.mails,
        "lost": world.mails - len(wanted & came),
        "doubled": len(taken) - len(came),
        "seconds": round(seconds),
        "mails_a_second": round(world.mails / seconds),
        "small": len(waits),
        "small_waited_seconds": {"median": round(waits[len(waits) // 2], 1), "longest": round(waits[-1], 1)},
        "megabytes": {name: round(size) for name, size in sorted(sizes.items())},
        "load_after": round(os.getloadavg()[0], 2),
        "cores": os.cpu_count(),
    }
    report["holds"] = (
        report["lost"] == report["doubled"] == 0 and waits[-1] <= LONGEST_WAIT and max(sizes.values()) < MOST_MEGABYTES
    )
    return report


def _waits(world: World, taken: Sequence[Taken]) -> Iterator[float]:
    """Yield how long each small municipality waited for the last of its mails."""
    last: dict[str, float] = {}
    for each in taken:
        municipality_id = each.address.rpartition("@")[2].partition(".")[0]
        last[municipality_id] = max(each.at, last.get(municipality_id, 0))
    for municipality_id, due_at in world.due_at.items():
        yield last.get(municipality_id, float("inf")) - due_at


def _print(report: dict[str, Any]) -> None:
    waited, sizes = report["small_waited_seconds"], report["megabytes"]
    table = Table("what", "measured", "limit", title=f"{report['mails']:,} mails due at once")
    table.add_row("lost, doubled", f"{report['lost']}, {report['doubled']}", "0, 0")
    table.add_row("all taken and recorded", f"{report['seconds']} s, {report['mails_a_second']} a second", "")
    small = f"{report['small']} small municipalities, median and longest wait"
    table.add_row(small, f"{waited['median']} s, {waited['longest']} s", f"{LONGEST_WAIT} s")
    table.add_row("memory", ", ".join(f"{name} {size} MB" for name, size in sizes.items()), f"{MOST_MEGABYTES} MB each")
    console = Console(width=max(112, Console().width))
    console.print(table)
    console.print(f"load average {report['load_after']} on {report['cores']} processors")


if __name__ == "__main__":
    sys.exit(main())
