"""Hosts fall out one after the other, each with an address of its own, while rounds open and people answer.

The program has one kind of worker: each of them sweeps, writes and sends. So five hosts run one, and two run beat.
PostgreSQL, Redis and the mail server are hosts too, and stand. STYRHJUL_STRIKES says how often the long test strikes,
STYRHJUL_STRIKE_SEED which hosts, and how.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, or_, select

from config.clock import Clock
from styrhjul.db.case_model import Notice, Wake
from styrhjul.db.mail_model import OPEN_MAIL, AttemptOutcome, Mail, MailAttempt, MailBucket
from styrhjul.db.migrate import upgrade
from styrhjul.db.pace import UNLIMITED, Purse
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.answering.answer import Submission, submit
from tests import servers
from tests.faults.checker import Promise, complaints, copies, promised
from tests.faults.hosts import Host, Lan, Strike, lan
from tests.faults.scene import AFTER_A_CRASH, GOALS, OPENING, token_in
from tests.faults.worker import mailroom_to
from tests.house import ROOT
from tests.servers import launched
from tests.smtp_sink import SmtpSink
from tests.tasks.test_real_processes import eventually
from tests.town import Town, build_town, nine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.smtp_sink import Received

WORKERS = ("worker-1", "worker-2", "worker-3", "sender-1", "sender-2")
BEATS = ("beat-1", "beat-2")
#: As `styrhjul worker` ships; each sends one mail at a time.
PROCESSES = 2
COMMITTEES = tuple(f"namnd{number}" for number in range(6))
STRIKES = int(os.environ.get("STYRHJUL_STRIKES", "30"))
SEED = int(os.environ.get("STYRHJUL_STRIKE_SEED", "1"))
#: A town a second; a server that takes its time over each mail, so that a strike meets one under way.
TOWN_SECONDS, SERVER_SECONDS = 1.0, 0.04
STRIKE_SECONDS, DOWN_SECONDS, STILL_SECONDS, GIVE_UP_SECONDS = 10.0, 3.0, 8.0, 150.0


@dataclass
class Country:
    """Towns whose rounds open one after the other, the hosts that work for them, and what was done to those."""

    database: Database
    sink: SmtpSink
    clock: Clock
    hosts: list[Host]
    towns: list[Town] = field(default_factory=list)
    due: Counter[Promise] = field(default_factory=Counter)
    answers: list[str] = field(default_factory=list)
    #: How long a town or an answer took at most, in seconds.
    slowest: float = 0.0
    struck: list[tuple[str, Strike]] = field(default_factory=list)
    #: What the server had taken from a host that was struck, and nobody had marked: it may leave once more.
    in_the_window: set[str] = field(default_factory=set)

    def open_a_round(self) -> None:
        """A town more, with a round that opens today: two mails for each committee."""
        town = build_town(self.database, f"ort{len(self.towns):03}", committees=COMMITTEES)
        self.towns.append(town)
        if not self.due:  # the same for each; nothing wakes the handover here
            due = promised(town, OPENING)
            self.due.update({each: times for each, times in due.items() if each[0] == LifecycleKey.GOAL_SETTING})

    def answer(self) -> None:
        """Somebody answers by the link in a mail that has come, both readers of which have theirs."""
        for body, mails in _by_body(self.sink.messages).items():
            if len(mails) == 2 and body not in self.answers:
                token = token_in(next(mail.raw for mail in mails if mail.recipients[0].startswith("chair")))
                form = Submission(token=token, answer=GOALS, form_id=f"{len(self.answers):032}", seen_version=0)
                submit(self.database, mailroom_to(self.sink.url), form, now=self.clock.now())
                self.answers.append(body)
                return

    def go_on(self, ended: threading.Event) -> None:
        """A town begins each second, and somebody answers."""
        while not ended.is_set():
            began = time.monotonic()
            self.open_a_round()
            self.answer()
            self.slowest = max(self.slowest, time.monotonic() - began)
            ended.wait(max(0.0, TOWN_SECONDS - (time.monotonic() - began)))

    def strike(self, host: Host, how: Strike) -> None:
        """Strike a host, and note what it had under way."""
        host.strike(how)
        self.struck.append((host.name, how))
        self._note_window(host)

    def recover(self, host: Host) -> None:
        """Let a host come back, and note what one that lived on has handed over since."""
        self._note_window(host)
        host.recover()

    def _note_window(self, host: Host) -> None:
        time.sleep(0.3)  # what was on its way to the database arrives
        with self.database.system(read_only=True) as session:
            same = (MailAttempt.municipality_id == Mail.municipality_id) & (MailAttempt.mail_id == Mail.id)
            marked = select(Mail.message_id).join(MailAttempt, same)
            known = set(session.scalars(marked.where(MailAttempt.outcome == AttemptOutcome.ACCEPTED)))
        taken = {mail.message_id for mail in tuple(self.sink.messages) if mail.peer == host.seat.address}
        self.in_the_window |= taken - known

    def undone(self) -> int:
        """How much is due by now and has not been done."""
        now = self.clock.now()
        open_notice = Notice.status.in_((NoticeStatus.PLANNED, NoticeStatus.MAILED))
        with self.database.system(read_only=True) as session:
            counts = (
                select(func.count()).where(Wake.wake_on <= local_date(now)),
                select(func.count()).where(open_notice, Notice.not_before_at <= now),
                select(func.count()).where(or_(*(Mail.status == each for each in OPEN_MAIL))),
            )
            return sum(session.scalar(each) or 0 for each in counts)

    def come_to_rest(self) -> int:
        """Wait until everything is done, and return how often the clock was turned past a lease for it.

        Turned only while nothing moves: nobody alive loses a lease by it.
        """
        for turned in range(12):
            if not self._until_still():
                return turned
            self.clock.turn_to(self.clock.now() + AFTER_A_CRASH)
        raise AssertionError(f"{self.undone()} are not done, and nothing moves")

    def _until_still(self) -> int:
        since, left, until = time.monotonic(), self.undone(), time.monotonic() + GIVE_UP_SECONDS
        while left and time.monotonic() - since < STILL_SECONDS and time.monotonic() < until:
            time.sleep(0.5)
            self.keep_up()
            if (now_left := self.undone()) != left:
                since, left = time.monotonic(), now_left
        return left

    def keep_up(self) -> None:
        for host in self.hosts:
            host.keep_up()

    def complaints(self) -> list[str]:
        """What is wrong anywhere, doubles within the window left out."""
        of_town: dict[str, list[Received]] = defaultdict(list)
        for mail in self.sink.messages:
            of_town[mail.recipients[0].partition("@")[2].partition(".")[0]].append(mail)
        return [
            f"{town.slug}: {each}"
            for town in self.towns
            for each in complaints(town, of_town[town.slug], due=self.due, copies_allowed=len(of_town[town.slug]))
        ]

    def doubled(self) -> set[str]:
        counted = Counter(mail.message_id for mail in self.sink.messages)
        return {message_id for message_id, times in counted.items() if times > 1}


def _by_body(mails: list[Received]) -> dict[str, list[Received]]:
    """The mails that ask, by the body and town they ask, copies left out."""
    found: dict[str, list[Received]] = defaultdict(list)
    for mail in tuple(mails):
        role, _, body = mail.recipients[0].partition(".")
        if (
            role in {"chair", "secretary"}
            and b"/a/" in mail.raw
            and all(mail.recipients != other.recipients for other in found[body])
        ):
            found[body].append(mail)
    return found


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Seven hosts that are about to boot, in the morning of the day on which the rounds open."""
    with ExitStack() as stack:
        net = stack.enter_context(lan())
        postgres = stack.enter_context(servers.mortal_postgres(net.plug_in("postgres")))
        redis = stack.enter_context(servers.mortal_redis(net.plug_in("redis")))
        sink = SmtpSink(tmp_path / "spool.jsonl", net.plug_in("mail"), SERVER_SECONDS)
        sink.start()
        stack.callback(sink.stop)
        database = Database(servers.PostgresServer(postgres.url).program_url("postgres"))
        stack.callback(database.dispose)
        upgrade(postgres.url, program=database.url.render_as_string(hide_password=False))
        clock = Clock(tmp_path)
        clock.turn_to(nine(OPENING))
        found = Country(database, sink, clock, _hosts(net, tmp_path, redis.url, sink.url))
        stack.callback(_kill_all, found)
        yield found


