"""The process tree of `up` and `demo`: broker, worker, beat and web on one listening socket of ours."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from styrhjul.cli import embedded_broker
from styrhjul.cli.context import CommandFailed, say
from styrhjul.cli.supervisor import Program, Supervisor

if TYPE_CHECKING:
    from config.settings import Settings

DEFAULT_PORT = 8000
_PORTS_TRIED = 50
_ROOT = Path(__file__).parents[2]
#: Longer than the hard limit of a task (tasks/patience.py): a mail that is being sent gets its answer.
WORKER_PATIENCE = 800


class AlreadyRunning(CommandFailed):
    """Another process tree works in this data folder."""


def listen(port: int | None, *, or_next: bool = False, host: str = "127.0.0.1") -> socket.socket:
    """Take a port before anything else is started. Raises CommandFailed when it is taken.

    With `or_next` and no port given the next free one is taken instead.
    """
    first = DEFAULT_PORT if port is None else port
    last = first + _PORTS_TRIED if or_next and port is None else first
    for candidate in range(first, last + 1):
        with contextlib.suppress(OSError):
            return _bound(host, candidate)
    raise CommandFailed(
        f"Port {first} på {host} är upptagen eller inte tillåten. Avsluta det som använder den, eller välj en annan"
        " med --port."
    )


def _bound(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        # The system would keep the rest of every page back for 40 ms; a loop asks it not to for its own sockets alone.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


@contextlib.contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data folder; the system lets go of it when we die. Raises AlreadyRunning."""
    data_dir.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (data_dir / "running.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise AlreadyRunning(f"Process {lock.read() or '?'} kör redan i {data_dir}. Avsluta den först.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def serve(settings: Settings, listening: socket.socket, *, logs: Path | None = None, greeting: str = "") -> None:
    """Run the tree until told to stop, and say the address once it really answers."""
    port = listening.getsockname()[1]
    with embedded_broker.socket_folder() as folder, Supervisor() as supervisor:
        env = environment(settings)
        broker = _broker(settings, folder, logs)
        if broker is not None:
            env["STYRHJUL_BROKER_URL"] = embedded_broker.broker_url(folder / "broker.sock")
            supervisor.start(broker)
        supervisor.start(_worker(env, logs))
        supervisor.start(_styrhjul("beat", env, logs))
        if settings.lmtp_port:
            supervisor.start(_styrhjul("inbound", env, logs, "serve"))
        if settings.metrics_port:
            supervisor.start(_styrhjul("metrics", env, logs, "--serve"))
        supervisor.start(_web(env, logs, listening))
        if not supervisor.is_told_to_stop:
            say(f"{greeting}styrhjul: svarar på http://127.0.0.1:{port} (avsluta med Ctrl-C)")
        supervisor.watch()


def _broker(settings: Settings, folder: Path, logs: Path | None) -> Program | None:
    """Return the embedded broker; None when another is named, or where the wheel does not exist: then files do."""
    program = embedded_broker.valkey_program()
    if settings.broker_url or program is None:
        return None
    at = folder / "broker.sock"
    return Program(
        name="broker",
        command=embedded_broker.valkey_command(program, at, settings.data_dir / "broker"),
        is_up=lambda: embedded_broker.answers(at),
        log=_log(logs, "broker"),
    )


def _worker(env: Mapping[str, str], logs: Path | None) -> Program:
    return _styrhjul(
        "worker",
        env,
        logs,
        patience=WORKER_PATIENCE,
        finishes=f"den gör färdigt det den höll på med, som längst i {WORKER_PATIENCE // 60} minuter.",
        cut_off="Ett mejl som är på väg till mejlservern kan då komma fram två gånger.",
    )


def _web(env: Mapping[str, str], logs: Path | None, listening: socket.socket) -> Program:
    fd, port = listening.fileno(), listening.getsockname()[1]
    if sys.platform == "win32":
        listening.close()
        rest, fds = ("--port", str(port)), ()
    else:
        listening.set_inheritable(True)
        rest, fds = ("--fd", str(fd)), (fd,)
    return _styrhjul("web", env, logs, *rest, pass_fds=fds, is_up=lambda: web_answers(port))


def _styrhjul(name: str, env: Mapping[str, str], logs: Path | None, *rest: str, **more: object) -> Program:
    command = [sys.executable, "-m", "styrhjul", name, *rest]
    return Program(name=name, command=command, env=env, log=_log(logs, name), **more)  # type: ignore[arg-type]


def _log(logs: Path | None, name: str) -> Path | None:
    return None if logs is None else logs / f"{name}.log"


def environment(settings: Settings) -> dict[str, str]:
    """Return what a child needs to be of the same installation; what the parent was given stays, unless it differs."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return {
        "PYTHONPATH": path,
        "PYTHONUTF8": "1",
        "STYRHJUL_DATA_DIR": str(settings.data_dir),
        "STYRHJUL_BASE_URL": settings.base_url,
    }


def with_port(settings: Settings, listening: socket.socket) -> Settings:
    """Let links point to the port we really serve on, unless somebody has said where they should."""
    if "base_url" in settings.model_fields_set or listening.getsockname()[1] == urlsplit(settings.base_url).port:
        return settings
    return settings.model_copy(update={"base_url": f"http://127.0.0.1:{listening.getsockname()[1]}"})


def web_answers(port: int) -> bool:
    """Tell whether the web process is up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
