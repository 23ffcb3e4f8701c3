"""The command line as a whole: what it prints where, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from styrhjul.cli.app import COMMANDS, load
from tests.cli.conftest import Command
from tests.servers import PostgresServer, clone_database, drop_database


def test_help_lists_every_command(styrhjul: Command) -> None:
    outcome = styrhjul("--help")
    assert outcome.code == 0
    assert all(f"  {name} " in outcome.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_listed_command_can_be_loaded_and_says_what_it_does(name: str) -> None:
    command = load(name)
    assert command.help
    assert command.name in (name, None) or command.name.replace("-", "_") in COMMANDS[name].place


def test_help_needs_nothing_heavy(env: dict[str, str]) -> None:
    """What makes it slow is imported only by the command that needs it."""
    code = (
        "import sys, styrhjul.cli.app; print(sorted({'sqlalchemy', 'celery', 'rich', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "words", [("nonsense",), ("sweep", "--nonsense"), ("sweep", "--on", "tomorrow"), ("explain",), ("mail", "preview")]
)
def test_wrong_usage_ends_with_two(styrhjul: Command, words: tuple[str, ...]) -> None:
    outcome = styrhjul(*words)
    assert outcome.code == 2
    assert outcome.out == ""


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        (("sweep",), {"base_url": "nowhere"}),
        (("worker",), {"smtp_url": "smtp://mail.example.org"}),
        (("beat",), {"pulse_seconds": "0"}),
        (("sweep",), {"database_url": "postgresql://u:hunter2@127.0.0.1:1/d"}),
        (("explain", "ffff"), {}),
        (("mail", "preview", "nonsense"), {}),
        (("demo", "--exit", "--on", "2026-10-14"), {}),
    ],
)
def test_a_failure_is_one_line_and_ends_with_one(
    styrhjul: Command, words: tuple[str, ...], settings: dict[str, str]
) -> None:
    outcome = styrhjul(*words, **settings)
    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err.startswith("styrhjul: ")
    assert outcome.err.count("\n") == 1
    assert "hunter2" not in outcome.err


def test_an_empty_installation_sweeps_and_delivers_nothing(styrhjul: Command) -> None:
    swept, delivered = styrhjul("sweep", "--json"), styrhjul("deliver", "--json")
    assert swept.json.items() >= {"woken": 0, "opened": 0, "notices": 0, "quarantined": 0}.items()
    assert delivered.json.items() >= {"composed": 0, "sent": 0, "deferred": 0, "failed": 0}.items()
    assert (swept.code, delivered.code) == (0, 0)


def test_a_database_of_somebody_elses_is_not_migrated_by_the_way(
    styrhjul: Command, postgres_server: PostgresServer
) -> None:
    owner = clone_database(postgres_server, "template1", "styrhjul_empty")
    url = postgres_server.program_url("styrhjul_empty")
    try:
        refused = styrhjul("sweep", database_url=owner)
        assert (refused.code, "Kör: styrhjul migrate" in refused.err) == (1, True)
        assert "Kör: styrhjul migrate" in styrhjul("up", "--port", "0", database_url=owner).err
        assert "STYRHJUL_MIGRATE_DATABASE_URL saknas" in styrhjul("migrate", database_url=owner).err
        assert styrhjul("migrate", "--json", database_url=url, migrate_database_url=owner).code == 0
        assert "är superanvändare och" in styrhjul("sweep", database_url=owner).err
        assert styrhjul("sweep", "--json", database_url=url).code == 0
    finally:
        drop_database(postgres_server, "styrhjul_empty")


def test_an_intact_journal_is_verified(styrhjul: Command) -> None:
    outcome = styrhjul("journal", "verify", "--json")
    assert (outcome.code, outcome.json) == (0, {"entries": 0, "broken": []})


def test_the_doctor_ends_with_one_when_nothing_runs(styrhjul: Command) -> None:
    outcome = styrhjul("doctor", "--json")
    assert outcome.code == 1
    assert {"check", "ok", "detail", "waits"} == set(outcome.json[0])
    assert [check["check"] for check in outcome.json if not check["ok"]] == [
        "migrations",
        "clock",
        "signing",
        "pulse",
        "backup",
        "hold",
        "aside",
        "ladders",
        "reach",
        "mail",
        "inbound",
        "wording",
        "trials",
        "webhooks",
    ]


def test_a_mail_is_previewed_as_three_files(styrhjul: Command, tmp_path: Path) -> None:
    outcome = styrhjul("mail", "preview", "goals_reminder", "--out", str(tmp_path / "out"), "--json")
    assert [Path(path).name for path in json.loads(outcome.out)] == [
        "goals_reminder.txt",
        "goals_reminder.html",
        "goals_reminder.eml",
    ]
    assert all(Path(path).stat().st_size > 500 for path in json.loads(outcome.out))
