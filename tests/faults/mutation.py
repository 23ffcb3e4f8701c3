"""Safeguards taken out of a copy of the program, one at a time, to see the ordinary tests turn red."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.house import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = shutil.ignore_patterns(".*", "var", "__pycache__", "*.db")
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Edit:
    """In one file, `old` becomes `new`. `old` must stand there exactly once: a safeguard that moved is no proof."""

    file: str
    old: str
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A safeguard that is missing, and the ordinary tests that say so."""

    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


def copy_program(to: Path) -> Path:
    """Copy what the tests need, without environment and history."""
    shutil.copytree(ROOT, to, ignore=LEFT_OUT)
    return to


def mutate(tree: Path, mutation: Mutation) -> None:
    """Apply the edits to a copy."""
    for edit in mutation.edits:
        file = tree / edit.file
        source = file.read_text(encoding="utf-8")
        assert source.count(edit.old) == 1, f"{edit.file}: found {source.count(edit.old)} times: {edit.old}"
        file.write_text(source.replace(edit.old, edit.new), encoding="utf-8")


def failures(tree: Path, tests: tuple[str, ...], database_server: str) -> list[str]:
    """Run tests in a copy and return those that failed. Everything but a verdict on them is an error here."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--tb=line", *tests],
        cwd=tree,
        env={
            **os.environ,
            "PYTHONPATH": str(tree),
            "TEST_DATABASE_URL": database_server,
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, flags=re.MULTILINE)
