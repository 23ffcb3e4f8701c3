"""The forecast: every mail that would leave, line by line, and what another ladder would change in it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import CommandFailed, Day, OnDay, open_to_look, print_json, say, sound_day
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.domain.forecast import Assumption
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.overview.forecast import ForecastLine, Span

_WIDTH_IN_FILES = 180
_COLUMNS = ("dag", "kommun", "organ", "runda", "steg", "mottagare", "frist", "fristen kommer från")
_OPEN = (
    "Öppna rundor räknas med: steg som har gått ligger fast, de som återstår följer filen, och ett steg vars nya dag "
    "har passerat sedan rundan öppnade går genast."
)
_LINES = (
    "Skriv ett JSON-objekt per rad: on (dagen), municipality, policy, lifecycle, period, period_words, body, rung "
    "(steget), role, recipient, due_on (fristen), deferred_from (dagen som flyttades), reason, basis (vems "
    "dag fristen är) och quote. Med --compare också change (added, removed eller moved) och was_on (dagen nu)."
)
_CHANGES = {"added": "ny", "removed": "försvinner", "moved": "flyttas"}


def forecast(
    *,
    start: Annotated[
        Day | None, typer.Option("--from", callback=sound_day, metavar="DATUM", help="Första dagen. Annars i dag.")
    ] = None,
    until: Annotated[
        Day | None,
        typer.Option("--until", callback=sound_day, metavar="DATUM", help="Sista dagen. Annars ett år framåt."),
    ] = None,
    municipality: Annotated[str | None, typer.Option(metavar="KORTNAMN", help="Bara den här kommunen.")] = None,
    assume: Annotated[
        str, typer.Option(metavar="VAD", help="unanswered: ingen svarar. answered: alla svarar på sista dagen.")
    ] = "unanswered",
    compare: Annotated[
        Path | None,
        typer.Option(
            metavar="FIL", exists=True, dir_okay=False, help=f"Bara det som trapporna i filen ändrar. {_OPEN}"
        ),
    ] = None,
    ics: Annotated[bool, typer.Option("--ics", help="Skriv en kalenderfil på stdout.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_LINES)] = False,
    on: OnDay = None,
) -> None:
    """Every mail that would leave, and why. Nothing is written."""
    from config.clock import today
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.overview.forecast import Span

    if ics and (as_json or compare):
        raise typer.BadParameter("--ics går inte ihop med --json eller --compare")
    assumed = _assumption(assume)
    installation = open_to_look(on)
    first = start.date() if start else today(installation.clock.now())
    last = until.date() if until else first + timedelta(days=365)
    if last < first:
        raise CommandFailed(f"--until {last} ligger före --from {first}. Välj en senare dag.")
    database = installation.database
    chosen = (
        [municipality_by(database, municipality).municipality_id] if municipality else installation.municipality_ids()
    )
    span = Span(first, last, assumed)
    if compare is not None:
        if len(chosen) != 1:
            raise typer.BadParameter("--compare gäller en kommun i taget: skriv --municipality KORTNAMN")
        _compare(installation, chosen[0], compare, span, as_json=as_json)
        return
    _show(installation, chosen, span, ics=ics, as_json=as_json)


def _assumption(word: str) -> Assumption:
    from styrhjul.domain.forecast import Assumption

    if word not in set(Assumption):
        raise typer.BadParameter(f"{word}: skriv {' eller '.join(Assumption)}", param_hint="--assume")
    return Assumption(word)


def _show(installation: Installation, chosen: Iterable[str], span: Span, *, ics: bool, as_json: bool) -> None:
    from styrhjul.services.overview import forecast as service
    from styrhjul.services.overview.calendar_file import calendar_file

    lines = [
        line
        for municipality_id in chosen
        for line in service.forecast(
            installation.database, municipality_id, start=span.start, until=span.until, assume=span.assume
        )
    ]
    lines.sort(key=lambda line: (line.on, line.municipality))
    if ics:
        sys.stdout.flush()
        sys.stdout.buffer.write(calendar_file(lines, installation.clock.now()))
        sys.stdout.buffer.flush()
    elif as_json:
        for line in lines:
            print_json(line)
    else:
        what = counted(len(lines), "avisering", "aviseringar")
        _print(f"{what} från {span.start} till och med {span.until}", _COLUMNS, map(_cells, lines))


def _compare(installation: Installation, chosen: str, file: Path, span: Span, *, as_json: bool) -> None:
    from styrhjul.services.municipality.ladder_file import FaultyLadder, LadderFile
    from styrhjul.services.overview import forecast as service

    ladders = LadderFile(file.name, file.read_text(encoding="utf-8"))
    try:
        changes = service.compare(installation.database, chosen, ladders, span)
    except FaultyLadder as faulty:
        for fault in faulty.faults:
            say(f"styrhjul: {fault}")
        raise typer.Exit(1) from None
    if as_json:
        for each in changes:
            print_json({"change": each.change, "was_on": each.was_on, **_fields(each.line)})
        return
    title = f"{counted(len(changes), 'ändring', 'ändringar')} från {span.start} till och med {span.until}"
    rows = ((_CHANGES[each.change], str(each.was_on or ""), *_cells(each.line)) for each in changes)
    _print(title, ("ändring", "dag nu", *_COLUMNS), rows)


def _fields(line: ForecastLine) -> dict[str, object]:
    from dataclasses import fields

    return {field.name: getattr(line, field.name) for field in fields(line)}


def _cells(line: ForecastLine) -> tuple[str, ...]:
    from styrhjul.domain.vocabulary import DueBasis
    from styrhjul.services.municipality.ladder_words import BASIS_WORDS
    from styrhjul.services.words import round_name, rung_word

    what = (line.body, round_name(line.lifecycle, line.period_words), rung_word(line.rung), line.recipient)
    return (str(line.on), line.municipality, *what, str(line.due_on), BASIS_WORDS[DueBasis(line.basis)])


def _print(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title)
    for heading in columns:
        table.add_column(heading, no_wrap=heading in ("dag", "dag nu", "frist"))
    for row in rows:
        table.add_row(*row)
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_IN_FILES
    console.print(table)
