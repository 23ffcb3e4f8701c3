"""Commands are run as people run them: as processes, in a data folder of the test's own.

Where many commands follow one another and nothing hangs on the process, they are called in this one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from styrhjul.cli.app import main

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


@pytest.fixture
def called(
    env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The same in this process: a process of its own spends two seconds on its imports."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **settings: str) -> Outcome:
        more = {f"STYRHJUL_{name.upper()}": value for name, value in settings.items()}
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (env | more).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["styrhjul", *words])
            code = main()
        return Outcome(code, *capsys.readouterr())

    return run
