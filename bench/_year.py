"""Two municipalities' year by the real services on PostgreSQL: what a day asks of us, of the server and of the disk.

Each policy asks eight committees for goals. Those of one municipality meet on days of their own, those of the other
have no meetings that anybody knows. Nobody answers all year: every reminder, warning and escalation leaves, more than
in any municipality that works at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from bench._filled import OPENING, Shape, open_templates, tidy
from bench._place import place_of
from bench._sink import sink
from styrhjul.db.case_model import Notice
from styrhjul.db.mail_model import Mail
from styrhjul.db.migrate import upgrade
from styrhjul.db.model import Person
from styrhjul.db.pace import Pace
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_moment
from styrhjul.mail.seal import Sealer
from styrhjul.mail.smtp import SmtpTransport
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.delivery.compose import compose_mails
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.foundation.mailroom import Mailroom
from workflows import LIFECYCLES

STEPS = ("sweep", "compose", "deliver")
#: The clock ticks so many times a second in /proc; every Linux that Python runs on.
_TICKS = 100
_PACE = Pace(domain_per_minute=0, municipality_per_minute=0, domain_at_once=60, lines=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day on which something left: how much, and processor seconds of each step and of the server meanwhile."""

    on: date
    notices: int
    mails: int
    seconds: dict[str, float]
    server: float
    clock: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What was measured in so many municipalities together. `grown` is in bytes of the database.

    `idle` is our processor time of a pulse that brings nothing.
    """

    municipalities: int
    duties: int
    days: list[Day]
    idle: float
    grown: int


def live_a_year(policies: int, length: int = 365) -> Year:
    """Play `length` days after OPENING, one by one; the database is gone afterwards."""
    shape = Shape(policies=policies, awake=1)
    with place_of("postgresql", durable=True) as place, sink() as server:
        url = place.create("year")
        upgrade(url)
        database = Database(url)
        open_templates(database, shape)
        _give_addresses(database)
        tidy(database)
        before = place.megabytes("year")
        clock = _Clock(database, _mailroom(server.port))
        clock.live(OPENING + timedelta(days=1))  # imports, compiles and connects
        days, idle = list[Day](), list[float]()
        for number in range(2, length + 1):
            day = clock.live(OPENING + timedelta(days=number))
            if day.notices:
                days.append(day)
            else:
                idle.append(sum(day.seconds.values()))
        database.dispose()
        grown = place.megabytes("year") - before
    return Year(
        municipalities=2, duties=2 * shape.cases, days=days, idle=sorted(idle)[len(idle) // 2], grown=round(grown * 1e6)
    )


def _give_addresses(database: Database) -> None:
    """Committees are called by their names in the templates; no mail server takes those."""
    with database.system() as session:
        session.execute(update(Person).values(address=Person.id.concat("@bench.example.org")))


def _mailroom(port: int) -> Mailroom:
    transport = SmtpTransport(host="127.0.0.1", port=port, hostname="bench.example.org")
    sealer = Sealer("a key for benches, long enough to be one")
    return Mailroom(base_url="https://bench.example.org", sealer=sealer, open_transport=lambda: transport, pace=_PACE)


@dataclass
class _Clock:
    database: Database
    mailroom: Mailroom
    _used: dict[str, float] = field(default_factory=dict)

    def live(self, on: date) -> Day:
        """Do one day's work once, as many pulses would."""
        now = local_moment(on) + timedelta(hours=1)
        counted, server, began = self._counted(), self._server(), time.perf_counter()
        self._used = dict.fromkeys(STEPS, 0.0)
        with self._measured("sweep"):
            for lifecycle in LIFECYCLES.values():
                run_sweep(self.database, lifecycle, now)
        with self._measured("compose"):
            compose_mails(self.database, self.mailroom, now)
        with self._measured("deliver"):
            deliver(self.database, self.mailroom, _from(now))
        spent = time.perf_counter() - began
        notices, mails = (after - before for after, before in zip(self._counted(), counted, strict=True))
        return Day(on=on, notices=notices, mails=mails, seconds=self._used, server=self._server() - server, clock=spent)

    @contextmanager
    def _measured(self, step: str) -> Iterator[None]:
        began = time.process_time()
        yield
        self._used[step] += time.process_time() - began

    def _counted(self) -> tuple[int, int]:
        with self.database.system(read_only=True) as session:
            return tuple(session.scalars(select(func.count()).select_from(table)).one() for table in (Notice, Mail))  # type: ignore[return-value]

    def _server(self) -> float:
        """Return the processor seconds of every process of the server that this database is in."""
        with self.database.system(read_only=True) as session:
            pids = session.connection().exec_driver_sql("SELECT pid FROM pg_stat_activity").scalars().all()
        return sum(map(_processor_seconds, pids))


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # a helper of the server's has ended meanwhile
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _from(start: datetime) -> Callable[[], datetime]:
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)
