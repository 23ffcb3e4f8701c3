"""The throw-away servers are what they claim to be, and the tests reach nobody else."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
from email.message import EmailMessage
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from tests.conftest import NetworkRefused
from tests.servers import PostgresServer, clone_database, drop_database, own_redis
from tests.smtp_sink import SmtpSink, Stage

if TYPE_CHECKING:
    from pathlib import Path


def mail(message_id: str = "<1@example.org>") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "styrhjul@example.org", "ordforande@example.org"
    message["Subject"], message["Message-ID"] = "Mål för 2027", message_id
    message.set_content("Nämnden ska besluta om mål.")
    return message


def test_postgres_is_real_and_knows_swedish_letters(postgres_database_url: str) -> None:
    engine = create_engine(postgres_database_url)
    with engine.connect() as connection:
        version = connection.execute(text("select version()")).scalar_one()
        lowered = connection.execute(text("select lower('ÅÄÖ')")).scalar_one()
    engine.dispose()
    assert version.startswith("PostgreSQL")
    assert lowered == "åäö"


def test_a_clone_has_what_its_template_has(postgres_server: PostgresServer) -> None:
    template = clone_database(postgres_server, "template1", "a_template").replace("+psycopg", "")
    with psycopg.connect(template) as connection:
        connection.execute("create table duty (quote text)")
    clone = clone_database(postgres_server, "a_template", "a_clone").replace("+psycopg", "")
    with psycopg.connect(clone) as connection:
        assert connection.execute("select count(*) from duty").fetchone() == (0,)
    for name in ("a_clone", "a_template"):
        drop_database(postgres_server, name)


def test_redis_comes_empty_to_each_test(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys() == []
        client.set("left", "behind")


def test_a_redis_of_ones_own_can_be_killed() -> None:
    with own_redis() as server, redis.Redis.from_url(server.url) as client:
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        with pytest.raises(redis.ConnectionError):
            client.ping()


def test_a_server_dies_with_the_run_that_started_it() -> None:
    script = """
import time
from tests.servers import own_redis
with own_redis() as server:
    print(server.process.pid, flush=True)
    time.sleep(60)
"""
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}  # noqa: PTH109
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as run:
        assert run.stdout is not None
        server = psutil.Process(int(run.stdout.readline()))
        home = server.cwd()
        run.send_signal(signal.SIGKILL)
    server.wait(timeout=20)
    shutil.rmtree(home)
    assert not server.is_running()


def test_smtp_keeps_what_it_was_given(smtp_sink: SmtpSink) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as line:
        line.send_message(mail())
        line.send_message(mail("<2@example.org>"))
    assert [received.message_id for received in smtp_sink.messages] == ["<1@example.org>", "<2@example.org>"]
    assert smtp_sink.messages[0].message["Subject"] == "Mål för 2027"
    assert smtp_sink.connections == 1


@pytest.mark.parametrize("stage", list(Stage))
def test_smtp_answers_as_told_once(smtp_sink: SmtpSink, stage: Stage) -> None:
    smtp_sink.reply_with("451 later", at=stage)
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as line:
        with pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)) as refused:
            line.send_message(mail())
        line.send_message(mail("<2@example.org>"))
    assert "451" in str(refused.value)
    assert [received.message_id for received in smtp_sink.messages] == ["<2@example.org>"]


@pytest.mark.parametrize("taken", [True, False])
def test_smtp_cuts_the_line_before_it_answers(smtp_sink: SmtpSink, taken: bool) -> None:
    smtp_sink.hang_up(taken=taken)
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as line, pytest.raises(smtplib.SMTPServerDisconnected):
        line.send_message(mail())
    assert len(smtp_sink.messages) == taken


def test_smtp_has_the_mail_on_disk_before_it_answers(smtp_sink: SmtpSink) -> None:
    spools: list[str] = []
    assert smtp_sink.spool is not None
    spool: Path = smtp_sink.spool
    smtp_sink.on_taken = lambda _: spools.append(spool.read_text())
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as line:
        line.send_message(mail())
    assert "<1@example.org>" in spools[0]


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "mail.example.org"])
def test_no_test_reaches_another_machine(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as line, pytest.raises(NetworkRefused):
        line.connect((address, 25))
