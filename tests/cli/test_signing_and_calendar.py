"""`municipality dkim` and `calendar`, as people run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_officials_and_policies import ADD, EXAMPLES, Shell

DKIM = ("municipality", "dkim", "grums")
CALENDAR = ("--municipality", "grums", "--post", "Ordförande, Kommunstyrelsen")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path / "var"))
    shell = Shell(monkeypatch, capsys)
    assert shell(*ADD, "--on", "2026-10-15") == 0
    return shell


def test_a_key_is_made_then_published_then_switched_on(shell: Shell) -> None:
    assert shell(*DKIM, "--selector", "v27") == 0
    assert shell.out.startswith('v27._domainkey.grums.example.org. IN TXT ( "v=DKIM1; k=rsa; p=')
    assert "--selector v27 --activate" in shell.err
    assert shell(*DKIM, "--selector", "v27", "--activate") == 0
    assert "signeras från och med nu av v27" in shell.err
    assert shell("doctor") in {0, 1}
    assert "grums (v27, grums.example.org)" in shell.out
    assert shell(*DKIM, "--off") == 0
    assert shell.lines(*DKIM, "--selector", "v27")[0]["is_active"] is False


@pytest.mark.parametrize("words", [(), ("--selector", "v27", "--off"), ("--off", "--activate")])
def test_what_is_meant_must_be_said(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell(*DKIM, *words) == 2


def test_a_key_that_was_never_made_is_not_switched_on(shell: Shell) -> None:
    assert shell(*DKIM, "--selector", "v27", "--activate") == 1
    assert "Ingen nyckel heter ”v27”" in shell.err


def test_a_calendar_is_a_posts_or_a_policys(shell: Shell) -> None:
    for both in ((), ("--post", "chair", "--policy", "x")):
        assert shell("calendar", "link", "--municipality", CALENDAR[1], *both) == 1
        assert "antingen --post" in shell.err


def test_a_calendar_is_shared_and_closed(shell: Shell) -> None:
    assert shell("officials", "import", EXAMPLES / "organisations" / "grums", "--municipality", "grums") == 0
    assert shell("calendar", "link", *CALENDAR) == 0
    assert shell.out.startswith("http://127.0.0.1:8000/calendar/")
    assert shell.out.strip().endswith(".ics")
    assert shell.lines("calendar", "link", *CALENDAR)[0]["ended"] == 1
    assert shell.lines("calendar", "close", *CALENDAR) == [{"ended": 1}]
