"""The limited child that reads a list of officials somebody has uploaded: one file in, its rows or its faults out.

It may use fifteen seconds and 400 MB, writes no file, and knows nothing but the file. When a limit ends it there is no
answer.
"""

from __future__ import annotations

import base64
import json
import sys

from styrhjul.confined.limits import Limits, confine
from styrhjul.reports.zipped import zipped
from styrhjul.services.organisation.officials_sheet import File, SheetError, Sheets, read_files

LIMITS = Limits(cpu_seconds=15, memory_bytes=400 * 1024 * 1024)
#: Enough to see what is wrong with a file; a list of a hundred thousand faults is read by nobody.
MOST_ERRORS = 200
_SCHEMAS = "http://schemas.openxmlformats.org"
_RELATIONS = f'<Relationships xmlns="{_SCHEMAS}/package/2006/relationships"><Relationship Id="r" '
_RELATION = f'{_RELATIONS}Type="{_SCHEMAS}/officeDocument/2006/relationships/'
_TYPE = 'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
    f'<Override PartName="/b.xml" {_TYPE}sheet.main+xml"/><Override PartName="/s.xml" {_TYPE}worksheet+xml"/></Types>',
    "_rels/.rels": f'{_RELATION}officeDocument" Target="b.xml"/></Relationships>',
    "_rels/b.xml.rels": f'{_RELATION}worksheet" Target="s.xml"/></Relationships>',
    "b.xml": f'<workbook xmlns="{_SCHEMAS}/spreadsheetml/2006/main" '
    f'xmlns:r="{_SCHEMAS}/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r"/></sheets>'
    "</workbook>",
    "s.xml": f'<worksheet xmlns="{_SCHEMAS}/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>a</t></is></c></row></sheetData></worksheet>',
}
_BROKEN = "Filen gick inte att läsa. Öppna den i Excel, spara om den som .xlsx eller .csv och försök igen."


def answer(job: str) -> str:
    """Read one file; what goes wrong is in the answer."""
    given = json.loads(job)
    try:
        return _told(read_files([File(given["name"], base64.b64decode(given["content"]))]))
    except Exception:  # noqa: BLE001 - a stranger's file may be broken in any way
        return _told(Sheets({}, (SheetError(given["name"], 1, "", _BROKEN),)))


def _told(sheets: Sheets) -> str:
    rows = [
        [kind.value, row.file, row.line, dict(row.cells)]
        for kind, found in (sheets.rows.items() if not sheets.errors else ())
        for row in found
    ]
    errors = [[each.file, each.line, each.column, each.message] for each in sheets.errors[:MOST_ERRORS]]
    return json.dumps({"rows": rows, "errors": errors, "more": max(0, len(sheets.errors) - MOST_ERRORS)})


def _workbook() -> bytes:
    """Return the smallest workbook: read once, it loads what is loaded late."""
    return zipped(_PARTS)


def _load() -> None:
    """Take each way through the reader once: afterwards no file can be opened."""
    for name, content in (("a.xlsx", _workbook()), ("a.csv", b"a;b\n\xe5;1\n")):
        answer(json.dumps({"name": name, "content": base64.b64encode(content).decode()}))


def main() -> None:
    """Answer once."""
    _load()
    confine(LIMITS)
    sys.stdout.write(answer(sys.stdin.read()))


if __name__ == "__main__":
    main()
