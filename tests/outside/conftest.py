"""The mails, made once, and what each judge said of all of them at one sitting."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from styrhjul.db.session import Database
from tests.outside.life import live_a_spring
from tests.outside.outbox import Mail, previews, signed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def previewed(tmp_path_factory: pytest.TempPathFactory) -> list[Mail]:
    return previews(tmp_path_factory.mktemp("outbox"))


@pytest.fixture(scope="session")
def dns() -> dict[str, str]:
    """What the DNS says of the keys, by the record's name."""
    return {}


@pytest.fixture(scope="session")
def lived(dns: dict[str, str], sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Mail]:
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('town') / 'town.db')}")
    mails = live_a_spring(database, dns)
    database.dispose()
    return mails


@pytest.fixture(scope="session")
def mails(previewed: list[Mail], lived: list[Mail], dns: dict[str, str]) -> list[Mail]:
    """Every mail there is, as an example, and those that a town lived to see: all of them signed."""
    return [*signed(previewed, dns), *lived]


@pytest.fixture(scope="session")
def pages(mails: list[Mail], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The HTML of each mail as a file, by the mail's name."""
    folder = tmp_path_factory.mktemp("pages")
    files = {mail.name: folder / f"{mail.name}.html" for mail in mails}
    for mail in mails:
        files[mail.name].write_text(mail.html, encoding="utf-8")
    return files
