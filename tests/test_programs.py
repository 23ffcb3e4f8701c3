"""A test whose program is not here is left out and listed; in CI it fails."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests import programs
from tests.house import ROOT

JUDGED = "tests/outside/test_spam.py"


def run_without_programs(*options: str, ci: bool) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PATH": "/nowhere", "CI": "true" if ci else ""}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, JUDGED]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "side by side"])
def test_a_test_whose_program_is_not_here_is_left_out_and_listed(options: tuple[str, ...]) -> None:
    done = run_without_programs(*options, ci=False)
    assert "left out, for this machine has no spamassassin" in done.stdout
    assert f"{JUDGED}::test_no_mail_looks_like_spam" in done.stdout


def test_in_ci_it_fails_and_says_what_is_not_here() -> None:
    done = run_without_programs(ci=True)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "not here: spamassassin; .ci/run installs what it needs" in done.stdout


def test_a_program_that_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        programs.lacking(["spamasassin"])
