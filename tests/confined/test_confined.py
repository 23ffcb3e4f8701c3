"""A child that reads what strangers wrote has nothing within reach, and its parent waits so long and no longer."""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from styrhjul.confined import program
from styrhjul.confined.program import ChildStopped, run_confined

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
SETTLED = "from styrhjul.confined.limits import Limits, confine\nimport ctypes, socket, os, resource, subprocess, sys\n"
CONFINE = "confine(Limits(cpu_seconds=2, memory_bytes=300 * 1024 * 1024))\n"
SPARE = "confine(Limits(2, 300 * 1024 * 1024, 64))\n"
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


def test_a_child_ends_with_a_parent_that_is_killed() -> None:
    asks = f"run_confined([sys.executable, '-c', {SETTLED + CONFINE + 'import time; time.sleep(600)'!r}], b'', "
    code = (
        f"import sys\nfrom styrhjul.confined.program import run_confined\n{asks}patience_seconds=600, most_answered=1)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2]) as parent:
        child = until(lambda: locked_child_of(parent.pid))
        parent.kill()
    is_gone = until(lambda: not is_alive(child))
    if not is_gone:
        os.kill(child, signal.SIGKILL)
    assert is_gone


def until(found: Callable[[], T], seconds: float = 60) -> T:
    """Return what is found at last, or what is not after so long."""
    over = time.monotonic() + seconds
    while not (it := found()) and time.monotonic() < over:
        time.sleep(0.05)
    return it


def locked_child_of(parent: int) -> int:
    """Return the child of a process that has given up its calls; 0 for none yet."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            said = status.read_text()
            if f"PPid:\t{parent}\n" in said and "Seccomp:\t2" in said:
                return int(status.parent.name)
    return 0


def is_alive(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "empty").mkdir()
    return tmp_path / "file"


#: Each succeeds in a child that is not locked up.
DEEDS = [
    *("os.open(F, os.O_RDONLY)", "os.close(0); os.open(F, os.O_RDONLY)", "os.open(f'/proc/{os.getppid()}/environ', 0)"),
    *(
        "os.stat(F)",
        "os.listdir('/')",
        "os.unlink(F)",
        "os.rename(F, F + '2')",
        "os.mkdir(F + '2')",
        "os.link(F, F + '2')",
    ),
    *("os.rmdir(os.path.dirname(F) + '/empty')", "os.symlink(F, F + '2')", "os.mkfifo(F + '2')"),
    *("os.chmod(F, 0o600)", "os.chown(F, -1, -1)", "os.lchown(F, -1, -1)", "os.truncate(F, 0)", "os.utime(F)"),
    *("os.kill(os.getppid(), 0)", "os.kill(os.getpid(), 0)", "os.pidfd_open(os.getppid())", "os.memfd_create('a')"),
    *("os.setpriority(os.PRIO_PROCESS, 0, 5)", "os.chdir('/')", "os.pipe()", "os.dup(1)"),
    *(
        "resource.prlimit(os.getppid(), resource.RLIMIT_CORE)",
        "resource.getrlimit(resource.RLIMIT_STACK)",
    ),
]


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_is_done_by_a_child_that_is_not_locked_up(deed: str, file: Path) -> None:
    tried = f"F = {str(file)!r}\ntry: {deed}; print('done')\nexcept OSError as error: print(error.errno)\n"
    assert told(tried) == b"done\n"


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_is_refused_by_the_filter_alone(deed: str, file: Path) -> None:
    """With file numbers to spare, so that the filter stands alone."""
    tried = f"F = {str(file)!r}\ntry: {deed}; print('done')\nexcept OSError as error: print(error.errno)\n"
    assert told(SPARE + tried) == b"1\n"
    assert file.read_text() == "kept"


@pytest.mark.parametrize(
    "deed",
    [
        "os.unlink(F)",
        "os.rename(F, F + '2')",
        "os.mkdir(F + '2')",
        "os.chmod(F, 0o600)",
        "os.truncate(F, 0)",
        "os.symlink(F, F + '2')",
        "os.kill(os.getppid(), 0)",
        "os.pidfd_open(os.getppid())",
        "resource.prlimit(os.getppid(), resource.RLIMIT_CORE)",
    ],
)
def test_a_program_changes_nothing_and_signals_nobody(deed: str, file: Path) -> None:
    tried = f"F = {str(file)!r}\ntry: {deed}; print('done')\nexcept OSError as error: print(error.errno)\n"
    assert told(LAUNCH + tried) == b"1\n"
    assert file.read_text() == "kept"


@pytest.mark.parametrize("locked", [SPARE, LAUNCH])
@pytest.mark.parametrize("call", [101, 165, 310, 311, 0x40000000 | 39])
def test_neither_tracing_nor_mounting_nor_the_other_way_in_is_open(locked: str, call: int) -> None:
    """x86-64 numbers: ptrace, mount, process_vm_readv, process_vm_writev, getpid by x32."""
    if platform.machine() != "x86_64":
        call = {101: 117, 165: 40, 310: 270, 311: 271}.get(call, 117)
    tried = f"c = ctypes.CDLL(None, use_errno=True)\nprint(c.syscall({call}, 0, 0, 0, 0, 0, 0), ctypes.get_errno())"
    assert told(locked + tried) == b"-1 1\n"


def test_the_standard_files_stay_usable_and_none_takes_the_place_of_one_that_was_closed() -> None:
    """The limit of files alone, as on Unix without the filter."""
    alone = "from styrhjul.confined import limits\nlimits.give_up_calls = lambda **_: False\n"
    tried = "print(sys.stdin.read()); os.close(0)\ntry: os.open('/etc/passwd', 0)\n"
    said = told(f"{alone}{CONFINE}{tried}except OSError as error: print(error.errno)", given=b"given")
    assert said == b"given\n24\n"


@pytest.mark.parametrize("name", ["RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NOFILE", "RLIMIT_NPROC"])
def test_no_file_grows_no_memory_is_dumped_nothing_is_opened_or_started(name: str) -> None:
    alone = "from styrhjul.confined import limits\nlimits.give_up_calls = lambda **_: False\n"
    assert told(f"{alone}{CONFINE}print(resource.getrlimit(resource.{name}))") == b"(0, 0)\n"
