"""`styrhjul inbound`: files are taken in, listed and got out again, and the port is a part of the process tree."""

from __future__ import annotations

import json
import signal
import smtplib
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.test_officials_and_policies import ADD, Shell, shell
from tests.mail.inbound_shape import mail
from tests.mail.make_inbound import CORPUS

__all__ = ["shell"]
GRUMS = ("--municipality", "grums")
LETTER = mail("From: anna@example.org\nTo: styrhjul@grums.se\nSubject: Hej", "Vi återkommer.")


@pytest.fixture
def letter(shell: Shell, tmp_path: Path) -> Path:
    """A letter in a file, and a municipality it is to."""
    assert shell(*ADD) == 0
    (tmp_path / "letter.eml").write_bytes(LETTER)
    return tmp_path / "letter.eml"


def test_a_file_is_taken_in_listed_and_got_out_again(shell: Shell, letter: Path, tmp_path: Path) -> None:
    assert shell("inbound", "read", str(letter)) == 0
    assert "En människa har skrivit det." in shell.out
    assert shell("inbound", "list", *GRUMS, "--json") == 0
    [line] = json.loads(shell.out)
    assert (line["kind"], line["sender"], line["subject"]) == ("reply", "anna@example.org", "Hej")
    assert shell("inbound", "export", line["inbound_id"], *GRUMS, "--out", str(tmp_path / "out.eml")) == 0
    kept = (tmp_path / "out.eml").read_bytes()
    assert shell("inbound", "export", line["inbound_id"], *GRUMS, "--out", str(tmp_path / "out.eml")) == 1
    assert "Där finns redan något" in shell.err
    assert (tmp_path / "out.eml").read_bytes() == kept
    assert (tmp_path / "out.eml").read_bytes() == LETTER


def test_only_looking_stores_nothing(shell: Shell, letter: Path) -> None:
    assert shell("inbound", "read", "--dry-run", "--json", str(letter), str(CORPUS / "absent-gmail.eml")) == 0
    assert [json.loads(line)["kind"] for line in shell.out.splitlines()] == ["reply", "automatic"]
    assert shell("inbound", "list", *GRUMS) == 0
    assert shell.err == "Inget har kommit in.\n"


def test_a_list_is_of_one_municipality_or_of_the_strays(shell: Shell, letter: Path) -> None:
    assert shell("inbound", "list") == 1
    assert shell("inbound", "list", "--strays", *GRUMS) == 1
    assert shell("inbound", "list", "--strays") == 0


def test_an_id_that_is_not_here_is_refused_in_one_line(shell: Shell, letter: Path, tmp_path: Path) -> None:
    assert shell("inbound", "export", "f" * 32, *GRUMS, "--out", str(tmp_path / "x")) == 1
    assert shell.err.startswith("styrhjul: Det finns inget mejl")
    assert not (tmp_path / "x").exists()


def test_the_port_is_asked_for_by_a_setting(styrhjul: Command) -> None:
    outcome = styrhjul("inbound", "serve")
    assert (outcome.code, outcome.err.splitlines()[-1]) == (1, "styrhjul: Ange porten i STYRHJUL_LMTP_PORT.")


def test_the_port_takes_what_it_has_kept_and_ends_when_told(env: dict[str, str], styrhjul: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"STYRHJUL_LMTP_PORT": str(port), "STYRHJUL_BOUNCE_DOMAIN": "bounce.example.org"}
    command = [sys.executable, "-m", "styrhjul", "inbound", "serve"]
    with subprocess.Popen(command, env=env | settings) as process:
        with _connected(port) as client:
            client.sendmail("anna@example.org", "bounce@bounce.example.org", LETTER)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    listed = styrhjul("inbound", "list", "--strays", "--json").json
    assert [line["recipient"] for line in listed] == ["bounce@bounce.example.org"]


def _connected(port: int) -> smtplib.LMTP:
    for _ in range(300):
        with suppress(ConnectionRefusedError):
            return smtplib.LMTP("127.0.0.1", port)
        time.sleep(0.1)
    raise TimeoutError(port)
