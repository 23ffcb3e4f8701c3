"""`./run` on a clone of its own, with empty lock files: a fresh machine, a killed install, two at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: Stands in for the product: tells where it runs and with what, and ends as told.
PRODUCT = """
import json, os, sys
print(json.dumps([os.getcwd(), sys.prefix, sys.argv[1:], os.environ.get("STYRHJUL_DATA_DIR")]))
sys.exit(3 if "fail" in sys.argv else 0)
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "mål och årshjul"
    (folder / "styrhjul").mkdir(parents=True)
    (folder / "styrhjul/__main__.py").write_text(PRODUCT)
    shutil.copy(ROOT / "run", folder)
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        (folder / lock).write_text("# nothing\n")
    return folder


def command(clone: Path, *words: str) -> list[str]:
    return [sys.executable, str(clone / "run"), *words]


def environment(clone: Path) -> dict[str, str]:
    """A machine with no uv, no settings and a home that does not exist."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(clone / "no/home"), "PIP_NO_INDEX": "1"}


def run(clone: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(clone, *words), env=environment(clone), cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_first_run_makes_the_environment_and_the_second_reuses_it(clone: Path) -> None:
    shutil.rmtree(clone / ".venv", ignore_errors=True)
    first, second = run(clone, "demo"), run(clone, "demo")
    assert (first.returncode, second.returncode) == (0, 0)
    assert "making" in first.stderr
    assert second.stderr == ""
    assert str(clone / ".venv") in second.stdout.encode().decode("unicode_escape")


def test_words_arguments_folder_and_exit_code_are_passed_on(clone: Path, tmp_path: Path) -> None:
    done = run(clone, "import", "fail", cwd=tmp_path)
    assert done.returncode == 3
    assert '["import", "fail"]' in done.stdout
    assert str(tmp_path) in done.stdout


def test_an_install_that_was_killed_starts_over(clone: Path) -> None:
    run(clone, "doctor")
    (clone / ".venv/styrhjul-locks.txt").unlink()
    (clone / ".venv/half-written").touch()
    assert run(clone, "doctor").returncode == 0
    assert not (clone / ".venv/half-written").exists()


def test_a_changed_lock_is_installed_anew(clone: Path) -> None:
    run(clone, "doctor")
    (clone / "requirements.lock").write_text("# changed\n")
    assert "installing requirements.lock" in run(clone, "doctor").stderr
    assert run(clone, "doctor").stderr == ""


def test_a_broken_interpreter_is_replaced(clone: Path) -> None:
    run(clone, "doctor")
    (clone / ".venv/bin/python").unlink()
    assert run(clone, "doctor").returncode == 0


def test_two_runs_at_once_install_once(clone: Path) -> None:
    shutil.rmtree(clone / ".venv", ignore_errors=True)
    start = partial(subprocess.Popen, command(clone, "doctor"), env=environment(clone), text=True)
    both = [start(stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    told = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("making" in text for text in told) == 1


def test_a_package_that_does_not_match_its_hash_is_refused(clone: Path) -> None:
    lock = clone / "requirements.lock"
    before = lock.read_text()
    lock.write_text(f"styrhjul==0.1.0 --hash=sha256:{'0' * 64}\n")
    refused = run(clone, "doctor")
    lock.write_text(before)
    assert refused.returncode == 1
    assert "could not install the packages" in refused.stderr


def test_help_lists_the_words_without_installing_anything(clone: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    env = {**environment(clone), "STYRHJUL_VENV": str(nowhere)}
    told = subprocess.check_output(command(clone, "help"), env=env, text=True)
    assert all(word in told for word in ("demo", "test", "check", "fix", "bench", "faults", "docs"))
    assert not nowhere.exists()


def test_the_benches_are_listed_with_what_each_asks_and_nothing_is_installed_or_run(
    clone: Path, tmp_path: Path
) -> None:
    (clone / "bench").mkdir(exist_ok=True)
    (clone / "bench/web.py").write_text('"""How long does a page take?\n\nMore."""\nraise SystemExit(9)\n')
    (clone / "bench/_inner.py").write_text('"""No measure."""\n')
    nowhere = tmp_path / "none"
    env = {**environment(clone), "STYRHJUL_VENV": str(nowhere)}
    told = subprocess.check_output(command(clone, "bench", "--help"), env=env, text=True)
    assert "./run bench web        How long does a page take?\n" in told
    assert "measure" not in told
    assert not nowhere.exists()


def test_run_may_be_executed() -> None:
    assert os.access(ROOT / "run", os.X_OK)
    assert os.access(ROOT / ".ci/run", os.X_OK)
