"""Mail kept in a Maildir instead of being sent, and read back for the inbox page."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from styrhjul.mail.layout import flat
from styrhjul.mail.message import ascii_address
from styrhjul.mail.outcome import Accepted, ChannelDown

_LINK = re.compile(r"https?://[^\s<>\"]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9@.-]")
_NAME_LIMIT = 150
_NAME = re.compile(r"\d+\.[A-Za-z0-9@._-]+\.\d+")


@dataclass(frozen=True, slots=True)
class CatchTransport:
    """Keeps each mail as a file of its own, on disk before it is called accepted.

    The file is named after the mail's day, its Message-ID and a number: the same mail caught twice is two files.
    """

    directory: Path

    @contextmanager
    def open(self) -> Iterator[CatchTransport]:
        """Yield itself; the Maildir is there afterwards. Raises ChannelDown where it cannot be made."""
        try:
            for room in ("tmp", "new", "cur"):
                (self.directory / room).mkdir(parents=True, exist_ok=True)
        except OSError as refusal:
            raise ChannelDown(f"{self.directory}: {refusal.strerror}") from None
        yield self

    def send(self, return_path: str, to: str, raw: bytes) -> Accepted:
        """Keep the mail, with what the server would have noted on top of it. Raises ChannelDown when it cannot."""
        noted = f"Return-Path: <{ascii_address(return_path)}>\r\nDelivered-To: {ascii_address(to)}\r\n".encode() + raw
        try:
            return Accepted(f"250 kept as {self._keep(noted)}")
        except OSError as refusal:
            raise ChannelDown(f"{self.directory}: {refusal.strerror}") from None

    def _keep(self, raw: bytes) -> str:
        stem = _stem(raw)
        draft = self.directory / "tmp" / f"{stem}.{os.getpid()}"
        with draft.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        name = self._name(draft, stem)
        draft.unlink()
        _sync_directory(self.directory / "new")
        return name

    def _name(self, draft: Path, stem: str) -> str:
        """Give the draft its name, the first number that is free; two processes never get the same."""
        number = 1
        while True:
            name = f"{stem}.{number}"
            try:
                os.link(draft, self.directory / "new" / name)
            except FileExistsError:
                number += 1
            else:
                return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """A mail as the inbox shows it. `name` finds it again; `links` are those of the text, in order."""

    name: str
    message_id: str
    date_at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catcher:
    """Reads what was caught. A directory that is not there yet is empty."""

    directory: Path

    def names(self) -> list[str]:
        """Return the names of all mails, newest first by their own date."""
        found = [path.name for room in ("new", "cur") for path in (self.directory / room).glob("*")]
        return sorted((name for name in found if _NAME.fullmatch(name)), key=_age, reverse=True)

    def messages(self, limit: int | None = None) -> list[Caught]:
        """Return the mails, newest first, at most `limit` of them."""
        return [caught for name in self.names()[:limit] if (caught := self.message(name))]

    def message(self, name: str) -> Caught | None:
        """Return one mail; None where there is none of that name."""
        if not _NAME.fullmatch(name):
            return None
        for room in ("new", "cur"):
            path = self.directory / room / name
            if path.is_file():
                return _read(name, path.read_bytes())
        return None


def _read(name: str, raw: bytes) -> Caught:
    message = message_from_bytes(raw, policy=policy.default)
    text = _content(message, "plain")
    return Caught(
        name=name,
        message_id=str(message["Message-ID"] or ""),
        date_at=_date_at(message["Date"]),
        sender=flat(str(message["From"] or "")),
        to=flat(str(message["To"] or "")),
        subject=str(message["Subject"] or ""),
        text=text,
        html=_content(message, "html"),
        links=tuple(dict.fromkeys(_LINK.findall(text))),
    )


def _content(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""


def _stem(raw: bytes) -> str:
    headers = BytesHeaderParser(policy=policy.compat32).parsebytes(raw)
    message_id = _UNSAFE.sub("_", str(headers["Message-ID"] or "none").strip("<>"))[:_NAME_LIMIT]
    return f"{int(_date_at(headers['Date']).timestamp())}.{message_id}"


def _date_at(header: str | None) -> datetime:
    try:
        return parsedate_to_datetime(str(header)).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _age(name: str) -> tuple[int, str]:
    return int(name.partition(".")[0]), name


def _sync_directory(directory: Path) -> None:
    """Put the file's name on disk as well, where directories can be synced."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
