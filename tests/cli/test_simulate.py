"""Simulating by command: what is printed says which municipality lived."""

from __future__ import annotations

import pytest

from styrhjul.cli.app import main
from styrhjul.services.simulation.world import examples


def test_the_line_names_the_municipality(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(
        "sys.argv", ["styrhjul", "simulate", "--from", "2026-12-01", "--until", "2026-12-15", "--seed", "2"]
    )
    assert main() == 0
    assert capsys.readouterr().out.startswith(f"1 kommun ({examples()[2 % len(examples())]}), 15 dagar")
