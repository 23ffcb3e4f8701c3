"""The Swedish of a ladder: when a rung is reached, whom it speaks to, and where a due day comes from."""

from __future__ import annotations

from styrhjul.domain.rung import Anchor, Audience, Unit
from styrhjul.domain.vocabulary import DueBasis
from styrhjul.services.words import NOT_THE_TEXT

AUDIENCE_WORDS = {
    Audience.HOLDER: "den som svarar",
    Audience.CHAIR: "ordförande",
    Audience.VICE_CHAIR: "vice ordförande",
    Audience.SECRETARY: "sekreterare",
    Audience.BODY: "ordförande och sekreterare",
    Audience.DOCUMENT_OWNER: "dokumentets ägare",
    Audience.HEAD_OF_ADMINISTRATION: "förvaltningschef eller vd",
    Audience.CHIEF_EXECUTIVE: "kommunchef",
    Audience.EXECUTIVE_BOARD: "kommunstyrelsens funktionsbrevlåda",
    Audience.COORDINATOR: "samordnare",
}
#: So that a default is never shown as the document's own word.
BASIS_WORDS = {
    DueBasis.TEXT: "dokumentets text",
    DueBasis.CORRECTION: "kommunens rättelse, inte dokumentets text",
    DueBasis.DEFAULT: NOT_THE_TEXT,
    DueBasis.LAW: "lagen, inte dokumentets text",
    DueBasis.DECISION: "beslut i ärendet",
}
_ANCHORS = {Anchor.OPENING: "öppningen", Anchor.PAPERS: "handlingarna", Anchor.DUE: "fristen"}
_UNITS = {Unit.WORKING: ("arbetsdag", "arbetsdagar"), Unit.CALENDAR: ("dag", "dagar")}


def offset_in_words(anchor: str, days: int, unit: str, *, digest: bool) -> str:
    """Return "10 arbetsdagar före handlingarna", or "när ärendet öppnar"."""
    if days == 0 and anchor == Anchor.OPENING:
        return "när ärendet öppnar"
    one, several = _UNITS[Unit(unit)]
    side = "före" if days < 0 else "efter"
    counted = f"{abs(days)} {one if abs(days) == 1 else several} {side} {_ANCHORS[Anchor(anchor)]}"
    if days == 0:
        counted = f"samma dag som {_ANCHORS[Anchor(anchor)]}"
    return f"veckobrevet {counted} eller senare" if digest else counted
