"""What may come in a form, wherever a form is taken: hostile values by name, hostile shapes by name, and every case.

A case is a route of the table with one of them, and is called after both; a new route has all its cases by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from styrhjul.web.rules import Rule

URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = "gräns".encode().hex()
Fields = list[tuple[str, str]]

#: Bytes as they come, already percent-encoded where text cannot say them.
VALUES: dict[str, str] = {
    "empty": "",
    "blank": "%20%09%C2%A0%E2%80%8B",
    "nul": "a%00b",
    "control characters": "a%01%1B%7Fb",
    "line breaks": "a%0D%0ABcc%3A%20x%40example.org%E2%80%A8b",
    "lone surrogate": "%ED%A0%80",
    "bytes that are no utf-8": "%FF%FE%C3",
    "from right to left": "%E2%80%AE%D7%90fdp.exe",
    "emoji in a family": "%F0%9F%91%A9%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7",
    "a decomposed letter": "A%CC%8Asa",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E%3Csvg/onload=alert(1)%3E%22'%3E",
    "javascript address": "javascript:alert(1)",
    "template": "{{7*7}}{%25%20for%20x%20in%20y%20%25}${7*7}",
    "sql": "'%20OR%201=1;%20DROP%20TABLE%20case;--%20%25_",
    "prototype": "__proto__",
    "list": "%5B1,2%5D",
    "object": "%7B%22a%22:1%7D",
    "true": "true",
    "number": "-1",
    "large number": "9" * 60,
    "number of other digits": "%D9%A1%C2%B2%E2%85%A7",
    "not a number": "nan",
    "infinity": "1e999",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "day that is none": "2027-02-30",
    "path": "../../../../etc/passwd",
    "somebody else's id": "{theirs}",
    "twenty thousand letters": "x" * 20_000,
    "a million letters": "x" * 1_000_000,
}


@dataclass(frozen=True)
class Sent:
    """A body as it is sent, and what its header says it is."""

    body: bytes
    content_type: str = URLENCODED


def _urlencoded(fields: Fields) -> bytes:
    return urlencode(fields).encode()


def _part(name: str, value: str, extra: str = "") -> str:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{value}\r\n'


def _multipart(fields: Fields, *, end: str = f"--{BOUNDARY}--\r\n", extra: str = "") -> Sent:
    body = "".join(_part(name, value, extra) for name, value in fields) + end
    return Sent(body.encode(), f"multipart/form-data; boundary={BOUNDARY}")


def _older(fields: Fields) -> Sent:
    return Sent(_urlencoded([(name, "0" if name in SEEN else value) for name, value in fields]))


SEEN = ("seen", "version")
TWICE = "pressed twice"
#: The same form, sent as no browser does or too late.
SHAPES: dict[str, Callable[[Fields], Sent]] = {
    TWICE: lambda fields: Sent(_urlencoded(fields)),
    "of an older page": _older,
    "each field twice": lambda fields: Sent(_urlencoded([*fields, *fields])),
    "each field with brackets": lambda fields: Sent(_urlencoded([*fields, *((f"{n}[]", v) for n, v in fields)])),
    "five thousand fields": lambda fields: Sent(_urlencoded([*fields, *((f"x{n}", "y") for n in range(5000))])),
    "five thousand of one": lambda fields: Sent(_urlencoded([*fields, *(("reason", "y") for _ in range(5000))])),
    "fields nobody asked for": lambda fields: Sent(
        _urlencoded([*fields, *((n, "1") for n in ("id", "municipality_id", "state", "by", "roles", "released_at"))])
    ),
    "another charset": lambda fields: Sent(_urlencoded(fields), f"{URLENCODED}; charset=utf-16"),
    "a charset nobody knows": lambda fields: Sent(_urlencoded(fields), f"{URLENCODED}; charset=finns-inte"),
    "json": lambda fields: Sent(b'{"reason": ["x"]}', "application/json"),
    "plain text": lambda fields: Sent(_urlencoded(fields), "text/plain"),
    "no type": lambda fields: Sent(_urlencoded(fields), ""),
    "multipart the other way round": lambda fields: _multipart(fields[::-1]),
    "multipart without an end": lambda fields: _multipart(fields, end=""),
    "multipart of files": lambda fields: _multipart(fields, extra='; filename="x.txt"'),
    "multipart without names": lambda fields: _multipart([("", value) for _, value in fields]),
    "multipart of another boundary": lambda fields: Sent(_multipart(fields).body, "multipart/form-data; boundary=x"),
    "multipart without a boundary": lambda fields: Sent(_multipart(fields).body, "multipart/form-data"),
    "multipart of another charset": lambda fields: Sent(
        _multipart(fields).body, f"multipart/form-data; boundary={BOUNDARY}; charset=utf-7"
    ),
    "nothing": lambda fields: Sent(b""),
    "only separators": lambda fields: Sent(b"&&&===&;&%&%zz=%zz"),
}


@dataclass(frozen=True)
class Case:
    """One form to one route."""

    rule: Rule
    named: str

    def __str__(self) -> str:
        return f"{self.rule.method} {self.rule.path} · {self.named}"


def cases(rule: Rule) -> Iterator[Case]:
    """Yield a route with every value in all that is typed, and with its form in every shape."""
    yield from (Case(rule, named) for named in (*VALUES, *SHAPES))
