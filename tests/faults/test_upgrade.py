"""The drill of an upgrade: towns at work, people at their answers, and the next version takes over. Nobody notices.

The next version is this one with a table, a column that it reads on every page, and an index more. It is started beside
this one as on any rolling installation; somebody who copies the database is in the way of the migration meanwhile.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.pool import NullPool

from config.clock import Clock
from styrhjul.db import migrate
from styrhjul.db.case_model import Answer, Quarantine
from styrhjul.db.session import Database
from tests.faults.scene import OPENING, token_in
from tests.faults.test_hosts import Country, _by_body
from tests.house import ROOT
from tests.next_version import INDEX, plant
from tests.servers import free_port
from tests.smtp_sink import SmtpSink
from tests.tasks.test_real_processes import end, eventually
from tests.town import nine
from tests.web.conftest import hidden
from tests.web.test_answer import GOAL, goals

SERVER_SECONDS = 0.04
ADDRESS = "127.0.0.1:8000"  # of the balancer, in every link
ROOMS = ("styrhjul", "config", "tasks", "workflows", "templates", "examples")
BODY = '    __tablename__ = "body"\n'
NEW_COLUMN = f"{BODY}    planted: Mapped[str | None]\n"


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The program's files of the next version."""
    tree = tmp_path / "next"
    for room in ROOMS:
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    plant(tree / "styrhjul/db/migrations")
    model = tree / "styrhjul/db/model.py"
    source = model.read_text(encoding="utf-8")
    assert source.count(BODY) == 1
    model.write_text(source.replace(BODY, NEW_COLUMN), encoding="utf-8")
    return tree


@dataclass
class Part:
    """A process of one version."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int = 0

    def is_ready(self) -> bool:
        """As the balancer asks."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=60) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, ConnectionError):
            return False

    def says(self, words: str) -> bool:
        return words in self.log.read_text(encoding="utf-8")


@dataclass
class Rolling(Country):
    """Towns whose people answer on pages, and the processes that work for them."""

    folder: Path = Path()
    settings: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    #: Whom the balancer may ask.
    webs: list[Part] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def start(self, tree: Path, *words: str, **more: str) -> Part:
        home = self.folder / f"{words[0]}-{len(self.parts)}"
        home.mkdir()
        (home / "demo-clock.json").symlink_to(self.folder / "demo-clock.json")
        port = free_port() if words[0] == "web" else 0
        env = {**os.environ, **self.settings, **more, "PYTHONPATH": str(tree), "STYRHJUL_DATA_DIR": str(home)}
        command = [sys.executable, "-m", "styrhjul", *words, *(["--port", str(port)] if port else [])]
        with (home / "log").open("wb") as log:
            part = Part(subprocess.Popen(command, env=env, cwd=home, stdout=log, stderr=log), home / "log", port)
        self.parts.append(part)
        return part

    def open_to_people(self, web: Part) -> None:
        assert eventually(web.is_ready)
        self.webs.append(web)

    def retire(self, *parts: Part) -> None:
        """End them one by one, the balancer told first."""
        for part in parts:
            with self.turn:
                self.webs = [web for web in self.webs if web is not part]
            part.process.terminate()
            end(part.process)

    def ask(self, client: httpx2.Client, method: str, path: str, data: dict[str, str] | None = None) -> httpx2.Response:
        """One request, to whichever page server is ready; each step of a form may meet another one."""
        with self.turn:
            ready = [web for web in self.webs if web.is_ready()]
            if not ready:
                self.refused.append(f"{method}: nobody is ready")
                raise ConnectionError
            response = client.request(method, f"http://127.0.0.1:{ready[0].port}{path}", data=data)
        self.statuses[response.status_code] += 1
        return response

    def answer(self) -> None:
        """Somebody opens the link in a mail, writes a goal, looks at it and signs it."""
        for body, mails in _by_body(self.sink.messages).items():
            if len(mails) == 2 and body not in self.answers:
                token = token_in(next(mail.raw for mail in mails if mail.recipients[0].startswith("chair")))
                from_where = {"Host": ADDRESS, "X-Forwarded-For": f"10.0.0.{len(self.answers) % 250}"}
                with httpx2.Client(headers=from_where, timeout=60) as client:
                    self._fill_in(client, token)
                self.answers.append(body)
                return

    def _fill_in(self, client: httpx2.Client, token: str) -> None:
        form = self.ask(client, "GET", f"/a/{token}").headers["location"]
        page = self.ask(client, "GET", form).text
        review = self.ask(client, "POST", f"{form}/review", goals(page, GOAL)).text
        signed = {"csrf": hidden(review, "csrf"), "payload": hidden(review, "payload"), "signed_by": "Anna"}
        self.ask(client, "POST", form, signed)

    def goes_on(self) -> bool:
        """Whether mails come and answers are taken from now on."""
        mails, answers = len(self.sink.messages), len(self.answers)
        return eventually(lambda: len(self.sink.messages) > mails + 12 and len(self.answers) > answers)

    def count(self, table: type) -> int:
        with self.database.system(read_only=True) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def answered(self) -> int:
        found = 0
        for town in self.towns:
            with self.database.reading(town.municipality_id) as session:
                found += session.scalar(select(func.count()).select_from(Answer)) or 0
        return found


