"""A Postfix of our own: it listens on this machine only, takes everything for one domain and lays it in a Maildir.

Its configuration, queue and mail lie in one folder that is thrown away; the machine's own Postfix is not touched.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.programs import postfix_program
from tests.servers import LAUNCH, NOBODY, ServerFailed, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAIN = "example.org"
START_SECONDS = 20
DELIVERY_SECONDS = 60
#: The services a mail passes from the line to the Maildir, and those they ask; `{port}` is ours.
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
proxymap unix - - n - - proxymap
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """`log` is where it says what it did."""

    port: int
    inbox: Path
    log: Path

    def delivered(self, count: int) -> list[bytes]:
        """Return that many mails, in no order, when they lie there. Raises ServerFailed with the log."""
        give_up = time.monotonic() + DELIVERY_SECONDS
        while len(files := list(self.inbox.glob("new/*"))) < count:
            if time.monotonic() > give_up:
                raise ServerFailed(f"{len(files)} of {count} mails came\n{self.log.read_text()}")
            time.sleep(0.05)
        return [file.read_bytes() for file in files]


@contextlib.contextmanager
def postfix() -> Iterator[Postfix]:
    with temporary_folder("sh-postfix-") as home:
        home.chmod(0o755)
        server = Postfix(port=_free_port(), inbox=home / "mail/inbox", log=home / "mail.log")
        _furnish(home, server.port)
        with _running(home):
            _wait_for(server)
            yield server


def _furnish(home: Path, port: int) -> None:
    """Make the folders and the two files of settings; Postfix makes the rest of its queue itself."""
    owner = pwd.getpwnam("postfix")
    for name, user in {"etc": 0, "queue": 0, "data": owner.pw_uid, "mail": NOBODY}.items():
        (home / name).mkdir()
        os.chown(home / name, user, -1)
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": home / "queue",
        "data_directory": home / "data",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "myhostname": f"mx.{DOMAIN}",
        "mydestination": "",
        "mynetworks": "127.0.0.0/8",
        "smtpd_recipient_restrictions": "permit_mynetworks, reject",
        "virtual_mailbox_domains": DOMAIN,
        "virtual_mailbox_base": home / "mail",
        "virtual_mailbox_maps": "static:inbox/",
        "virtual_uid_maps": f"static:{NOBODY}",
        "virtual_gid_maps": f"static:{NOBODY}",
        "default_transport": "error:nothing leaves this machine",
        "local_transport": "error:nobody lives here",
        "alias_maps": "",
        "local_recipient_maps": "",
        "maillog_file": home / "mail.log",
        "maillog_file_prefixes": home,
    }
    (home / "etc/main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    (home / "etc/master.cf").write_text(SERVICES.format(port=port).lstrip())
    for file in Path("/etc/postfix").glob("postfix-files*"):
        copy = shutil.copytree if file.is_dir() else shutil.copy
        copy(file, home / "etc" / file.name)


@contextlib.contextmanager
def _running(home: Path) -> Iterator[None]:
    """Run the master in the foreground, in a group of its own: when it ends, it ends its whole group."""
    _postfix(home, "check")
    shown = subprocess.run(["postconf", "-dh", "daemon_directory"], capture_output=True, text=True, check=True)
    command = [f"{shown.stdout.strip()}/master", "-c", str(home / "etc"), "-d"]
    launch = [sys.executable, "-ISc", LAUNCH, str(int(signal.SIGTERM)), "-", "-", *command]
    process = subprocess.Popen(launch, start_new_session=True)
    try:
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _postfix(home: Path, word: str) -> None:
    command = [str(postfix_program()), "-c", str(home / "etc"), word]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerFailed(done.stderr)


def _wait_for(server: Postfix) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
            return
        time.sleep(0.05)
    raise ServerFailed(server.log.read_text() if server.log.exists() else "Postfix wrote no log")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
