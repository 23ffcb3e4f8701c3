"""Reports as files: a year's chapter for the annual report, and an auditor's pack about one policy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, MunicipalitySlug, OnDay, open_installation, print_json, say

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

#: A year with four figures that the calendar has.
_FIRST, _LAST = 1900, date.max.year - 1


@app.command(
    help="Skriv årsredovisningens avsnitt om styrdokumenten: mål, bedömning, svar som saknas, det som gick upp."
)
def chapter(
    municipality: MunicipalitySlug,
    year: Annotated[int, typer.Option(metavar="ÅR", min=_FIRST, max=_LAST, help="Året som redovisas.")],
    out: Annotated[
        Path, typer.Option(metavar="FIL", help="Filen som skrivs: .pdf, .docx, .xlsx eller .json. Den får inte finnas.")
    ],
    policy: Annotated[str | None, typer.Option(metavar="KORTNAMN", help="Bara det här styrdokumentet.")] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            metavar="FIL",
            exists=True,
            dir_okay=False,
            help="Kommunens Word-mall, för .docx: stilar, sida, brevhuvud.",
        ),
    ] = None,
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Write the annual report's chapter about the policies to a file."""
    from styrhjul.services.chapter import chapter_of
    from styrhjul.services.chapter_file import ChapterFormat, chapter_file
    from styrhjul.services.overview import NotHere
    from styrhjul.services.record_file import FileExists, write_new
    from styrhjul.services.word_template import dressed

    ending = out.suffix.lower().removeprefix(".")
    if ending not in list(ChapterFormat):
        raise CommandFailed(f"{out}: namnet ska sluta på {', '.join(f'.{kind}' for kind in ChapterFormat)}.")
    if template and ending != ChapterFormat.DOCX:
        raise CommandFailed("--template gäller en fil som slutar på .docx.")
    if out.exists():
        raise FileExists(out)
    home = open_installation(on)
    now = home.clock.now()
    try:
        made = chapter_of(home.database, municipality, year, now, policy).chapter
    except NotHere as missing:
        raise CommandFailed(f"Här finns inget som heter {missing}.") from None
    content = chapter_file(made, ChapterFormat(ending), now)
    write_new(out, dressed(template.read_bytes(), content) if template else content)
    if as_json:
        unanswered = {standing.value: number for standing, number in made.unanswered.items()}
        print_json({"out": str(out), "policies": len(made.sections), "unanswered": unanswered})
    else:
        say(f"{made.title} för {made.municipality} ligger i {out}.")


@app.command(
    help="Skriv ett granskningsunderlag om ett styrdokument: text, skyldigheter, besked, svar, beslut, journal."
)
def pack(
    municipality: MunicipalitySlug,
    policy: Annotated[str, typer.Option(metavar="KORTNAMN", help="Styrdokumentet.")],
    out: Annotated[Path, typer.Option(metavar="FIL", help="Zip-filen som skrivs. Den får inte finnas.")],
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Write an auditor's pack about a policy to a zip."""
    from styrhjul.services.audit import audit_pack
    from styrhjul.services.audit_file import audit_zip
    from styrhjul.services.overview import NotHere
    from styrhjul.services.record_file import FileExists, write_new

    if out.exists():
        raise FileExists(out)
    home = open_installation(on)
    try:
        made = audit_pack(home.database, municipality, policy, home.clock.now())
    except NotHere as missing:
        raise CommandFailed(f"Här finns inget som heter {missing}.") from None
    write_new(out, audit_zip(made))
    if as_json:
        print_json({"out": str(out), "counts": made.counts, "broken": len(made.verification.broken)})
    else:
        say(f"Granskningsunderlaget om {made.title} ligger i {out}.")
