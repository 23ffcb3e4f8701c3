"""`styrhjul wording`: a municipality's own words in its mails, checked against every sample before they are saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    from styrhjul.services.municipality.wording import Wording

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Key = Annotated[str, typer.Argument(metavar="NYCKEL", help="Mejlets nyckel, som goals_warning, eller all för alla.")]
Part = Annotated[str, typer.Option(metavar="DEL", help="lead, extra eller contact.")]
Language = Annotated[str, typer.Option(metavar="SPRÅK", help="sv eller en.")]
By = Annotated[str, typer.Option(metavar="BEFATTNING", help="Vem som ändrar. Skrivs i journalen.")]


@app.command(name="list", help="Visa vilka egna ord kommunen har.")
def list_own(municipality: MunicipalitySlug, as_json: AsJson = False) -> None:
    """Show which own words there are."""
    found = _own(municipality)
    if as_json:
        print_json(found)
        return
    for row in found:
        aside = ", satt åt sidan" if row.is_set_aside else ""
        print(f"{row.key}  {row.language}  {row.part}  {row.changed_at:%Y-%m-%d} av {row.changed_by}{aside}")
    if not found:
        say("Kommunen har inga egna ord. Mejlen har de inbyggda.")


@app.command(help="Visa kommunens egna ord i ett mejl.")
def show(key: Key, municipality: MunicipalitySlug, as_json: AsJson = False) -> None:
    """Show the own words of one mail."""
    found = [row for row in _own(municipality) if row.key == key]
    if as_json:
        print_json(found)
        return
    for row in found:
        print(f"[{row.language}, {row.part}]\n{row.text.rstrip()}\n")
    if not found:
        say("Kommunen har inga egna ord där. Mejlet har de inbyggda.")


@app.command(name="set", help="Sätt egna ord från en fil, om de klarar alla exempel. Annars ändras inget.")
def set_own(
    key: Key,
    file: Annotated[Path, typer.Argument(metavar="FIL", exists=True, dir_okay=False, help="Filen med orden.")],
    *,
    municipality: MunicipalitySlug,
    part: Part,
    by: By,
    language: Language = "sv",
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Save a part's words, all or nothing."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.municipality.wording import Place, WrongWording, set_wording

    home = open_installation(on)
    municipality_id = municipality_by(home.database, municipality).municipality_id
    try:
        changed = set_wording(
            home.database,
            municipality_id,
            Place(key=key, language=language, part=part),
            file.read_text(encoding="utf-8"),
            base_url=home.settings.base_url,
            by=by,
            now=home.clock.now(),
        )
    except UnicodeDecodeError:
        raise CommandFailed(f"{file.name}: Filen är inte UTF-8. Spara om den som UTF-8.") from None
    except WrongWording as wrong:
        raise CommandFailed(f"{file.name}: {wrong}") from None
    if as_json:
        print_json({"changed": changed})
    else:
        say("Orden gäller från nästa mejl." if changed else "Inget har ändrats: så står det redan.")


@app.command(help="Ta bort egna ord, så att de inbyggda gäller igen.")
def remove(
    key: Key, *, municipality: MunicipalitySlug, part: Part, by: By, language: Language = "sv", on: OnDay = None
) -> None:
    """Let the built-in words stand again."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.municipality.wording import NoSuchWording, Place, remove_wording

    home = open_installation(on)
    municipality_id = municipality_by(home.database, municipality).municipality_id
    place = Place(key=key, language=language, part=part)
    try:
        remove_wording(home.database, municipality_id, place, by=by, now=home.clock.now())
    except NoSuchWording as nothing:
        raise CommandFailed(str(nothing)) from None
    say("De inbyggda orden gäller igen.")


@app.command(help="Visa vilka namn och filter ett mejls egna ord kan använda, och vilka delar som går att ändra.")
def names(key: Key, as_json: AsJson = False) -> None:
    """Show the names that a mail's own words may use."""
    from styrhjul.mail.wording import PARTS
    from styrhjul.mail.wording_names import FILTERS, explained

    try:
        found = explained(key)
    except KeyError:
        raise CommandFailed(f"Mejlet {key} finns inte. Skriv all för alla mejl.") from None
    if as_json:
        print_json({"names": dict(found), "parts": PARTS, "filters": FILTERS})
        return
    for name, meaning in found.items():
        print(f"{{{{ {name} }}}}".ljust(28) + meaning)
    for part, meaning in PARTS.items():
        print(f"{part}".ljust(28) + meaning)
    print("filter".ljust(28) + ", ".join(FILTERS))


def _own(slug: str) -> list[Wording]:
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.municipality.wording import list_wordings

    database = open_to_look().database
    return list_wordings(database, municipality_by(database, slug).municipality_id)
