"""One document on the command line: what was read, whom it would bind, what a new edition of it changes."""

from __future__ import annotations

import dataclasses
import re
import shlex
import stat
from typing import TYPE_CHECKING, Any, NamedTuple

from styrhjul.cli.context import say
from styrhjul.cli.words import CONFIDENCE_WORDS, why_not

if TYPE_CHECKING:
    from pathlib import Path

    from styrhjul.services.policies.edition_effect import DutyChange, EditionChange
    from styrhjul.services.policies.file import ReadFile
    from styrhjul.services.policies.intake import ImportReport
    from styrhjul.services.policies.proposal import Organisation, Proposal


#: What a terminal obeys, and what no text can say; a file may be called anything.
_UNSAYABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class ReadDocument(NamedTuple):
    """A file as it was read, and what it proposes where it belongs."""

    file: Path
    read: ReadFile
    municipality_id: str | None
    organisation: Organisation | None
    proposal: Proposal


def name_of(file: Path | str) -> str:
    """Return a file's name as it can be shown."""
    return _UNSAYABLE.sub("\N{REPLACEMENT CHARACTER}", str(file))


def read_path(file: Path, name: str, *, ocr: bool) -> ReadFile:
    """Return what a file says, under this name. Raises UnreadableDocument, also where there is no file.

    What is no ordinary file is not opened, for a pipe may never end; of a large one no more is read than is taken.
    """
    from styrhjul.documents import MOST_BYTES, UnreadableDocument
    from styrhjul.services.policies.file import read_file

    try:
        if not stat.S_ISREG(file.stat().st_mode) and not file.is_dir():
            raise UnreadableDocument(name, "det är ingen vanlig fil. Kopiera innehållet till en fil och läs in den.")
        with file.open("rb") as opened:
            return read_file(opened.read(MOST_BYTES + 1), name, ocr=ocr)
    except OSError as error:
        raise UnreadableDocument(name, f"{why_not(error)}. Kontrollera sökvägen.") from error


def as_line(document: ReadDocument, report: ImportReport | None) -> dict[str, Any]:
    """Return a document as the label files have it; what follows from its last day stands apart from its sentences."""
    proposal = document.proposal
    line = {"file": name_of(document.file), **dataclasses.asdict(proposal.reading.metadata)}
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
        if report.change is not None:
            line["change"] = dataclasses.asdict(report.change)
    return line


def _followed(document: ReadDocument) -> list[str | None]:
    from styrhjul.services.policies.following import following

    return [following(duty).lifecycle for duty in document.proposal.duties]


def _bound(document: ReadDocument) -> list[tuple[list[str] | None, str | None]]:
    """Per duty, the names of the bodies it binds and why; None and None where no organisation is known."""
    if document.organisation is None:
        return [(None, None)] * len(document.proposal.duties)
    names = {body.body_id: body.name for body in document.organisation.bodies}
    return [([names[i] for i in binding.body_ids], binding.why) for binding in document.proposal.bindings]


def show(document: ReadDocument, report: ImportReport | None) -> None:
    """Print a document with its duties, and what was stored of it."""
    from styrhjul.cli.duty_text import asks, when, whom
    from styrhjul.services.policies.following import following
    from styrhjul.services.words import followed_as

    proposal = document.proposal
    metadata = proposal.reading.metadata
    print(f"{name_of(document.file)}: {metadata.title or 'utan titel'} ({metadata.municipality or 'okänd kommun'})")
    if report is not None and report.change is not None:
        print_change(report.change)
        return
    for duty, lifecycle, (bodies, _) in zip(proposal.duties, _followed(document), _bound(document), strict=True):
        bound = f" → {whom(duty, bodies)}" if bodies is not None else ""
        print(f"  {asks(duty)} ({CONFIDENCE_WORDS[duty.confidence]}){bound}")
        print(f"    {when(duty)}. {following(duty).unfit or followed_as(lifecycle, duty.modality)}")
        print(f"    {' '.join(duty.quote.split())}")
    for warning in proposal.warnings if report is None else report.warnings:
        say(f"  {warning}")
    if report is None:
        say("  Förslag. Inget är lagrat; lägg till --confirm för att lagra.")
        say(f"  Vad texten lämnar oklart visas av: styrhjul policy lint {shlex.quote(str(document.file))}")
        return
    say(f"  {report.confirmed} bekräftade, {report.proposed} väntar på en människa.")
    if not report.released:
        say("  Inga mejl om dokumentet skickas än. Se vad som skulle skickas med: styrhjul policy release")


def print_change(change: EditionChange) -> None:
    """Print what a new edition changes: its duties by what became of them, then the open cases."""
    from styrhjul.services.policies.edition_diff import FATE_WORDS, Fate
    from styrhjul.services.words import LIFECYCLE_WORDS

    for fate in Fate:
        duties = change.of(fate)
        print(f"  {FATE_WORDS[fate]}: {len(duties)}")
        for duty in duties if fate is not Fate.KEPT else [each for each in duties if each.why]:
            _print_duty(duty)
    for case in change.cases:
        told = {Fate.KEPT: "fortsätter", Fate.CHANGED: "fortsätter, med de nya orden", Fate.GONE: "avslutas"}[case.fate]
        print(f"  Ärende: {LIFECYCLE_WORDS[case.lifecycle]}, {case.body}, {case.period}: {told}")


def _print_duty(duty: DutyChange) -> None:
    from styrhjul.services.words import ACTION_WORDS

    print(f"    {ACTION_WORDS[duty.kind]}{' (väntar på att bekräftas)' if duty.waits else ''}. {duty.why}".rstrip())
    for sign, quote in (("-", duty.was), ("+", duty.now)):
        if quote is not None and (duty.was != duty.now or sign == "+"):
            print(f"      {sign} {' '.join(quote.split())}")
