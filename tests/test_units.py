"""The systemd units, judged by systemd-analyze where there is one, and held to our rules."""

from __future__ import annotations

import re
import subprocess
from email import message_from_bytes, policy
from pathlib import Path
from typing import ClassVar, Self

import pytest

from config.settings import PREFIX, SECRETS, Settings, load_settings
from styrhjul.cli import tree
from styrhjul.cli.app import COMMANDS
from styrhjul.cli.supervisor import Program
from tasks.patience import SHIPPED

ROOT = Path(__file__).resolve().parent.parent
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
#: Hands a mail to the machine's own sendmail, which needs rights that the others give up; it runs nothing of ours.
TELLS = "styrhjul-tell@.service"
#: What works as whoever owns the tables.
OWNERS = {"styrhjul-migrate.service", "styrhjul-backup.service"}
#: Of 10, by systemd's own measure; what faces a network and is not shut in has about 9.
MOST_EXPOSED = 2.5


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as an operator installs them, the template with its instance, and a program that is there."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        text = text.replace("/srv/styrhjul/.venv/bin/python", "/usr/bin/env").replace("=/srv/styrhjul\n", "=/tmp\n")
        (tmp_path / unit.name.replace("@", "@up")).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.needs("systemd-analyze")
def test_systemd_understands_every_line(units: Path) -> None:
    command = ["systemd-analyze", "verify", *map(str, sorted(units.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if str(units) in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("name", [unit.name.replace("@", "@up") for unit in SERVICES if unit.name != TELLS])
def test_a_service_is_shut_in(units: Path, name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=yes", str(units / name)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    exposed = re.search(r"exposure level for \S+: ([\d.]+)", said)
    assert exposed is not None
    assert float(exposed[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_names_settings_that_are_and_shows_no_secret(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for name in re.findall(rf"{PREFIX}([A-Z_]+)=", text):
        if name == "NAME":  # as the comment says it
            continue
        setting = name.removesuffix("_FILE").lower()
        assert setting in Settings.model_fields
        assert setting not in SECRETS or name.endswith("_FILE")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_the_password_of_the_tables_owner_reaches_only_what_needs_it(unit: Path) -> None:
    assert ("migrate-database-url\n" in unit.read_text(encoding="utf-8")) == (unit.name in OWNERS)


def test_what_a_timer_starts_tells_somebody_when_it_fails() -> None:
    timed = [unit.with_suffix(".service") for unit in UNITS if unit.suffix == ".timer"]
    assert len(timed) >= 4
    for unit in timed:
        assert "\nOnFailure=styrhjul-tell@%n.service\n" in unit.read_text(encoding="utf-8"), unit.name


def test_what_a_unit_said_is_mailed_to_root(tmp_path: Path) -> None:
    said = re.search(
        r"^ExecStart=/bin/sh -c '(.+)'$", (ROOT / "deploy/systemd" / TELLS).read_text("utf-8"), re.MULTILINE
    )
    assert said is not None
    script = (
        said[1].replace("%i", "styrhjul-doctor.service").replace("$$", "$").replace("/usr/sbin/sendmail", "sendmail")
    )
    programs = {"journalctl": 'for each; do :; done; echo "✗ puls, $each"', "sendmail": '[ "$1" = -t ] && cat > mail'}
    for name, text in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "MONITOR_INVOCATION_ID": "4711"}
    subprocess.run(["sh", "-c", script], cwd=tmp_path, env=env, check=True)
    mail = message_from_bytes((tmp_path / "mail").read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("root", "Styrhjul: styrhjul-doctor.service misslyckades")
    assert mail.get_content() == "✗ puls, _SYSTEMD_INVOCATION_ID=4711\n"


def test_a_command_by_hand_has_the_settings_of_the_service_and_the_owner_only_where_it_needs_it(tmp_path: Path) -> None:
    secret = "smtp://a:p&b$HOME;c d%40@relay.example.org"
    files = {
        "etc/environment": f"STYRHJUL_SMTP_URL='{secret}'\n",
        "etc/secret-key": "k" * 64,
        "etc/migrate-database-url": "postgresql://owner@localhost/styrhjul\n",
        "bin/runuser": '#!/bin/sh\nshift 3\nexec "$@"\n',
        "srv/.venv/bin/python": '#!/bin/sh\nenv -0; printf "%s\\0" "argument=$3"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    text = (ROOT / "deploy/styrhjul").read_text(encoding="utf-8")
    text = text.replace("/etc/styrhjul", str(tmp_path / "etc")).replace("/srv/styrhjul", str(tmp_path / "srv"))
    env = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin"}
    for word in ("doctor", "backup"):
        done = subprocess.run(["sh", "-c", text, "styrhjul", word], capture_output=True, text=True, check=True, env=env)
        told = dict(each.split("=", 1) for each in done.stdout.split("\0") if each)
        assert (told["argument"], told["STYRHJUL_SMTP_URL"], told["STYRHJUL_SECRET_KEY"]) == (word, secret, "k" * 64)
        assert ("STYRHJUL_MIGRATE_DATABASE_URL" in told) == (word == "backup")


def test_as_the_page_installs_it_everybody_signs_in_before_anything_is_started(tmp_path: Path) -> None:
    """A proxy that passes nothing on makes everybody look as if they sat at the machine: then nothing may be open."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    settings = re.search(r"/etc/styrhjul/environment <<'END'\n(.+?)\n    END\n", page, re.DOTALL)
    assert settings is not None
    assert settings.end() < page.index("systemctl enable")
    for line in settings[1].splitlines():
        given = re.fullmatch(r"    STYRHJUL_([A-Z_]+)='([^']+)'", line)
        assert given is not None, f"systemd and the shell may read it differently: {line}"
        alone = {given[1].lower(): given[2], "secret_key": "k" * 64, "data_dir": tmp_path}
        assert not load_settings(**alone).is_embedded, f"open with {line} alone"


def test_the_page_installs_units_and_files_that_are() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    templates = {re.sub(r"@[^.]*\.", "@.", unit.name) for unit in UNITS}
    named = re.findall(r"\bstyrhjul(?:-[a-z]+)?(?:@[a-z]+)?\.(?:timer|service)\b", page)
    enabled = re.findall(r"systemctl (?:enable --now|start) (.+)", page.replace("`", "\n"))
    words = [word for line in enabled for word in line.split() if word.startswith("styrhjul")]
    for name in [*named, *(word if "." in word else f"{word}.service" for word in words)]:
        assert re.sub(r"@[^.]*\.", "@.", name) in templates, name
    assert len(named) > 6


class Listed:
    """A supervisor that starts nothing and knows what it was to start."""

    is_told_to_stop = True
    started: ClassVar[list[Program]] = []

    def __enter__(self) -> Self:
        self.started.clear()
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def start(self, program: Program) -> None:
        self.started.append(program)

    def watch(self) -> None:
        pass


def test_a_worker_is_given_the_time_its_task_may_take_also_where_up_stops_everything_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "Supervisor", Listed)
    with tree.listen(0) as listening:
        tree.serve(load_settings(data_dir=tmp_path, lmtp_port=2424, metrics_port=9464), listening)
    patience = {program.name: program.patience for program in Listed.started}
    assert {"worker", "beat", "web", "inbound", "metrics"} <= patience.keys()
    assert patience["worker"] > SHIPPED.hard_limit
    text = (ROOT / "deploy/systemd/styrhjul@.service").read_text(encoding="utf-8")
    assert "Restart=always" in text
    assert int(re.search(r"TimeoutStopSec=(\d+)", text)[1]) > sum(patience.values())  # type: ignore[index]


def test_what_the_units_start_is_a_command() -> None:
    said = " ".join(unit.read_text(encoding="utf-8") for unit in UNITS)
    assert set(re.findall(r"styrhjul@(\w+)", said)) <= COMMANDS.keys()
    assert set(re.findall(r"-m styrhjul (\w+)", said)) <= COMMANDS.keys()


def test_a_backup_that_stands_still_is_ended_before_the_next() -> None:
    """A unit of this kind has no end of its own, and a timer begins none beside it."""
    text = (ROOT / "deploy/systemd/styrhjul-backup.service").read_text(encoding="utf-8")
    assert "\nTimeoutStartSec=6h\n" in text
