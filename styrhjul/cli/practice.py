"""`styrhjul practice`: what the municipality has decided of how it works."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from styrhjul.cli.context import (
    AsJson,
    CommandFailed,
    MunicipalitySlug,
    OnDay,
    open_installation,
    open_to_look,
    print_json,
    say,
)

if TYPE_CHECKING:
    from styrhjul.services.municipality.practice import OwnPractice

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag")
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")
_SWITCH = {"on": True, "off": False}


@app.command(help="Visa hur kommunen arbetar.")
def show(municipality: MunicipalitySlug, on: OnDay = None, as_json: AsJson = False) -> None:
    """Show how the municipality works."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.municipality.practice import show_practice

    installation = open_to_look(on)
    own = show_practice(installation.database, municipality_by(installation.database, municipality).municipality_id)
    if as_json:
        print_json(_document(own))
        return
    for name, value in _in_words(own).items():
        print(f"{name:<28} {value}")


@app.command(name="set", help="Ändra hur kommunen arbetar. Det som inte nämns blir som förut.")
def set_own(
    *,
    municipality: MunicipalitySlug,
    digest_day: Annotated[
        str | None, typer.Option(metavar="VECKODAG", help="Kommunchefens veckobrev: måndag till fredag.")
    ] = None,
    rest_months: Annotated[
        str | None, typer.Option(metavar="MÅNADER", help="Månader utan utskick, som 7 eller 7,8. none: inga.")
    ] = None,
    office_hours: Annotated[
        str | None, typer.Option(metavar="TIDER", help="När mejl skickas, som 08:00-17:00. Svensk tid.")
    ] = None,
    first_year_goals: Annotated[
        str | None,
        typer.Option(metavar="VEM", help="Målen för mandatperiodens första år: new_committee eller outgoing."),
    ] = None,
    currency_review: Annotated[
        str | None, typer.Option(metavar="on|off", help="Aktualitetspröva varje dokument en gång om året.")
    ] = None,
    chief_executive_title: Annotated[
        str | None, typer.Option(metavar="TITEL", help="Vad kommunen kallar sin kommunchef.")
    ] = None,
    phone: Annotated[
        str | None, typer.Option(metavar="NUMMER", help="Numret som mejlen hänvisar frågor till. none: inget.")
    ] = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Change how the municipality works. What is not named stays as it was."""
    wanted: dict[str, Any] = {"chief_executive_title": chief_executive_title, "phone": "" if phone == "none" else phone}
    wanted |= {"digest_weekday": _weekday(digest_day), "rest_months": _months(rest_months)}
    wanted |= {"first_year_goals": _first_year(first_year_goals), "currency_review": _switch(currency_review)}
    wanted["office_opens"], wanted["office_closes"] = _hours(office_hours)
    if all(value is None for value in wanted.values()):
        raise typer.BadParameter("skriv minst en sak att ändra, till exempel --digest-day torsdag")
    changed, own = _set(municipality, on, wanted)
    if as_json:
        print_json({"changed": changed, **_document(own)})
    else:
        say("Ändringen är införd och alla ärenden räknas om." if changed else "Inget har ändrats: så var det redan.")


def _set(municipality: str, on: datetime | None, wanted: dict[str, Any]) -> tuple[tuple[str, ...], OwnPractice]:
    """Carry out the change; return the names of what changed, and how the municipality works now."""
    from styrhjul.domain.practice import NoSuchPractice
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.municipality.practice import PracticeChange, set_practice, show_practice

    installation = open_installation(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    try:
        changed = set_practice(
            installation.database, municipality_id, PracticeChange(**wanted), installation.clock.now()
        )
    except NoSuchPractice as refusal:
        raise CommandFailed(str(refusal)) from None
    return changed, show_practice(installation.database, municipality_id)


def _weekday(word: str | None) -> int | None:
    if word is None:
        return None
    if word.lower() not in WEEKDAYS:
        raise typer.BadParameter(f"{word}: skriv {', '.join(WEEKDAYS)}", param_hint="--digest-day")
    return WEEKDAYS.index(word.lower())


def _months(text: str | None) -> frozenset[int] | None:
    if text is None:
        return None
    if text.strip().lower() == "none":
        return frozenset()
    if not re.fullmatch(r"\s*\d{1,2}(\s*,\s*\d{1,2})*\s*", text):
        raise typer.BadParameter(f"{text}: skriv månadernas nummer, som 7 eller 7,8", param_hint="--rest-months")
    return frozenset(int(number) for number in text.split(","))


def _hours(text: str | None) -> tuple[time | None, time | None]:
    if text is None:
        return None, None
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text}: skriv tiderna som 08:00-17:00", param_hint="--office-hours")
    return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))


def _first_year(word: str | None) -> object:
    from styrhjul.domain.practice import FirstYearGoals

    if word is None:
        return None
    if word not in set(FirstYearGoals):
        raise typer.BadParameter(f"{word}: skriv {' eller '.join(FirstYearGoals)}", param_hint="--first-year-goals")
    return FirstYearGoals(word)


def _switch(word: str | None) -> bool | None:
    if word is None:
        return None
    if word not in _SWITCH:
        raise typer.BadParameter(f"{word}: skriv on eller off", param_hint="--currency-review")
    return _SWITCH[word]


def _document(own: OwnPractice) -> dict[str, object]:
    practice = own.practice
    return {
        "digest_day": WEEKDAYS[practice.digest_weekday],
        "rest_months": practice.rest_months,
        "free_days": {day.on.isoformat(): day.name for day in practice.free_days},
        "office_hours": f"{practice.office_opens:%H:%M}-{practice.office_closes:%H:%M}",
        "first_year_goals": practice.first_year_goals,
        "currency_review": practice.currency_review,
        "chief_executive_title": own.chief_executive_title,
        "phone": own.phone,
    }


def _in_words(own: OwnPractice) -> dict[str, str]:
    from styrhjul.domain.months import MONTHS
    from styrhjul.domain.practice import FirstYearGoals

    practice = own.practice
    new = practice.first_year_goals is FirstYearGoals.NEW_COMMITTEE
    return {
        "Kommunchefens veckobrev": WEEKDAYS[practice.digest_weekday],
        "Månader utan utskick": ", ".join(MONTHS[month - 1] for month in sorted(practice.rest_months)) or "inga",
        "Egna lediga dagar": ", ".join(f"{day.on.isoformat()} {day.name}" for day in practice.free_days) or "inga",
        "Mejl skickas": f"{practice.office_opens:%H:%M}–{practice.office_closes:%H:%M}",
        "Mål för periodens första år": "den nya nämnden" if new else "den avgående nämnden",
        "Årlig aktualitetsprövning": "ja" if practice.currency_review else "nej",
        "Kommunchefen kallas": own.chief_executive_title,
        "Telefon i mejlen": own.phone or "inget nummer",
    }
