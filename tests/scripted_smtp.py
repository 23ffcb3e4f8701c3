"""An SMTP server that says what it is told at each step, byte for byte. It listens on this machine only.

What it takes over is on disk before the answer leaves. Where aiosmtpd will do, smtp_sink.py is the simpler one.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO

from tests.smtp_sink import Received, spool_mail

if TYPE_CHECKING:
    from pathlib import Path


class Step(StrEnum):
    """Where in the conversation something is said. BODY is within the mail, END after its last dot."""

    BANNER = "BANNER"
    EHLO = "EHLO"
    HELO = "HELO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "BODY"
    END = "END"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """What is answered. `takes`: the mail is kept, None = when the text begins with 2. Only END asks."""

    text: bytes = b"250 OK\r\n"
    takes: bool | None = None
    closes: bool = False
    after_seconds: float = 0
    #: Between two bytes.
    byte_seconds: float = 0

    @property
    def keeps(self) -> bool:
        """Whether the mail is taken over."""
        return self.text.startswith(b"2") if self.takes is None else self.takes


USUAL = {
    Step.BANNER: Say(text=b"220 scripted.example.org\r\n"),
    Step.EHLO: Say(text=b"250-scripted.example.org\r\n250 AUTH PLAIN\r\n"),
    Step.AUTH: Say(text=b"235 welcome\r\n"),
    Step.DATA: Say(text=b"354 go on\r\n"),
}


class ScriptedServer:
    """`messages` holds what was taken, oldest first. `spool` names a file that gets one line per mail."""

    def __init__(self, spool: Path | None = None) -> None:
        self.messages: list[Received] = []
        self.spool = spool
        self._script: defaultdict[Step, deque[Say]] = defaultdict(deque)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._taking = threading.Lock()
        self._lines: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def then(self, step: Step, *said: Say) -> None:
        """Say these, one each, when the step is reached; then the usual again."""
        self._script[step].extend(said)

    def start(self) -> None:
        threading.Thread(target=self._listen, name="scripted-smtp", daemon=True).start()

    def stop(self) -> None:
        for line in (self._listening, *self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listening.accept()
                self._lines.append(line)
                threading.Thread(target=self._converse, args=(line,), daemon=True).start()

    # -- conversation ----------------------------------------------------------------------------------------------

    def _converse(self, line: socket.socket) -> None:
        with suppress(OSError, ValueError), line, line.makefile("rb") as heard:
            sender, to = "", ""
            self._say(line, Step.BANNER)
            for command in heard:
                verb, _, rest = command.decode("latin-1").strip().partition(" ")
                if verb.upper() == "MAIL":
                    sender = rest
                elif verb.upper() == "RCPT":
                    to = rest
                said = self._answer(line, verb.upper())
                if verb.upper() == "DATA" and said.startswith(b"354"):
                    self._hear_mail(line, heard, _address(sender), _address(to))

    def _answer(self, line: socket.socket, verb: str) -> bytes:
        if verb in set(Step):
            return self._say(line, Step(verb)).text
        line.sendall(b"221 bye\r\n" if verb == "QUIT" else b"250 OK\r\n")
        if verb == "QUIT":
            raise ConnectionError
        return b""

    def _hear_mail(self, line: socket.socket, heard: BinaryIO, sender: str, to: str) -> None:
        if self._script[Step.BODY]:
            self._say(line, Step.BODY)
        raw = bytearray()
        for part in heard:
            if part == b".\r\n":
                break
            raw += part.removeprefix(b".")
        else:
            raise ConnectionError
        with self._taking:
            said = self._script[Step.END][0] if self._script[Step.END] else Say()
            if said.keeps:
                mail = Received(sender, (to,), bytes(raw))
                if self.spool:
                    spool_mail(self.spool, mail)
                self.messages.append(mail)
        self._say(line, Step.END)

    def _say(self, line: socket.socket, step: Step) -> Say:
        said = self._script[step].popleft() if self._script[step] else USUAL.get(step, Say())
        time.sleep(said.after_seconds)
        if said.byte_seconds:
            for each in said.text:
                line.sendall(bytes([each]))
                time.sleep(said.byte_seconds)
        else:
            line.sendall(said.text)
        if said.closes:
            raise ConnectionError
        return said


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