@pytest.fixture
def rolling(tmp_path: Path, postgres_database_url: str, redis_url: str) -> Iterator[Rolling]:
    """This version at work: a worker, beat, a web, and the rounds of a first town."""
    sink = SmtpSink(tmp_path / "spool.jsonl", None, SERVER_SECONDS)
    sink.start()
    database, clock = Database(postgres_database_url), Clock(tmp_path)
    clock.turn_to(nine(OPENING))
    settings = {
        "STYRHJUL_DATABASE_URL": postgres_database_url,
        "STYRHJUL_BROKER_URL": redis_url,
        "STYRHJUL_SMTP_URL": sink.url,
        "STYRHJUL_SECRET_KEY": "a secret key for tests, long enough",
        "STYRHJUL_BASE_URL": f"http://{ADDRESS}",
        "STYRHJUL_PULSE_SECONDS": "1",
        "STYRHJUL_SILENT_AFTER_SECONDS": "60",
    }
    country = Rolling(database, sink, clock, [], folder=tmp_path, settings=settings)
    yield country
    for part in country.parts:
        part.process.kill()
        part.process.wait()
    database.dispose()
    sink.stop()


@contextmanager
def people(country: Rolling) -> Iterator[None]:
    """A town begins each second and somebody answers, until the end of the block."""
    ended = threading.Event()
    with ThreadPoolExecutor(1) as beside:
        going = beside.submit(country.go_on, ended)
        try:
            yield
        finally:
            ended.set()
        going.result()


@contextmanager
def somebody_copies(url: str) -> Iterator[None]:
    """A transaction that has read every table the migrations change, as one that copies the database does."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("LOCK TABLE body, mail, municipality IN ACCESS SHARE MODE"))
        yield


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_the_next_version_takes_over_while_towns_are_at_work_and_nobody_notices(
    rolling: Rolling, next_version: Path, postgres_owner_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = [rolling.start(ROOT, name) for name in ("web", "worker", "beat")]
    rolling.open_to_people(old[0])
    with people(rolling):
        assert rolling.goes_on()
        assert_too_early(rolling, next_version)
        upgrade_beside_a_copy(rolling, next_version, postgres_owner_url)
        assert rolling.goes_on()  # the old version, on the new tables
        new = take_over(rolling, next_version, old)
        take_over(rolling, ROOT, new)  # and back again: the old version starts on the new tables
    rolling.come_to_rest()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(rolling.towns)} towns, {len(rolling.sink.messages)} mails, {len(rolling.answers)} answers in"
            f" {rolling.statuses.total()} requests, of which the slowest town or answer took {rolling.slowest:.1f} s\n"
        )
    assert_nobody_noticed(rolling)


def assert_too_early(rolling: Rolling, next_version: Path) -> None:
    """Whoever starts the next version before its migration is told so, and nothing is touched."""
    for name in ("web", "worker"):
        early = rolling.start(next_version, name)
        assert early.process.wait(120) == 1
        assert early.says("Kör: styrhjul migrate")


def upgrade_beside_a_copy(rolling: Rolling, next_version: Path, owner_url: str) -> None:
    with somebody_copies(owner_url):
        upgrade = rolling.start(next_version, "migrate", STYRHJUL_MIGRATE_DATABASE_URL=owner_url)
        assert eventually(lambda: upgrade.says("table_is_held"))
        assert rolling.goes_on()
    assert upgrade.process.wait(120) == 0, upgrade.log.read_text()
    assert migrate.current(owner_url) == INDEX


def take_over(rolling: Rolling, tree: Path, from_those: list[Part]) -> list[Part]:
    """Start a version beside the other, and end the other's processes one by one; work goes on."""
    started = [rolling.start(tree, name) for name in ("web", "worker", "beat")]
    rolling.open_to_people(started[0])
    rolling.retire(*from_those)
    assert rolling.goes_on()
    return started


def assert_nobody_noticed(rolling: Rolling) -> None:
    assert (rolling.refused, {status for status in rolling.statuses if status >= 400}) == ([], set())
    assert rolling.complaints() == []
    assert rolling.doubled() == set()
    assert rolling.answered() == len(rolling.answers)
    assert rolling.count(Quarantine) == 0
