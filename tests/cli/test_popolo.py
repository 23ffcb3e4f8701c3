"""`officials popolo`, as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_officials_and_policies import ADD, EXAMPLES, Shell

GRUMS = ("--municipality", "grums")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path / "var"))
    shell = Shell(monkeypatch, capsys)
    assert shell(*ADD, "--on", "2026-10-15") == 0
    assert shell("officials", "import", EXAMPLES / "organisations" / "grums", *GRUMS) == 0
    return shell


def test_it_writes_everything_or_nobody(shell: Shell, tmp_path: Path) -> None:
    whole, bare = tmp_path / "whole.json", tmp_path / "bare.json"
    assert shell.lines("officials", "popolo", *GRUMS, "--out", whole)[0]["persons"] > 0
    assert shell("officials", "popolo", *GRUMS, "--out", bare, "--without-people") == 0
    assert json.loads(whole.read_text("utf-8")).keys() == {"organizations", "posts", "memberships", "persons"}
    assert json.loads(bare.read_text("utf-8")).keys() == {"organizations", "posts"}


def test_it_writes_over_nothing_and_knows_its_municipalities(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "there.json"
    out.write_text("mine", "utf-8")
    assert shell("officials", "popolo", *GRUMS, "--out", out) == 1
    assert out.read_text("utf-8") == "mine"
    assert shell("officials", "popolo", "--municipality", "ingenstans", "--out", tmp_path / "x.json") == 1
    assert "ingenstans" in shell.err
