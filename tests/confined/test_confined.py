"""A child that reads what strangers wrote has nothing within reach, and its parent waits so long and no longer."""

from __future__ import annotations

import sys

import pytest

from styrhjul.confined import program
from styrhjul.confined.program import ChildStopped, run_confined

SETTLED = "from styrhjul.confined.limits import Limits, confine\nimport socket, os, subprocess, sys\n"
CONFINE = "confine(Limits(cpu_seconds=2, memory_bytes=300 * 1024 * 1024))\n"
LAUNCH = "confine(Limits(2, 300 * 1024 * 1024, 64), may_start_programs=True)\n"


def told(code: str, *, given: bytes = b"", patience: float = 30, most: int = 1000) -> bytes:
    command = [sys.executable, "-s", "-c", SETTLED + code]
    return run_confined(command, given, patience_seconds=patience, most_answered=most)


def refused(deed: str) -> str:
    said = told(f"{CONFINE}try: {deed}\nexcept (OSError, MemoryError) as error: print(type(error).__name__, error)")
    return said.decode()


@pytest.mark.parametrize(
    "deed",
    [
        "socket.socket()",
        "socket.socketpair()",
        "open('/etc/hostname')",
        "open('x', 'w')",
        "bytearray(10**9)",
        "subprocess.run(['true'])",
        "os.fork()",
        "os.execv(sys.executable, ['python'])",
    ],
)
def test_nothing_can_be_opened_started_or_piled_up(deed: str) -> None:
    assert refused(deed)


def test_linux_refuses_sockets_even_with_file_numbers_to_spare() -> None:
    """The limit of files is one lock, this is the other."""
    deed = "try: socket.socket()\nexcept PermissionError as error: print(error.errno)"
    assert told(LAUNCH + deed) == b"1\n"
    assert told(f"{LAUNCH}os.execv(sys.executable, ['python', '-c', '''import socket\n{deed}'''])") == b"1\n"


def test_a_child_that_thinks_for_ever_is_ended_by_the_system() -> None:
    with pytest.raises(ChildStopped, match=r"ended with -(9|24)") as stopped:
        told(f"{CONFINE}while True: pass")
    assert not stopped.value.is_late


def test_a_child_that_waits_for_ever_is_ended_by_its_parent() -> None:
    with pytest.raises(ChildStopped) as stopped:
        told("import time; time.sleep(600)", patience=0.3)
    assert stopped.value.is_late


def test_a_child_that_says_too_much_is_ended() -> None:
    with pytest.raises(ChildStopped, match="length"):
        told("while True: print('x' * 1000)")


def test_a_child_that_takes_nothing_keeps_nobody_waiting() -> None:
    assert told("print('done')", given=b"x" * 5_000_000) == b"done\n"


def test_a_child_is_given_no_setting_and_no_open_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_SECRET_KEY", "a secret key for tests, long enough")
    listed = "print(*sorted(os.environ)); print(*sorted(os.listdir('/proc/self/fd')))"
    names, files = told(listed).decode().splitlines()
    assert set(names.split()) <= {*program.ENVIRONMENT, "LC_CTYPE", "PWD", "SHLVL", "_"}
    assert len(files.split()) <= 4  # the fourth is the listing itself
