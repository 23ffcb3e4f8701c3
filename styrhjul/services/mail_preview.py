"""Mails with sample content, written to files: what a person, a mail program or a spam filter would see."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from styrhjul.mail.catalogue import SOURCE
from styrhjul.mail.context import CONTEXTS, sample_in
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.message import Envelope, build
from styrhjul.mail.render import render

#: A preview made twice is the same file.
_DATE = datetime(2027, 3, 10, 7, 0, tzinfo=UTC)
_ID = "0" * 32


def mail_keys() -> list[str]:
    """Return every mail's key, in the order of life."""
    return list(CONTEXTS)


def mail_languages() -> list[str]:
    """Return the languages that mails are written in, Swedish first."""
    return list(LANGUAGES)


def write_preview(key: str, folder: Path, language: str = SOURCE) -> list[Path]:
    """Write one mail as .txt, .html and .eml; return the three paths. Raises KeyError for an unknown key.

    A language that we do not have is written to in Swedish, as in life.
    """
    context = sample_in(key, language)
    rendered = render(context)
    envelope = Envelope(
        mail_id=_ID,
        message_id=f"<{_ID}@example.org>",
        date_at=_DATE,
        sender_address="styrhjul@example.org",
        sender_name=context.sender.municipality_name,
        to_address="mottagare@example.org",
        to_name=context.recipient.office,
        reply_to=context.sender.reply_to,
        return_path="styrhjul@example.org",
        list_id="styrhjul.exempel.example.org",
        references=(),
    )
    content = {
        "txt": f"{rendered.subject}\n\n{rendered.text}".encode(),
        "html": rendered.html.encode(),
        "eml": build(rendered, envelope),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for ending, data in content.items():
        (folder / f"{key}.{ending}").write_bytes(data)
    return [folder / f"{key}.{ending}" for ending in content]
