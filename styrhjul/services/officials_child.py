"""The limited child that reads a list of officials somebody has uploaded: one file in, its rows or its faults out.

It may use fifteen seconds and 400 MB, writes no file, and knows nothing but the file. When a limit ends it there is no
answer.
"""

from __future__ import annotations

import base64
import json
import sys

from styrhjul.confined.limits import Limits, confine
from styrhjul.services.officials_sheet import File, SheetError, Sheets, read_files

#: What reads a workbook is loaded as it goes.
LIMITS = Limits(cpu_seconds=15, memory_bytes=400 * 1024 * 1024, open_files=16)
#: Enough to see what is wrong with a file; a list of a hundred thousand faults is read by nobody.
MOST_ERRORS = 200
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


def main() -> None:
    """Answer once."""
    confine(LIMITS)
    sys.stdout.write(answer(sys.stdin.read()))


if __name__ == "__main__":
    main()
