"""Running Styrhjul: everything at once, or one part for those who supervise the parts themselves."""

from __future__ import annotations

import os
import socket
import sys
from importlib import import_module
from typing import Annotated, NoReturn

import typer

from styrhjul.cli.context import AsJson, print_json, say

Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, metavar="N", help="Webbsidornas port.")]
Host = Annotated[str, typer.Option("--host", metavar="ADRESS", help="Adressen att lyssna på.")]


def up(port: Port = None, host: Host = "127.0.0.1") -> None:
    """Run broker, worker, beat and web as one process tree, restarting what dies."""
    from config.logging import configure_logging
    from config.settings import load_settings
    from styrhjul.cli.tree import listen, only_one, serve, with_port
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.operations.doctor import OPEN_PAGES

    settings = load_settings()
    configure_logging(settings.log_level)
    with only_one(settings.data_dir), listen(port, host=host) as listening:
        settings = with_port(settings, listening)
        installation = Installation.open(settings)
        installation.make_ready()
        installation.close()
        serve(settings, listening, greeting=f"styrhjul: {OPEN_PAGES}\n" if settings.is_embedded else "")


def migrate(
    as_json: AsJson = False,
    write: Annotated[
        str | None,
        typer.Option("--write", metavar="NAMN", help="Skriv en migrering ur modellerna. NAMN är YYYYMMDD_verb_noun."),
    ] = None,
) -> None:
    """Bring the database up to date."""
    from config.settings import load_settings
    from styrhjul.db.migrate import head, write_revision
    from styrhjul.services.foundation.installation import Installation

    if write:
        say(f"Skrev {write_revision(write)}. Läs den, och kör sedan ./run fix.")
        return
    installation = Installation.open(load_settings())
    revision = installation.migrate()
    installation.close()
    if as_json:
        print_json({"revision": revision})
    elif revision == head():
        say(f"Databasen är uppdaterad till {revision}.")
    else:
        say(
            f"Databasen är uppdaterad till {revision} av en nyare version av Styrhjul. Den här versionen ({head()}) "
            "ändrade inget. Versionen närmast före den nyare kan köras på databasen, ingen äldre än så."
        )


def web(
    port: Port = None,
    host: Host = "127.0.0.1",
    fd: Annotated[int | None, typer.Option("--fd", hidden=True, help="A listening socket, inherited.")] = None,
) -> None:
    """Run the web pages alone."""
    import uvicorn

    from config.garbage import look_seldom
    from styrhjul.cli.context import open_installation
    from styrhjul.cli.tree import listen

    installation = open_installation()
    listening = listen(port, host=host) if fd is None else socket.socket(fileno=fd)
    # By name: entry points do not import each other.
    app = import_module("styrhjul.web.app").create_app(installation)
    look_seldom()  # it would hold up pages
    config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=10, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])
    installation.close()


def worker(
    processes: Annotated[
        int, typer.Option("--processes", min=1, metavar="N", help="Så många uppgifter på en gång.")
    ] = 2,  # one of them may be making what was ordered: mails leave by the other
) -> None:
    """Run a worker alone. It pulses itself when beat is silent."""
    _become_celery("worker", "--pool=prefork", f"--concurrency={processes}", "--without-gossip", "--without-mingle")


def beat() -> None:
    """Run beat alone. Two of them are harmless."""
    _become_celery("beat")


def _become_celery(*words: str) -> NoReturn:
    """Check the settings, then become Celery: a wrong one is refused in one line, before anything runs."""
    from config.settings import load_settings
    from styrhjul.cli.tree import environment

    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, **environment(settings)}
    command = [sys.executable, "-m", "celery", "--quiet", "--app=tasks.app", *words]
    os.execve(command[0], command, env)  # noqa: S606 - no shell between us and our signals
