"""No child of a worker outlives it, not even one that was being born as the worker died."""

from __future__ import annotations

import subprocess
import sys

import psutil

from tests.cli.conftest import ROOT

WORKER = """
import os, time
from tasks.app import die_with_the_worker
if os.fork():
    {parent}
else:
    {child}
    print(os.getpid(), flush=True)
    time.sleep(600)
"""


def one_that(parent: str, child: str) -> subprocess.Popen[str]:
    program = WORKER.format(parent=parent, child=child)
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_child_ends_when_its_worker_is_killed() -> None:
    with one_that("time.sleep(600)", "die_with_the_worker()") as worker:
        assert worker.stdout is not None
        child = psutil.Process(int(worker.stdout.readline()))
        worker.kill()
        _, alive = psutil.wait_procs([child], timeout=30)
    assert alive == []


def test_a_child_whose_worker_died_before_it_could_ask_ends_at_once() -> None:
    orphaned = "worker = os.getppid()\n    while os.getppid() == worker: time.sleep(0.01)\n    die_with_the_worker()"
    with one_that("time.sleep(0.5)", orphaned) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "", "it said its number, so it lived on"
