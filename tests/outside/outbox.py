"""Every mail the product can write, in every language: the bytes, and the parts a reader has of them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from styrhjul.mail.signature import Algorithm, Signer, loaded, new_key, published, record_name
from styrhjul.services.mailing.preview import mail_languages

if TYPE_CHECKING:
    from email.message import EmailMessage

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mail:
    """A mail and the name a complaint calls it by: its key and its language, `goals_warning (sv)`."""

    name: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)

    @property
    def kinds(self) -> list[str]:
        """The content types of the parts, in their order."""
        return [part.get_content_type() for part in self.message.walk()]

    @property
    def language(self) -> str:
        """What the HTML says it is written in."""
        return self.html.partition('<html lang="')[2].partition('"')[0]

    def parts(self, content_type: str) -> list[str]:
        """Return the texts of the parts of a type, in their order."""
        found = [part for part in self.message.walk() if part.get_content_type() == content_type]
        return [str(part.get_content()) for part in found]

    @property
    def text(self) -> str:
        return self.parts("text/plain")[0]

    @property
    def html(self) -> str:
        return self.parts("text/html")[0]

    @property
    def calendars(self) -> list[str]:
        return self.parts("text/calendar")


def previews(folder: Path) -> list[Mail]:
    """Have `styrhjul mail preview --all` write its files into the folder; return each mail in each language."""
    for language in mail_languages():
        command = [sys.executable, "-m", "styrhjul", "mail", "preview", "--all", "--language", language]
        subprocess.run([*command, "--out", str(folder / language)], cwd=ROOT, check=True, capture_output=True)
    return [_mail(path) for path in sorted(folder.rglob("*.eml"))]


def signed(mails: list[Mail], dns: dict[str, str]) -> list[Mail]:
    """Return the mails with a signature; what is to be published of the key is written into `dns`."""
    der = new_key(Algorithm.RSA)
    domain, selector = "example.org", "v27"
    signer = Signer(domain=domain, selector=selector, algorithm=Algorithm.RSA, key=loaded(der))
    dns[record_name(selector, domain)] = published(der, Algorithm.RSA)
    return [Mail(mail.name, signer.sign(mail.raw, mail.message["Date"].datetime)) for mail in mails]


def _mail(path: Path) -> Mail:
    raw = path.read_bytes()
    return Mail(f"{path.name.split('.')[0]} ({Mail('', raw).language})", raw)