def _kill_all(country: Country) -> None:
    for host in country.hosts:
        if host.process is not None:
            host.strike(Strike.KILLED)


def _hosts(net: Lan, folder: Path, redis_url: str, smtp_url: str) -> list[Host]:
    user = servers.PROGRAM
    settings = {
        "STYRHJUL_DATABASE_URL": f"postgresql://{user}:{user}@{net.seat('postgres').address}/postgres",
        "STYRHJUL_BROKER_URL": redis_url,
        "STYRHJUL_SMTP_URL": smtp_url,
        "STYRHJUL_SECRET_KEY": "a secret key for tests, long enough",
        "STYRHJUL_BASE_URL": "https://lillby.example.org",
        "STYRHJUL_PULSE_SECONDS": "2",
        "STYRHJUL_SILENT_AFTER_SECONDS": "6",
    }
    parts = {**dict.fromkeys(WORKERS, "worker"), **dict.fromkeys(BEATS, "beat")}
    hosts = [Host(net, name, part, folder / name, settings) for name, part in parts.items()]
    for host in hosts:
        (host.home / "demo-clock.json").symlink_to(folder / "demo-clock.json")
    return hosts


def strike_on(country: Country, plan: list[tuple[Host, Strike]]) -> None:
    """Let one host fall out after the other, for a few seconds each, while people go on."""
    next_strike, down, ended = time.monotonic() + STRIKE_SECONDS, list[tuple[float, Host]](), threading.Event()
    with ThreadPoolExecutor(1) as beside:
        people = beside.submit(country.go_on, ended)
        while (plan or down) and not people.done():
            now = time.monotonic()
            country.keep_up()
            if down and now >= down[0][0]:
                country.recover(down.pop(0)[1])
            if plan and now >= next_strike:
                host, how = plan.pop(0)
                country.strike(host, how)
                down.append((now + DOWN_SECONDS, host))
                next_strike += STRIKE_SECONDS
            time.sleep(0.1)
        ended.set()
        people.result()


