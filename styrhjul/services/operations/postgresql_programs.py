"""PostgreSQL's own programs, `pg_dump`, `pg_restore` and `psql`; what goes wrong in them is told in their words."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile

from psycopg.pq import Conninfo
from sqlalchemy import URL

from styrhjul.db.row_security import MIGRATION, SCOPE
from styrhjul.services.operations.backup_failed import BackupFailed

#: What a URL may say of how a line is kept, and these programs are not told: they have no word for it.
_OF_THE_LINE = frozenset(
    {
        "fallback_application_name",
        "keepalives",
        "keepalives_idle",
        "keepalives_interval",
        "keepalives_count",
        "tcp_user_timeout",
    }
)


def run_program(command: Sequence[str], owner: URL) -> str:
    """Run one of the programs and return what it printed; raises BackupFailed.

    Whom it signs in as, and how, stands in its environment, never in its arguments.
    """
    found, environment = _found(command), environment_of(owner)
    done = subprocess.run(found, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise _failed(command, done.stderr)
    return done.stdout


def pour(giving: Sequence[str], taking: Sequence[str], last: str, owner: URL) -> None:
    """Run one program into another, and `last` after it; nothing of it lies on a disk. Raises BackupFailed.

    Where the first comes to no good end the second is killed: at the end of what it was given it would keep the half.
    """
    environment, is_whole = environment_of(owner), False
    source, sink = _found(giving), _found(taking)
    with TemporaryFile() as first_said, TemporaryFile() as second_said:
        with (
            suppress(BrokenPipeError),  # the second has refused what it was given, and says why
            Popen(sink, env=environment, stdin=PIPE, stdout=DEVNULL, stderr=second_said) as second,
            Popen(source, env=environment, stdout=PIPE, stderr=first_said) as first,
        ):
            try:
                shutil.copyfileobj(first.stdout, second.stdin)  # type: ignore[arg-type] # both are pipes
                if first.wait() == 0:
                    second.stdin.write(last.encode())  # type: ignore[union-attr] # a pipe
                    is_whole = True
            finally:
                if not is_whole:
                    second.kill()
                    first.kill()
        for command, ended, said in ((giving, first, first_said), (taking, second, second_said)):
            said.seek(0)
            if ended.returncode != 0 and (words := said.read().decode(errors="replace")):
                raise _failed(command, words)
        if first.returncode or second.returncode:
            raise _failed(giving if first.returncode else taking, "avbröts")


def _found(command: Sequence[str]) -> list[str]:
    program = shutil.which(command[0])
    if program is None:
        raise BackupFailed(
            f"Programmet {command[0]} finns inte på den här datorn (Debian: postgresql-client). Kör det där "
            "databasen är: docs/operations.md säger hur."
        )
    return [program, *command[1:]]


def _failed(command: Sequence[str], said: str) -> BackupFailed:
    return BackupFailed(f"{command[0]}: {' '.join(said.split())[:500]}")


def environment_of(owner: URL) -> Mapping[str, str]:
    """Return all that a URL says of the connection, TLS and all, under libpq's own names for it in an environment.

    What stands in our own environment holds where the URL is silent, as it does for the program itself. Raises
    BackupFailed for what has no such name.
    """
    _, asked = owner.get_dialect()().create_connect_args(owner)
    given = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} or {"PATH": os.defpath}
    for option in Conninfo.get_defaults():
        keyword, name = option.keyword.decode(), option.envvar.decode() if option.envvar else None
        if name is not None:
            value = str(asked.get(keyword) or os.environ.get(name, ""))
            given |= {name: value} if value else {}
        elif keyword in asked and keyword not in _OF_THE_LINE:
            raise BackupFailed(
                f"STYRHJUL_MIGRATE_DATABASE_URL har {keyword}, som pg_dump och psql inte kan få. Ta bort det därifrån, "
                "eller kör pg_dump för hand: docs/operations.md säger hur."
            )
    given["PGOPTIONS"] = f"{given.get('PGOPTIONS', '')} -c {SCOPE}={MIGRATION}".strip()
    return given
