"""Imports go one way. The contracts stand in pyproject.toml; here they are kept, and shown to bite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    *("config", "tasks", "workflows", "styrhjul", "styrhjul/cli", "styrhjul/web", "styrhjul/services"),
    *("styrhjul/db", "styrhjul/documents", "styrhjul/mail", "styrhjul/reports", "styrhjul/domain"),
    "styrhjul/confined",
    *(f"styrhjul/documents/{room}" for room in ("language", "metadata", "duties")),
    *(f"styrhjul/services/{room}" for room in ("simulation", "operations", "reports", "api", "records", "answering")),
    *(f"styrhjul/services/{room}" for room in ("delivery", "organisation", "policies", "cases", "sign_in", "mailing")),
    *(f"styrhjul/services/{room}" for room in ("overview", "municipality", "foundation", "decision_words", "words")),
    *(f"styrhjul/documents/{room}" for room in ("lint", "reader", "rule_fields", "shape", "sections", "sentences")),
)
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Empty rooms under the real contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    return tmp_path


def test_the_real_house_keeps_its_contracts() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_imports_that_go_inward_are_allowed(house: Path) -> None:
    (house / "tasks/pulse.py").write_text("import config\nimport time\nimport styrhjul.services\n")
    sweep = "import config\nimport styrhjul.db\nimport styrhjul.services.foundation\nimport workflows\n"
    (house / "styrhjul/services/cases/sweep.py").write_text(sweep)
    (house / "workflows/revision.py").write_text("import styrhjul.domain\n")
    assert lint(house).returncode == 0


@pytest.mark.parametrize(
    ("room", "imported", "contract"),
    [
        ("styrhjul/web", "tasks", "stacked"),
        ("styrhjul/cli", "styrhjul.web", "stacked"),
        ("styrhjul/services/cases", "styrhjul.cli", "stacked"),
        ("styrhjul/services/mailing", "styrhjul.services.cases", "Use cases"),
        ("styrhjul/services/answering", "styrhjul.services.delivery", "Use cases"),
        ("styrhjul/services/foundation", "styrhjul.services.municipality", "Use cases"),
        ("styrhjul/services", "styrhjul.domain", "Use cases"),  # a module without a room
        ("styrhjul/db", "styrhjul.services", "stacked"),
        ("styrhjul/mail", "styrhjul.db", "stacked"),
        ("styrhjul/documents", "workflows", "stacked"),
        ("styrhjul/documents/metadata", "styrhjul.documents.duties", "Reading"),
        ("styrhjul/documents/duties", "styrhjul.documents.metadata", "Reading"),
        ("styrhjul/documents/language", "styrhjul.documents.sections", "Reading"),
        ("styrhjul/reports", "styrhjul.db", "stacked"),
        ("styrhjul/reports", "config", "Settings"),
        ("workflows", "styrhjul.mail", "stacked"),
        ("styrhjul/domain", "workflows", "stacked"),
        ("styrhjul/domain", "sqlalchemy", "pure"),
        ("styrhjul/domain", "time", "pure"),
        ("workflows", "os", "pure"),
        ("workflows", "config", "pure"),
        ("styrhjul/mail", "config", "Settings"),
    ],
)
def test_a_planted_import_is_found(house: Path, room: str, imported: str, contract: str) -> None:
    (house / room / "planted.py").write_text(f"import {imported}\n")
    done = lint(house)
    broken = [line for line in done.stdout.splitlines() if line.strip().endswith("BROKEN")]
    assert done.returncode == 1
    assert any(contract in line for line in broken)
