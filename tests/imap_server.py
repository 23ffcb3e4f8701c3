"""A small IMAP server on the loopback, over sockets: one mailbox, folders in memory, a password or a token."""

from __future__ import annotations

import re
import shlex
import socketserver
import threading
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

USER, PASSWORD, TOKEN = "styrhjul@example.org", "hemligt%/losen", "a-fresh-token"


@dataclass
class ImapServer:
    """What lies in it, by folder and number. `can_move` False: a server without RFC 6851."""

    folders: dict[str, dict[int, bytes]] = field(default_factory=lambda: {"INBOX": {}})
    can_move: bool = True
    validity: int = 1
    #: Commands after which the line is cut, by their name.
    cut_after: str = ""
    said: list[str] = field(default_factory=list)
    port: int = 0
    _server: Any = None
    _number: int = 0

    def put(self, raw: bytes) -> None:
        """A mail arrives."""
        self._number += 1
        self.folders["INBOX"][self._number] = raw

    def start(self) -> None:
        """Serve until stopped."""
        owner = self

        class Line(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _Talk(owner, self.rfile, self.wfile).run()

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Hang up."""
        self._server.shutdown()
        self._server.server_close()


@dataclass
class _Talk:
    server: ImapServer
    rfile: Any
    wfile: Any
    folder: dict[int, bytes] = field(default_factory=dict)

    def run(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            while found := re.search(r"\{(\d+)\}$", rest):  # a literal
                self.say("+ go on")
                rest = rest[: found.start()] + '"' + self.rfile.read(int(found[1])).decode() + '"'
                rest += self.rfile.readline().decode().rstrip()
            name = rest.upper().removeprefix("UID ").partition(" ")[0]
            self.server.said.append(name)
            if not self.answer(tag, name, rest) or self.server.cut_after == name:
                return

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, tag: str, name: str, rest: str) -> bool:
        done = getattr(self, f"on_{name.lower()}", lambda _: True)(rest)
        self.say(f"{tag} {'OK done' if done else 'NO refused'}")
        return name != "LOGOUT"

    def on_capability(self, _: str) -> bool:
        self.say(f"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 UIDPLUS{' MOVE' if self.server.can_move else ''}")
        return True

    def on_login(self, rest: str) -> bool:
        return shlex.split(rest)[1:] == [USER, PASSWORD]

    def on_authenticate(self, _: str) -> bool:
        self.say("+ ")
        said = b64decode(self.rfile.readline()).decode()
        return said == f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01"

    def on_select(self, rest: str) -> bool:
        name = rest.split(" ", 1)[1].strip('"')
        self.folder = self.server.folders.get(name, {})
        self.say(f"* {len(self.folder)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.server.validity}] these numbers last")
        return name in self.server.folders

    def on_list(self, rest: str) -> bool:
        name = rest.rsplit(" ", maxsplit=1)[-1].strip('"')
        if name in self.server.folders:
            self.say(f'* LIST () "/" "{name}"')
        return True

    def on_create(self, rest: str) -> bool:
        self.server.folders[rest.split(" ", 1)[1].strip('"')] = {}
        return True

    def on_search(self, _: str) -> bool:
        self.say("* SEARCH " + " ".join(map(str, sorted(self.folder))))
        return True

    def on_fetch(self, rest: str) -> bool:
        number = int(rest.split(" ")[2])
        raw, asked = self.folder[number], rest.upper()
        if "RFC822.SIZE" in asked:
            self.say(f"* 1 FETCH (UID {number} RFC822.SIZE {len(raw)})")
            return True
        header = "HEADER" in asked
        raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if header else raw
        self.wfile.write(f"* 1 FETCH (UID {number} BODY[{'HEADER' if header else ''}] {{{len(raw)}}}\r\n".encode())
        self.wfile.write(raw + b")\r\n")
        return True

    def on_copy(self, rest: str) -> bool:
        _, _, number, target = rest.split(" ", 3)
        self.server.folders[target.strip('"')][int(number)] = self.folder[int(number)]
        return True

    def on_move(self, rest: str) -> bool:
        return self.on_copy(rest) and self.on_expunge(rest)

    def on_expunge(self, rest: str) -> bool:
        self.folder.pop(int(rest.split(" ")[2]))
        return True
