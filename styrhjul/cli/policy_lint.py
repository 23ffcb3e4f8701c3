"""`styrhjul policy lint`: what a document leaves unclear, with the place and what to write instead."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, OnDay, open_installation, policy_meant, print_json, say
from styrhjul.cli.words import counted, why_not

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.policies.lint import LintLine


def lint(
    document: Annotated[str, typer.Argument(metavar="FIL|KORTNAMN", help="En fil, eller ett inläst dokument.")],
    municipality: Annotated[
        str | None, typer.Option(metavar="KORTNAMN", help="Kommunen, för ett inläst dokument.")
    ] = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Print what to look at, the whole document first and then in the order of the text."""
    installation = open_installation(on)
    lines = _of_policy(installation, municipality, document) if municipality else _of_file(installation, document)
    if as_json:
        print_json([dataclasses.asdict(line) for line in lines])
        return
    for line in lines:
        print(f"{line.place or 'hela dokumentet'}: {line.says}")
        if line.quote:
            print(f"    ”{line.quote}”")
        print(f"    {line.instead}")
    say(f"{counted(len(lines), 'sak', 'saker')} att se över." if lines else "Inget att anmärka.")


def _of_file(installation: Installation, name: str) -> tuple[LintLine, ...]:
    from styrhjul.documents import UnreadableDocument
    from styrhjul.domain.moment import local_date
    from styrhjul.services.policies.file import read_file
    from styrhjul.services.policies.lint import lint_text

    try:
        read = read_file(Path(name).read_bytes(), name)
    except OSError as error:
        raise CommandFailed(
            f"{name}: {why_not(error)}. Kontrollera sökvägen, eller ange --municipality för ett inläst dokument."
        ) from error
    except UnreadableDocument as error:
        raise CommandFailed(str(error)) from error
    return lint_text(read.text, local_date(installation.clock.now()), read.pages)


def _of_policy(installation: Installation, municipality: str, slug: str) -> tuple[LintLine, ...]:
    from styrhjul.services.policies.lint import lint_policy

    meant = policy_meant(installation, municipality, slug)
    return lint_policy(installation.database, municipality, meant, installation.clock.now())
