"""What each platform runs every night, with a program that only writes the file it is told to."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from tests.programs import HELM

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "/var/backups/styrhjul"
DAY = 24 * 3600
#: Writes the file that `python -m styrhjul backup FILE` would.
PYTHON = '#!/bin/sh\n[ "$1 $2 $3" = "-m styrhjul backup" ] && [ ! -e no-database ] && : > "$4"\n'


def of_compose() -> str:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    service = compose["services"]["backup"]
    assert (service["entrypoint"], service["volumes"]) == (["sh", "-c"], [f"backups:{FOLDER}"])
    return str(service["command"][0]).replace("$$", "$").replace("sleep 600", "exit")


def of_the_chart() -> str:
    rendered = subprocess.run(
        [HELM, "template", "lillby", ROOT / "deploy/helm/styrhjul"], capture_output=True, text=True, check=True
    ).stdout
    [job] = [
        part
        for part in yaml.safe_load_all(rendered)
        if part and (part["kind"], part["metadata"]["name"]) == ("CronJob", "lillby-backup")
    ]
    spec = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    [container] = spec["containers"]
    assert container["command"] == ["sh", "-c"]
    assert {"name": "backups", "mountPath": FOLDER} in container["volumeMounts"]
    assert [volume["name"] for volume in spec["volumes"] if "persistentVolumeClaim" in volume] == ["backups"]
    return str(container["args"][0])


def of_systemd() -> str:
    unit = (ROOT / "deploy/systemd/styrhjul-backup.service").read_text(encoding="utf-8").replace("%%", "%")
    first = re.search(r"^ExecStart=/bin/sh -c '(?:exec )?(.+)'$", unit, re.MULTILINE)
    then = re.search(r"^ExecStartPost=(.+)$", unit, re.MULTILINE)
    assert first is not None
    assert then is not None
    words = " ".join(f"'{word}'" for word in then[1].split())  # systemd opens no pattern
    return f"{first[1]} && {words}".replace("/srv/styrhjul/.venv/bin/python", "python")


class Night:
    """A folder of backups, and what a platform runs there."""

    def __init__(self, folder: Path, script: str) -> None:
        self.folder = folder / "backups"
        self.folder.mkdir()
        self._programs = folder / "bin"
        self._programs.mkdir()
        (self._programs / "python").write_text(PYTHON)
        (self._programs / "python").chmod(0o700)
        self._script = script.replace(FOLDER, str(self.folder))

    def lay(self, name: str, days: float) -> None:
        """Lay a file there that is so old."""
        (self.folder / name).touch()
        then = time.time() - days * DAY
        os.utime(self.folder / name, (then, then))

    def run(self) -> None:
        path = f"{self._programs}{os.pathsep}{os.environ['PATH']}"
        env = {**os.environ, "PATH": path}
        subprocess.run(["sh", "-c", self._script], env=env, cwd=self._programs, check=False, timeout=60)

    def fails(self) -> None:
        (self._programs / "no-database").touch()

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


PLATFORMS = {
    "compose": of_compose,
    "helm": pytest.param(of_the_chart, marks=pytest.mark.needs("helm")),
    "systemd": of_systemd,
}


@pytest.fixture(params=list(PLATFORMS.values()), ids=list(PLATFORMS))
def night(request: pytest.FixtureRequest, tmp_path: Path) -> Night:
    return Night(tmp_path, request.param())


def test_a_night_adds_a_backup_and_takes_away_what_is_older_than_thirty_days(night: Night) -> None:
    night.lay("old.backup", 32)
    night.lay("broken-off.backup.partial", 32)
    night.lay("kept.backup", 29)
    night.run()
    new, kept = night.names()
    assert kept == "kept.backup"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d{6}\.backup", new)


def test_a_night_that_fails_takes_nothing_away(night: Night) -> None:
    night.lay("old.backup", 32)
    night.fails()
    night.run()
    assert night.names() == ["old.backup"]


def test_in_compose_a_day_has_one_backup_however_often_it_starts(tmp_path: Path) -> None:
    night = Night(tmp_path, of_compose())
    night.lay("yesterday.backup", 1)
    night.run()
    night.run()
    assert len(night.names()) == 2
