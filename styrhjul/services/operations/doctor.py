"""Looking whether everything an installation needs is in order. Nothing is changed, and nothing is raised."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from kombu import Connection
from sqlalchemy import text

from config.logging import masked
from config.settings import PREFIX, Settings, is_loopback
from styrhjul.db import migrate
from styrhjul.db.webhook_query import ailing_endpoints, following_endpoints
from styrhjul.domain.moment import swedish_time
from styrhjul.services.api.webhook import WAITS_IN_DEMO
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.municipality.directory import municipalities_meant
from styrhjul.services.municipality.ladder import unfit_ladders
from styrhjul.services.operations.backup import newest_backup
from styrhjul.services.operations.clock_guard import guard_clock
from styrhjul.services.operations.doctor_finding import WARNING, NotInOrder
from styrhjul.services.operations.doctor_mail import (
    incoming,
    mail_on_its_way,
    mail_server,
    own_wording,
    signing,
    trial_runs,
)
from styrhjul.services.operations.hold import as_sentence, hold_in_force
from styrhjul.services.operations.pulse_record import newest_pulse
from styrhjul.services.operations.quarantine import list_quarantine
from styrhjul.services.organisation.reach import out_of_reach
from styrhjul.services.overview.concern import LATE, UNTOLD_FOR

#: The first releases in which a mail header cannot be made to hold a line break (CVE-2026-1299).
_SAFE_PYTHON = {(3, 11): 15, (3, 12): 13, (3, 13): 12, (3, 14): 3}
_OLDEST_POSTGRESQL = 15
_LITTLE_DISK = 500 * 1024 * 1024
_SILENT = timedelta(minutes=5)
#: One night may fail; the second is told.
_OLD_BACKUP = timedelta(hours=50)
_PATIENCE_SECONDS = 5
#: Read by others than the settings.
_OTHER_VARIABLES = {"VENV", "CRASHPOINT"}
#: How it is where nothing is set: said at start too.
OPEN_PAGES = (
    "sidorna är öppna utan inloggning för den som sitter vid den här maskinen. Ange en mejlserver i "
    "STYRHJUL_SMTP_URL, så loggar alla in."
)
#: Until these are in order nothing can be read, and the answers would only hide the line that helps.
_GROUND = ("database", "migrations")
_ASKED_OF_IT = frozenset({"migrations", "isolation"})
_READ_TABLES = frozenset(
    {
        "clock",
        "signing",
        "pulse",
        "backup",
        "hold",
        "aside",
        "ladders",
        "reach",
        "mail",
        "inbound",
        "wording",
        "trials",
        "webhooks",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was looked at, whether it is in order, and what was seen or is to be done."""

    check: str
    ok: bool
    detail: str
    #: Not looked at, because what it stands on is not in order.
    waits: bool = False

    @property
    def warns(self) -> bool:
        """In order, and somebody should know all the same."""
        return self.ok and self.detail.startswith(WARNING)


def examine(installation: Installation, now: datetime) -> list[Check]:
    """Look at everything, in the order in which one would mend it. A check that fails says so itself."""
    checks: dict[str, Callable[[], str]] = {
        "interpreter": _interpreter,
        "settings": lambda: _settings(installation.settings),
        "sign_in": lambda: _sign_in(installation.settings),
        "keys": lambda: _keys(installation.settings),
        "disk": lambda: _disk(installation.settings),
        "database": lambda: _database(installation),
        "migrations": lambda: _migrations(installation),
        "isolation": lambda: _isolation(installation),
        "clock": lambda: _clock(installation, now),
        "broker": lambda: _broker(installation.settings),
        "smtp": lambda: mail_server(installation),
        "signing": lambda: signing(installation),
        "pulse": lambda: _pulse(installation, now),
        "backup": lambda: _backup(installation, now),
        "hold": lambda: _hold(installation),
        "aside": lambda: _aside(installation),
        "ladders": lambda: _ladders(installation),
        "reach": lambda: _reach(installation, now),
        "mail": lambda: mail_on_its_way(installation, now),
        "inbound": lambda: incoming(installation, now),
        "wording": lambda: own_wording(installation),
        "trials": lambda: trial_runs(installation),
        "webhooks": lambda: _webhooks(installation, now),
        "traces": lambda: _traces(installation),
    }
    return list(_run(checks))


def _run(checks: dict[str, Callable[[], str]]) -> Iterator[Check]:
    waiting: frozenset[str] = frozenset()
    for name, check in checks.items():
        if name in waiting:
            yield Check(check=name, ok=False, detail="väntar på databasen", waits=True)
            continue
        found = _look(name, check)
        yield found
        if not found.ok and name in _GROUND:
            waiting = _READ_TABLES if name == "migrations" else _READ_TABLES | _ASKED_OF_IT


