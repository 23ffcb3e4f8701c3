"""Looking at mails: before anybody gets them, and while they wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, OnDay, open_to_look, print_json, say

if TYPE_CHECKING:
    from styrhjul.services.mailing.preview import Preview

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("waiting", help="Visa de mejl som väntar, äldst först: kommun, Message-ID, mottagarens domän och varför.")
def waiting(as_json: AsJson = False) -> None:
    """Show the mails that no server has taken, and what each waits for."""
    from styrhjul.domain.moment import swedish_time
    from styrhjul.services.delivery.waiting import waiting_mails

    home = open_to_look()
    count, mails = waiting_mails(home.database, home.clock.now())
    if as_json:
        print_json({"count": count, "mails": mails})
        return
    for mail in mails:
        print(f"{mail.municipality}  {mail.message_id}  {mail.domain}  {swedish_time(mail.since)}\n    {mail.why}")
    if not count:
        say("Inget mejl väntar.")
    elif count > len(mails):
        say(f"Fler väntar: {count} mejl i allt. Här är de {len(mails)} äldsta.")


@app.command("preview", help="Skriv mejl som .txt, .html och .eml, med exempeltext eller om ett riktigt ärende.")
def preview(
    key: Annotated[
        str | None, typer.Argument(metavar="NYCKEL", help="Mejlets nyckel, till exempel goals_reminder.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Alla mejl som finns.")] = False,
    municipality: Annotated[
        str | None, typer.Option(metavar="KORTNAMN", help="I kommunens namn och med dess egna ord.")
    ] = None,
    case: Annotated[
        str | None, typer.Option(metavar="ÄRENDE", help="Det som skulle skickas om ett riktigt ärende. Inget skickas.")
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="SPRÅK", help="Mottagarens språk: sv eller en. Ett ärende har sitt.")
    ] = "sv",
    rung: Annotated[str | None, typer.Option(metavar="STEG", help="Ett steg i ärendets trappa, som warning.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="MAPP", help="Dit filerna skrivs.")] = Path("mail-preview"),
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Write mails as .txt, .html and .eml: samples, a municipality's, or what would leave about a case."""
    from styrhjul.services.cases.decision import NoSuchCase
    from styrhjul.services.mailing.preview import NothingToPreview, write_preview

    if (key is not None) + everything + (case is not None) != 1:
        raise typer.BadParameter("skriv ett mejls nyckel, --all eller --case")
    if rung is not None and case is None:
        raise typer.BadParameter("--rung hör till --case")
    try:
        found = [_of_case(case, rung, on)] if case else list(_samples(key, language, municipality))
    except (NothingToPreview, NoSuchCase) as nothing:
        raise CommandFailed(str(nothing)) from None
    written = [path for each in found for path in write_preview(each, out)]
    if as_json:
        print_json([str(path) for path in written])
    else:
        say(f"{len(written)} filer ligger i {out}.")


def _samples(key: str | None, language: str, municipality: str | None) -> Iterator[Preview]:
    from styrhjul.services.mailing.preview import mail_keys, sample_preview
    from styrhjul.services.municipality.directory import municipality_by

    keys = [key] if key is not None else mail_keys()
    if municipality is None:
        yield from (sample_preview(each, language) for each in keys)
        return
    home = open_to_look()
    municipality_id = municipality_by(home.database, municipality).municipality_id
    for each in keys:
        yield sample_preview(
            each, language, database=home.database, municipality_id=municipality_id, base_url=home.settings.base_url
        )


def _of_case(case: str, rung: str | None, on: datetime | None) -> Preview:
    from config.clock import today
    from styrhjul.services.cases.decision import case_starting_with
    from styrhjul.services.mailing.preview import case_preview

    home = open_to_look(on)
    municipality_id, case_id = case_starting_with(home.database, case)
    day = today(home.clock.now())
    return case_preview(home.database, municipality_id, case_id, day, base_url=home.settings.base_url, rung=rung)
