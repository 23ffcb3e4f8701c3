"""The child that reads documents is locked up before it sees one: asked of the kernel while it waits for its input."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from styrhjul.confined.program import ENVIRONMENT, command_of
from styrhjul.documents.formats import child, picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from styrhjul.confined.limits import Limits

CHILDREN = [*((child.__name__, kind, child.LIMITS) for kind in child.READERS), (picture.__name__, "1", picture.LIMITS)]
SECONDS = 60


@pytest.fixture(params=CHILDREN, ids=lambda param: f"{param[0].rpartition('.')[2]}{param[1]}")
def waiting(request: pytest.FixtureRequest) -> Iterator[tuple[Path, Limits]]:
    """Give what the kernel says of a child that has loaded what it needs and waits for a document."""
    module, argument, limits = request.param
    with subprocess.Popen(
        command_of(module, argument), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=dict(ENVIRONMENT)
    ) as started:
        said = Path(f"/proc/{started.pid}")
        until = time.monotonic() + SECONDS
        while "Seccomp:\t2" not in (said / "status").read_text() and time.monotonic() < until:
            time.sleep(0.05)
        yield said, limits
        started.kill()


def test_it_has_its_limits_and_no_way_out(waiting: tuple[Path, Limits]) -> None:
    said, limits = waiting
    told = {line[:26].strip(): line[26:].split()[:2] for line in (said / "limits").read_text().splitlines()}
    assert told["Max cpu time"] == [str(limits.cpu_seconds)] * 2
    assert told["Max address space"] == [str(limits.memory_bytes)] * 2
    assert told["Max open files"] == ["0", "0"]
    assert told["Max file size"] == told["Max core file size"] == ["0", "0"]
    status = (said / "status").read_text()
    assert re.search(r"^Seccomp:\t2$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\t1$", status, re.MULTILINE)


def test_it_has_nothing_of_ours(waiting: tuple[Path, Limits]) -> None:
    said, _ = waiting
    names = {pair.partition(b"=")[0].decode() for pair in (said / "environ").read_bytes().split(b"\0") if pair}
    assert names == set(ENVIRONMENT)
    assert len([*(said / "fd").iterdir()]) == 3
