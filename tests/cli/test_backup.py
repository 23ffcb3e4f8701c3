"""`backup`, `restore`, `hold` and `drill`, as an operator runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def styrhjul(called: Command) -> Command:
    return called


@pytest.fixture
def lost(styrhjul: Command, tmp_path: Path) -> Path:
    """The backup of a demo that has sent its first mails, and whose database is gone."""
    assert styrhjul("demo", "--on", "2026-10-15", "--exit", "--json").code == 0
    made = styrhjul("backup", "kopia.db", data_dir=str(tmp_path / "var/demo"))
    assert made.code == 0, made.err
    assert "kopia.db" in made.err
    for path in (tmp_path / "var/demo").glob("styrhjul.db*"):
        path.unlink()
    return tmp_path / "var/demo"


def test_a_backup_is_noted_and_so_is_one_that_was_made_in_another_way(styrhjul: Command, tmp_path: Path) -> None:
    assert styrhjul("migrate").code == 0
    refused = styrhjul("backup", "annan.db", "--made")
    assert (refused.code, "finns inte" in refused.err) == (1, True)
    assert styrhjul("backup", "kopia.db").code == 0
    [noted] = [check for check in styrhjul("doctor", "--json").json if check["check"] == "backup"]
    assert noted["detail"].startswith("den senaste togs")
    (tmp_path / "annan.db").touch()
    refused = styrhjul("backup", "annan.db", "--made")
    assert (refused.code, "är tom" in refused.err) == (1, True)
    (tmp_path / "annan.db").write_bytes(b"x")
    assert styrhjul("backup", "annan.db", "--made").code == 0


def test_a_restored_database_is_held_until_somebody_ends_it(styrhjul: Command, lost: Path) -> None:
    here = {"data_dir": str(lost)}
    assert styrhjul("restore", "kopia.db", "--by", "driften", **here).code == 0
    shown = styrhjul("hold", "show", **here)
    assert "av driften: Återläst från kopia.db." in shown.out
    assert styrhjul("hold", "show", "--json", **here).json["held"] is True
    doctor = styrhjul("doctor", **here).out
    assert "✗ utskick" in doctor
    [backup] = [line for line in doctor.splitlines() if "säkerhetskopia" in line]
    assert backup.startswith("✓"), "what was put back is in its backup still"
    assert styrhjul("hold", "end", "--by", "driften", **here).code == 0
    assert styrhjul("hold", "show", **here).err.startswith("Inget hålls tillbaka i databasen ")


def test_the_mail_servers_log_is_read_and_a_faulty_one_refused(styrhjul: Command, lost: Path, tmp_path: Path) -> None:
    here = {"data_dir": str(lost)}
    (tmp_path / "log").write_text("<ingen@lillby.example.org>\n")
    (tmp_path / "wrong").write_text("Datum;Mottagare\n")
    assert styrhjul("restore", "kopia.db", "--by", "driften", **here).code == 0
    found = styrhjul("hold", "reconcile", "log", "--json", **here)
    assert found.json == {"marked": [], "waiting": [], "unknown": []}
    assert "0 mejl hade redan skickats" in styrhjul("hold", "reconcile", "log", "--dry-run", **here).err
    refused = styrhjul("hold", "reconcile", "wrong", **here)
    assert (refused.code, refused.out) == (1, "")
    assert "Rad 1 går inte att läsa" in refused.err


@pytest.mark.parametrize(("zone", "said"), [((), "2027-01-07 09.00"), (("--timezone", "UTC"), "2027-01-07 10.00")])
def test_a_log_without_a_zone_is_read_in_the_one_that_is_given(
    styrhjul: Command, tmp_path: Path, zone: tuple[str, ...], said: str
) -> None:
    """Swedish time unless another is named: the relay stands in Sweden, whatever zone this machine has."""
    named = ("--slug", "lillby", "--name", "Lillby kommun")
    reached = ("--sender", "styrhjul@lillby.example.org", "--reply-to", "registrator@lillby.example.org")
    assert styrhjul("municipality", "add", *named, *reached).code == 0
    styrhjul("hold", "begin", "--by", "driften", "--reason", "övning")
    (tmp_path / "log").write_text(
        "Jan  7 09:00:01 mail postfix/cleanup[12]: 4F2A: message-id=<aaa@lillby.example.org>\n"
        "Jan  7 09:00:03 mail postfix/smtp[14]: 4F2A: to=<a@example.org>, relay=mx[1.2.3.4], status=sent (250 ok)\n"
    )
    found = styrhjul("hold", "reconcile", "log", *zone, "--on", "2027-01-08")
    assert said in found.out
    assert "1 mejl skickades efter säkerhetskopian" in found.err


def test_a_zone_that_is_none_is_said_so(styrhjul: Command, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("")
    refused = styrhjul("hold", "reconcile", "log", "--timezone", "Lillby/Torget")
    assert (refused.code, "Lillby/Torget är ingen tidszon" in refused.err) == (2, True)


def test_nothing_is_restored_over_something(styrhjul: Command, lost: Path) -> None:
    here = {"data_dir": str(lost)}
    assert styrhjul("restore", "kopia.db", "--by", "driften", **here).code == 0
    refused = styrhjul("restore", "kopia.db", "--by", "driften", **here)
    assert refused.code == 1
    assert "är inte tom" in refused.err


def test_a_sweep_by_hand_does_not_hide_that_the_database_was_put_back(styrhjul: Command, tmp_path: Path) -> None:
    """It noted a pulse of today without looking, and no worker could tell afterwards."""
    assert styrhjul("sweep").code == 0
    for path in (tmp_path / "var").glob("styrhjul.db*"):
        path.unlink()
    assert styrhjul("sweep", "--dry-run").code == 0
    assert styrhjul("hold", "show", "--json").json["held"] is False
    assert styrhjul("sweep").code == 0
    assert styrhjul("hold", "show", "--json").json["held"] is True


def test_the_drill_holds_and_touches_nothing_of_the_installation(styrhjul: Command, tmp_path: Path) -> None:
    done = styrhjul("drill", "--json", database_url="sqlite:////nowhere/at/all.db", smtp_url="smtp://127.0.0.1:1")
    assert done.code == 0, done.err
    seen = json.loads(done.out)
    assert (seen["sent_while_held"], seen["doubled"], seen["broken_seals"]) == (0, 0, 0)
    assert not (tmp_path / "var").exists()
