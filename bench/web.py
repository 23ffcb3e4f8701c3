"""How long does a page take when all of Sweden is in the database? Every page for officials, at 20 requests a second.

`./run bench web` fills a PostgreSQL with 290 municipalities of 100 policies and 10 bodies, serves it with the real
`styrhjul web`, signs officials in, and asks for pages in random order at an even pace, whether the one before is done
or not. It fails when the 95th percentile of any page is over the limit.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
from rich.console import Console
from rich.table import Table
from sqlalchemy import select, update

from bench._filled import OPENING, Shape, copy_municipality, open_templates, tidy
from config.clock import Clock, at_nine
from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import Mail
from styrhjul.db.migrate import upgrade
from styrhjul.db.model import Body, Duty, Meeting, Municipality, Person, Policy, Post, User, UserRole, new_id
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import State
from styrhjul.services.sign_in.session import begin_session
from styrhjul.web.rate import Rate
from styrhjul.web.rules import RULES, Whose
from styrhjul.web.session import SESSION_COOKIE
from tests.servers import PostgresServer, drop_database, postgres_server, temporary_folder
from tests.town import Town

LIMIT = 0.150
MUNICIPALITIES = 290
POLICIES = 100
PER_SECOND = 20
SECONDS = 60
#: So many municipalities have an official at work while we measure.
AT_WORK = 40
#: So often each page is asked for when nobody else asks, to see its processor time.
ALONE = 10
NAME = f"styrhjul_bench_{os.getpid()}_web"
DAY = OPENING + timedelta(days=25)
_SECRET = "a secret for the bench, and nothing else"  # noqa: S105 - opens nothing

progress = Console(stderr=True)


#: What an address may name, by the names of its parts.
_THERE: dict[tuple[str, ...], Any] = {
    ("policy", "duty"): select(Policy.slug, Duty.id).join(Duty, Duty.policy_id == Policy.id),
    ("body", "on"): select(Body.slug, Meeting.meets_on).join(Meeting, Meeting.body_id == Body.id),
    ("case_id",): select(Case.id).where(Case.state == State.OPEN),
    ("mail_id",): select(Mail.id),
    ("post_id",): select(Post.id),
    ("person_id",): select(Person.id),
}
#: Words in an address that are the same everywhere.
_WORDS = {
    "key": "goals_opened",
    "lifecycle": "goal_setting",
    "act": "extend",
    "kept": "inbound_text",
    "year": str(DAY.year),
}


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody signed in, and what stands in their municipality: of each kind some, each with its parts by name."""

    cookie: str
    kinds: Sequence[Sequence[Mapping[str, str]]]

    def address(self, pattern: str) -> str:
        """Fill in a pattern at random. Raises KeyError for a part that nobody has said how to fill in."""
        parts = dict(_WORDS)
        for kind in self.kinds:
            parts |= random.choice(kind) if kind else {}
        return pattern.format_map(parts)


@dataclass(frozen=True, slots=True)
class Served:
    """The pages in processes of their own."""

    address: str
    pid: int

    def cpu(self) -> float:
        """Return the seconds of processor time that all of them have taken."""
        return sum(_cpu(each) for each in _tree(self.pid))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when a page is over the limit."""
    options = _options(arguments)
    with postgres_server(durable=True) as server, temporary_folder("sh-bench-") as folder:
        server.execute(f'CREATE DATABASE "{NAME}"')
        try:
            _fill(server, options.municipalities, options.policies)
            report = _measure(server.program_url(NAME), folder, options)
        finally:
            drop_database(server, NAME)
    if options.json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        _print(report)
    return 0 if report["within_limit"] else 1


def _measure(url: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    Clock(folder).turn_to(at_nine(DAY))
    database = Database(url)
    officials = _sign_in(database, Clock(folder))
    database.dispose()
    patterns = _pages(officials[0])
    with _served(url, folder) as served:
        _ask(served.address, officials, patterns * 2)  # unmeasured
        alone = {pattern: _alone(served, officials, pattern) for pattern in patterns}
        load = os.getloadavg()[0]
        order = [patterns[number % len(patterns)] for number in range(options.seconds * PER_SECOND)]
        random.shuffle(order)
        return _report(_ask(served.address, officials, order), alone, load, options)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench web", description=__doc__)
    parser.add_argument("--municipalities", type=int, default=MUNICIPALITIES)
    parser.add_argument("--policies", type=int, default=POLICIES, help="per municipality")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long to ask")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


def _fill(server: PostgresServer, municipalities: int, policies: int) -> None:
    """Let two municipalities live until DAY, and copy the one with meetings."""
    began, url = time.perf_counter(), server.database_url(NAME)
    upgrade(url, program=server.program_url(NAME))
    database = Database(server.program_url(NAME))
    source, other = open_templates(database, Shape(policies=policies, awake=1))
    for municipality_id in (source, other):
        with database.municipality(municipality_id) as session:
            # A mail server that is far away understands no other letters.
            session.execute(update(Person).values(address=Person.id.concat("@example.org")))
            session.add(User(id=new_id(), address="a@example.org", name="Samordnaren", roles=list(UserRole)))
    Town(database, municipality_id=source).live_through(OPENING + timedelta(days=1), DAY)
    database.dispose()
    copy_municipality(url, source, municipalities - 2)
    owner = Database(url)
    tidy(owner)
    owner.dispose()
    progress.print(f"filled in {time.perf_counter() - began:.0f} s")


def _sign_in(database: Database, clock: Clock) -> list[Official]:
    """Sign in one official in each of some municipalities that have everything a page can be about."""
    with database.system(read_only=True) as session:
        some = session.execute(
            select(Municipality.id, Municipality.slug).order_by(Municipality.id).limit(AT_WORK)
        ).all()
    signed_in = [_official(database, clock, municipality_id, slug) for municipality_id, slug in some]
    return [official for official in signed_in if all(official.kinds)]  # one was never lived in


def _official(database: Database, clock: Clock, municipality_id: str, slug: str) -> Official:
    with database.municipality(municipality_id) as session:
        user_id = session.scalars(select(User.id)).one()
        cookie = begin_session(session, clock.now(), user_id=user_id)
        kinds = [
            [dict(zip(names, map(str, row), strict=True)) for row in session.execute(query.limit(50))]
            for names, query in _THERE.items()
        ]
    return Official(cookie, [[{"municipality": slug}], *kinds])


def _pages(official: Official) -> list[str]:
    """Return the pattern of every page that an official reads and the database here can fill in."""
    patterns = [rule.path for rule in RULES if (rule.method, rule.whose, rule.rate) == ("GET", Whose.PATH, Rate.READ)]
    return [pattern for pattern in patterns if _can_fill(official, pattern)]


def _can_fill(official: Official, pattern: str) -> bool:
    try:
        return bool(official.address(pattern))
    except KeyError:
        progress.print(f"left out, nothing to fill it in with: {pattern}")
        return False


@contextmanager
def _served(url: str, folder: Path) -> Iterator[Served]:
    """Serve the pages as in life."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "STYRHJUL_DATABASE_URL": url,
        "STYRHJUL_DATA_DIR": str(folder),
        "STYRHJUL_SECRET_KEY": _SECRET,
        "STYRHJUL_BASE_URL": f"http://127.0.0.1:{port}",
        "STYRHJUL_LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen([sys.executable, "-m", "styrhjul", "web", "--port", str(port)], env=env)
    try:
        _wait(port)
        yield Served(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _tree(pid: int) -> list[int]:
    """Return a process and all below it; Linux alone tells."""
    below = Path(f"/proc/{pid}/task/{pid}/children")
    children = below.read_text().split() if below.exists() else []
    return [pid, *(each for child in children for each in _tree(int(child)))]


def _cpu(pid: int) -> float:
    taken = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, taken)) / os.sysconf("SC_CLK_TCK")


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            httpx2.get(f"http://127.0.0.1:{port}/health/live", timeout=5).raise_for_status()
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the pages were not served within 20 seconds")


