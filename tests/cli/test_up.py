"""The process tree as it really runs: it serves, mends itself, keeps others out and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.cli.conftest import ROOT

#: Pulses every second instead of every thirty.
QUICK = {"STYRHJUL_PULSE_SECONDS": "1", "STYRHJUL_SILENT_AFTER_SECONDS": "60"}


@dataclass
class Tree:
    """A running `up` or `demo`, and where it answers."""

    process: subprocess.Popen[str]
    url: str
    data_dir: Path
    said: list[str]

    @property
    def port(self) -> str:
        return self.url.rpartition(":")[2]

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=60) as response:  # noqa: S310 - our own address
            return response.status, response.read().decode()


def styrhjul(data_dir: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "styrhjul", *words],
        env={**os.environ, **QUICK, "PYTHONPATH": str(ROOT), "STYRHJUL_DATA_DIR": str(data_dir)},
        cwd=data_dir.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextlib.contextmanager
def serving(data_dir: Path, *words: str) -> Iterator[Tree]:
    process = styrhjul(data_dir, *words)
    try:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "svarar på http" in line:
                break
        yield Tree(process, said[-1].split("svarar på ")[1].split()[0], data_dir, said)
    finally:
        process.kill()
        process.communicate()


def are_gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=30)
    return alive == []


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    with serving(tmp_path_factory.mktemp("up") / "var", "up", "--port", "0") as tree:
        yield tree


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., str]:
    def run(data_dir: Path, *words: str) -> str:
        process = styrhjul(data_dir, *words)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 1
        return said

    return run


def commands(up: Tree) -> dict[psutil.Process, str]:
    said = {}
    for child in up.children():
        with contextlib.suppress(psutil.Error):  # it ended while we looked
            said[child] = " ".join(child.cmdline())
    return said


def missing(up: Tree) -> list[str]:
    programs = ("valkey", "tasks.app worker", "tasks.app beat", "styrhjul web")
    return [program for program in programs if not any(program in command for command in commands(up).values())]


def test_it_runs_broker_worker_beat_and_web(up: Tree) -> None:
    """One of them may just be starting again: another test killed it."""
    until = time.monotonic() + 60
    while missing(up) and time.monotonic() < until:
        time.sleep(0.2)
    assert missing(up) == []


def test_it_says_that_the_pages_open_without_signing_in(up: Tree) -> None:
    assert "öppna utan inloggning" in up.said[-2]


def test_beat_wakes_the_worker_through_the_broker(up: Tree) -> None:
    """Nobody pulses himself before a minute has passed."""
    until = time.monotonic() + 50
    while (age := json.loads(up.get("/health/work")[1])["last_pulse_age_seconds"]) is None and time.monotonic() < until:
        time.sleep(0.5)
    assert age is not None


@pytest.mark.parametrize("program", ["styrhjul web", "tasks.app beat"])
def test_what_dies_is_started_again(up: Tree, program: str) -> None:
    """The port stays ours meanwhile: who calls waits instead of being refused."""
    [victim] = [child for child, command in commands(up).items() if program in command]
    victim.kill()
    assert up.get("/health/live")[0] == 200
    psutil.wait_procs([victim], timeout=10)
    assert victim.pid not in {child.pid for child in up.children()}


def test_a_second_one_does_not_share_its_folder(up: Tree, refused: Callable[..., str]) -> None:
    assert str(up.process.pid) in refused(up.data_dir, "up", "--port", "0")


def test_a_taken_port_is_refused_before_anything_starts(up: Tree, refused: Callable[..., str], tmp_path: Path) -> None:
    assert f"Port {up.port}" in refused(tmp_path / "other", "up", "--port", up.port)
    assert not (tmp_path / "other/styrhjul.db").exists()


def test_the_demo_ends_up_serving_and_stops_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path / "var", "demo", "--on", "2026-10-16", "--port", "0") as tree:
        assert "Integrationspolicy" in tree.get("/inbox")[1]
        children = tree.children()
        tree.process.send_signal(signal.SIGINT)
        assert tree.process.wait(60) == 0
        assert are_gone(children)


def test_a_killed_supervisor_takes_everything_with_it(tmp_path: Path) -> None:
    with serving(tmp_path / "var", "up", "--port", "0") as tree:
        children = tree.children()
        assert len(children) >= 4
        tree.process.kill()
        assert are_gone(children)