def planned(hosts: list[Host]) -> list[tuple[Host, Strike]]:
    """Which host is struck when, and how, by the seed."""
    chance = random.Random(SEED)
    return [(chance.choice(hosts), chance.choice(list(Strike))) for _ in range(STRIKES)]


@pytest.mark.needs("ip, run by root")
@pytest.mark.timeout(1800)
@pytest.mark.faults
def test_hosts_that_fall_out_one_after_the_other_lose_nothing(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    """Doubled is at most what a server had taken from a host that was struck before it could say so."""
    for host in country.hosts:
        host.boot()
    country.open_a_round()
    assert eventually(lambda: bool(country.sink.messages), GIVE_UP_SECONDS)
    strike_on(country, planned(country.hosts))
    turned = country.come_to_rest()
    doubled = country.doubled()
    kinds = ", ".join(f"{times} {how}" for how, times in Counter(how for _, how in country.struck).items())
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(country.struck)} strikes ({kinds}), {len(country.towns)} towns, {len(country.answers)} answers,"
            f" slowest {country.slowest:.0f} s; {len(country.sink.messages)} mails taken,"
            f" {copies(country.sink.messages)} copies, {len(country.in_the_window)} in the window;"
            f" clock turned {turned} times\n"
        )
    assert country.complaints() == []
    assert doubled <= country.in_the_window
    assert copies(country.sink.messages) <= STRIKES * PROCESSES


#: Takes what every sender takes before it claims, and waits for ever.
HOLDER = """
import sys, time
from sqlalchemy import select
from styrhjul.db.mail_model import MailBucket
from styrhjul.db.pace import UNLIMITED, Purse
from styrhjul.db.session import Database
with Database(sys.argv[1]).system() as session:
    assert session.scalars(select(MailBucket.name).with_for_update()).all() == ["all"]
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.mark.needs("ip, run by root")
@pytest.mark.faults
def test_what_a_host_had_locked_when_its_power_went_is_free_again(country: Country) -> None:
    """No line was closed: PostgreSQL has to ask. Otherwise nobody could send for two hours."""
    host, now = country.hosts[0], country.clock.now()
    with country.database.system() as session:
        Purse.open(session, UNLIMITED, now)
    command = [sys.executable, "-c", HOLDER, host.settings["STYRHJUL_DATABASE_URL"]]
    host.process = launched(command, host.home, stop=signal.SIGKILL, seat=host.seat, settings={"PYTHONPATH": str(ROOT)})
    assert eventually(lambda: "held" in (host.home / "log").read_text())
    host.strike(Strike.GONE)
    with country.database.system() as session:
        assert session.scalars(select(MailBucket.name).with_for_update()).all() == ["all"]
