"""`styrhjul officials`: the form to fill in, and reading it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, MunicipalitySlug, OnDay, open_installation, open_to_look, print_json, say
from styrhjul.cli.out import write_out
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from styrhjul.services.organisation.officials import OfficialsReport, SheetError
    from styrhjul.services.organisation.officials_effect import CeasedBody, LostMeetings, MovedCase

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
    from styrhjul.services.organisation.officials import template

    template(out)
    if as_json:
        print_json({"out": str(out)})
    else:
        say(f"Mallen ligger i {out}.")


@app.command(
    "import",
    help=(
        "Gör organisationen lik FIL, för de blad filen har. Är något fel ändras inget. "
        "Upphör ett organ, eller förlorar det alla kommande sammanträden, ändras inget utan --confirm."
    ),
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="En arbetsbok, en CSV-fil, eller en mapp med CSV-filer.")],
    municipality: MunicipalitySlug,
    *,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Låt organ upphöra och kommande sammanträden försvinna.")
    ] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Make the officials equal to FILE, for the kinds it holds; all or nothing."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.organisation.officials import import_officials

    installation = open_installation(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    report = import_officials(installation.database, municipality_id, file, installation.clock.now(), confirm=confirm)
    if as_json:
        print_json(report)
    elif not report.errors:
        _tell(report)
    for error in report.errors:
        say(_in_words(error))
    if report.errors:
        say("Inget har ändrats.")
    if report.must_be_confirmed:
        say("Inget har ändrats. Kör om med --confirm om det är så det ska bli, eller rätta listan.")
    if report.errors or report.must_be_confirmed:
        raise typer.Exit(1)


@app.command(
    "popolo",
    help="Skriv organ, befattningar, uppdrag och personer till FIL som JSON i Popolos form. Filen får inte finnas.",
)
def write_popolo(
    municipality: MunicipalitySlug,
    out: Annotated[Path, typer.Option(metavar="FIL", help="Filen som skrivs, .json.")],
    *,
    without_people: Annotated[
        bool, typer.Option("--without-people", help="Bara organ och befattningar, ingen som har dem.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the organisation in Popolo's shape."""
    from styrhjul.reports.popolo import Popolo, popolo_json
    from styrhjul.services.api.popolo import popolo_of
    from styrhjul.services.foundation.leaving_file import MEDIA_TYPES, LeavingFile

    found = popolo_of(open_to_look(None).database, municipality)
    if without_people:
        found = Popolo(organizations=found.organizations, posts=found.posts)
    write_out({out: LeavingFile(out.name, MEDIA_TYPES["json"], popolo_json(found))})
    counts = {"organizations": len(found.organizations), "posts": len(found.posts)}
    counts |= {"memberships": len(found.memberships), "persons": len(found.persons)}
    if as_json:
        print_json({"out": str(out), **counts})
    else:
        say(f"{counts['organizations']} organ och {counts['posts']} befattningar ligger i {out}.")


def _in_words(error: SheetError) -> str:
    column = f", kolumn {error.column}" if error.column else ""
    return f"{error.file}, rad {error.line}{column}: {error.message}"


def _tell(report: OfficialsReport) -> None:
    if report.must_be_confirmed:
        say("Det här skulle hända:")
    say(f"Rader: {report.added} tillagda, {report.changed} ändrade, {report.ended} avslutade.")
    effect = report.effect
    _list("Organ som upphör", map(_ceased, effect.bodies_ceased))
    _list("Organ som förlorar alla kommande sammanträden", map(_lost, effect.meetings_lost))
    _list("Uppdrag som står utan innehavare", (f"{post.body}: {post.title}" for post in effect.posts_vacant))
    _list("Frågan om nya uppdrag blir besvarad av listan för", effect.handovers_confirmed)
    _list("Ärenden som får andra dagar", map(_moved, effect.cases_moved))


def _list(heading: str, lines: Iterable[str]) -> None:
    found = list(lines)
    if found:
        say("\n  ".join([f"{heading}:", *found]))


def _ceased(body: CeasedBody) -> str:
    told = [
        f"{counted(count, 'öppet ärende', 'öppna ärenden')} {what}"
        for count, what in ((body.cases_to_coordinator, "går till samordnaren"), (body.cases_ended, "avslutas"))
        if count
    ]
    return f"{body.body} (från {body.ceases_on}): {', '.join(told) or 'inga öppna ärenden'}."


def _lost(lost: LostMeetings) -> str:
    first, last = lost.meetings[0], lost.meetings[-1]
    if first == last:
        return f"{lost.body}: {first}"
    return f"{lost.body}: {len(lost.meetings)} dagar, {first} till {last}"


def _moved(case: MovedCase) -> str:
    about = f", {case.policy}" if case.policy else ""
    days = [("frist", case.due_on_before, case.due_on), ("sammanträde", case.meeting_on_before, case.meeting_on)]
    changed = [
        f"{name} {after or 'saknas'} (var {before or 'inget'})" for name, before, after in days if before != after
    ]
    return (
        f"{case.body}: {case.round}{about}. Ärende {case.case_id}: {', '.join(changed) or 'ny dag för handlingarna'}."
    )
