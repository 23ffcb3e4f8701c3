"""Commands are run as people run them: as processes, in a data folder of the test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - one JSON document
        return json.loads(self.out)


Command = Callable[..., Outcome]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("STYRHJUL_")},
        "PYTHONPATH": str(ROOT),
        "STYRHJUL_DATA_DIR": str(tmp_path / "var"),
    }


@pytest.fixture
def styrhjul(env: dict[str, str], tmp_path: Path) -> Command:
    def run(*words: str, **settings: str) -> Outcome:
        more = {f"STYRHJUL_{name.upper()}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "styrhjul", *words]
        done = subprocess.run(command, env=env | more, cwd=tmp_path, capture_output=True, text=True, check=False)
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run
