"""A folder of documents, or several files: a bar while they are read, a table of what they are, and what to do."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from styrhjul.cli.ask import asked
from styrhjul.cli.context import CommandFailed, print_json, say
from styrhjul.cli.policy_text import name_of, read_path
from styrhjul.cli.progress import progress_bar
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.policies.batch import BatchRow
    from styrhjul.services.policies.file import ReadFile
    from styrhjul.services.policies.intake import ImportReport
    from styrhjul.services.policies.store import Signed

_STATES = {
    "ready": "läses in",
    "known": "finns redan",
    "similar": "läs den först",
    "taken": "titeln är tagen",
    "refused": "går inte",
}
_NAME_IT = " Ur en mapp läses det inte in; ange filen själv om den ska in."
#: What programs leave behind in a folder: no document of anybody's.
_LEFTOVERS = re.compile(r"~\$.*|~.*\.tmp|Thumbs\.db|desktop\.ini|\.~lock\..*", re.IGNORECASE)
#: Of the table where no terminal says how wide it is.
_WIDTH = 140


def bring_in(
    home: Installation,
    paths: Sequence[Path],
    municipality: str | None,
    signed: Signed,
    *,
    confirm: bool,
    as_json: bool,
    ocr: bool,
) -> None:
    """Show what the files are and, with `confirm` or a yes on a terminal, bring in those that are ready.

    Of a folder the rest is named and left, also what says that it is another municipality's. A file that was named
    itself was meant: if it cannot be brought in, none is, and one that is almost the same as another is taken for a
    document of its own.
    """
    from styrhjul.services.policies.batch import RowState

    are_named = not any(path.is_dir() for path in paths)
    rows = _rows(home, list(_files(paths)), municipality, ocr=ocr)
    wanted = {RowState.READY, RowState.SIMILAR} if are_named else {RowState.READY}
    ready = [row for row in rows if row.state in wanted and (are_named or not row.elsewhere)]
    if not as_json:
        _print_table(rows, ready)
    in_the_way = [row for row in rows if row.state in (RowState.REFUSED, RowState.TAKEN)]
    if are_named and confirm and in_the_way:
        raise CommandFailed(f"{in_the_way[0].name}: {_why(in_the_way[0])} Inget är läst in.")
    is_wanted = confirm or (not as_json and ready and asked(f"Läsa in {counted(len(ready), 'fil', 'filer')}?"))
    stored = _store(home, ready, signed) if is_wanted and ready else {}
    if as_json:
        for row in rows:
            print_json(_as_line(row, stored.get(id(row))))
    else:
        _tell(rows, ready, stored, municipality, is_wanted=bool(is_wanted))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files, those of a folder by their names, in its folders too; not what is hidden or left behind.

    A name comes before what was added to it: of two that are the same, "policy" is brought in, not "policy (kopia)".
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*"), key=lambda file: (file.with_suffix(""), file.suffix)):
            is_document = file.is_file() and not _LEFTOVERS.fullmatch(file.name)
            if is_document and not any(part.startswith(".") for part in file.relative_to(path).parts):
                yield file


def _rows(home: Installation, files: list[Path], municipality: str | None, *, ocr: bool) -> list[BatchRow]:
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.batch import BatchRow, look_through

    home_id = municipality_by(home.database, municipality).municipality_id if municipality else None
    reading = [(name_of(file), _reader(file, ocr=ocr)) for file in files]
    rows = list[BatchRow]()
    with progress_bar("läser") as progress:
        for row in look_through(home.database, reading, home_id, now=home.clock.now()):
            rows.append(row)
            progress(len(rows), len(files))
    return rows


def _reader(file: Path, *, ocr: bool) -> Callable[[], ReadFile]:
    return lambda: read_path(file, name_of(file), ocr=ocr)


def _store(home: Installation, rows: Sequence[BatchRow], signed: Signed) -> dict[int, ImportReport]:
    """Bring in these rows; return the reports by the rows' identity, for two files can be shown by one name."""
    from styrhjul.services.policies.batch import store_batch
    from workflows import LIFECYCLES

    reports = store_batch(home.database, rows, signed, LIFECYCLES)
    return {id(row): report for row, report in zip(rows, reports, strict=True)}


