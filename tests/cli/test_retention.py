"""`styrhjul retention run`: it counts and disposes of what the municipality has decided, and of nothing else."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.domain.retention import Disposal, Kept
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.retention import set_disposal
from tests.answer_world import NOW
from tests.cli.test_officials_and_policies import ADD, Shell, shell

__all__ = ["shell"]
RUN = ("retention", "run", "--municipality", "grums", "--by", "arkivarien")


def decide(folder: Path) -> None:
    home = Installation.open(load_settings(data_dir=folder), StoppedClock(NOW))
    wanted = Disposal(kept=Kept.MAIL_TEXT, years=2, decision_number="KS 2027/12 § 45", decided_on=date(2027, 1, 7))
    municipality_id = municipality_by(home.database, "grums").municipality_id
    set_disposal(home.database, municipality_id, wanted, NOW, by="arkivarien")
    home.close()


def test_without_a_decision_everything_is_kept(shell: Shell) -> None:
    assert shell(*ADD) == 0
    assert shell(*RUN) == 0
    assert shell.err == "Kommunen har inget gallringsbeslut inlagt. Allt bevaras.\n"


def test_what_a_decision_reaches_is_counted_with_its_number(shell: Shell, tmp_path: Path) -> None:
    assert shell(*ADD) == 0
    decide(tmp_path / "var")
    assert shell(*RUN, "--dry-run") == 0
    assert shell.out == "0  texter i mejl som har skickats, enligt KS 2027/12 § 45\n"
    assert shell.err.endswith("Inget har ändrats.\n")
    assert shell(*RUN, "--json") == 0
    assert json.loads(shell.out)[0]["count"] == 0
