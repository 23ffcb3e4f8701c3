"""Fixtures every room may use. Servers start when first asked for, live for the whole run and are real."""

from __future__ import annotations

import gc
import ipaddress
import itertools
import os
import shutil
import socket
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
import redis
from hypothesis import HealthCheck, settings

from styrhjul.db.migrate import upgrade
from styrhjul.db.session import Database
from tests import programs, servers
from tests.filled import Filled
from tests.memory import memory
from tests.smtp_sink import SmtpSink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

IN_CI = os.environ.get("CI") == "true"
T = TypeVar("T")
#: What a test that is left out would have asked, by its id.
LEFT_OUT = pytest.StashKey[dict[str, tuple[str, ...]]]()

# No deadlines: a slow machine is not a wrong program.
settings.register_profile("default", deadline=None, max_examples=60)
settings.register_profile(
    "faults", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("default")


# -- what runs, and what is left out -------------------------------------------------------------------------------


def pytest_configure() -> None:
    """Let tests write to memory where there is some: else every SQLite commit would wait for the disk."""
    if folder := memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


def pytest_report_header() -> list[str]:
    return server_lines()


def pytest_collection() -> None:
    """Let nobody look for garbage while thousands of tests are collected: it took a third of that time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Set what was collected aside: it stays to the end, and each look for garbage would go through it for a second."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that ask a program this machine does not have. In CI they stay, and fail."""
    left_out = {item: missing for item in items if not IN_CI and (missing := programs.lacking(asked(item)))}
    note_left_out(config, {item.nodeid: missing for item, missing in left_out.items()})
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def note_left_out(config: pytest.Config, found: dict[str, tuple[str, ...]]) -> None:
    """Keep what was left out for the summary. A process beside others tells the one that prints it."""
    config.stash[LEFT_OUT] = found
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = {name: list(missing) for name, missing in found.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - pytest-xdist's own
    """Take over what a process beside others has left out; all of them leave out the same."""
    found = getattr(node, "workeroutput", {}).get("left_out", {})
    node.config.stash[LEFT_OUT] = {name: tuple(missing) for name, missing in found.items()}


def pytest_runtest_setup(item: pytest.Item) -> None:
    if missing := programs.lacking(asked(item)):
        pytest.fail(f"not here: {', '.join(missing)}; .ci/run installs what it needs")


def asked(item: pytest.Item) -> list[str]:
    """Return the programs that a test asks, by its marks."""
    named = [name for mark in item.iter_markers("needs") for name in mark.args]
    return ["chromium", *named] if item.get_closest_marker("browser") else named


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left_out = config.stash.get(LEFT_OUT, {})
    for missing in sorted(set(left_out.values())):
        terminalreporter.section(f"left out, for this machine has no {', nor '.join(missing)}")
        for name in [name for name, lacks in left_out.items() if lacks == missing]:
            terminalreporter.line(name)
    if config.option.verbose < 0:  # -q shows no header
        for line in server_lines():
            terminalreporter.line(line)


def server_lines() -> list[str]:
    program = servers.redis_program()
    lines = {
        "postgresql": "TEST_DATABASE_URL" if "TEST_DATABASE_URL" in os.environ else "real, from the wheel, thrown away",
        "redis": "TEST_REDIS_URL" if "TEST_REDIS_URL" in os.environ else f"real, {program.name if program else 'none'}",
        "smtp": "real, aiosmtpd on the loopback",
        "chromium": "real" if programs.chromium_program() else "none",
    }
    return [f"{name}: {what}" for name, what in lines.items()]


# -- the world outside ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("STYRHJUL_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            patch.setattr(socket.socket, method, guarded(getattr(socket.socket, method)))
        yield


class NetworkRefused(RuntimeError):
    """A test tried to reach another machine. Start a server from tests/servers.py instead."""


def guarded(connect: Callable[[socket.socket, Any], T]) -> Callable[[socket.socket, Any], T]:
    def checked(self: socket.socket, address: Any) -> T:  # noqa: ANN401 - a tuple, or a path
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
            raise NetworkRefused(f"{address[0]} is not this machine")
        return connect(self, address)

    return checked


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# -- servers -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.PostgresServer]:
    with servers.postgres_server(in_memory=True) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: servers.PostgresServer) -> Iterator[str]:
    """The database that each test gets a copy of."""
    name = f"styrhjul_template_{os.getpid()}"
    servers.drop_database(postgres_server, name)
    servers.clone_database(postgres_server, "template1", name)
    upgrade(postgres_server.database_url(name), program=postgres_server.program_url(name))
    yield name
    servers.drop_database(postgres_server, name)


_numbers = itertools.count(1)


@pytest.fixture
def postgres_database_url(postgres_server: servers.PostgresServer, postgres_template: str) -> Iterator[str]:
    """A database of the test's own, as the program reaches it: its user owns nothing."""
    name = f"styrhjul_test_{os.getpid()}_{next(_numbers)}"
    servers.clone_database(postgres_server, postgres_template, name)
    yield postgres_server.program_url(name)
    servers.drop_database(postgres_server, name)


@pytest.fixture
def postgres_owner_url(postgres_database_url: str) -> str:
    """The same database, as whoever migrates it."""
    return servers.OWNERS[postgres_database_url]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The migrated file that each test gets a copy of."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated file of the test's own."""
    shutil.copy(sqlite_template, tmp_path / "styrhjul.db")
    return f"sqlite:///{tmp_path / 'styrhjul.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database, once on each kind."""
    opened = Database(request.getfixturevalue(f"{request.param.replace('postgresql', 'postgres')}_database_url"))
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """What fills an empty database with something that was written once; see tests/filled.py."""
    return Filled(tmp_path_factory.mktemp("filled"), lambda: request.getfixturevalue("clearing"))


@pytest.fixture(scope="session")
def clearing(postgres_server: servers.PostgresServer, filled: Filled) -> Iterator[servers.PostgresServer]:
    """The server, without what was filled there when all is over."""
    yield postgres_server
    for name in filled.on_postgresql():
        servers.drop_database(postgres_server, name)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[servers.RedisServer]:
    if IN_CI and not ("TEST_REDIS_URL" in os.environ or shutil.which("redis-server")):
        pytest.fail("CI tests against a real Redis: .ci/run installs redis-server")
    with servers.redis_server() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: servers.RedisServer) -> str:
    """An empty Redis database."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushdb()
    return redis_server.url


@pytest.fixture
def smtp_sink(tmp_path: Path) -> Iterator[SmtpSink]:
    sink = SmtpSink(spool=tmp_path / "smtp-spool.jsonl")
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a chromium for playwright's `executable_path`."""
    program = programs.chromium_program()
    if program is None:
        pytest.fail("browser tests need chromium: .ci/run installs it")
    return program
