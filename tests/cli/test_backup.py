"""`backup`, `restore`, `hold` and `drill`, as an operator runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command


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
    (tmp_path / "annan.db").write_bytes(b"x")
    assert styrhjul("backup", "annan.db", "--made").code == 0


def test_a_restored_database_is_held_until_somebody_ends_it(styrhjul: Command, lost: Path) -> None:
    here = {"data_dir": str(lost)}
    assert styrhjul("restore", "kopia.db", "--by", "driften", **here).code == 0
    shown = styrhjul("hold", "show", **here)
    assert "av driften: Återläst från kopia.db." in shown.out
    assert styrhjul("hold", "show", "--json", **here).json["held"] is True
    assert "utskick" in styrhjul("doctor", **here).err
    assert styrhjul("hold", "end", "--by", "driften", **here).code == 0
    assert styrhjul("hold", "show", **here).err == "Inget hålls tillbaka.\n"


def test_the_mail_servers_log_is_read_and_a_faulty_one_refused(styrhjul: Command, lost: Path, tmp_path: Path) -> None:
    here = {"data_dir": str(lost)}
    (tmp_path / "log").write_text("<ingen@lillby.example.org>\n")
    (tmp_path / "wrong").write_text("Datum;Mottagare\n")
    assert styrhjul("restore", "kopia.db", "--by", "driften", **here).code == 0
    found = styrhjul("hold", "reconcile", "log", "--json", **here)
    assert found.json == {"marked": [], "waiting": [], "unknown": []}
    assert "0 mejl hade redan lämnat" in styrhjul("hold", "reconcile", "log", "--dry-run", **here).err
    refused = styrhjul("hold", "reconcile", "wrong", **here)
    assert (refused.code, refused.out) == (1, "")
    assert "Rad 1 går inte att läsa" in refused.err


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