def _print_table(rows: Sequence[BatchRow], ready: Sequence[BatchRow]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for heading in ("fil", "titel", "antagen", "skyldigheter", "att läsa", "varningar", "läge"):
        table.add_column(heading, justify="right" if heading in {"att läsa", "varningar"} else "left", overflow="fold")
    for row in rows:
        cells = (Path(row.name).name, row.title or "ej angivet", str(row.adopted_on or "ej angivet"), _kinds(row))
        count = (str(row.to_confirm), str(len(row.warnings)))
        table.add_row(*map(Text, (*cells, *count, _state(row, ready))))
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH)).print(table)


def _state(row: BatchRow, ready: Sequence[BatchRow]) -> str:
    return "annan kommun" if row.elsewhere and row not in ready and not row.why else _STATES[row.state]


def _kinds(row: BatchRow) -> str:
    from styrhjul.services.words import ACTION_WORDS

    return ", ".join(f"{ACTION_WORDS[kind]} {count}" for kind, count in sorted(row.kinds.items())) or "inga"


def _tell(
    rows: Sequence[BatchRow],
    ready: Sequence[BatchRow],
    stored: dict[int, ImportReport],
    municipality: str | None,
    *,
    is_wanted: bool,
) -> None:
    for row in rows:
        if row.elsewhere:
            say(f"{row.name}: {row.elsewhere}{'' if row in ready or row.why else _NAME_IT}")
        if row.why and row not in ready:
            say(f"{row.name}: {_what_it_is(row)}{_why(row)}")
        elif row.alike:
            say(f"{row.name}: {_what_it_is(row).rstrip()}")
    left = counted(len(rows) - len(ready), "fil lämnas", "filer lämnas")
    if not is_wanted:
        more = "Inget är lagrat; lägg till --confirm." if ready else "Inget är lagrat."
        say(f"{counted(len(ready), 'fil', 'filer')} kan läsas in, {left}. {more}")
        return
    confirmed, proposed = (sum(getattr(each, name) for each in stored.values()) for name in ("confirmed", "proposed"))
    say(f"{counted(len(stored), 'dokument är inläst', 'dokument är inlästa')}, {left}.")
    say(f"{counted(confirmed, 'skyldighet', 'skyldigheter')} bekräftade, {proposed} väntar på en människa.")
    _tell_next(stored, municipality or "KORTNAMN")


def _tell_next(stored: dict[int, ImportReport], municipality: str) -> None:
    waiting = [report.slug for report in stored.values() if report.proposed]
    if waiting:
        say(f"Gå igenom det första: styrhjul policy review {waiting[0]} --by BEFATTNING --municipality {municipality}")
    if stored:
        say(f"Inga mejl skickas förrän: styrhjul policy release --municipality {municipality} --confirm")


def _what_it_is(row: BatchRow) -> str:
    return f"{row.alike.in_words}; " if row.alike else ""


def _why(row: BatchRow) -> str:
    return f"{row.why} Lägg till --edition-of {row.edition_of}." if row.edition_of else row.why


def _as_line(row: BatchRow, report: ImportReport | None) -> dict[str, Any]:
    """Return a row for machines; `policy` and `policy_id` are there once it is brought in."""
    line: dict[str, Any] = {
        "file": row.name,
        "state": row.state.value,
        "title": row.title,
        "adopted_on": row.adopted_on,
        "duties": {kind.value: count for kind, count in sorted(row.kinds.items())},
        "to_confirm": row.to_confirm,
        "warnings": list(row.warnings),
        "duplicate_of": dataclasses.asdict(row.alike) if row.alike else None,
        "why": _why(row) or row.elsewhere or None,
    }
    if report is not None:
        line |= {"policy_id": report.policy_id, "policy": report.slug}
        line |= {"confirmed": report.confirmed, "proposed": report.proposed}
    return line
