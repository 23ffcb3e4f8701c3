"""`styrhjul ladder`: the municipality's own steps, from reminder to kommunchef, read in from TOML and shown."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import (
    AsJson,
    CommandFailed,
    MunicipalitySlug,
    OnDay,
    open_installation,
    open_to_look,
    policy_meant,
    print_json,
    say,
)
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.services.municipality.ladder import LadderLine

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_WIDTH_IN_FILES = 120


@app.command(name="import", help="Läs in kommunens trappor från en TOML-fil. Filen ersätter det som gällde förut.")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FIL", exists=True, dir_okay=False, help="Filen med trapporna.")],
    municipality: MunicipalitySlug,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Read a municipality's ladders, all or nothing."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.municipality.ladder import import_ladders
    from styrhjul.services.municipality.ladder_file import FaultyLadder, LadderFile

    installation = open_installation(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    try:
        told = LadderFile(file.name, file.read_text(encoding="utf-8"))
        report = import_ladders(installation.database, municipality_id, told, installation.clock.now())
    except UnicodeDecodeError:
        raise CommandFailed(f"{file.name}: Filen är inte UTF-8. Spara om den som UTF-8.") from None
    except FaultyLadder as faulty:
        for fault in faulty.faults:
            say(f"styrhjul: {fault}")
        raise typer.Exit(1) from None
    if as_json:
        print_json(report)
    elif report.changed:
        woken = counted(report.woken, "öppet ärende räknas", "öppna ärenden räknas")
        say(f"{counted(report.rungs, 'eget steg', 'egna steg')} gäller nu. {woken} om vid nästa puls.")
    else:
        say("Inget har ändrats: de här trapporna gäller redan.")


@app.command(help="Visa trapporna som de gäller, med det som kommunen själv har ändrat.")
def show(
    municipality: MunicipalitySlug,
    policy: Annotated[str | None, typer.Option("--policy", metavar="KORTNAMN", help="Så som de gäller där.")] = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Show the ladders as they are climbed."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.municipality.ladder import show_ladders

    installation = open_to_look(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    about = policy_meant(installation, municipality, policy) if policy is not None else None
    lines = show_ladders(installation.database, municipality_id, about)
    if as_json:
        for line in lines:
            print_json(line)
    else:
        _print(lines)


def _print(lines: Iterable[LadderLine]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from styrhjul.domain.rung import Audience
    from styrhjul.services.municipality.ladder_words import AUDIENCE_WORDS, offset_in_words
    from styrhjul.services.words import LIFECYCLE_WORDS, rung_word

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading, most in (("steg", None), ("när, och mejlets nyckel", None), ("till", 20)):
        table.add_column(heading, max_width=most, overflow="fold")  # a key cut short could not be written anew
    for lifecycle, steps in groupby(lines, key=lambda line: line.lifecycle):
        table.add_section()
        table.add_row(f"[bold]{LIFECYCLE_WORDS.get(lifecycle, lifecycle)}[/bold]", lifecycle)
        for line in steps:
            when = offset_in_words(line.anchor, line.days, line.unit, digest=line.digest)
            table.add_row(
                f"{rung_word(line.rung)}\n{line.rung}",
                f"{when if line.sent else 'skickas inte'}\n{line.mail}",
                AUDIENCE_WORDS[Audience(line.to)] + (f"\nändrat: {', '.join(line.own)}" if line.own else ""),
            )
    Console(width=None if sys.stdout.isatty() else _WIDTH_IN_FILES).print(table)