def _look(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(check=name, ok=True, detail=check())
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what was asked for
        return Check(check=name, ok=False, detail=str(masked(_said(error))))


def _said(error: Exception) -> str:
    theirs = getattr(error, "orig", None)
    said = " ".join(str(theirs or error).split()) or type(error).__name__
    return f"Databasen svarade: {said}" if theirs else said


def _interpreter() -> str:
    """Old interpreters are warned of, not refused: the distribution may have mended its own."""
    found = f"Python {sys.version.partition(' ')[0]}"
    safe = _SAFE_PYTHON.get(sys.version_info[:2], 0)
    if sys.version_info.micro < safe:
        return f"{WARNING}{found} är äldre än {sys.version_info.major}.{sys.version_info.minor}.{safe}. Uppdatera."
    return found


def _settings(settings: Settings) -> str:
    known = {name.upper() for name in type(settings).model_fields} | _OTHER_VARIABLES
    given = {name.removeprefix(PREFIX).removesuffix("_FILE") for name in os.environ if name.startswith(PREFIX)}
    if unknown := sorted(given - known):
        return f"{WARNING}ingen inställning heter {', '.join(PREFIX + name for name in unknown)}"
    base = urlsplit(settings.base_url)
    if base.scheme == "http" and not is_loopback(base.hostname or ""):
        return f"{WARNING}länkarna går till {settings.base_url}, utan kryptering"
    return f"länkarna går till {settings.base_url}"


def _sign_in(settings: Settings) -> str:
    return f"{WARNING}{OPEN_PAGES}" if settings.is_embedded else "alla loggar in"


def _keys(settings: Settings) -> str:
    if settings.secret_key.get_secret_value():
        return f"från {PREFIX}SECRET_KEY"
    path = settings.data_dir / "secret-key"
    if not path.exists():
        return f"skapas i {path}"
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise NotInOrder(f"{path} kan läsas av andra. Kör: chmod 600 {path}")
    return f"finns i {path}"


def _disk(settings: Settings) -> str:
    folder = next(each for each in (settings.data_dir, *settings.data_dir.parents) if each.exists())
    if not os.access(folder, os.W_OK):
        raise NotInOrder(f"Det går inte att skriva i {folder}. Ändra rättigheterna.")
    free = shutil.disk_usage(folder).free
    if free < _LITTLE_DISK:
        raise NotInOrder(f"Bara {free // 2**20} MB är lediga i {folder}. Frigör utrymme.")
    return f"{free // 2**20} MB är lediga i {folder}"


def _database(installation: Installation) -> str:
    if not installation.may_have_database():
        return f"{installation.where} finns inte än"
    with installation.database.system(read_only=True) as session:
        if installation.database.is_sqlite:
            return f"SQLite {session.scalar(text('SELECT sqlite_version()'))}, {installation.database.url.database}"
        version = int(session.scalar(text("SHOW server_version_num")) or 0) // 10000
    if version < _OLDEST_POSTGRESQL:
        raise NotInOrder(f"PostgreSQL {version} är för gammal. Version {_OLDEST_POSTGRESQL} eller nyare behövs.")
    return f"PostgreSQL {version} på {installation.database.url.host or 'en lokal socket'}"


def _migrations(installation: Installation) -> str:
    current, wanted = installation.revision(), migrate.head()
    if migrate.is_behind(current):
        stand = f"uppdaterade till {current}, men {wanted} behövs" if current else "databasen har inga tabeller än"
        raise NotInOrder(f"{stand}. Kör: styrhjul migrate")
    newer = "" if current == wanted else f", av en nyare version än den här ({wanted})"
    return f"uppdaterade till {current}{newer}"


def _isolation(installation: Installation) -> str:
    installation.refuse_free_user()
    if installation.database.is_sqlite:
        return "SQLite: frågelagret håller kommunerna isär"
    if installation.settings.migrate_database_url:
        return (
            f"{WARNING}STYRHJUL_MIGRATE_DATABASE_URL är satt här, och den som äger tabellerna kommer åt alla kommuner. "
            "Ge den bara till migrate, backup och restore, inte till det som är igång."
        )
    return f"databasen håller kommunerna isär för {installation.database.url.username}"


def _clock(installation: Installation, now: datetime) -> str:
    guard_clock(installation.database, now, is_wall=installation.clock.is_wall)
    return f"{swedish_time(now)}{'' if installation.clock.is_wall else ' (demons klocka, inte datorns)'}"


def _broker(settings: Settings) -> str:
    if not settings.broker_url:
        return "inbyggd, startas av `styrhjul up`"
    with Connection(settings.broker_url, connect_timeout=_PATIENCE_SECONDS) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=_PATIENCE_SECONDS)
        if not settings.broker_url.startswith("redis"):
            return "svarar"
        client = connection.default_channel.client  # type: ignore[attr-defined] # Redis only
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
    if policy != "noeviction":
        return f"{WARNING}maxmemory-policy är {policy}. Med noeviction kastas inget bort."
    return "svarar, kastar inget bort"


