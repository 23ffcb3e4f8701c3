"""Writes addresses.jsonl: addresses and names with what becomes of each, decided by hand from RFC 5321 and 5322.

`python tests/mail/addresses.py` writes it anew; a test fails when it is stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).with_suffix(".jsonl")
A63, B = "a" * 63, "b@kommun.example"
#: 64 letters, @, and labels up to 254 in all.
LONGEST = f"{'a' * 64}@{A63}.{A63}.{'a' * 53}.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`travels`: the address on the wire, None = no mail is built. `imported`: whether a list of officials may say it.

    `name` is shown beside the address.
    """

    what: str
    address: str
    travels: str | None = None
    imported: bool = False
    name: str = "Ordförande"


#: Taken everywhere, and mailed as they stand.
TAKEN: dict[str, tuple[str, ...]] = {
    "ordinary": ("a@b.example", "Ordf.Soc@kommun.example", "9@kommun.example", B, "ordf@a.b.c.d.example"),
    "tag": ("ordf+styrhjul@kommun.example", "ordf+a+b@kommun.example", "a+@kommun.example"),
    "atom": tuple(f"a{sign}b@kommun.example" for sign in "!#$%&'*/=?^_`{|}~-"),
    "domain": ("a@xn--vxj-qla6g.example", "a@1.example", "a@b-c.example", "a@b--c.example", "a@b.e"),
    "limit reached": (f"{'a' * 64}@kommun.example", f"a@{A63}.example", LONGEST),
}

#: Refused everywhere.
REFUSED: dict[str, tuple[str, ...]] = {
    "limit passed": (f"{'a' * 65}@kommun.example", f"a@{A63}a.example", f"a{LONGEST}", "a@" + "b." * 200 + "se"),
    "point": (".a@b.example", "a.@b.example", "a..b@b.example", "a@b..example", "a@.b.example", "a@b.example.", "a@."),
    "dash": ("-a@b.example", "-oQ/x@b.example", "--@b.example", "a@-b.example", "a@b-.example"),
    "sign at": ("a", "@", "a@", "@b.example", "a@@b.example", "a@b@c.example", "a@b.example@c.example"),
    "quoted": ('"a b"@b.example', '"a@c"@b.example', '"a"@b.example', '"\\""@b.example', '""@b.example'),
    "comment": ("a(b)@c.example", "(b)a@c.example", "a@(b)c.example", "a @ b.example", "a@ b.example"),
    "list": (
        "a@b.example,c@d.example",
        "a@b.example;c@d.example",
        "a@b.example c@d.example",
        "a@b.example, c@d.example",
        "grupp:a@b.example;",
        "undisclosed-recipients:;",
    ),
    "with a name": ("<a@b.example>", "A <a@b.example>", '"<x>" <a@b.example>', "a@b.example <c@d.example>"),
    "route": ("@a.example:b@c.example", "mailto:a@b.example", "a@b.example?cc=c@d.example"),
    "network": ("a@127.0.0.1", "a@[127.0.0.1]", "a@[IPv6:::1]", "a@b.123", "a@localhost:25"),
    "line break": (
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\nc",
        "a\r\n@b.example",
        "a@b\n.example",
        "a\u2028@b.example",
        "a@b.exa\u2029mple",
        "a\u0085@b.example",
        "a\x00@b.example",
    ),
    "command": ("a@b.example> SIZE=1", "a@b.example\r\nDATA", "a@b.example NOTIFY=NEVER", "a@b.example>"),
    "encoded word": (
        "=?utf-8?q?=0A?=",
        "=?utf-8?q?a@b.example?=",
        "=?utf-8?q?a?=@b.example",
        "x=?utf-8?q?=40?=@b.example",
    ),
    "letter before @": ("å@b.example", "ordförande@kommun.example", "\u03bfrdf@b.example", "a\u200bb@c.example"),
    "odd width": ("\uff41@b.example", "a\uff20b.example", "a@b\uff20c.example", "a\u00a0@b.example"),
    "odd letter": ("a@b\ud800.example", "\U0001f4ec@b.example", "a@\u202eelpmaxe.b", "a@å..example"),
}

#: The mail understands it; a list of officials says how to write it instead.
MAILED_ONLY: dict[str, dict[str, str]] = {
    "letters in the domain": {
        "kansli@växjö.example": "kansli@xn--vxj-qla6g.example",
        "kansli@Åmål.example": "kansli@xn--ml-xiab.example",
        "a@ÖREBRO.example": "a@xn--rebro-iua.example",
    },
    "look-alike": {"a@k\u043eммун.example": "a@xn--k-xtbaec6a.example", "a@b\u3002example": "a@b.example"},
    "one label": {"a@localhost": "a@localhost"},
    "like a formula": {"+a@b.example": "+a@b.example", "=a@b.example": "=a@b.example"},
}

#: Names that are shown exactly so, whatever they look like.
SHOWN: dict[str, tuple[str, ...]] = {
    "ordinary name": ("Åsa Öberg-Ek", "O'Brien", "Á", "Chair, the Board", "A. B. (Ordf.)", "Anna  B", ""),
    "long name": ("Ordförande i " + "social" * 40, "å" * 200, "a" * 450),
    "name like an address": ("<x>", '"<x>" <y>', "c@d.example", "c@d.example,", "A <c@d.example>, B"),
    "name like a header": ("Bcc: c@d.example", "x; y:", '"', "\\", '\\"', "(comment", ">", ">, c@d.example"),
    "name like an encoded word": ("=?utf-8?q?=0A?=", "=?utf-8?b?DQpCY2M6IGM=?=", "=?x?=", "=?utf-8?q?a?= b"),
}

#: Names that would end the header's line.
NOT_SHOWN = (
    "A\r\nBcc: c@d.example",
    "A\nB",
    "A\rB",
    "A\x00B",
    "A\x0bB",
    "A\u2028Bcc: c@d.example",
    "A\u2029B",
    "A\u0085B",
)


def cases() -> Iterator[Case]:
    for what, taken in TAKEN.items():
        yield from (Case(what=what, address=address, travels=address, imported=True) for address in taken)
    for what, refused in REFUSED.items():
        yield from (Case(what=what, address=address) for address in refused)
    for what, mailed in MAILED_ONLY.items():
        yield from (Case(what=what, address=address, travels=travels) for address, travels in mailed.items())
    for what, names in SHOWN.items():
        # A cell that begins like a formula is refused.
        yield from (Case(what=what, address=B, travels=B, imported=name[:1] != "=", name=name) for name in names)
    yield from (Case(what="name with a break", address=B, name=name) for name in NOT_SHOWN)


def written() -> str:
    return "".join(f"{json.dumps(asdict(case))}\n" for case in cases())


if __name__ == "__main__":
    FILE.write_text(written(), encoding="ascii")
