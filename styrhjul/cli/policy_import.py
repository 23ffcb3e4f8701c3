"""`styrhjul import`, or `styrhjul policy import`: documents and whole folders in, as a proposal or confirmed."""

from __future__ import annotations

import dataclasses
from functools import partial
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.ask import asked
from styrhjul.cli.context import AsJson, CommandFailed, OnDay, open_installation, print_json, say
from styrhjul.cli.policy_batch import bring_in
from styrhjul.cli.policy_text import ReadDocument, as_line, name_of, print_change, read_path, show

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from styrhjul.db.session import Database
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.policies.intake import ImportReport, PolicyText
    from styrhjul.services.policies.store import Signed


def import_policies(
    files: Annotated[list[Path], typer.Argument(metavar="FIL…", help="Styrdokument, eller mappar med styrdokument.")],
    municipality: Annotated[
        str | None,
        typer.Option(metavar="KORTNAMN", help="Kommunens kortnamn. Annars den kommun som dokumentet nämner."),
    ] = None,
    edition_of: Annotated[
        str | None,
        typer.Option("--edition-of", metavar="KORTNAMN", help="Filen är en ny utgåva av det här dokumentet."),
    ] = None,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm",
            help="Lagra: filer alla eller ingen, ur en mapp de klara. Skyldigheter som är säkra bekräftas.",
        ),
    ] = False,
    by: Annotated[
        str | None,
        typer.Option(metavar="BEFATTNING", help="Vem som bekräftar det säkra. Annars den som är inloggad på datorn."),
    ] = None,
    ocr: Annotated[bool, typer.Option("--ocr", help="Läs inskannade pdf-sidor med programmet tesseract.")] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Read policy documents. Without --confirm their duties are proposed and nothing is stored."""
    installation = open_installation(on)
    signed = _signed(installation, by)
    if edition_of is not None:
        read = partial(_read, installation.database, slug=municipality, ocr=ocr)
        _edition(installation, files, edition_of, read, signed, confirm=confirm, as_json=as_json)
        return
    if any(file.is_dir() for file in files) or (len(files) > 1 and not as_json):
        bring_in(installation, files, municipality, signed, confirm=confirm, as_json=as_json, ocr=ocr)
        return
    # All are read before any is stored, so that a bad file among good ones changes nothing.
    documents = [_read(installation.database, file, slug=municipality, ocr=ocr) for file in files]
    documents = [_bind(installation.database, document, signed.now, confirm=confirm) for document in documents]
    reports = _store(installation.database, documents, signed) if confirm else [None] * len(documents)
    for document, report in zip(documents, reports, strict=True):
        if as_json:
            print_json(as_line(document, report))
        else:
            show(document, report)


def _signed(home: Installation, by: str | None) -> Signed:
    """Return who confirms what is sure: whoever is named, otherwise the operating system's user."""
    from styrhjul.services.policies.store import Signed

    return Signed(by=by or f"import ({getuser()})", now=home.clock.now(), confirm=True)


def _read(database: Database, file: Path, *, slug: str | None, ocr: bool) -> ReadDocument:
    from styrhjul.documents import UnreadableDocument
    from styrhjul.services.municipality.directory import municipality_by, municipality_named
    from styrhjul.services.policies.proposal import propose

    try:
        read = read_path(file, name_of(file), ocr=ocr)
    except UnreadableDocument as error:
        raise CommandFailed(str(error)) from error
    proposal = propose(read.text)
    named = proposal.reading.metadata.municipality
    found = municipality_by(database, slug).municipality_id if slug else municipality_named(database, named or "")
    return ReadDocument(file, read, found, None, proposal)


def _bind(database: Database, document: ReadDocument, now: datetime, *, confirm: bool) -> ReadDocument:
    """Read the document against its municipality's organisation; a proposal does without where that cannot be."""
    from styrhjul.services.policies.intake import NoOrganisation, organisation_of
    from styrhjul.services.policies.proposal import UnknownAdopter, mismatch, propose

    if document.municipality_id is None:
        if confirm:
            raise CommandFailed(
                f"{name_of(document.file)}: kommunen går inte att läsa ut. Ange den med --municipality."
            )
        return document
    if confirm and not document.proposal.seems_adopted:
        raise CommandFailed(
            f"{name_of(document.file)}: texten nämner varken vem som har antagit den, när eller någon skyldighet. "
            "Inget är inläst. Är det ändå ett styrdokument läser du in det på webben, där du ser det först."
        )
    try:
        organisation = organisation_of(database, document.municipality_id, now)
        if confirm and (elsewhere := mismatch(document.proposal.reading.metadata, organisation)):
            raise CommandFailed(
                f"{name_of(document.file)}: {' '.join(elsewhere)} Inget är inläst. "
                "Hör det ändå hit läser du in det på webben, där du ser det först."
            )
        return document._replace(organisation=organisation, proposal=propose(document.read.text, organisation))
    except (NoOrganisation, UnknownAdopter) as error:
        if confirm:
            raise CommandFailed(f"{name_of(document.file)}: {error}") from error
        warnings = (*document.proposal.warnings, str(error))
        return document._replace(proposal=dataclasses.replace(document.proposal, warnings=warnings))


def _store(database: Database, documents: list[ReadDocument], signed: Signed) -> list[ImportReport | None]:
    from styrhjul.services.policies.intake import RefusedDocument, import_policies
    from styrhjul.services.policies.store import TitleTaken
    from workflows import LIFECYCLES

    texts = [_as_text(document) for document in documents]
    try:
        return [*import_policies(database, texts, signed, LIFECYCLES)]
    except RefusedDocument as fault:
        if isinstance(fault.__cause__, TitleTaken):
            raise CommandFailed(f"{fault} {_AS_EDITION}") from fault
        raise


_AS_EDITION = "Är det en ny utgåva lägger du till --edition-of KORTNAMN; styrhjul policy list visar kortnamnen."


def _as_text(document: ReadDocument) -> PolicyText:
    from styrhjul.services.policies.intake import PolicyText

    file = dataclasses.replace(document.read, name=name_of(document.file))
    return PolicyText(municipality_id=document.municipality_id or "", file=file, proposal=document.proposal)


def _edition(
    home: Installation,
    files: list[Path],
    slug: str,
    read: Callable[[Path], ReadDocument],
    signed: Signed,
    *,
    confirm: bool,
    as_json: bool,
) -> None:
    """Show what a new edition changes and, with --confirm or a yes on a terminal, store it."""
    from styrhjul.services.policies.intake import import_edition, rehearse_edition
    from styrhjul.services.policies.named import policy_named
    from workflows import LIFECYCLES

    if len(files) != 1:
        raise CommandFailed("--edition-of tar en fil i taget.")
    document = _bind(home.database, read(files[0]), signed.now, confirm=True)
    slug = policy_named(home.database, document.municipality_id or "", slug)
    act = import_edition if confirm else rehearse_edition
    report = act(home.database, _as_text(document), slug, signed, LIFECYCLES)
    if as_json:
        print_json(as_line(document, report))
        return
    show(document, report)
    for warning in report.warnings:
        say(f"  {warning}")
    if confirm or report.duplicate:
        return
    if not asked("Läsa in utgåvan?"):
        say("  Inget är lagrat; lägg till --confirm för att lagra.")
        return
    stored = import_edition(home.database, _as_text(document), slug, signed, LIFECYCLES)
    if stored.change != report.change and stored.change is not None:
        print_change(stored.change)
    say("  Utgåvan är inläst.")
