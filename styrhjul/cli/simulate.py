"""Simulate whole terms of office, and say what did not hold and how to see it again."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, print_json, say, sound_day
from styrhjul.cli.progress import progress_bar
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.services.simulation.simulate import Simulated

_DAY = ["%Y-%m-%d"]
_MOST_SHOWN = 20


def simulate(
    since: Annotated[
        datetime, typer.Option("--from", formats=_DAY, callback=sound_day, metavar="DATUM", help="Första dagen.")
    ],
    until: Annotated[
        datetime, typer.Option("--until", formats=_DAY, callback=sound_day, metavar="DATUM", help="Sista dagen.")
    ],
    seed: Annotated[int, typer.Option(metavar="TAL", help="Slumpens frö. Samma frö ger samma händelser.")] = 1,
    seeds: Annotated[int, typer.Option(min=1, metavar="ANTAL", help="Så många frön, från --seed och uppåt.")] = 1,
    municipalities: Annotated[int, typer.Option(min=1, metavar="ANTAL", help="Så många kommuner per frö.")] = 1,
    faults: Annotated[bool, typer.Option("--faults", help="Låt allt gå fel som kan gå fel.")] = False,
    trace: Annotated[
        Path | None, typer.Option(dir_okay=False, metavar="FIL", help="Skriv en rad per händelse i en fil.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the real services on a database in memory, with a clock that jumps, and judge what they did."""
    from config.garbage import look_seldom
    from config.logging import configure_logging
    from styrhjul.services.simulation.simulate import Span, Town
    from styrhjul.services.simulation.simulate import simulate as live

    if until < since:
        raise CommandFailed("--until ligger före --from. Byt plats på dagarna.")
    configure_logging("CRITICAL")  # what goes wrong in there is meant to
    look_seldom()
    span = Span(first=since.date(), last=until.date())
    towns = [
        Town.numbered(number, each, span, faults=faults)
        for each in range(seed, seed + seeds)
        for number in range(municipalities)
    ]
    totals, began = _Totals(), time.monotonic()
    with progress_bar("simulerar") as progress, _lines(trace) as write:
        for number, town in enumerate(towns, 1):
            lived = live(town)
            totals.add(lived)
            write(lived)
            progress(number, len(towns))
            if lived.broken:  # the first is enough to work on
                break
    totals.seconds = round(time.monotonic() - began, 2)
    again = _again(since, until, totals, municipalities=municipalities, faults=faults)
    _show(totals, again, as_json=as_json)


@dataclass(slots=True)
class _Totals:
    days: int = 0
    cases: int = 0
    notices: int = 0
    mails: int = 0
    late: int = 0
    missed: int = 0
    duplicates: int = 0
    seconds: float = 0.0
    lives: int = 0
    slugs: list[str] = field(default_factory=list)
    broken: list[dict[str, object]] = field(default_factory=list)

    def add(self, lived: Simulated) -> None:
        for name in ("days", "cases", "notices", "mails", "late", "missed", "duplicates"):
            setattr(self, name, getattr(self, name) + getattr(lived, name))
        self.lives += 1
        self.slugs += [] if lived.slug in self.slugs else [lived.slug]
        self.broken += [{"seed": lived.seed, "municipality": lived.slug, "what": what} for what in lived.broken]


@contextlib.contextmanager
def _lines(file: Path | None) -> Iterator[Callable[[Simulated], None]]:
    """Write each life's trace into the file, if one is wanted."""
    if file is None:
        yield lambda _: None
        return
    with file.open("w", encoding="utf-8", newline="\n") as written:
        yield lambda lived: written.writelines(f"{line}\n" for line in lived.trace)


def _again(since: datetime, until: datetime, totals: _Totals, *, municipalities: int, faults: bool) -> str:
    """Return the command that shows the same again."""
    if not totals.broken:
        return ""
    parts = ["styrhjul simulate", f"--from {since:%Y-%m-%d}", f"--until {until:%Y-%m-%d}"]
    parts += [f"--seed {totals.broken[0]['seed']}"]
    parts += [f"--municipalities {municipalities}"] if municipalities > 1 else []
    return " ".join([*parts, *(["--faults"] if faults else []), "--trace trace.txt"])


def _show(totals: _Totals, again: str, *, as_json: bool) -> None:
    if as_json:
        told = {name: value for name, value in asdict(totals).items() if name not in ("lives", "slugs")}
        print_json(told | {"again": again} if again else told)
    else:
        print(_said(totals))
        for each in totals.broken[:_MOST_SHOWN]:
            print(f"  frö {each['seed']}, {each['municipality']}: {each['what']}")
    if totals.broken:
        say(f"styrhjul: något höll inte. Se det igen: {again}")
        raise typer.Exit(1)


def _said(totals: _Totals) -> str:
    return (
        f"{counted(totals.lives, 'kommun', 'kommuner')} ({', '.join(totals.slugs)}), "
        f"{counted(totals.days, 'dag', 'dagar')} på {totals.seconds} s: "
        f"{counted(totals.cases, 'ärende', 'ärenden')}, {counted(totals.notices, 'avisering', 'aviseringar')}, "
        f"{totals.mails} mejl. {totals.late} för sent, {totals.missed} missade, {totals.duplicates} dubbla."
    )
