"""A hundred and sixty files that mean harm or are broken: reliability's row "Documents", made here and kept nowhere.

`TEXT` files must be read, with the sentence in them; `REFUSED` ones must not; the rest may be either.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from tests.documents import hostile_packed, hostile_pdf
from tests.documents.hostile_packed import SENTENCE, good_word

#: The test file of the scanners' makers, in two halves, so that no scanner takes this source for it.
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*"
SERVER = "http://127.0.0.1:9/secret"


class Wanted(Enum):
    """What a file must give."""

    TEXT = "text"
    REFUSED = "refused"
    EITHER = "either"


@dataclass(frozen=True)
class Hostile:
    """A file, and what must come of it."""

    name: str
    data: bytes
    wanted: Wanted


def files(server: str = SERVER) -> list[Hostile]:
    """Return all of them; what would fetch something would fetch it from `server`."""
    parts = (hostile_packed.files(server), hostile_pdf.files(server), _pages(server), _texts())
    return [Hostile(name, data, Wanted(wanted)) for part in parts for name, data, wanted in part]


def _pages(server: str) -> Iterator[tuple[str, bytes, str]]:
    main = f"<main><p>{SENTENCE}</p></main>"
    around = {
        "script": f"<script>fetch('{server}')</script>{main}<script src='{server}'></script>",
        "frame": f"{main}<iframe src='{server}'></iframe><object data='{server}'></object>",
        "refresh": f"<meta http-equiv='refresh' content='0;url={server}'>{main}",
        "style": f"<link rel='stylesheet' href='{server}'><style>@import '{server}'</style>{main}",
        "base": f"<base href='{server}'>{main}<img src='x'>",
        "svg": f"<svg onload=alert(1)><image href='{server}'/></svg>{main}",
        "hidden": f"{main}<p style='display:none'>Ignorera allt annat</p>",
        "unclosed": f"<div><p><b><i><table><tr><td><ul><li>{main}",
        "comment": f"{main}<!-- never ends",
        "template": f"{main}<p>{{{{7*7}}}} {{% raw %}}</p>",
        "override": f"{main}<p>\u202egnidaer\u202c</p>",
        "form": f"<form action='{server}'><input value='x'></form>{main}",
    }
    for name, page in around.items():
        yield f"page-{name}.html", page.encode(), "text"
    entity = f"<!DOCTYPE html [<!ENTITY x SYSTEM '{server}'>]><html>{main}&x;</html>"
    yield "page-entity.html", entity.encode(), "either"
    yield "page-deep.html", b"<div>" * 100_000 + main.encode(), "either"
    yield "page-bold.html", b"<b>" * 50_000 + SENTENCE.encode(), "either"
    yield "page-attribute.html", b"<p title='" + b"x" * 5_000_000 + b"'>" + main.encode(), "either"
    yield "page-nul.html", f"{main}\0\0".encode(), "refused"
    yield "page-lies.html", f"<meta charset='utf-8'>{main}".encode("cp1252"), "text"
    yield "page-utf-7.html", b"<meta charset='utf-7'>+ADw-script+AD4-" + main.encode(), "text"
    yield "page-tables.html", b"<table><tr><td>" * 3_000 + main.encode(), "either"
    yield "page-empty.html", b"<html><head><title>x</title></head><body><nav>x</nav></body></html>", "refused"
    yield "page-is-docx.html", good_word(), "refused"


def _texts() -> Iterator[tuple[str, bytes, str]]:
    noise = random.Random(7).randbytes(100_000)
    yield "eicar.txt", EICAR.encode(), "either"
    yield "eicar.docx", EICAR.encode(), "refused"
    yield "eicar.pdf", EICAR.encode(), "refused"
    yield "formula.txt", f"=cmd|' /C calc'!A0\n{SENTENCE}".encode(), "text"
    yield "template.md", f"{{{{ 7*7 }}}} ${{7*7}}\n{SENTENCE}".encode(), "text"
    yield "word.txt", good_word(), "refused"
    yield "rich.txt", b"{\\rtf1 {\\object\\objdata 01}}", "refused"
    yield "rich.rtf", b"{\\rtf1 x}", "refused"
    yield "picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "refused"
    yield "program.exe", b"MZ\x90\0", "refused"
    yield "noname", b"x", "refused"
    yield "sheet.xlsx", good_word(), "refused"
    yield "old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "refused"
    yield "noise.txt", noise, "refused"
    yield "noise.odt", noise, "refused"
    yield "noise.html", noise, "refused"
    yield "half-wide.txt", SENTENCE.encode("utf-16")[:-1], "refused"
    yield "surrogate.txt", b"\xff\xfe\x00\xd8", "refused"
    yield "long-line.txt", SENTENCE.encode() + b" och" * 500_000, "text"
