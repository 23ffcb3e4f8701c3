"""`styrhjul token`, as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_officials_and_policies import ADD, Shell

MAKE = ("token", "add", "--municipality", "grums", "--name", "Ärendesystemet", "--scope", "read", "--scope", "answer")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path / "var"))
    shell = Shell(monkeypatch, capsys)
    assert shell(*ADD) == 0
    return shell


def test_a_key_is_printed_once_listed_without_its_secret_and_revoked(shell: Shell) -> None:
    assert shell(*MAKE, "--days", "30") == 0
    secret = shell.out.strip()[-43:]
    assert shell.out.startswith("styrhjul_")
    assert "Den visas bara nu." in shell.err
    assert shell("token", "list", "--municipality", "grums", "--json") == 0
    [line] = json.loads(shell.out)
    assert (line["name"], line["scopes"], line["last_used_at"]) == ("Ärendesystemet", ["read", "answer"], None)
    assert secret not in str(line)
    assert shell("token", "revoke", "--municipality", "grums", "--id", line["token_id"]) == 0
    assert shell("token", "list", "--municipality", "grums") == 0
    assert "gäller inte" in shell.out


@pytest.mark.parametrize("words", [("--days", "731"), ("--days", "0"), ("--name", " ")])
def test_a_key_that_cannot_be_is_refused_in_one_line(shell: Shell, words: tuple[str, str]) -> None:
    assert shell(*MAKE, *words) == 1
    assert shell.err.count("\n") == 1


def test_a_key_that_is_not_there_is_not_revoked(shell: Shell) -> None:
    assert shell("token", "revoke", "--municipality", "grums", "--id", "0" * 32) == 1
    assert "styrhjul token list" in shell.err
