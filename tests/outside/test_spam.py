"""SpamAssassin, without asking the network, as the reader's own server would ask it: about mail from a stranger."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.outside.outbox import Mail

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.needs("spamassassin"), pytest.mark.timeout(600)]  # a tenth of a second a mail
LIMIT = 0.5
SPAM = "a mail that asks for it"
#: By agreement every filter condemns this line.
GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
#: The range is kept for examples. The filter asks more of a mail that has come from afar.
CAME_FROM_AFAR = """Return-Path: <styrhjul@example.org>
Received: from mail.example.org (mail.example.org [IPv6:2001:db8::25])
\tby mx.example.net (Postfix) with ESMTPS id 4F2A11
\tfor <mottagare@example.net>; {date}
X-Number: {number}
"""
#: The points, every rule that moved them, and whose they are: the mails do not come back in the order they went in.
TOLD = re.compile(rb"^X-Spam-Told: (\S+) ([^\n]*)\n.*?^X-Number: (\d+)$", re.MULTILINE | re.DOTALL)
OPTIONS = ("--local", "-x", "--mbox", "--cf=use_bayes 0", "--cf=use_auto_whitelist 0")
TELLING = "--cf=add_header all Told _SCORE_ _TESTSSCORES(,)_"


def in_mbox(number: int, mail: Mail) -> bytes:
    """Return the mail as it came, at once, with its number in the line."""
    lines = re.sub(rb"^(>*From )", rb">\1", mail.raw.replace(b"\r\n", b"\n"), flags=re.MULTILINE)
    trace = CAME_FROM_AFAR.format(date=mail.message["Date"], number=number)
    return b"From styrhjul@example.org Wed Mar 10 07:00:01 2027\n" + trace.encode() + lines + b"\n"


@pytest.fixture(scope="session")
def points(mails: list[Mail], tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, str]]:
    """Each mail's points and the rules that gave them; one process for all."""
    home: Path = tmp_path_factory.mktemp("spamassassin")
    asked = [*mails, Mail(SPAM, b"Date: Wed, 10 Mar 2027 07:00:00 +0000\r\n\r\n" + GTUBE + b"\r\n")]
    done = subprocess.run(
        ["spamassassin", *OPTIONS, TELLING],
        input=b"".join(in_mbox(number, mail) for number, mail in enumerate(asked)),
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    unfolded = re.sub(rb"\n\t", b" ", done.stdout)
    said = {int(number): (float(score), rules.decode()) for score, rules, number in TOLD.findall(unfolded)}
    return {mail.name: said[number] for number, mail in enumerate(asked)}


def test_no_mail_looks_like_spam(points: dict[str, tuple[float, str]]) -> None:
    suspected = {name: f"SpamAssassin, {score}: {rules}" for name, (score, rules) in points.items() if score > LIMIT}
    assert list(suspected) == [SPAM], suspected
