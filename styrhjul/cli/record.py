"""Records for the registry: mails and answers as files with what the registry asks for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, MunicipalitySlug, open_to_look, print_json, say, sound_day
from styrhjul.cli.out import write_out
from styrhjul.cli.progress import progress_bar
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.services.records.saving import SavedRecords

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_DAY = ["%Y-%m-%d"]
OutFile = Annotated[Path, typer.Option("--out", metavar="FIL", help="Filen som skrivs. Den får inte finnas.")]
OutFolder = Annotated[
    Path,
    typer.Option(
        "--out",
        metavar="MAPP",
        help="En ny eller tom mapp, eller en ny fil som slutar på .zip.",
    ),
]


class MailFormat(StrEnum):
    """What a mail is saved as."""

    EML = "eml"
    PDF = "pdf"


class AnswerFormat(StrEnum):
    """What an answer is saved as."""

    PDF = "pdf"
    JSON = "json"


@app.command(help="Spara ett mejl som .eml med metadata bredvid (FIL.json), eller som PDF/A med mejlet inuti.")
def mail(
    wanted: Annotated[str, typer.Argument(metavar="MEJL", help="Mejlets Message-ID eller id.")],
    out: OutFile,
    as_: Annotated[MailFormat, typer.Option("--format", help="Filens format.")] = MailFormat.EML,
    as_json: AsJson = False,
) -> None:
    """Save a mail as .eml with its metadata beside it, or as PDF/A with the mail inside."""
    from styrhjul.services.records.file import mail_file
    from styrhjul.services.records.saving import find_mail_record

    record = find_mail_record(open_to_look().database, wanted)
    files = {out: mail_file(record, as_)}
    if as_ is MailFormat.EML:
        files[out.with_name(f"{out.name}.json")] = mail_file(record, "json")
    write_out(files)
    if as_json:
        print_json(record.metadata)
    else:
        say(f"Mejlet ”{record.metadata.subject}” ligger i {out}.")


@app.command(help="Spara svaret i ett ärende, med alla versioner, som PDF/A eller JSON.")
def answer(
    case: Annotated[str, typer.Argument(metavar="ÄRENDE", help="Ärendets id, eller början av det.")],
    out: OutFile,
    as_: Annotated[AnswerFormat, typer.Option("--format", help="Filens format.")] = AnswerFormat.PDF,
    as_json: AsJson = False,
) -> None:
    """Save the answer to a case, every version, as PDF/A or JSON."""
    from styrhjul.services.cases.decision import case_starting_with
    from styrhjul.services.records.file import answer_file
    from styrhjul.services.records.saving import answer_record_of

    database = open_to_look().database
    record = answer_record_of(database, *case_starting_with(database, case))
    write_out({out: answer_file(record, as_)})
    if as_json:
        print_json(record.metadata)
    else:
        say(f"{record.metadata.subject} ligger i {out}.")


@app.command(
    "case",
    help="Spara alla mejl i ett ärende, också inkomna, och svaret, med en förteckning (index.json och index.csv).",
)
def case_(
    case: Annotated[str, typer.Argument(metavar="ÄRENDE", help="Ärendets id, eller början av det.")],
    out: OutFolder,
    as_json: AsJson = False,
) -> None:
    """Save every mail of a case, those that came in too, and its answer, with an index."""
    from styrhjul.services.records.package import save_packed
    from styrhjul.services.records.saving import Source, save_case

    home = open_to_look()
    with progress_bar("sparar") as progress:
        source = Source(database=home.database, sealer=home.mailroom.sealer, now=home.clock.now(), progress=progress)
        saved = save_packed(out, lambda folder: save_case(source, case, folder))
    _tell(saved, as_json=as_json)


@app.command(
    help="Spara kommunens mejl, också inkomna, och svar från en dag till en annan, båda medräknade, med en förteckning."
)
def export(
    municipality: MunicipalitySlug,
    start: Annotated[
        datetime, typer.Option("--from", formats=_DAY, callback=sound_day, metavar="DATUM", help="Första dagen.")
    ],
    until: Annotated[
        datetime, typer.Option("--until", formats=_DAY, callback=sound_day, metavar="DATUM", help="Sista dagen.")
    ],
    out: OutFolder,
    as_json: AsJson = False,
) -> None:
    """Save a municipality's mails, those that came in too, and answers from one day to another, with an index."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.records.package import save_packed
    from styrhjul.services.records.saving import Source, save_span

    if until < start:
        raise CommandFailed(f"--until {until:%Y-%m-%d} ligger före --from {start:%Y-%m-%d}. Välj en senare dag.")
    home = open_to_look()
    municipality_id = municipality_by(home.database, municipality).municipality_id
    with progress_bar("sparar") as progress:
        source = Source(database=home.database, sealer=home.mailroom.sealer, now=home.clock.now(), progress=progress)
        days = (start.date(), until.date())
        saved = save_packed(out, lambda folder: save_span(source, municipality_id, days, folder))
    _tell(saved, as_json=as_json)


def _tell(saved: SavedRecords, *, as_json: bool) -> None:
    if as_json:
        print_json(saved)
        return
    came_in = f"{saved.came_in} {'inkommet' if saved.came_in == 1 else 'inkomna'}"
    files = counted(saved.files, "fil", "filer")
    say(f"{saved.mails} mejl, {came_in} och {saved.answers} svar ligger i {saved.out}, {files}.")
    if saved.left_out:
        say(f"{saved.left_out} mejl är inte med. Förteckningen säger varför.")
