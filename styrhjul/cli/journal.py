"""The journal: its lines, and its hash chains."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import (
    AsJson,
    MunicipalitySlug,
    open_installation,
    open_to_look,
    policy_meant,
    print_json,
    say,
    sound_day,
)
from styrhjul.cli.progress import progress_bar
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.domain.journal import Entry

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command(
    "list",
    help="Visa journalens rader, den äldsta först: alla, ett ärendes eller ett styrdokuments. "
    "Med --json ett objekt per rad, med sigill.",
)
def list_(
    municipality: MunicipalitySlug,
    *,
    case: Annotated[str | None, typer.Option(metavar="ÄRENDE", help="Ärendets id, eller början av det.")] = None,
    policy: Annotated[
        str | None, typer.Option(metavar="KORTNAMN", help="Ett styrdokument, med ärendena om det.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], callback=sound_day, metavar="DATUM", help="Från och med den här dagen."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show lines of the journal."""
    from datetime import time

    from styrhjul.domain.moment import local_moment
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.records.journal import Wanted, journal_lines

    home = open_to_look()
    municipality_id = municipality_by(home.database, municipality).municipality_id
    wanted = Wanted(
        case=case,
        policy=policy_meant(home, municipality, policy) if policy is not None else None,
        since=local_moment(since.date(), time()) if since else None,
    )
    count = 0
    for entry, sealed in journal_lines(home.database, municipality_id, wanted):
        count += 1
        if as_json:
            print_json(_as_object(entry, sealed))
        else:
            _print(entry)
    say(f"{counted(count, 'rad', 'rader')}.")


def _as_object(entry: Entry, sealed: str) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "by": entry.by,
        "case_id": entry.case_id,
        "data": dict(entry.data),
        "seal": sealed,
    }


def _print(entry: Entry) -> None:
    from styrhjul.reports.audit_words import local
    from styrhjul.services.records.journal_words import JOURNAL_WORDS

    data = json.dumps(dict(entry.data), ensure_ascii=False)
    cells = (entry.number, local(entry.at), JOURNAL_WORDS[entry.kind], entry.by, (entry.case_id or "")[:8], data)
    print("\t".join(map(str, cells)))


@app.command("verify", help="Kontrollera att varje rad i varje journal är som den skrevs.")
def verify(as_json: AsJson = False) -> None:
    """Check that every line of every journal is still what was written."""
    from styrhjul.services.records.journal import note_check, verify_journals

    home = open_installation()
    with progress_bar("kontrollerar") as progress:
        report = verify_journals(home.database, progress)
    note_check(home.database, report, home.clock.now())
    if as_json:
        print_json(report)
    else:
        say(f"{counted(report.entries, 'rad', 'rader')} kontrollerade, {len(report.broken)} fel.")
        for broken in report.broken:
            say(f"  {broken.municipality or broken.municipality_id} rad {broken.number}: {broken.fault}")
    if report.broken:
        raise typer.Exit(1)
