"""`styrhjul import`: policy documents in, as a proposal or confirmed."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from styrhjul.cli.context import AsJson, CommandFailed, OnDay, open_installation, print_json, say
from styrhjul.cli.words import CONFIDENCE_WORDS

if TYPE_CHECKING:
    from datetime import datetime

    from styrhjul.db.session import Database
    from styrhjul.services.policy_import import ImportReport, Organisation, Proposal


class _Document(NamedTuple):
    file: Path
    text: str
    municipality_id: str | None
    organisation: Organisation | None
    proposal: Proposal


def import_policies(
    files: Annotated[list[Path], typer.Argument(metavar="FIL...", help="Styrdokument, .txt eller .md.")],
    municipality: Annotated[
        str | None,
        typer.Option(metavar="KORTNAMN", help="Kommunens kortnamn. Annars den kommun som dokumentet nämner."),
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Lagra dokumenten och bekräfta de säkra skyldigheterna.")
    ] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Read policy documents. Without --confirm their duties are proposed and nothing is stored."""
    installation = open_installation(on)
    now = installation.clock.now()
    # All are read before any is stored, so that a bad file among good ones changes nothing.
    documents = [_read(installation.database, file, municipality) for file in files]
    documents = [_bind(installation.database, document, now, confirm=confirm) for document in documents]
    for document in documents:
        report = _store(installation.database, document, now) if confirm else None
        if as_json:
            print_json(_as_line(document, report))
        else:
            _show(document, report)


def _read(database: Database, file: Path, slug: str | None) -> _Document:
    from styrhjul.documents import UnreadableDocument, decode
    from styrhjul.services.municipality import municipality_by_slug, municipality_named
    from styrhjul.services.policy_import import propose

    try:
        text = decode(file.read_bytes(), file.name)
    except OSError as error:
        raise CommandFailed(f"{file}: filen går inte att läsa ({error.strerror}). Kontrollera sökvägen.") from error
    except UnreadableDocument as error:
        raise CommandFailed(str(error)) from error
    proposal = propose(text)
    named = proposal.reading.metadata.municipality
    found = municipality_by_slug(database, slug) if slug else municipality_named(database, named or "")
    return _Document(file, text, found, None, proposal)


def _bind(database: Database, document: _Document, now: datetime, *, confirm: bool) -> _Document:
    """Read the document against its municipality's organisation; a proposal does without where that cannot be."""
    from styrhjul.services.policy_import import NoOrganisation, UnknownAdopter, organisation_of, propose

    if document.municipality_id is None:
        if confirm:
            raise CommandFailed(f"{document.file}: kommunen går inte att läsa ut. Ange den med --municipality.")
        return document
    try:
        organisation = organisation_of(database, document.municipality_id, now)
        return document._replace(organisation=organisation, proposal=propose(document.text, organisation))
    except (NoOrganisation, UnknownAdopter) as error:
        if confirm:
            raise CommandFailed(f"{document.file}: {error}") from error
        warnings = (*document.proposal.warnings, str(error))
        return document._replace(proposal=dataclasses.replace(document.proposal, warnings=warnings))


def _store(database: Database, document: _Document, now: datetime) -> ImportReport:
    from styrhjul.services.policy_import import TitleTaken, import_policy
    from workflows import LIFECYCLES

    try:
        return import_policy(
            database,
            document.municipality_id or "",
            document.text,
            confirm=True,
            by="import",
            now=now,
            lifecycles=LIFECYCLES,
        )
    except TitleTaken as error:
        raise CommandFailed(f"{document.file}: {error}") from error


def _as_line(document: _Document, report: ImportReport | None) -> dict[str, Any]:
    reading = document.proposal.reading
    line = {"file": str(document.file), **dataclasses.asdict(reading.metadata)}
    line["duties"] = [dataclasses.asdict(duty) for duty in reading.duties]
    for duty, (bodies, why) in zip(line["duties"], _bound(document), strict=True):
        duty["binds"], duty["why"] = bodies, why
    line["warnings"] = list(document.proposal.warnings if report is None else report.warnings)
    if report is not None:
        line |= {
            "policy_id": report.policy_id,
            "confirmed": report.confirmed,
            "proposed": report.proposed,
            "duplicate": report.duplicate,
        }
    return line


def _bound(document: _Document) -> list[tuple[list[str] | None, str | None]]:
    """Per duty, the names of the bodies it binds and why; None and None where no organisation is known."""
    if document.organisation is None:
        return [(None, None)] * len(document.proposal.reading.duties)
    names = {body.body_id: body.name for body in document.organisation.bodies}
    return [([names[i] for i in binding.body_ids], binding.why) for binding in document.proposal.bindings]


def _show(document: _Document, report: ImportReport | None) -> None:
    from styrhjul.services.words import ACTION_WORDS

    reading = document.proposal.reading
    print(
        f"{document.file}: {reading.metadata.title or 'utan titel'} ({reading.metadata.municipality or 'okänd kommun'})"
    )
    for duty, (bodies, _) in zip(reading.duties, _bound(document), strict=True):
        whom = f" → {', '.join(bodies) or 'ingen utpekad'}" if bodies is not None else ""
        print(f"  {ACTION_WORDS[duty.action_kind]} ({CONFIDENCE_WORDS[duty.confidence]}){whom}")
        print(f"    {' '.join(duty.quote.split())}")
    for warning in document.proposal.warnings if report is None else report.warnings:
        say(f"  {warning}")
    if report is None:
        say("  Förslag. Inget är lagrat; lägg till --confirm för att lagra.")
    else:
        say(f"  {report.confirmed} bekräftade, {report.proposed} väntar på en människa.")
