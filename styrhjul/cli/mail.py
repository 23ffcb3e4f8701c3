"""Looking at mails before anybody gets them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, print_json, say

app = typer.Typer(help="Preview mails with sample content.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """A group, although it has one command so far."""


@app.command("preview")
def preview(
    key: Annotated[
        str | None, typer.Argument(metavar="KEY", help="The mail's key, for example goals_reminder.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every mail there is.")] = False,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")] = Path("mail-preview"),
    as_json: AsJson = False,
) -> None:
    """Write a mail as .txt, .html and .eml, with sample content."""
    from styrhjul.services.mail_preview import mail_keys, write_preview

    keys = mail_keys()
    if everything == (key is not None):
        raise typer.BadParameter("name one mail, or give --all")
    if key is not None and key not in keys:
        raise CommandFailed(f"there is no mail {key}; there are: {', '.join(keys)}")
    written = [path for each in ([key] if key else keys) for path in write_preview(each, out)]
    if as_json:
        print_json([str(path) for path in written])
    else:
        say(f"{len(written)} files in {out}")
