"""Hosts of their own: each in a network namespace with an address, joined by a switch, and struck one at a time.

Nothing of it touches the machine's own network: the switch stands in a namespace too. Linux, as root.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from tests.house import ROOT
from tests.servers import Seat, launched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NETWORKS = Path("/run/netns")


class Strike(StrEnum):
    """What may become of a host."""

    #: All that runs on it is killed; the others are told that its lines are closed.
    KILLED = "killed"
    #: As when the power goes: it is not there any more, and nobody is told.
    GONE = "gone"
    #: It lives on and hears nobody, until its link is whole again.
    CUT_OFF = "cut off"


class Lan:
    """A switch with hosts on it, each with an address."""

    def __init__(self) -> None:
        self._prefix = f"sh{os.getpid()}-"
        self._numbers: dict[str, int] = {}
        self._plugged: set[str] = set()
        _ip("netns", "add", self._named("switch"))
        _ip("-n", self._named("switch"), "link", "add", "switch", "up", "type", "bridge")

    def plug_in(self, name: str) -> Seat:
        """Give a host a network of its own, and the address that it has had before, if any."""
        number = self._numbers.setdefault(name, len(self._numbers) + 2)
        switch, host, seat = self._named("switch"), self._named(name), self.seat(name)
        _ip("netns", "add", host)
        self._plugged.add(name)
        _ip("-n", switch, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", host)
        _ip("-n", switch, "link", "set", name, "master", "switch", "up")
        _ip("-n", host, "link", "set", "eth0", "address", f"02:00:00:00:00:{number:02x}", "up")
        _ip("-n", host, "link", "set", "lo", "up")
        _ip("-n", host, "address", "add", f"{seat.address}/24", "dev", "eth0")
        return seat

    def seat(self, name: str) -> Seat:
        """Where a host sits, or did."""
        return Seat(_NETWORKS / self._named(name), f"10.77.0.{self._numbers[name]}")

    def has(self, name: str) -> bool:
        """Whether a host is there."""
        return name in self._plugged

    def cut(self, name: str) -> None:
        """Let nothing through to a host nor from it, without a word to anybody."""
        _ip("-n", self._named("switch"), "link", "set", name, "down")

    def mend(self, name: str) -> None:
        """Let everything through again."""
        _ip("-n", self._named("switch"), "link", "set", name, "up")

    def kill_all(self, name: str) -> None:
        """Kill everything that runs on a host, and what it starts meanwhile."""
        while found := _ip("netns", "pids", self._named(name)).split():
            for process in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGKILL)
            time.sleep(0.01)

    def unplug(self, name: str) -> None:
        """Take a host away with its lines, open or closing."""
        _ip("-n", self._named("switch"), "link", "delete", name)  # the namespace goes when the kernel finds the time
        _ip("netns", "delete", self._named(name))
        self._plugged.remove(name)

    def close(self) -> None:
        """Take everything away."""
        for name in tuple(self._plugged):
            self.unplug(name)
        _ip("netns", "delete", self._named("switch"))

    def _named(self, name: str) -> str:
        return self._prefix + name


@contextlib.contextmanager
def lan() -> Iterator[Lan]:
    """A switch for one test."""
    found = Lan()
    try:
        yield found
    finally:
        found.close()


@dataclass
class Host:
    """A machine that runs one part of the program, and starts it whenever it boots."""

    lan: Lan
    name: str
    part: str
    home: Path
    settings: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    is_cut_off: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.lan.plug_in(self.name)
        self.home.mkdir()

    @property
    def seat(self) -> Seat:
        return self.lan.seat(self.name)

    def boot(self) -> None:
        """Start what runs on it."""
        self.process = launched(
            [sys.executable, "-m", "styrhjul", self.part],
            self.home,
            stop=signal.SIGKILL,
            seat=self.seat,
            settings={**self.settings, "PYTHONPATH": str(ROOT), "STYRHJUL_DATA_DIR": str(self.home)},
        )

    def strike(self, how: Strike) -> None:
        """Do it to the host."""
        if how is Strike.KILLED:
            self._kill()
            return
        self.lan.cut(self.name)
        if how is Strike.GONE:
            self._kill()
            self.lan.unplug(self.name)
        else:
            self.is_cut_off = True

    def recover(self) -> None:
        """Boot after a death, or hear the others again."""
        if self.is_cut_off:
            self.lan.mend(self.name)
            self.is_cut_off = False
            self._boot_if_ended()
            return
        if not self.lan.has(self.name):
            self.lan.plug_in(self.name)
        self.boot()

    def keep_up(self) -> None:
        """What a supervisor does: start again what has ended by itself."""
        if self.process is not None:
            self._boot_if_ended()

    def _boot_if_ended(self) -> None:
        if self.process is not None and self.process.poll() is not None:
            self.boot()

    def _kill(self) -> None:
        if self.process is not None:
            self.process.kill()  # one that has just been started may not have entered its network yet
        self.lan.kill_all(self.name)
        if self.process is not None:
            self.process.wait()
        self.process = None


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
    return done.stdout
