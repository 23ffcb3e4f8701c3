"""A backup of everything, putting it back, and the drill that tries both."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, open_installation, print_json, say
from styrhjul.cli.progress import progress_bar

if TYPE_CHECKING:
    from styrhjul.services.operations.drill import DrillReport


def backup(
    out: Annotated[Path, typer.Argument(metavar="FIL", help="Filen som skrivs. Den får inte finnas.")],
    as_json: AsJson = False,
    made: Annotated[
        bool, typer.Option("--made", help="Filen är gjord på annat sätt: anteckna bara att den finns.")
    ] = False,
) -> None:
    """Write a backup of the whole database, while everything runs."""
    from styrhjul.services.operations.backup import back_up, note_backup

    home = open_installation()
    if made:
        if not out.is_file():
            raise CommandFailed(f"{out} finns inte, så ingen säkerhetskopia antecknades.")
        if not out.stat().st_size:
            raise CommandFailed(f"{out} är tom, så ingen säkerhetskopia antecknades. Se efter varför den inte skrevs.")
        note_backup(home.database, out.stat().st_size, home.clock.now())
        say(f"Antecknat: {out} är en säkerhetskopia från i dag.")
        return
    with progress_bar("kopierar") as progress:
        size = back_up(home, out, progress)
    note_backup(home.database, size, home.clock.now())
    if as_json:
        print_json({"file": out, "bytes": size})
        return
    say(f"Säkerhetskopian ligger i {out}: {size // 1024} kB.")
    say("Nyckeln i STYRHJUL_SECRET_KEY är inte med, och utan den går väntande mejl inte att öppna: bevara den för sig.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FIL", exists=True, dir_okay=False, help="Filen från backup.")],
    by: Annotated[str, typer.Option(metavar="BEFATTNING", help="Vem som läser tillbaka. Skrivs i journalen.")],
) -> None:
    """Fill an empty database from a backup, and hold everything that would leave by itself."""
    from config.settings import load_settings
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.operations.restore import put_back

    home = Installation.open(load_settings())
    put_back(home, file, by=by, now=home.clock.now())
    say("Databasen är återläst, och inget skickas av sig självt. Nu:")
    say("  styrhjul hold reconcile LOGG    stäm av mot mejlserverns logg sedan säkerhetskopian")
    say("  styrhjul hold end --by VEM      släpp utskicken")


def drill(as_json: AsJson = False) -> None:
    """Rehearse a loss in a folder of its own: back up, lose the database, put it back, reconcile."""
    from config.logging import configure_logging
    from config.settings import load_settings
    from styrhjul.cli.demo import forget_what_is_set
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.operations.drill import drill as rehearse

    forget_what_is_set()
    configure_logging("ERROR")
    with tempfile.TemporaryDirectory(prefix="styrhjul-drill-") as folder:
        home = Installation.open(load_settings().model_copy(update={"data_dir": Path(folder) / "var"}))
        home.migrate()
        database = Path(str(home.database.url.database))
        report = rehearse(home, Path(folder) / "backup.db", lambda: _lose(database), say)
        home.close()
    if as_json:
        print_json(report)
    else:
        _print(report)
    if not report.holds:
        raise typer.Exit(1)


def _lose(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()


_LINES = {
    "left_before": "mejl hade skickats före säkerhetskopian",
    "left_since": "mejl skickades efter den",
    "sent_while_held": "mejl skickades medan utskicken hölls (ska vara 0)",
    "marked": "väntande mejl antecknades som skickade, enligt mejlservern",
    "told_anew": "mejl var okända efter återläsningen",
    "sent_after": "mejl skickades när utskicken släpptes",
    "doubled": "mejl skickades två gånger (ska vara 0)",
    "broken_seals": "rader i journalen håller inte (ska vara 0)",
}


def _print(report: DrillReport) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for name, words in _LINES.items():
        table.add_row(str(getattr(report, name)), words)
    Console().print(table)
    print("Övningen höll." if report.holds else "Övningen höll inte.")
