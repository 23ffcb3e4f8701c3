"""Changing a PostgreSQL that people work in: one program at a time, no lock waited for long, and who stood in the way.

Whoever waits for a table's lock holds up everybody who comes after, readers too. So a migration waits for less than a
second, lets them all pass, and tries again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import structlog
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from styrhjul.db.row_security import MIGRATION, SCOPE

log = structlog.get_logger()

#: Two programs that migrate one PostgreSQL at once wait for each other on this number.
_LOCK = 7_301_961
_LOOK_SECONDS = 0.1
_TRY_LOCK = text(f"SELECT pg_try_advisory_lock({_LOCK})")
_BLOCKERS = text(
    "SELECT a.pid, a.usename, a.application_name, a.state,"
    " extract(epoch FROM clock_timestamp() - a.xact_start)::bigint AS seconds"
    " FROM unnest(pg_blocking_pids(:pid)) AS b (pid) JOIN pg_stat_activity a USING (pid) ORDER BY a.xact_start"
)
_NAMED = text("SELECT set_config(:scope, :value, false), set_config('application_name', 'styrhjul migrate', false)")
_IMPATIENT = text("SELECT set_config('lock_timeout', :lock_ms, false)")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a migration waits for a lock, how often it tries, and how long it lets others pass in between.

    The wait is shorter than PostgreSQL's deadlock_timeout (1 s): who stands in a circle with us goes on, we give up.
    """

    lock_seconds: float = 0.8
    tries: int = 20
    pause_seconds: float = 4.0


PATIENCE = Patience()


class UpgradeBlocked(RuntimeError):
    """Somebody held what a migration changes, each time we asked."""

    def __init__(self, patience: Patience, revision: str | None, blockers: list[str]) -> None:
        held = "; ".join(blockers) or "den som höll dem hann släppa innan vi såg vem"
        super().__init__(
            f"Uppdateringen kom inte fram: tabellerna var upptagna vid {patience.tries} försök. I vägen: {held}. "
            f"Inget är halvgjort: databasen är {f'uppdaterad till {revision}' if revision else 'utan tabeller'}, och "
            "programmet går som förut. Låt det som är i vägen bli klart, eller avsluta det med "
            "SELECT pg_terminate_backend(pid). Kör sedan igen: styrhjul migrate"
        )


@contextmanager
def alone(url: str) -> Iterator[Connection]:
    """Connect to PostgreSQL as the only program that migrates it; however we end, the next one is let in.

    The other one is waited for without a statement that runs: an index that is made beside the traffic waits for every
    statement, and so would wait for us.
    """
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        is_told = False
        while not connection.scalar(_TRY_LOCK):
            connection.rollback()
            if not is_told:
                log.info("another_program_migrates")
            is_told = True
            time.sleep(_LOOK_SECONDS)
        connection.execute(_NAMED, {"scope": SCOPE, "value": MIGRATION})
        connection.commit()
        yield connection


def patiently(
    connection: Connection, patience: Patience, revision: Callable[[], str | None], step: Callable[[], None]
) -> None:
    """Take a step that goes on where it stopped, until no lock is in its way. Raises UpgradeBlocked.

    The tries are counted anew at each `revision` that was reached.
    """
    connection.execute(_IMPATIENT, {"lock_ms": str(int(patience.lock_seconds * 1000))})
    connection.commit()
    reached, tries = revision(), 0
    with ExitStack() as looking:
        lookout = _Lookout(connection)
        while True:
            try:
                return step()
            except OperationalError as error:
                if not isinstance(error.orig, LockNotAvailable | DeadlockDetected):
                    raise
                connection.rollback()
            before, reached = reached, revision()
            tries = tries + 1 if reached == before else 1
            log.warning("table_is_held", revision=reached, tries=tries, by=lookout.seen)
            if tries >= patience.tries:
                raise UpgradeBlocked(patience, reached, lookout.seen)
            if not lookout.is_alive():
                looking.enter_context(lookout.looking())
            time.sleep(patience.pause_seconds)


class _Lookout(threading.Thread):
    """Sees, from a connection of its own, who stands in the way of another connection."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(name="migrate-lookout", daemon=True)
        self._pid = connection.scalar(text("SELECT pg_backend_pid()"))
        connection.rollback()
        self._engine: Engine = connection.engine
        self._ended = threading.Event()
        #: Who stood in the way when somebody last did.
        self.seen: list[str] = []

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look until the end of the block."""
        self.start()
        try:
            yield
        finally:
            self._ended.set()
            self.join()

    def run(self) -> None:
        """Look again and again; for `looking` alone."""
        try:
            with self._engine.connect() as beside:
                while not self._ended.wait(_LOOK_SECONDS):
                    found = [_described(*row) for row in beside.execute(_BLOCKERS, {"pid": self._pid})]
                    beside.rollback()
                    self.seen = found or self.seen
        except SQLAlchemyError:
            log.exception("lookout_is_blind")


def _described(pid: int, user: str, application: str, state: str | None, seconds: int | None) -> str:
    """Say it without what it asked: that may name people."""
    called = f"användaren {user}" + (f" i {application}" if application else "")
    doing = {"active": "arbetar", "idle in transaction": "gör inget men har inte avslutat"}.get(str(state), state)
    lasted = f" sedan {seconds} s" if seconds is not None else ""
    return f"process {pid} ({called}{f', {doing}' if doing else ''}{lasted})"
