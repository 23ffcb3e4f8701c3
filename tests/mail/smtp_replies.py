"""Writes smtp_replies.jsonl: what servers say at each step and what it means, decided by hand.

From RFC 5321 (codes), 3463 (enhanced codes), 4954 (login), 7504 (no mail here) and our own rule: before RCPT the
channel is to blame, at RCPT the address may be, after the last dot without a clear word the mail is uncertain.
`python tests/mail/smtp_replies.py` writes it anew; a test fails when it is stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).with_suffix(".jsonl")
LATER, REFUSED, ADDRESS, UNCERTAIN = "TryLater", "Refused", "Refused about address", "Uncertain"
ACCEPTED, DOWN, SENDER = "Accepted", "ChannelDown", "SenderRefused"

#: Each code, bare, as it is meant at MAIL, at RCPT, at DATA, and after the last dot.
BARE: dict[int, tuple[str, str, str, str]] = {
    421: (DOWN, LATER, LATER, LATER),
    450: (SENDER, LATER, LATER, LATER),
    451: (SENDER, LATER, LATER, LATER),
    452: (SENDER, LATER, LATER, LATER),
    454: (SENDER, LATER, LATER, LATER),
    500: (SENDER, REFUSED, REFUSED, REFUSED),
    501: (SENDER, REFUSED, REFUSED, REFUSED),
    502: (SENDER, REFUSED, REFUSED, REFUSED),
    503: (DOWN, LATER, LATER, LATER),
    504: (SENDER, REFUSED, REFUSED, REFUSED),
    521: (DOWN, LATER, LATER, LATER),
    530: (DOWN, LATER, LATER, LATER),
    534: (DOWN, LATER, LATER, LATER),
    535: (DOWN, LATER, LATER, LATER),
    538: (DOWN, LATER, LATER, LATER),
    541: (SENDER, REFUSED, REFUSED, REFUSED),
    550: (SENDER, ADDRESS, REFUSED, REFUSED),
    551: (SENDER, ADDRESS, REFUSED, REFUSED),
    552: (SENDER, LATER, REFUSED, REFUSED),
    553: (SENDER, ADDRESS, REFUSED, REFUSED),
    554: (SENDER, REFUSED, REFUSED, REFUSED),
    555: (SENDER, REFUSED, REFUSED, REFUSED),
    556: (SENDER, ADDRESS, REFUSED, REFUSED),
    557: (SENDER, REFUSED, REFUSED, REFUSED),
}

#: What, step, reply, meaning.
FURTHER: tuple[tuple[str, str, str, str], ...] = (
    # before there is a mail: nobody's mail is to blame
    *(("no welcome", "BANNER", f"{code} no\r\n", DOWN) for code in (421, 450, 521, 554)),
    ("no number", "BANNER", "hello\r\n", DOWN),
    *(("greeted by HELO instead", "EHLO", f"{code} no\r\n", ACCEPTED) for code in (421, 500, 502, 550)),
    *(("no login", "AUTH", f"{code} no\r\n", DOWN) for code in (421, 454, 500, 501, 504, 530, 534, 535, 538)),
    ("logged in already", "AUTH", "503 already\r\n", ACCEPTED),
    ("login half way", "AUTH", "334 \r\n", DOWN),
    # enhanced codes say whom it is about
    ("unknown", "RCPT", "550 5.1.1 unknown\r\n", ADDRESS),
    ("unknown system", "RCPT", "550 5.1.2 no such host\r\n", ADDRESS),
    ("bad syntax", "RCPT", "501 5.1.3 bad address syntax\r\n", ADDRESS),
    ("moved", "RCPT", "551 5.1.6 moved\r\n", ADDRESS),
    ("null MX", "RCPT", "556 5.1.10 domain takes no mail\r\n", ADDRESS),
    ("disabled", "RCPT", "550 5.2.1 mailbox disabled\r\n", ADDRESS),
    ("unknown, told late", "END", "550 5.1.1 unknown\r\n", ADDRESS),
    ("says nothing", "RCPT", "550 5.0.0 no such user\r\n", ADDRESS),
    ("policy", "RCPT", "550 5.7.1 not authorized\r\n", REFUSED),
    ("relay denied", "RCPT", "554 5.7.1 Relay access denied\r\n", REFUSED),
    ("policy by 553", "RCPT", "553 5.7.1 not allowed\r\n", REFUSED),
    ("routing", "RCPT", "550 5.4.1 recipient rejected: access denied\r\n", REFUSED),
    ("route not found", "RCPT", "550 5.4.4 unable to route\r\n", REFUSED),
    ("spam", "END", "550 5.7.1 looks like spam\r\n", REFUSED),
    ("content", "END", "554 5.6.0 bad content\r\n", REFUSED),
    ("our sender, told at RCPT", "RCPT", "550 5.1.8 sender domain not found\r\n", SENDER),
    ("our sender's syntax", "RCPT", "553 5.1.7 bad sender address\r\n", SENDER),
    ("our sender, told late", "END", "550 5.1.8 sender refused\r\n", SENDER),
    ("login wanted late", "RCPT", "530 5.7.0 authentication required\r\n", LATER),
    # full mailboxes are emptied, large mails stay large
    ("full", "RCPT", "552 5.2.2 mailbox full\r\n", LATER),
    ("full by 550", "RCPT", "550 5.2.2 over quota\r\n", LATER),
    ("full, told late", "END", "552 5.2.2 mailbox full\r\n", LATER),
    ("too large for the mailbox", "RCPT", "552 5.2.3 too large\r\n", REFUSED),
    ("too large for the server", "RCPT", "552 5.3.4 too large\r\n", REFUSED),
    ("too large, told late", "END", "552 5.3.4 message too big\r\n", REFUSED),
    ("too large for MAIL", "MAIL", "552 5.3.4 size limit\r\n", SENDER),
    ("no room on the server", "END", "452 4.3.1 insufficient storage\r\n", LATER),
    # a code that contradicts the other: the basic one decides, and blames nobody
    ("5 says 4", "RCPT", "550 4.2.1 later\r\n", REFUSED),
    ("4 says 5", "RCPT", "450 5.1.1 unknown\r\n", LATER),
    ("5 says 2", "RCPT", "550 2.1.5 fine\r\n", REFUSED),
    ("2 says 5", "END", "250 5.7.1 accepted\r\n", ACCEPTED),
    ("two details", "RCPT", "550-5.1.1 unknown\r\n550 5.7.1 policy\r\n", REFUSED),
    ("not a code", "RCPT", "550 5.1.1000 unknown\r\n", ADDRESS),
    # how it is written
    ("many lines", "RCPT", "550-5.1.1 no\r\n550-5.1.1 such\r\n550 5.1.1 user\r\n", ADDRESS),
    ("many lines", "END", "250-one\r\n250-two\r\n250 three\r\n", ACCEPTED),
    ("the last line decides", "END", "250-fine\r\n550 no\r\n", REFUSED),
    ("the last line decides", "END", "550-no\r\n250 fine\r\n", ACCEPTED),
    ("the last line decides", "RCPT", "250-fine\r\n450 later\r\n", LATER),
    ("no text", "END", "250\r\n", ACCEPTED),
    ("no text", "RCPT", "550\r\n", ADDRESS),
    ("no text", "DATA", "451\r\n", LATER),
    ("a space and no text", "RCPT", "450 \r\n", LATER),
    ("LF alone", "END", "250 fine\n", ACCEPTED),
    ("not ASCII", "RCPT", "550 5.1.1 ok\xe4nd mottagare\r\n", ADDRESS),
    ("not ASCII", "END", "250 \xff\xfe\x80\r\n", ACCEPTED),
    ("a line too long", "RCPT", f"550 {'x' * 9000}\r\n", LATER),
    ("a line too long", "END", f"250 {'x' * 9000}\r\n", UNCERTAIN),
    # out of step
    ("no number", "MAIL", "what\r\n", DOWN),
    ("no number", "RCPT", "what\r\n", LATER),
    ("no number", "DATA", "what\r\n", LATER),
    ("no number", "END", "what\r\n", UNCERTAIN),
    ("an empty line", "END", "\r\n", UNCERTAIN),
    ("go on, at the wrong place", "RCPT", "354 go on\r\n", LATER),
    ("fine, at the wrong place", "DATA", "250 fine\r\n", LATER),
    ("go on, again", "END", "354 go on\r\n", UNCERTAIN),
    ("nothing known", "END", "199 hm\r\n", UNCERTAIN),
    ("nothing known", "END", "650 hm\r\n", UNCERTAIN),
    ("one answer too many", "MAIL", "250 fine\r\n250 fine\r\n", LATER),
    ("one answer too many", "RCPT", "250 fine\r\n250 fine\r\n", LATER),
    ("answered before the last dot", "DATA", "354 go on\r\n250 queued\r\n", LATER),
    ("refused before the last dot", "DATA", "354 go on\r\n554 no\r\n", LATER),
)

#: The same, and then the line is cut.
CUT: tuple[tuple[str, str, str, str], ...] = (
    ("cut", "BANNER", "", DOWN),
    ("cut", "EHLO", "", DOWN),
    ("cut", "AUTH", "", DOWN),
    ("cut", "MAIL", "", DOWN),
    ("cut", "RCPT", "", LATER),
    ("cut", "DATA", "", LATER),
    ("cut", "END", "", UNCERTAIN),
    ("closing, then cut", "EHLO", "421 closing\r\n", DOWN),
    ("cut within the text", "END", "250 fi", ACCEPTED),
    ("cut within the answer", "END", "250-fi", UNCERTAIN),
    ("cut within the answer", "END", "250-fine\r\n", UNCERTAIN),
    ("cut within the number", "END", "25", UNCERTAIN),
    ("taken, then cut", "END", "250 fine\r\n", ACCEPTED),
    ("closing, then cut", "RCPT", "421 closing\r\n", LATER),
    ("closing, then cut", "END", "421 closing\r\n", LATER),
    ("refused, then cut", "RCPT", "550 5.1.1 unknown\r\n", ADDRESS),
    ("refused, then cut", "END", "554 no\r\n", REFUSED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`reply`: the bytes, read as Latin-1."""

    what: str
    step: str
    reply: str
    means: str
    cut: bool = False


def cases() -> Iterator[Case]:
    for code, meanings in BARE.items():
        for step, means in zip(("MAIL", "RCPT", "DATA", "END"), meanings, strict=True):
            yield Case(what="bare", step=step, reply=f"{code} no\r\n", means=means)
    for cut, table in ((False, FURTHER), (True, CUT)):
        for what, step, reply, means in table:
            yield Case(what=what, step=step, reply=reply, means=means, cut=cut)


def written() -> str:
    return "".join(f"{json.dumps(asdict(case))}\n" for case in cases())


if __name__ == "__main__":
    FILE.write_text(written(), encoding="ascii")
