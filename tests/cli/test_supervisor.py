"""The supervisor, with small programs of our own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from styrhjul.cli import supervisor as supervisor_module
from styrhjul.cli.context import CommandFailed
from styrhjul.cli.supervisor import Program, ProgramFailed, Supervisor
from styrhjul.cli.tree import AlreadyRunning, listen, only_one


def program(name: str, code: str, tmp_path: Path, **more: object) -> Program:
    command = [sys.executable, "-Sc", code]
    return Program(name=name, command=command, log=tmp_path / f"{name}.log", **more)  # type: ignore[arg-type]


def told(path: Path, text: str) -> bool:
    return path.exists() and text in path.read_text()


def eventually(path: Path, text: str, seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not told(path, text) and time.monotonic() < until:
        time.sleep(0.05)
    return told(path, text)


SLEEP = "import time; time.sleep(300)"


def test_a_program_is_waited_for_until_it_is_up(tmp_path: Path) -> None:
    code = f"print('up', flush=True); {SLEEP}"
    log = tmp_path / "a.log"
    with Supervisor() as supervisor:
        supervisor.start(program("a", code, tmp_path, is_up=lambda: told(log, "up")))
        assert told(log, "up")


def test_a_program_that_dies_at_once_is_told_of_with_its_last_words(tmp_path: Path) -> None:
    with (
        Supervisor() as supervisor,
        pytest.raises(ProgramFailed, match=r"a kom inte igång\. Det sista den skrev var: oh no"),
    ):
        supervisor.start(program("a", "print('oh no'); raise SystemExit(1)", tmp_path, is_up=lambda: False))


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    with Supervisor() as supervisor:
        supervisor.start(program("a", "print('once more', flush=True)", tmp_path))
        looking = threading.Thread(target=supervisor.watch)
        looking.start()
        assert eventually(log, "once more\nonce more\n")
        supervisor._told.set()
        looking.join()


def test_they_are_stopped_in_reverse_order(tmp_path: Path) -> None:
    ending = "import signal, sys, time\ndef end(*_):\n    open({path!r}, 'a').write({name!r}); sys.exit()\n"
    ending += "signal.signal(signal.SIGTERM, end)\nprint('up', flush=True)\ntime.sleep(300)"
    order = tmp_path / "order"
    with Supervisor() as supervisor:
        for name in "abc":
            log = tmp_path / f"{name}.log"
            code = ending.format(path=str(order), name=name)
            supervisor.start(program(name, code, tmp_path, is_up=lambda log=log: told(log, "up")))
    assert order.read_text() == "cba"


def test_one_that_does_not_end_in_its_time_is_killed(tmp_path: Path) -> None:
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); {SLEEP}"
    log = tmp_path / "a.log"
    with Supervisor() as supervisor:
        supervisor.start(program("a", code, tmp_path, is_up=lambda: told(log, "up"), patience=0.2))
        process = supervisor._running[0].process
    assert process.poll() == -9


def test_one_that_is_slow_to_end_is_waited_for_and_a_second_ctrl_c_ends_it_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its patience is longer than any test: it ends because somebody hurries, who has been told what that costs."""
    said: list[str] = []

    def hear(text: str) -> None:
        if not said:
            os.kill(os.getpid(), signal.SIGINT)
        said.append(text)

    monkeypatch.setattr(supervisor_module, "say", hear)
    monkeypatch.setattr(supervisor_module, "_SILENT_SECONDS", 0.1)
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); {SLEEP}"
    log, words = tmp_path / "a.log", {"finishes": "det dröjer.", "cut_off": "Det kan kosta."}
    with Supervisor() as supervisor:
        supervisor.start(program("a", code, tmp_path, is_up=lambda: told(log, "up"), patience=280, **words))
        process = supervisor._running[0].process
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # none but Ctrl-C hurries, and not the first
            os.kill(os.getpid(), number)
    assert said == [
        "Väntar på a: det dröjer. Ctrl-C en gång till avbryter. Det kan kosta.",
        "a avbryts. Det kan kosta.",
    ]
    assert process.poll() == -9


def test_a_taken_port_is_refused() -> None:
    with listen(0) as taken, pytest.raises(CommandFailed, match="--port"):
        listen(taken.getsockname()[1])


def test_the_demo_takes_the_next_free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with listen(0) as taken:
        monkeypatch.setattr("styrhjul.cli.tree.DEFAULT_PORT", taken.getsockname()[1])
        with listen(None, or_next=True) as other:
            assert other.getsockname()[1] > taken.getsockname()[1]


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyRunning), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        assert (tmp_path / "running.lock").exists()


def test_what_is_sent_to_whoever_calls_is_not_kept_back_to_fill_a_packet() -> None:
    with listen(0) as listening, socket.create_connection(listening.getsockname()):
        called, _ = listening.accept()
        with called:
            assert called.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_listening_socket_is_closed_with_its_block() -> None:
    with listen(0) as listening:
        port = listening.getsockname()[1]
    with contextlib.closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
