"""Keeps a handful of programs running: starts them in order, restarts what dies, stops them in reverse order.

They die with this process even when it is killed (see child.py). Ctrl-C reaches only us, so that the order holds; a
second one while they stop kills what is left.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any, Self

import structlog

from styrhjul.cli.context import say

log = structlog.get_logger()

_LOOK_SECONDS = 0.2
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
#: Whoever has run this long and dies is started again at once.
_SETTLED_SECONDS = 60.0
#: Whoever has pressed Ctrl-C and sees nothing for so long wonders why.
_SILENT_SECONDS = 30.0
_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program. `is_up` tells when the next may start; `patience` is how long it may take to stop, in seconds.

    `finishes` and `cut_off` are for whoever waits for that: what it does meanwhile, and what it means to end it now.
    """

    name: str
    command: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    is_up: Callable[[], bool] | None = None
    patience: float = 20
    finishes: str = ""
    cut_off: str = ""
    log: Path | None = None
    pass_fds: tuple[int, ...] = ()


class ProgramFailed(RuntimeError):
    """A program did not come up; the message names it and shows the last it said."""


@dataclass(slots=True)
class _Running:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    pause: float = _FIRST_PAUSE
    again_at: float | None = None


class Supervisor:
    """Runs programs until it is told to stop. One per process: it takes SIGINT, SIGTERM and SIGHUP."""

    def __init__(self) -> None:
        self._running: list[_Running] = []
        self._told = threading.Event()
        self._is_hurried = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in _signals():
            self._before[number] = signal.signal(number, self._stop_soon)
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @property
    def is_told_to_stop(self) -> bool:
        """Whether somebody has asked us to end."""
        return self._told.is_set()

    def start(self, program: Program, *, within: float = 60) -> None:
        """Start a program and wait until it is up. Raises ProgramFailed when it dies or takes too long."""
        running = _Running(program, _launch(program), time.monotonic())
        self._running.append(running)
        give_up = time.monotonic() + within
        while program.is_up is not None and not self._told.is_set() and not program.is_up():
            if running.process.poll() is not None or time.monotonic() > give_up:
                raise ProgramFailed(f"{program.name} kom inte igång. {_last_said(program)}")
            self._told.wait(_LOOK_SECONDS / 4)

    def watch(self) -> None:
        """Restart what dies until told to stop."""
        while not self._told.wait(_LOOK_SECONDS):
            for running in self._running:
                self._look_after(running)

    def stop(self) -> None:
        """Stop every program, last started first; one that does not end in its time, or is hurried, is killed."""
        while self._running:
            running = self._running.pop()
            running.process.terminate()
            if not self._ends_by_itself(running):
                log.warning("program_killed", program=running.program.name)
                running.process.kill()
                running.process.wait()

    def _ends_by_itself(self, running: _Running) -> bool:
        program, told_to = running.program, time.monotonic()
        has_said_why = False
        while running.process.poll() is None:
            waited = time.monotonic() - told_to
            if self._is_hurried and program.cut_off:
                say(f"{program.name} avbryts. {program.cut_off}")
            if self._is_hurried or waited > program.patience:
                return False
            if waited > _SILENT_SECONDS and program.finishes and not has_said_why:
                say(f"Väntar på {program.name}: {program.finishes} Ctrl-C en gång till avbryter. {program.cut_off}")
                has_said_why = True
            time.sleep(_LOOK_SECONDS / 4)
        return True

    def _look_after(self, running: _Running) -> None:
        code, now = running.process.poll(), time.monotonic()
        if code is None:
            return
        if running.again_at is None:
            if now - running.started > _SETTLED_SECONDS:
                running.pause = _FIRST_PAUSE
            running.again_at = now + running.pause
            log.error("program_died", program=running.program.name, code=code, again_in_seconds=running.pause)
        elif now >= running.again_at:
            running.process = _launch(running.program)
            running.started, running.again_at = now, None
            running.pause = min(2 * running.pause, _LONGEST_PAUSE)

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        del frame
        # A window that closes, and a service that is stopped, may say so twice.
        self._is_hurried |= number == signal.SIGINT and self.is_told_to_stop
        self._told.set()


def _signals() -> tuple[signal.Signals, ...]:
    hangup = (signal.SIGHUP,) if sys.platform != "win32" else ()
    return (signal.SIGINT, signal.SIGTERM, *hangup)


def _launch(program: Program) -> subprocess.Popen[bytes]:
    command = program.command
    if sys.platform != "win32":
        command = [sys.executable, "-IS", str(_CHILD), str(os.getpid()), *command]
    with _output(program) as output:
        return subprocess.Popen(
            command,
            env={**os.environ, **program.env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if program.log else output,
            pass_fds=program.pass_fds,
            start_new_session=True,
        )


@contextlib.contextmanager
def _output(program: Program) -> Iterator[IO[bytes] | int]:
    """Give the program its log file; without one it speaks on our stderr: stdout belongs to what was asked for."""
    if program.log is None:
        yield sys.stderr.fileno()
        return
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("ab") as file:
        yield file


def _last_said(program: Program) -> str:
    if program.log is None or not program.log.exists():
        return "Loggen står här ovanför."
    lines = program.log.read_text(encoding="utf-8", errors="replace").splitlines()
    return f"Det sista den skrev var: {lines[-1]}" if lines else "Den skrev inget."
