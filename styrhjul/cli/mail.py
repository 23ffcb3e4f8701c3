"""Looking at mails before anybody gets them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, print_json, say

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """A group, although it has one command so far."""


@app.command("preview", help="Skriv ett mejl som .txt, .html och .eml, med exempeltext.")
def preview(
    key: Annotated[
        str | None, typer.Argument(metavar="NYCKEL", help="Mejlets nyckel, till exempel goals_reminder.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Alla mejl som finns.")] = False,
    out: Annotated[Path, typer.Option("--out", metavar="MAPP", help="Dit filerna skrivs.")] = Path("mail-preview"),
    language: Annotated[
        str, typer.Option("--language", metavar="SPRÅK", help="Mottagarens språk: sv eller en.")
    ] = "sv",
    as_json: AsJson = False,
) -> None:
    """Write a mail as .txt, .html and .eml, with sample content."""
    from styrhjul.services.mail_preview import mail_keys, mail_languages, write_preview

    keys, languages = mail_keys(), mail_languages()
    if language not in languages:
        raise CommandFailed(f"Språket {language} finns inte. De som finns är {', '.join(languages)}.")
    if everything == (key is not None):
        raise typer.BadParameter("skriv ett mejls nyckel, eller --all")
    if key is not None and key not in keys:
        raise CommandFailed(f"Mejlet {key} finns inte. De som finns är {', '.join(keys)}.")
    written = [path for each in ([key] if key else keys) for path in write_preview(each, out, language)]
    if as_json:
        print_json([str(path) for path in written])
    else:
        say(f"{len(written)} filer ligger i {out}.")
