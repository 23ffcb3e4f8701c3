"""Reports as files: a year's chapter for the annual report, and an auditor's pack about one policy."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from styrhjul.cli.context import AsJson, CommandFailed, MunicipalitySlug, OnDay, open_installation, print_json, say
from styrhjul.domain.answer import Outcome

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

#: A year with four figures that the calendar has.
_FIRST, _LAST = 1900, date.max.year - 1


Template = Annotated[
    Path | None,
    typer.Option(
        metavar="FIL",
        exists=True,
        dir_okay=False,
        help="Kommunens Word-mall, för .docx: stilar, sida, brevhuvud.",
    ),
]
OfPolicy = Annotated[str, typer.Option(metavar="KORTNAMN", help="Styrdokumentet.")]
Out = Annotated[Path, typer.Option(metavar="FIL", help="Filen som skrivs: .docx eller .pdf. Den får inte finnas.")]
#: By the words people say; the values are the lifecycle's own.
Wanted = Annotated[
    Outcome,
    typer.Option(metavar="UTFALL", help="Förslaget: unchanged (gäller), revise (revideras), repeal (upphävs)."),
]


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
    template: Template = None,
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


@app.command(help="Skriv ett utkast till tjänsteskrivelse för en revidering. Det som inte är känt är märkt: Fylls i.")
def memorandum(
    municipality: MunicipalitySlug,
    policy: OfPolicy,
    outcome: Wanted,
    out: Out,
    template: Template = None,
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Write the draft of a memorandum for one of a revision's outcomes to a file."""
    _paper(municipality, policy, f"memorandum-{outcome}", _Target(out, template, as_json, on))


@app.command(help="Skriv ett utkast till remissbrev till nämnderna, med styrdokumentets text.")
def referral(
    municipality: MunicipalitySlug,
    policy: OfPolicy,
    out: Out,
    template: Template = None,
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Write the draft of the letter that refers a policy to the committees to a file."""
    _paper(municipality, policy, "referral-letter", _Target(out, template, as_json, on))


class _Target(NamedTuple):
    """Where a draft goes, dressed how, told how, and on which day."""

    out: Path
    template: Path | None
    as_json: bool
    on: datetime | None


def _paper(municipality: str, policy: str, name: str, to: _Target) -> None:
    from styrhjul.services.overview import NotHere
    from styrhjul.services.record_file import FileExists, write_new
    from styrhjul.services.revision_paper import Paper, PaperFormat, paper_file, paper_of
    from styrhjul.services.word_template import dressed

    ending = to.out.suffix.lower().removeprefix(".")
    if ending not in list(PaperFormat):
        raise CommandFailed(f"{to.out}: namnet ska sluta på .docx eller .pdf.")
    if to.template and ending != PaperFormat.DOCX:
        raise CommandFailed("--template gäller en fil som slutar på .docx.")
    if to.out.exists():
        raise FileExists(to.out)
    home = open_installation(to.on)
    now = home.clock.now()
    try:
        document = paper_of(home.database, municipality, policy, Paper(name), now)
    except NotHere as missing:
        raise CommandFailed(f"Här finns inget som heter {missing}.") from None
    content = paper_file(document, PaperFormat(ending), now)
    write_new(to.out, dressed(to.template.read_bytes(), content) if to.template else content)
    if to.as_json:
        print_json({"out": str(to.out), "title": document.title, "policy": policy})
    else:
        say(f"Utkastet ligger i {to.out}. Sök efter ”Fylls i” innan det lämnas.")
