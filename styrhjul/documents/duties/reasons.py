"""Why a rule saw a duty, in Swedish, for the person who confirms it."""

from __future__ import annotations

from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality

_KINDS = {
    ActionKind.SET_GOALS: "att sätta mål",
    ActionKind.ACTION_PLAN: "att ta fram en handlingsplan",
    ActionKind.FOLLOW_UP: "uppföljning",
    ActionKind.REPORT: "redovisning",
    ActionKind.REVISE: "revidering av dokumentet",
    ActionKind.OTHER_DUTY: "något annat än mål, plan, uppföljning, redovisning eller revidering",
}
_NAMES = {
    ActionKind.SET_GOALS: "Mål",
    ActionKind.ACTION_PLAN: "Handlingsplan",
    ActionKind.FOLLOW_UP: "Uppföljning",
    ActionKind.REPORT: "Redovisning",
    ActionKind.REVISE: "Revidering",
    ActionKind.OTHER_DUTY: "Uppgift",
}
_DOUBTS = {
    Confidence.HIGH: "",
    Confidence.MEDIUM: " Regeln är ganska säker: kontrollera mot texten.",
    Confidence.LOW: " Regeln är osäker: kontrollera mot texten.",
}
_STRENGTHS = {
    Modality.MUST: "bindande",
    Modality.SHOULD: "en rekommendation",
    Modality.MAY: "en möjlighet",
    Modality.MUST_NOT: "ett förbud",
}


def reason_for(kind: ActionKind, modality: Modality, binding_words: str, action_words: str) -> str:
    """Say which words bind and which name the action."""
    strength = _STRENGTHS[modality]
    binds = (
        f"”{binding_words}” gör meningen till {strength}"
        if modality is not Modality.MUST
        else f"”{binding_words}” är bindande"
    )
    if not binding_words:
        binds = "Meningen står i presens, vilket är bindande i ett styrdokument"
    if not action_words:
        return f"{binds}. Den gäller {_KINDS[kind]}."
    return f"{binds}. ”{action_words}” visar att det gäller {_KINDS[kind]}."


def reason_for_field(kind: ActionKind, label: str) -> str:
    """Say that the duty stands in the document's own table, not in a sentence."""
    return f"Fältet ”{label}” i dokumentets uppgifter anger när det ska ske. Det gäller {_KINDS[kind]}."


def reason_for_row(kind: ActionKind) -> str:
    """Say that a line without a verb tells what, with who or when."""
    return f"”{_NAMES[kind]}” står på en egen rad med vem eller när. Det gäller {_KINDS[kind]}."


def reason_for_purpose(kind: ActionKind, words: str) -> str:
    """Say that only a purpose speaks of it."""
    return (
        f"”{words}” står i ett syfte, utan ska, bör eller kan. Det kan gälla {_KINDS[kind]}. "
        "Avgör om det är en skyldighet."
    )


def reason_for_answerable(kind: ActionKind, words: str) -> str:
    """Say that the sentence names who answers."""
    return f"Meningen anger vem som är ansvarig för ”{words}”. Det gäller {_KINDS[kind]}."


def reason_in_full(seen: str, actor: str | None, confidence: Confidence) -> str:
    """Add to what a rule saw whom it read as the one to act, and what a person should look at where it is not sure.

    Where it read nobody, whoever finds the bodies that are bound says so, and whom the duty falls to instead.
    """
    who = f" Aktör: ”{actor}”." if actor else ""
    return f"{seen}{who}{_DOUBTS[confidence]}"
