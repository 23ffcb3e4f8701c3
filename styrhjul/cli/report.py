"""Reports as files: a year's chapter for the annual report, and an auditor's pack about one policy."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from styrhjul.cli.context import AsJson, MunicipalitySlug, OnDay, open_to_look, policy_meant, print_json, say
from styrhjul.cli.out import format_of, refuse_taken, template_of, write_out
from styrhjul.cli.progress import progress_bar
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
        help="En annan Word-mall än kommunens egen, för .docx: stilar, sida, brevhuvud.",
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
    from styrhjul.services.reports.chapter import chapter_of
    from styrhjul.services.reports.chapter_file import ChapterFormat, chapter_file

    kind = format_of(out, ChapterFormat)
    dress = template_of(template, kind)
    home = open_to_look(on)
    now = home.clock.now()
    about = policy_meant(home, municipality, policy) if policy is not None else None
    with progress_bar("skriver") as progress:
        progress(0, 3)
        view = chapter_of(home.database, municipality, year, now, about)
        progress(1, 3)
        file = chapter_file(home.database, view, kind, now, dress)
    write_out({out: file})
    made = view.chapter
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
    from styrhjul.services.reports.audit import audit_pack
    from styrhjul.services.reports.audit_file import audit_file

    refuse_taken(out)
    home = open_to_look(on)
    about = policy_meant(home, municipality, policy)
    with progress_bar("skriver") as progress:
        made = audit_pack(home.database, municipality, about, home.clock.now(), progress)
        file = audit_file(made)
    write_out({out: file})
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
    from styrhjul.services.reports.revision_paper import Paper, PaperFormat, paper_file, paper_of

    kind = format_of(to.out, PaperFormat)
    dress = template_of(to.template, kind)
    home = open_to_look(to.on)
    now = home.clock.now()
    about = policy_meant(home, municipality, policy)
    view = paper_of(home.database, municipality, about, Paper(name), now)
    write_out({to.out: paper_file(home.database, view, kind, now, dress)})
    if to.as_json:
        print_json({"out": str(to.out), "title": view.document.title, "policy": about})
    else:
        say(f"Utkastet ligger i {to.out}. Sök efter ”Fylls i” innan det lämnas.")
