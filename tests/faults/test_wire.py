"""The wire fails after the mail was handed over: slow words, no word, a cut, and a relay that knows a mail again."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from styrhjul.mail.retry import UNCERTAIN_WAITS
from styrhjul.mail.smtp import SmtpTransport
from styrhjul.mail.transport import FINAL_REPLY_SECONDS
from styrhjul.services.delivery.deliver import LONGEST_RUN, DeliverReport, deliver
from styrhjul.services.foundation.mailroom import Mailroom
from tasks.patience import LONGEST_STEP, SHIPPED, check_patience
from tests.faults.checker import complaints, copies
from tests.faults.scene import OPENING, Scene
from tests.faults.worker import carry_out
from tests.scripted_smtp import Say, ScriptedServer, Step
from tests.smtp_sink import Stage, spooled
from tests.town import SEALER, Town, build_town, nine, town_with_mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from styrhjul.db.session import Database
    from tests.smtp_sink import Received, SmtpSink


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedServer]:
    server = ScriptedServer(spool=tmp_path / "scripted-spool.jsonl")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_mail(database, OPENING)


def send(town: Town, server: ScriptedServer, *, patience: float, after: timedelta = timedelta()) -> DeliverReport:
    """One delivery that waits so many seconds for the last reply; 600 as shipped."""
    transport = SmtpTransport(
        host="127.0.0.1", port=server.port, hostname="s.example.org", final_reply_seconds=patience
    )
    mailroom = Mailroom(base_url="https://lillby.example.org", sealer=SEALER, open_transport=lambda: transport)
    return deliver(town.database, mailroom, lambda: nine(OPENING) + after)


def spool(server: ScriptedServer | SmtpSink) -> list[Received]:
    assert server.spool is not None
    return spooled(server.spool)


# -- slow, and never (F-11, F-12) --------------------------------------------------------------------------------------


def test_the_waits_that_are_shipped_fit_into_one_another() -> None:
    """600 < 720 < 780 < 900 < 3600; and a batch that begins its last mail at 5 s ends before the soft limit."""
    check_patience(SHIPPED)
    assert (SHIPPED.smtp_reply, SHIPPED.lease) == (FINAL_REPLY_SECONDS, 900) == (600, 900)
    assert timedelta(seconds=LONGEST_STEP) == LONGEST_RUN
    assert LONGEST_RUN + timedelta(seconds=SHIPPED.smtp_reply) < timedelta(seconds=SHIPPED.soft_limit)


def test_a_last_reply_that_comes_just_in_time_is_waited_for(town: Town, server: ScriptedServer) -> None:
    """F-11, scaled: half a second of ten, for 590 of 600."""
    server.then(Step.END, *[Say(after_seconds=0.5), Say(byte_seconds=0.05)])
    assert send(town, server, patience=10).sent == 4
    assert complaints(town, spool(server)) == []


def test_a_last_reply_that_never_comes_sends_the_same_mail_again(town: Town, server: ScriptedServer) -> None:
    """F-12, scaled: a reply after three seconds to one who waits a single one, for 601 to 600."""
    server.then(Step.END, Say(after_seconds=3), Say(), Say(after_seconds=3))
    first = send(town, server, patience=1)
    assert (first.sent, first.uncertain) == (2, 2)
    assert send(town, server, patience=10, after=UNCERTAIN_WAITS - timedelta(seconds=1)).sent == 0
    assert send(town, server, patience=10, after=UNCERTAIN_WAITS).sent == 2
    assert complaints(town, spool(server), copies_allowed=2) == []


# -- cut (F-13) --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("committees", [10, pytest.param(250, marks=pytest.mark.faults)])
def test_lines_cut_after_one_mail_in_ten_double_no_more_than_those(
    database: Database, smtp_sink: SmtpSink, tmp_path: Path, committees: int
) -> None:
    """F-13; half of them before the server has taken the mail, which is F-14's neighbour and doubles nothing."""
    names = tuple(f"nämnd{number:03}" for number in range(committees))
    scene, chance, taken = Scene(build_town(database, committees=names), smtp_sink, tmp_path), random.Random(13), 0
    for _ in range(2 * committees):
        if chance.random() < 0.2:
            taken += (is_taken := chance.random() < 0.5)
            smtp_sink.hang_up(at=Stage.DATA, taken=is_taken)
        else:
            smtp_sink.reply_with("250 OK", at=Stage.DATA)
    carry_out(scene.order())
    scene.recover()
    assert complaints(scene.town, spool(smtp_sink), copies_allowed=taken) == []
    assert copies(spool(smtp_sink)) == taken > 0


# -- a relay that knows a mail again (F-15) ----------------------------------------------------------------------------


def test_every_mail_has_a_name_by_which_a_relay_can_drop_its_copy(town: Town, server: ScriptedServer) -> None:
    """F-15, the relay simulated: what it has taken under this name it drops, and then nothing arrives twice."""
    server.then(Step.END, *[Say(text=b"", takes=True, closes=True)] * 4)
    assert send(town, server, patience=10).uncertain == 4
    assert send(town, server, patience=10, after=UNCERTAIN_WAITS).sent == 4
    assert copies(spool(server)) == 4
    delivered = {mail.message["X-Styrhjul-Mail-Id"]: mail for mail in spool(server)}
    assert complaints(town, list(delivered.values())) == []
