"""The figures by command: once, or to whoever asks a port of their own."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.conftest import Command


def names(text: str) -> set[str]:
    return {family.name for family in text_string_to_metric_families(text)}


def test_the_figures_are_shown_as_prometheus_reads_them(styrhjul: Command) -> None:
    shown = styrhjul("metrics")
    assert shown.code == 0, shown.err
    assert {"styrhjul_database_up", "styrhjul_step_done", "styrhjul_mails_ready"} <= names(shown.out)


def test_as_json_what_is_infinite_is_null(styrhjul: Command) -> None:
    shown = styrhjul("metrics", "--json")
    assert {"name": "styrhjul_pulse_age_seconds", "labels": {}, "value": None} in shown.json


def test_without_a_port_nothing_is_served(styrhjul: Command) -> None:
    refused = styrhjul("metrics", "--serve")
    assert (refused.code, refused.out) == (1, "")
    assert "STYRHJUL_METRICS_PORT" in refused.err


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_a_port_that_is_taken_is_named(styrhjul: Command, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        refused = styrhjul("metrics", "--serve", metrics_port=str(port))
    assert refused.code == 1
    assert f"Port {port} på 127.0.0.1 är upptagen" in refused.err


def test_they_are_served_until_told_to_stop(env: dict[str, str], port: int) -> None:
    command = [sys.executable, "-m", "styrhjul", "metrics", "--serve"]
    with subprocess.Popen(command, env=env | {"STYRHJUL_METRICS_PORT": str(port)}) as serving:
        try:
            assert "styrhjul_database_up" in names(asked(port, serving))
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(20) == 0
        finally:
            serving.kill()


def asked(port: int, serving: subprocess.Popen[bytes]) -> str:
    """What stands at /metrics, once somebody answers."""
    while serving.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            return str(answer.read().decode())
        time.sleep(0.1)
    pytest.fail("it ended by itself")
