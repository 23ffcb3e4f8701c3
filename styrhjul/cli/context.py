"""What every command shares: its common options, the installation it works on, and how it prints."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation

_DAY = ["%Y-%m-%d"]


def sound_day(given: datetime | None) -> datetime | None:
    """Return a day that somebody wrote. Raises typer.BadParameter for one out of bounds."""
    from styrhjul.domain.given_day import day_fault

    if given and (fault := day_fault(given.date())):
        raise typer.BadParameter(fault[0].lower() + fault[1:])
    return given


AsJson = Annotated[bool, typer.Option("--json", help="Skriv JSON och inget annat på stdout.")]
OnDay = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        formats=_DAY,
        callback=sound_day,
        metavar="DATUM",
        help="Räkna som om det vore den här dagen kl. 09.00.",
    ),
]
Day = Annotated[
    datetime, typer.Option(formats=_DAY, callback=sound_day, metavar="DATUM", help="Dagen, som 2027-03-24.")
]
MunicipalitySlug = Annotated[str, typer.Option("--municipality", metavar="KORTNAMN", help="Kommunens kortnamn.")]

OneOrAll = Annotated[
    str | None, typer.Option("--municipality", metavar="KORTNAMN", help="Bara den här kommunen. Annars alla.")
]


class CommandFailed(RuntimeError):
    """A command cannot do what it was asked; the message says why and what to do."""


def open_installation(on: datetime | None = None) -> Installation:
    """Open the installation that the environment describes, its database up to date.

    With a day its clock stands at 09:00 in Stockholm on that day.
    """
    installation = _opened(on)
    installation.prepare()
    return installation


def open_to_look(on: datetime | None = None) -> Installation:
    """Do as `open_installation`, but make no database. Raises NoDatabase, which says where it looked."""
    installation = _opened(on)
    installation.refuse_missing()
    installation.prepare()
    return installation


def _opened(on: datetime | None) -> Installation:
    from config.clock import StoppedClock, at_nine
    from config.logging import configure_logging
    from config.settings import load_settings
    from styrhjul.services.foundation.installation import Installation

    settings = load_settings()
    configure_logging(settings.log_level)
    clock = StoppedClock(at_nine(on.date())) if on else None
    return Installation.open(settings, clock)


def policy_meant(installation: Installation, municipality: str, given: str) -> str:
    """Return the short name of the policy that is meant by its short name or the beginning of it.

    Raises UnknownMunicipality, and NoPolicyNamed with the nearest.
    """
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.named import policy_named

    return policy_named(
        installation.database, municipality_by(installation.database, municipality).municipality_id, given
    )


def refuse_rehearsal(installation: Installation, on: datetime | None) -> None:
    """Refuse to act on another day than today where mail really leaves: what is written then is not undone."""
    if on is not None and not installation.settings.is_embedded:
        raise CommandFailed(
            "--on skickar riktiga mejl och flyttar ärendena till en annan dag. Det går bara när mejlen fångas "
            "(STYRHJUL_SMTP_URL=catch:) och länkarna går till den egna datorn (STYRHJUL_BASE_URL). "
            "Räkna med --dry-run eller se dagarna med forecast."
        )


def print_json(document: Any) -> None:  # noqa: ANN401 - anything JSON can hold, dataclasses included
    """Print one JSON document on one line of stdout."""
    print(json.dumps(document, ensure_ascii=False, default=_as_json), flush=True)


def say(text: str) -> None:
    """Tell a person something, on stderr, where it disturbs no JSON."""
    print(text, file=sys.stderr, flush=True)


def _as_json(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