def _pulse(installation: Installation, now: datetime) -> str:
    newest = newest_pulse(installation.database)
    if newest is None:
        raise NotInOrder("Ingen puls har slagit än. Starta `styrhjul up`, eller en worker och beat.")
    if newest < now - _SILENT:
        raise NotInOrder(f"Den senaste pulsen slog {swedish_time(newest)}. Kör någon worker?")
    return f"den senaste slog {swedish_time(newest)}"


def _ladders(installation: Installation) -> str:
    """A ladder that no longer fits the declared one sets every case aside that would climb it."""
    if unfit := unfit_ladders(installation.database):
        raise NotInOrder(
            f"Trappor går inte att följa, och deras ärenden sätts åt sidan. {' '.join(unfit)} "
            "Rätta kommunens fil och läs in den med styrhjul ladder import."
        )
    return "alla trappor går att följa"


def _aside(installation: Installation) -> str:
    """What our own fault has set aside stays there until a person lets it out."""
    aside = [
        f"{line.slug} ({count})"
        for line in municipalities_meant(installation.database, None)
        if (count := len(list_quarantine(installation.database, line.municipality_id)))
    ]
    if aside:
        raise NotInOrder(f"Satt åt sidan, med ett fel i programmet: {', '.join(aside)}. Se styrhjul quarantine list.")
    return "inget är satt åt sidan"


def _hold(installation: Installation) -> str:
    if held := hold_in_force(installation.database):
        raise NotInOrder(
            f"Inget skickas av sig självt sedan {swedish_time(held.since)}. {as_sentence(held.reason)} Stäm av med "
            "styrhjul hold reconcile, och släpp med styrhjul hold end."
        )
    return "hålls inte tillbaka"


def _backup(installation: Installation, now: datetime) -> str:
    made_at = newest_backup(installation.database)
    if made_at is None:
        return f"{WARNING}ingen säkerhetskopia är tagen. Kör varje natt: styrhjul backup FIL"
    if made_at < now - _OLD_BACKUP:
        raise NotInOrder(f"Den senaste säkerhetskopian är från {swedish_time(made_at)}. Kör: styrhjul backup FIL")
    return f"den senaste togs, eller lästes tillbaka, {swedish_time(made_at)}"


def _webhooks(installation: Installation, now: datetime) -> str:
    """Another system that is told nothing has no other way to find out; nor has whoever relies on it."""
    with installation.database.system(read_only=True) as session:
        ailing = ailing_endpoints(session, failing_before=now - LATE, given_up_since=now - UNTOLD_FOR)
        following = following_endpoints(session)
    if ailing:
        listed = "; ".join(
            f"{each.municipality}: {each.paused} pausade, {each.failing} svarar inte, {each.given_up} uppgivna"
            for each in ailing
        )
        raise NotInOrder(f"Webhookar når inte fram ({listed}). Se styrhjul webhook list.")
    if not following.endpoints:
        return "inga webhookar"
    if following.waiting and not installation.clock.is_wall:
        return f"{WARNING}väntande meddelanden: {following.waiting}. {WAITS_IN_DEMO}"
    if following.untried:
        untried = f"{following.untried} av {following.endpoints} webhookar är inte prövade"
        return f"{WARNING}{untried}. Kör styrhjul webhook test."
    return "alla webhookar når fram"


def _traces(installation: Installation) -> str:
    endpoint = installation.settings.otlp_endpoint
    if not endpoint:
        return "inga spår lämnas"
    if not installation.tracing.is_on:
        raise NotInOrder(
            f"Inga spår lämnas till {endpoint}: paketen saknas. Kör: pip install --require-hashes --no-deps -r "
            "requirements-traces.lock"
        )
    return f"spår lämnas till {endpoint}"


def _reach(installation: Installation, now: datetime) -> str:
    """Cases that reach nobody wait for a person; where nobody is there to be told either, only this page tells."""
    lost = out_of_reach(installation.database, now)
    untold = [each for each in lost if not each.is_told]
    if untold:
        listed = ", ".join(f"{each.municipality} ({each.cases} ärenden)" for each in untold)
        unread = "ingen läser samordnarens eller kommunchefens mejl"
        raise NotInOrder(f"Ärenden når ingen, och {unread}: {listed}. Rätta listan över uppdrag.")
    if lost:
        return f"{WARNING}ärenden når ingen: " + ", ".join(f"{each.municipality} ({each.cases})" for each in lost)
    return "alla ärenden når någon"
