"""Makes the seeds anew as .docx, .odt, .pdf and .html: `python tests/documents/make.py`. Needs LibreOffice's `soffice`.

The text becomes a page as somebody would set it, headings, bullets and a table of metadata where the original has one;
LibreOffice makes the rest of it.
"""

from __future__ import annotations

import html
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
MADE = HERE / "made"
POLICIES = HERE.parents[1] / "examples/policies"
#: The metadata of the originals that stood in a table, by the words they begin with.
TABLES = {"grums": ("Datum", "Paragraf"), "herrljunga": ("DIARIENUMMER", "DOKUMENTANSVAR"), "olofstrom": ()}
_BULLET = re.compile(r"- (?:♦ )?(?P<text>.*)")
_NUMBER = re.compile(r"\d{1,2}\. (?P<text>.*)")
_LONGEST_HEADING = 80
STYLE = "body {font-family: 'Liberation Serif'; font-size: 11pt} td {padding: 2pt 6pt} h1 {font-size: 18pt}"


def as_page(name: str, text: str) -> str:
    """Return a text as HTML."""
    return (
        f'<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>{name}</title><style>{STYLE}</style>'
        f"</head><body>{''.join(_blocks(name, text))}</body></html>"
    )


def _blocks(name: str, text: str) -> Iterator[str]:
    blocks = [block.strip().split("\n") for block in re.split(r"\n{2,}", text) if block.strip()]
    table: list[list[str]] = []
    titled = False
    for block in blocks:
        if TABLES[name] and _is_in_table(name, block, table):
            table.append(block)
            continue
        if table:
            yield _table(table)
            table = []
        first = block[0]
        if _BULLET.match(first) or _NUMBER.match(first):
            yield _listed(block)
        elif len(block) == 1 and len(first) < _LONGEST_HEADING and _may_be_heading(first):
            level = 2 if titled else 1
            titled = titled or "policy " in first.lower()
            yield f"<h{level}>{html.escape(first)}</h{level}>"
        else:
            yield "".join(f"<p>{html.escape(line)}</p>" for line in block)
    yield _table(table) if table else ""


def _may_be_heading(line: str) -> bool:
    return line[-1] not in ".:!" and ": " not in line and not line.endswith((" ska", " att")) and line[0].isalpha()


def _is_in_table(name: str, block: list[str], table: list[list[str]]) -> bool:
    first, last = TABLES[name]
    ended = any(line.startswith(last) for row in table for line in row)
    return block[0].startswith(first) or (bool(table) and not ended)


def _table(rows: list[list[str]]) -> str:
    """A block of lines is a row of two cells, or a row for each line with a colon."""
    cells = [line.split(": ", 1) for row in rows for line in row] if ": " in rows[0][0] else rows
    set_rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in cells)
    body = "".join(f"<tr>{row}</tr>" for row in set_rows)
    return f'<table border="1" width="100%">{body}</table>'


def _listed(lines: list[str]) -> str:
    kind = "ul" if _BULLET.match(lines[0]) else "ol"
    items = (_BULLET.match(line) or _NUMBER.match(line) for line in lines)
    body = "".join(f"<li>{html.escape(item['text'])}</li>" for item in items if item)
    return f"<{kind}>{body}</{kind}>"


def main() -> None:
    """Write all of them."""
    MADE.mkdir(exist_ok=True)
    for path in sorted(POLICIES.glob("*.txt")):
        page = MADE / f"{path.stem}.html"
        page.write_text(as_page(path.stem, path.read_text(encoding="utf-8")), encoding="utf-8")
        with tempfile.TemporaryDirectory() as profile:
            for filtered, source in (
                ("odt:writer8", page),
                ("docx:MS Word 2007 XML", MADE / f"{path.stem}.odt"),
                ("pdf:writer_pdf_Export", MADE / f"{path.stem}.odt"),
            ):
                command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", filtered]
                if source == page:
                    command.append("--infilter=HTML (StarWriter)")  # a text document, not a web page
                subprocess.run([*command, "--outdir", str(MADE), str(source)], check=True, capture_output=True)


if __name__ == "__main__":
    main()
