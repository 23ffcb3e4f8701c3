"""Redis fails while a real worker and a real beat live on it: emptied, killed, hung, full, its lines cut.

Pulses come every second for every thirty; the times of the fault matrix are scaled alike. PostgreSQL holds the truth.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
import redis

from config.clock import at_nine
from styrhjul.services.records.journal import verify_journals
from tasks.schedule import PULSES
from tests import servers
from tests.tasks.test_real_processes import (
    ROUNDS_OPEN,
    assert_each_left_once,
    eventually,
    has_caught_up,
    pulses,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from styrhjul.services.foundation.installation import Installation
    from tests.tasks.test_real_processes import Start


@pytest.fixture
def mortal() -> Iterator[servers.Mortal]:
    with servers.mortal_redis() as server:
        yield server


def emptied(server: servers.Mortal) -> None:
    """F-16: every third of a pulse, thirty times."""
    with redis.Redis.from_url(server.url) as client:
        for _ in range(30):
            client.flushall()
            time.sleep(0.33)


def killed(server: servers.Mortal) -> None:
    """F-17: gone for two pulses, and back with nothing."""
    server.kill()
    time.sleep(2)
    server.start()


def hung(server: servers.Mortal) -> None:
    """F-19: every line stays open, and nobody answers."""
    server.pause()
    time.sleep(4)
    server.go_on()


def full(server: servers.Mortal) -> None:
    """F-20: every write is refused, for four pulses."""
    with redis.Redis.from_url(server.url) as client:
        client.config_set("maxmemory", 1)
        time.sleep(4)
        client.config_set("maxmemory", 0)


def cut_off(server: servers.Mortal) -> None:
    """F-21: sixty times everybody is thrown out."""
    with redis.Redis.from_url(server.url) as client:
        for _ in range(60):
            client.client_kill_filter(_type="normal", skipme=True)
            time.sleep(0.1)


class Supervisor:
    """What systemd does with Restart=always: a process that has ended is started anew."""

    def __init__(self, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._begin, self._ended = begin, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        running = self._begin()
        while not self._ended.wait(0.5):
            if running.poll() is not None:
                running = self._begin()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()


@pytest.fixture
def supervised(start: Start, mortal: servers.Mortal) -> Iterator[None]:
    """A worker and a beat that come back whenever they end; the worker pulses itself only after a long silence."""
    kept = [
        Supervisor(lambda: start("worker", mortal.url, silent_after_seconds="30")),
        Supervisor(lambda: start("beat", mortal.url)),
    ]
    yield
    for each in kept:
        each.end()


@pytest.mark.usefixtures("supervised")
@pytest.mark.parametrize(
    "trouble", [killed, *(pytest.param(each, marks=pytest.mark.faults) for each in (emptied, hung, full, cut_off))]
)
def test_redis_in_trouble_costs_time_and_nothing_else(
    home: Installation, mortal: servers.Mortal, trouble: Callable[[servers.Mortal], None]
) -> None:
    """The rounds open while it lasts; afterwards pulses come through Redis again."""
    assert eventually(lambda: set(PULSES) <= pulses(home))
    home.clock.turn_to(at_nine(ROUNDS_OPEN))
    trouble(mortal)
    over = home.clock.now()
    assert eventually(lambda: set(PULSES) <= pulses(home, over))
    assert eventually(lambda: has_caught_up(home))
    assert_each_left_once(home)
    assert verify_journals(home.database).broken == ()
