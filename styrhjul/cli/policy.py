"""`styrhjul import` and `styrhjul policy`: documents in, as a proposal or confirmed, and their mails let go."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from styrhjul.cli.context import AsJson, CommandFailed, MunicipalitySlug, OnDay, open_installation, print_json, say
from styrhjul.cli.policy_duty import app as duty_app
from styrhjul.cli.words import CONFIDENCE_WORDS, counted, why_not

if TYPE_CHECKING:
    from datetime import datetime

    from styrhjul.db.session import Database
    from styrhjul.services.policy_import import ImportReport, Organisation, Proposal

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(duty_app, name="duty", help="Visa, bekräfta, rätta, avvisa och lägg till skyldigheter.")


@app.callback()
def _policy() -> None:
    """Keep `release` a word of its own."""


@app.command(help="Visa vad som skulle skickas om inlästa dokument och, med --confirm, släpp fram det.")
def release(
    municipality: MunicipalitySlug,
    policy: Annotated[
        list[str] | None,
        typer.Option(metavar="KORTNAMN", help="Dokumentets kortnamn. Annars alla som väntar."),
    ] = None,
    *,
    confirm: Annotated[bool, typer.Option("--confirm", help="Släpp fram mejlen.")] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Show the load of the next twelve months and, with --confirm, let the mails leave."""
    from styrhjul.cli.load import print_load
    from styrhjul.services.municipality import municipality_by_slug
    from styrhjul.services.release import preview_release, release_policies

    installation = open_installation(on)
    municipality_id = municipality_by_slug(installation.database, municipality)
    act = release_policies if confirm else preview_release
    told = act(installation.database, municipality_id, policy, installation.clock.now())
    if as_json:
        print_json({"released": confirm, **dataclasses.asdict(dataclasses.replace(told, lines=()))})
        return
    print("\n".join(told.policies))
    print_load(told.load)
    if told.not_followed:
        closed = counted(told.not_followed, "ärende har", "ärenden har")
        say(f"{closed} för nära frist och antecknas utan att följas.")
    say("Mejlen får skickas från och med nu." if confirm else "Inget är släppt; lägg till --confirm för att släppa.")


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
        bool,
        typer.Option("--confirm", help="Lagra alla dokumenten eller inget. De säkra skyldigheterna bekräftas."),
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
    reports = _store(installation.database, documents, now) if confirm else [None] * len(documents)
    for document, report in zip(documents, reports, strict=True):
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
        raise CommandFailed(f"{file}: {why_not(error)}. Kontrollera sökvägen.") from error
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


def _store(database: Database, documents: list[_Document], now: datetime) -> list[ImportReport | None]:
    from styrhjul.services.policy_import import Document, import_policies
    from styrhjul.services.policy_store import Signed
    from workflows import LIFECYCLES

    texts = [
        Document(name=str(document.file), municipality_id=document.municipality_id or "", text=document.text)
        for document in documents
    ]
    return [*import_policies(database, texts, Signed(by="import", now=now, confirm=True), LIFECYCLES)]


def _as_line(document: _Document, report: ImportReport | None) -> dict[str, Any]:
    """Return a document as the label files have it; what follows from its last day stands apart from its sentences."""
    proposal = document.proposal
    line = {"file": str(document.file), **dataclasses.asdict(proposal.reading.metadata)}
    duties = [
        {**dataclasses.asdict(duty), "lifecycle": lifecycle, "binds": bodies, "why": why}
        for duty, lifecycle, (bodies, why) in zip(proposal.duties, _followed(document), _bound(document), strict=True)
    ]
    read = len(proposal.reading.duties)
    line["duties"], line["expiry"] = duties[:read], next(iter(duties[read:]), None)
    line["warnings"] = list(proposal.warnings if report is None else report.warnings)
    if report is not None:
        line |= {
            "policy_id": report.policy_id,
            "policy": report.slug,
            "confirmed": report.confirmed,
            "proposed": report.proposed,
            "duplicate": report.duplicate,
            "released": report.released,
        }
    return line


def _followed(document: _Document) -> list[str | None]:
    from styrhjul.services.following import following

    return [following(duty).lifecycle for duty in document.proposal.duties]


def _bound(document: _Document) -> list[tuple[list[str] | None, str | None]]:
    """Per duty, the names of the bodies it binds and why; None and None where no organisation is known."""
    if document.organisation is None:
        return [(None, None)] * len(document.proposal.duties)
    names = {body.body_id: body.name for body in document.organisation.bodies}
    return [([names[i] for i in binding.body_ids], binding.why) for binding in document.proposal.bindings]


def _show(document: _Document, report: ImportReport | None) -> None:
    from styrhjul.services.words import ACTION_WORDS, followed_as

    proposal = document.proposal
    metadata = proposal.reading.metadata
    print(f"{document.file}: {metadata.title or 'utan titel'} ({metadata.municipality or 'okänd kommun'})")
    for duty, lifecycle, (bodies, _) in zip(proposal.duties, _followed(document), _bound(document), strict=True):
        whom = f" → {', '.join(bodies) or 'ingen utpekad'}" if bodies is not None else ""
        print(f"  {ACTION_WORDS[duty.action_kind]} ({CONFIDENCE_WORDS[duty.confidence]}){whom}")
        print(f"    {followed_as(lifecycle, duty.modality)}")
        print(f"    {' '.join(duty.quote.split())}")
    for warning in proposal.warnings if report is None else report.warnings:
        say(f"  {warning}")
    if report is None:
        say("  Förslag. Inget är lagrat; lägg till --confirm för att lagra.")
        return
    say(f"  {report.confirmed} bekräftade, {report.proposed} väntar på en människa.")
    if not report.released:
        say("  Inga mejl om dokumentet skickas än. Se vad som skulle skickas med: styrhjul policy release")
