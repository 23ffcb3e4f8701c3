"""Everything out into a file, and a file into an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, OnDay, open_installation, print_json, say
from styrhjul.cli.out import refuse_taken
from styrhjul.cli.progress import progress_bar
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.services.records.export import Imported


def export(
    out: Annotated[Path, typer.Option(metavar="FIL", help="Zip-filen som skrivs. Den får inte finnas.")],
    municipality: Annotated[
        str | None, typer.Option(metavar="KORTNAMN", help="Bara den här kommunen. Annars hela installationen.")
    ] = None,
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Write all of the database, as it stands at one moment, to a file."""
    from styrhjul.services.records.export import Wish, export_to

    refuse_taken(out)
    home = open_installation(on)
    with progress_bar("skriver") as progress:
        wish = Wish(
            now=home.clock.now(), secret=home.settings.effective_secret_key(), slug=municipality, progress=progress
        )
        done = export_to(home.database, out, wish)
    if as_json:
        print_json(done)
        return
    towns = counted(done.municipalities, "kommun", "kommuner")
    say(f"{counted(done.rows, 'rad', 'rader')} från {towns} ligger i {out}.")
    say(f"Kontrollsumma av allt: {done.sha256}")
    say("Det förseglade öppnas bara med nyckeln i STYRHJUL_SECRET_KEY. Den är inte med: bevara den för sig.")


def import_export(
    file: Annotated[Path, typer.Argument(metavar="FIL", exists=True, dir_okay=False, help="Zip-filen från export.")],
    other_key: Annotated[
        bool, typer.Option("--other-key", help="Läs in fast nyckeln är en annan. Det förseglade går aldrig att öppna.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read an export into an empty database, all of it or nothing."""
    from styrhjul.services.records.export import import_from

    home = open_installation()
    secret = home.settings.effective_secret_key()
    with progress_bar("läser") as progress:
        done = import_from(
            home.database, file, secret=secret, now=home.clock.now(), other_key=other_key, progress=progress
        )
    if as_json:
        print_json(done)
    else:
        _tell(done)
    if done.journal.broken:
        raise typer.Exit(1)


def _tell(done: Imported) -> None:
    from styrhjul.services.records.export import exported_in_words

    towns = counted(done.municipalities, "kommun", "kommuner")
    moment = exported_in_words(done.exported_at)
    say(f"{counted(done.rows, 'rad', 'rader')} från {towns} är inlästa, som de var {moment}.")
    say(f"Kontrollsumma av allt: {done.sha256}")
    say(
        "Ingenting lämnar den här databasen av sig självt förrän en person släpper det. Stoppa den gamla "
        "installationen först, och kör sedan: styrhjul hold end --by BEFATTNING"
    )
    if done.journal.broken:
        say("Journalen höll inte där exporten gjordes heller. Se vad som är fel med: styrhjul journal verify")
    else:
        say(f"Journalen håller: {counted(done.journal.entries, 'rad', 'rader')} kontrollerade.")
