"""The demo, as a newcomer meets it: one command, a table, and pages that answer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Command

ON = ("demo", "--exit", "--on", "2026-10-20")


def test_playing_twice_gives_the_same_totals_and_sends_nothing_more(styrhjul: Command) -> None:
    first, second = styrhjul(*ON, "--json"), styrhjul(*ON, "--json")
    assert set(first.json) == {"policies", "duties", "cases", "mails", "sent_now", "by_lifecycle"}
    assert first.json["sent_now"] == first.json["mails"] > 0
    assert second.json == first.json | {"sent_now": 0}


def test_the_table_says_what_it_confirmed_and_what_waits(styrhjul: Command) -> None:
    outcome = styrhjul(*ON)
    assert outcome.code == 0
    assert re.match(r"Till och med 2026-10-20: \d+ ärenden? öppna(t|de), \d+ mejl skicka(t|de) till mejl", outcome.out)
    assert re.search(r"Olofströms kommun +│ Revidering", outcome.out)
    assert "bekräftade av demonstrationen själv" in outcome.out
    assert "väntar på en människa" in outcome.out


def test_it_does_not_turn_back_but_may_begin_anew(styrhjul: Command) -> None:
    styrhjul(*ON)
    refused = styrhjul("demo", "--exit", "--on", "2026-10-16")
    assert (refused.code, "--anew" in refused.err) == (1, True)
    assert styrhjul("demo", "--exit", "--on", "2026-10-16", "--anew", "--json").json["sent_now"] > 0


def test_it_never_uses_the_real_mail_server_or_database(styrhjul: Command, tmp_path: Path) -> None:
    outcome = styrhjul(*ON, smtp_url="smtp://127.0.0.1:1", database_url="postgresql://127.0.0.1:1/d")
    assert outcome.code == 0
    assert (tmp_path / "var/demo/styrhjul.db").exists()


def test_a_killed_play_goes_on_where_it_stopped(styrhjul: Command, env: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "styrhjul", "demo", "--exit", "--on", "2027-03-10"], env=env, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    next(line for line in process.stderr if b"2026-11-01" in line)
    process.kill()
    process.communicate()
    whole = styrhjul("demo", "--exit", "--on", "2027-01-08", "--json").json
    anew = styrhjul("demo", "--exit", "--on", "2027-01-08", "--json", "--anew").json
    assert 0 < whole["sent_now"] < whole["mails"]
    assert whole | {"sent_now": 0} == anew | {"sent_now": 0}
