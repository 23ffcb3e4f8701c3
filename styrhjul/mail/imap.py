"""A mailbox read over IMAP: each mail is handed over, and moved aside once it is kept. Nothing is deleted.

A mail that is read twice, because we died in between, is the same bytes twice: whoever keeps them keeps them once.
"""

from __future__ import annotations

import shlex
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

#: What the server or the line may do to us.
ImapFailed = (IMAPClientError, OSError)
_SECONDS = 20
_TOKEN_SECONDS = 15
_MOST_TRIES = 3
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_TOO_LARGE = b"X-Styrhjul-Left-Out: the mail is larger than the limit and lies in the mailbox\r\n"


class MailboxRefused(ValueError):
    """The IMAP URL or its token cannot be used; the message never shows a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapMailbox:
    """A mailbox and how to get in: with a password, or with the token that `token` gives (XOAUTH2)."""

    host: str
    port: int
    user: str
    folder: str
    done_folder: str
    is_tls: bool = True
    password: str | None = field(default=None, repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)
    limit_bytes: int = 25 * 1024 * 1024
    #: How many times each mail could not be kept, by the folder's UIDVALIDITY and its UID, since this object was made.
    failed: dict[tuple[int, int], int] = field(default_factory=dict, repr=False, compare=False)

    def read(self, keep: Callable[[bytes], bool], most: int = 50) -> int:
        """Hand over up to `most` mails, oldest first, each moved aside when `keep` says it is kept; return how many.

        One that is not kept stays where it is and stops no other: it comes after all that were not tried as often, and
        after three times not at all, until the program is started anew. Raises one of ImapFailed, MailboxRefused.
        """
        with self._open() as (client, validity):
            kept = 0
            for uid in self._next(client, validity, most):
                if keep(self._fetch(client, uid)):
                    self._move(client, uid)
                    kept += 1
                else:
                    self.failed[validity, uid] = self.failed.get((validity, uid), 0) + 1
            return kept

    def _next(self, client: IMAPClient, validity: int, most: int) -> list[int]:
        tried = {uid: self.failed.get((validity, uid), 0) for uid in client.search("UNDELETED")}
        left = [uid for uid, times in tried.items() if times < _MOST_TRIES]
        return sorted(left, key=lambda uid: (tried[uid], uid))[:most]

    def check(self) -> None:
        """Log in and out. Raises one of ImapFailed, MailboxRefused."""
        with self._open():
            return

    @contextmanager
    def _open(self) -> Iterator[tuple[IMAPClient, int]]:
        context = ssl.create_default_context() if self.is_tls else None
        client = IMAPClient(self.host, self.port, use_uid=True, ssl=self.is_tls, ssl_context=context, timeout=_SECONDS)
        try:
            if self.token is not None:
                client.oauth2_login(self.user, self.token())
            else:
                client.login(self.user, self.password or "")
            selected = client.select_folder(self.folder)
            yield client, int(selected.get(b"UIDVALIDITY", 0))
        finally:
            try:
                client.logout()
            except ImapFailed:
                with suppress(*ImapFailed):
                    client.shutdown()

    def _fetch(self, client: IMAPClient, uid: int) -> bytes:
        """Return a mail as it lies there; of one above the limit its headers."""
        size = int(client.fetch([uid], ["RFC822.SIZE"])[uid][b"RFC822.SIZE"])
        if size > self.limit_bytes:
            return _TOO_LARGE + bytes(client.fetch([uid], ["BODY.PEEK[HEADER]"])[uid][b"BODY[HEADER]"])
        return bytes(client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"])

    def _move(self, client: IMAPClient, uid: int) -> None:
        if not client.folder_exists(self.done_folder):
            client.create_folder(self.done_folder)
        if client.has_capability("MOVE"):
            client.move([uid], self.done_folder)
            return
        client.copy([uid], self.done_folder)
        client.delete_messages([uid])
        client.expunge([uid]) if client.has_capability("UIDPLUS") else client.expunge()


def mailbox_from_url(
    url: str, *, done_folder: str, limit_bytes: int, token: Callable[[], str] | None = None
) -> ImapMailbox:
    """Return the mailbox of `imaps://user:password@host:port/folder`; user, password and folder percent-encoded.

    Without a password a token is needed. `imap://`, without TLS, is for this machine alone. Raises MailboxRefused.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise MailboxRefused("write imaps://user@host or imaps://user:password@host/folder")
    if parts.scheme == "imap" and parts.hostname not in _LOOPBACK:
        raise MailboxRefused(f"imap://{parts.hostname} would send everything in clear text: use imaps://")
    if (parts.password is None) == (token is None):
        raise MailboxRefused(f"{parts.hostname} wants a password in the URL or a token, and one of them only")
    if not unquote(f"{parts.username}{parts.password or ''}").isascii():
        raise MailboxRefused(f"user and password for {parts.hostname} may hold ASCII letters and signs only")
    return ImapMailbox(
        host=parts.hostname,
        port=parts.port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username),
        password=unquote(parts.password) if parts.password is not None else None,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        done_folder=done_folder,
        is_tls=parts.scheme == "imaps",
        token=token,
        limit_bytes=limit_bytes,
    )


def token_from(*, file: Path | None, command: str) -> Callable[[], str] | None:
    """Return what gives an XOAUTH2 token each time it is asked: a file's content or a command's output; None of none.

    What is returned raises MailboxRefused.
    """
    if not (file or command):
        return None

    def token() -> str:
        try:
            if file:
                found = file.read_text(encoding="ascii")
            else:
                done = subprocess.run(
                    shlex.split(command), capture_output=True, check=True, timeout=_TOKEN_SECONDS, text=True
                )
                found = done.stdout
        except (OSError, ValueError, subprocess.SubprocessError) as failure:
            raise MailboxRefused(f"no token for the mailbox: {type(failure).__name__}") from None
        if not found.strip():
            raise MailboxRefused("no token for the mailbox: it is empty")
        return found.strip()

    return token
