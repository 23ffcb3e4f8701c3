"""A duty in words on the command line, and the words that a person may choose for it, the same in every command."""

from __future__ import annotations

from typing import Protocol

from styrhjul.cli.context import CommandFailed
from styrhjul.documents import recurrence_said
from styrhjul.domain.recurrence import UnknownRecurrence, parse_recurrence
from styrhjul.domain.vocabulary import ActionKind, Modality
from styrhjul.services.words import ACTION_WORDS, MODALITY_WORDS, recurrence


class ADuty(Protocol):
    """What is said of a duty, whether it is stored or was only just read."""

    @property
    def modality(self) -> Modality: ...
    @property
    def action_kind(self) -> ActionKind: ...
    @property
    def actor(self) -> str | None: ...
    @property
    def recurrence(self) -> str | None: ...
    @property
    def deadline(self) -> str | None: ...


def asks(duty: ADuty) -> str:
    """Return "bör: Redovisa": how strongly, and what."""
    return f"{MODALITY_WORDS[duty.modality]}: {ACTION_WORDS[duty.action_kind]}"


def whom(duty: ADuty, bodies: list[str] | tuple[str, ...]) -> str:
    """Return the bodies; where there are none, whom the text names that is no body here."""
    named = f" (textens ord: {duty.actor})" if duty.actor else ""
    return ", ".join(bodies) or f"ingen utpekad{named}"


def when(duty: ADuty) -> str:
    """Return how often and by when, or that the text says neither."""
    said = [words for words in (recurrence(duty.recurrence), duty.deadline) if words]
    return ", ".join(dict.fromkeys(said)) or "texten säger inte när"


def recurrence_meant(words: str) -> str | None:
    """Return the stored form of "varje år", "vartannat år" or `annual`; None for nothing. Raises CommandFailed."""
    if not words.strip():
        return None
    try:
        parse_recurrence(words)
    except UnknownRecurrence:
        said = recurrence_said(words)
        if said is None:
            raise CommandFailed(
                f"”{words}” säger inte hur ofta. Skriv varje år, varje halvår, varje tertial, varje kvartal, varje "
                "månad, varje mandatperiod, vartannat år, vart tredje år eller en gång."
            ) from None
        return said
    return words
