"""The mails, made once, and what each judge said of all of them at one sitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.outside.outbox import Mail, every_mail

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def mails(tmp_path_factory: pytest.TempPathFactory) -> list[Mail]:
    return every_mail(tmp_path_factory.mktemp("outbox"))


@pytest.fixture(scope="session")
def pages(mails: list[Mail], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The HTML of each mail as a file, by the mail's name."""
    folder = tmp_path_factory.mktemp("pages")
    files = {mail.name: folder / f"{mail.name}.html" for mail in mails}
    for mail in mails:
        files[mail.name].write_text(mail.html, encoding="utf-8")
    return files
