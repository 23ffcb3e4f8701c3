"""`styrhjul officials`: the form to fill in, and reading it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, MunicipalitySlug, OnDay, open_installation, print_json, say

if TYPE_CHECKING:
    from styrhjul.services.officials import SheetError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("template", help="Skriv en tom mall att fylla i.")
def write_template(
    out: Annotated[
        Path, typer.Option(metavar="FIL", help="En arbetsbok (.xlsx), eller en mapp för en CSV-fil per blad.")
    ],
    as_json: AsJson = False,
) -> None:
    """Write the empty form."""
    from styrhjul.services.officials import template

    template(out)
    if as_json:
        print_json({"out": str(out)})
    else:
        say(f"Mallen ligger i {out}.")


@app.command("import", help="Gör organisationen lik FIL, för de blad filen har. Är något fel ändras inget.")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="En arbetsbok, en CSV-fil, eller en mapp med CSV-filer.")],
    municipality: MunicipalitySlug,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Make the officials equal to FILE, for the kinds it holds; all or nothing."""
    from styrhjul.services.municipality import municipality_by_slug
    from styrhjul.services.officials import import_officials

    installation = open_installation(on)
    municipality_id = municipality_by_slug(installation.database, municipality)
    report = import_officials(installation.database, municipality_id, file, installation.clock.now())
    if as_json:
        print_json(report)
    elif not report.errors:
        say(f"{report.added} tillagda, {report.changed} ändrade, {report.ended} avslutade.")
    for error in report.errors:
        say(_in_words(error))
    if report.errors:
        say("Inget har ändrats.")
        raise typer.Exit(1)


def _in_words(error: SheetError) -> str:
    column = f", kolumn {error.column}" if error.column else ""
    return f"{error.file}, rad {error.line}{column}: {error.message}"