def _alone(served: Served, officials: Sequence[Official], pattern: str) -> float:
    """Return the seconds of processor time of one page, asked for when nobody else asks."""
    before = served.cpu()
    with httpx2.Client(base_url=served.address, timeout=60) as client:
        for _ in range(ALONE):
            _get(client, random.choice(officials), pattern)
    return (served.cpu() - before) / ALONE


def _ask(address: str, officials: Sequence[Official], order: Sequence[str]) -> dict[str, list[float]]:
    """Ask for pages in this order at an even pace; return the seconds each took, by its pattern.

    The time is counted from the moment the page should have been asked for, so that a queue of ours counts too.
    """
    taken: dict[str, list[float]] = defaultdict(list)
    began = time.perf_counter() + 0.1

    def one(number: int, pattern: str) -> None:
        planned = began + number / PER_SECOND
        time.sleep(max(0.0, planned - time.perf_counter()))
        _get(client, random.choice(officials), pattern)
        taken[pattern].append(time.perf_counter() - planned)

    with httpx2.Client(base_url=address, timeout=60) as client, ThreadPoolExecutor(PER_SECOND) as pool:
        for done in [pool.submit(one, number, pattern) for number, pattern in enumerate(order)]:
            done.result()
    return taken


def _get(client: httpx2.Client, official: Official, pattern: str) -> None:
    path = official.address(pattern)
    answer = client.get(path, headers={"Cookie": f"{SESSION_COOKIE}={official.cookie}"})
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{pattern}: {answer.status_code}")


def _report(
    taken: dict[str, list[float]], alone: dict[str, float], load: float, options: argparse.Namespace
) -> dict[str, Any]:
    pages = {
        pattern: {
            "asked": len(seconds),
            "cpu_ms": round(alone[pattern] * 1e3, 1),
            "median_ms": round(median(seconds) * 1e3, 1),
            "p95_ms": round(_p95(seconds) * 1e3, 1),
            "slowest_ms": round(max(seconds) * 1e3, 1),
        }
        for pattern, seconds in sorted(taken.items())
    }
    every = [each for seconds in taken.values() for each in seconds]
    return {
        "municipalities": options.municipalities,
        "policies": options.policies,
        "per_second": PER_SECOND,
        "load_before": round(load, 2),
        "load_after": round(os.getloadavg()[0], 2),
        "pages": pages,
        "p95_ms": round(_p95(every) * 1e3, 1),
        "within_limit": all(page["p95_ms"] <= LIMIT * 1e3 for page in pages.values()),
    }


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * 0.95))]


def _print(report: dict[str, Any]) -> None:
    table = Table("page", "asked", "cpu ms", "median ms", "95 % within ms", "slowest ms")
    for pattern, page in report["pages"].items():
        table.add_row(pattern, *(str(page[name]) for name in ("asked", "cpu_ms", "median_ms", "p95_ms", "slowest_ms")))
    console = Console(width=max(112, Console().width))
    console.print(table)
    console.print(
        f"{report['municipalities']} municipalities of {report['policies']} policies, {PER_SECOND} pages a second: "
        f"95 % within {report['p95_ms']} ms. Limit a page: {LIMIT * 1e3:.0f} ms. "
        f"Load: {report['load_before']} to {report['load_after']}."
    )


if __name__ == "__main__":
    sys.exit(main())
