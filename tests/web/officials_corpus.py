"""Lists of officials as they come, and as somebody hostile would write them: 220 files by rule, each with its name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from openpyxl import Workbook

HEADER = "key;name;address;language"
PERSON = "p1;Åsa Öberg-Å;asa@example.org;sv"
_ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "iso-8859-1", "utf-16", "utf-16-le", "mac-roman", "cp850", "utf-7")
_NAMES = (
    "Åsa",
    "ﬁ",
    "Nguyễn",
    "O\u2019Brien",
    "ÅSA",
    "A\u030asa",
    "Öberg-Å",
    "O'Brien",
    "Ö",
    "Čálliidlágádus",
    "Ŋ",
    "李",
    "a" * 499,
    "a" * 501,
)
_CELLS = (
    *("=1+1", "+46701234567", "-1", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0", "-", "--", "=", "\u200b=1", "\u00ad"),
    *("19121212-1212", "121212-1212", "191212121212", "19121272 1212", "a 19121212+1212 b", "1912-12-12 1212"),
    *("\xa0", "a\xa0b", "a\u200bb", "a\u00adb", "\ufeff", "a\u2028b", "a\x85b", "\u202eabc", "😀", "\ud7ff", "\x7f"),
    *("<script>alert(1)</script>", "{{7*7}}", "' OR 1=1 --", "../../etc/passwd", "__proto__", "null", "%s%n", "NaN"),
)
_DAYS = (
    *("2026-13-01", "31/11", "46000", "tills vidare", "2027-02-29", "0000-00-00", "9999-12-31", "1899-12-31"),
    *("2027-1-1", "20270101", "2027-01-01T00:00", "٢٠٢٧-٠١-٠١", "1 januari 2027", "-2027-01-01", "2027-W01-1", ""),
)
_ADDRESSES = (
    *(
        "asa",
        "asa@",
        "@example.org",
        "a@b@example.org",
        "a@example",
        "a b@example.org",
        "å@example.org",
        "a@exämple.org",
    ),
    *("a@example.org,b@example.org", "<a@example.org>", "a@example.org\r\nBcc: b@example.org", "-a@example.org"),
    *(
        "a..b@example.org",
        ".a@example.org",
        "a@-example.org",
        "a@[127.0.0.1]",
        '"a b"@example.org',
        "a" * 250 + "@e.org",
    ),
)
_STRUCTURES = (
    *("", "\n", ";", ";;;;", HEADER, f"{HEADER};{HEADER}", "key;key;name", "name;address", f"{HEADER};extra"),
    *(
        f"{HEADER}\n{PERSON};;;",
        f"{HEADER};;;\n{PERSON};;;",
        f"{HEADER}\n{PERSON};x",
        f"{HEADER}\np1",
        f"{HEADER}\n;;;",
    ),
    *(f"{HEADER}\n{PERSON}\n{PERSON}", f'{HEADER}\n"p1;Åsa', f'{HEADER}\n"p1\n";Åsa', f'{HEADER}\np1;"a"b"', '"' * 9),
    *(f"# {HEADER}", f"sep=;\n{HEADER}\n{PERSON}", f"{HEADER}\r{PERSON}", f"{HEADER}\r\n{PERSON}\r\n", "\0", "a\0b"),
    *("body;meets_on\nsoc;2027-03-01", "body;starts_on\nsoc;2027-01-01", "\x1a", "%PDF-1.4", "{\\rtf1", "<html>"),
    "body;role;person;starts_on;ends_on\nsocial;chair;Ordförande;2027-02-01;2027-01-01",
    "body;role;person;starts_on\nsocial;chair;Ordförande;2027-01-01\nsocial;chair;Kommunchef;2027-02-01",
    "body;role;person;starts_on\nandra;chair;Ordförande;2027-01-01",
    "key;name;kind\nkf;KF;council\nkf2;KF2;council\nks;KS;executive_board",
    "key;name;kind\nÅ Ä;KF;council",
    "key;name;kind\nx;X;nämnd",
)


def corpus() -> Iterator[tuple[str, str, bytes]]:
    """Yield a case's name, the file's name and its bytes."""
    for number, (name, content) in enumerate((*_csv(), *_large(), *_workbooks())):
        suffix = ".xlsx" if name.startswith("workbook") else ".csv"
        yield f"{number:03} {name}", f"persons{suffix}", content
    for name in (
        "lista",
        "lista.xls",
        "lista.ods",
        "../../lista.csv",
        "å" * 300 + ".csv",
        ".csv",
        "a\n.csv",
        "meetings.CSV",
    ):
        yield f"named {name[:20]!r}", name, f"{HEADER}\n{PERSON}".encode()


def _csv() -> Iterator[tuple[str, bytes]]:
    for encoding in _ENCODINGS:
        for delimiter in ";,\t":
            text = f"{HEADER}\n{PERSON}\n".replace(";", delimiter)
            yield f"{encoding} {delimiter!r}", text.encode(encoding)
    for value in _NAMES:
        yield f"name {value[:12]!r}", f"{HEADER}\np1;{value};asa@example.org;sv".encode()
    for value in _CELLS:
        yield f"cell {value[:12]!r}", f"{HEADER}\np1;{value};;".encode()
        yield f"key {value[:12]!r}", f"{HEADER}\n{value};Åsa;;".encode()
    for value in _DAYS:
        yield f"day {value!r}", f"body;role;person;starts_on\nsocial;chair;Ordförande;{value}".encode()
    for value in _ADDRESSES:
        yield f"address {value[:12]!r}", f'{HEADER}\np1;Åsa;"{value}";sv'.encode()
    for value in _STRUCTURES:
        yield f"structure {value[:12]!r}", value.encode()


def _large() -> Iterator[tuple[str, bytes]]:
    yield "a cell of a million characters", f"{HEADER}\np1;{'a' * 999_000};;".encode()
    yield "a hundred thousand rows of nothing", (f"{HEADER}\n" + ";;;\n" * 100_000).encode()
    yield "many rows", (f"{HEADER}\n" + "".join(f"p{n};A;;\n" for n in range(25_000))).encode()
    yield "many faults", (f"{HEADER}\n" + "=;=;=;=\n" * 25_000).encode()
    yield "many columns", (";".join(f"c{n}" for n in range(20_000)) + "\n").encode()
    yield "no text", bytes(range(256)) * 100


def _workbooks() -> Iterator[tuple[str, bytes]]:
    whole = _workbook([["key", "name", "address"], ["p1", "Åsa", "asa@example.org"]])
    yield "workbook whole", whole
    for share in (1, 2, 10, 50, 90, 99):
        yield f"workbook cut at {share} %", whole[: len(whole) * share // 100]
    for value in ("=1+1", 19121212.0, 46000, True, "a\x0bb".replace("\x0b", ""), 1e300, "#REF!"):
        yield f"workbook cell {value!r}", _workbook([["key", "name"], ["p1", value]])
    yield "workbook empty zip", _zip({})
    yield "workbook of nothing known", _zip({"a.txt": b"a"})
    yield "workbook with slipping names", _zip({"../../evil": b"x", "[Content_Types].xml": b"<a/>"})
    yield "workbook of many entries", _zip({f"a{n}": b"" for n in range(5_000)})
    yield "workbook that is a bomb", _zip({"xl/workbook.xml": b"0" * 30_000_000})
    yield "workbook of laughs", _replaced(whole, "xl/workbook.xml", _LAUGHS)
    yield "workbook of foreign entities", _replaced(whole, "xl/workbook.xml", _FOREIGN)
    yield "workbook of no xml", _replaced(whole, "xl/worksheets/sheet1.xml", b"\xff\xfe\x00")
    yield "workbook that is text", b"key;name\np1;A"


_LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha">%s]><a>&a9;</a>' % b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n > 1 else b"&a;" * 10) for n in range(1, 10)
)
_FOREIGN = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'


def _workbook(rows: list[list[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.title = "persons"
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _replaced(whole: bytes, part: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return _zip({each: content if each == part else archive.read(each) for each in archive.namelist()})
