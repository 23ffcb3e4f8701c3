"""What a person says a sentence asks for, and what is wrong with it: the text's own word stands, or a reason does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from styrhjul.documents import FoundDuty
from styrhjul.documents.language.modality import find_governors
from styrhjul.domain.deadline import counts_from_event, deadline_rule
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.recurrence import UnknownRecurrence, parse_recurrence
from styrhjul.domain.vocabulary import ActionKind, Modality
from styrhjul.domain.written import LONG, SHORT, faults_in
from styrhjul.services.policies.following import Following, following

MOST_GOALS = 99
_STRENGTH = {Modality.MAY: 1, Modality.SHOULD: 2, Modality.MUST: 3, Modality.MUST_NOT: 3}
_WORDS = {Modality.MUST: "ska", Modality.SHOULD: "bör", Modality.MAY: "kan", Modality.MUST_NOT: "får inte"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a sentence asks for. None = the text does not state it; `deadline` is in the words of a text."""

    modality: Modality
    action_kind: ActionKind
    actor: str | None = None
    body_ids: tuple[str, ...] = ()
    holder: Holder = Holder.BODY
    recurrence: str | None = None
    deadline: str | None = None
    goal_min: int | None = None
    goal_max: int | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class TermsFault:
    """What is wrong, in Swedish, and the field that is to be mended."""

    field: str
    message: str


class DutyRefused(ValueError):
    """The decision about a duty cannot be made; the message says why in Swedish, `field` where."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def own_word(quote: str) -> Modality | None:
    """Return the strongest word with which a sentence binds by itself; None for one that has no such word."""
    found = find_governors(quote)
    main = [governor for governor in found if not governor.subordinate] or found
    return max((governor.modality for governor in main), key=_STRENGTH.__getitem__, default=None)


def followed(quote: str, terms: Terms, artefact: str | None) -> Following:
    """Return which lifecycle follows a sentence that asks for this; an unknown interval is none."""
    return following(
        FoundDuty(
            quote=quote,
            start=0,
            end=len(quote),
            actor=terms.actor,
            modality=terms.modality,
            action_kind=terms.action_kind,
            artefact=artefact,
            recurrence=terms.recurrence if _is_known(terms.recurrence) else None,
            deadline=terms.deadline,
            condition=terms.condition,
        )
    )


def faults_of(terms: Terms, follows: Following, before: Terms | None = None) -> list[TermsFault]:
    """Return what is wrong with the terms, in the order of the form; what stood there `before` may stand."""
    return [
        *_text_faults(terms),
        *_interval_faults(terms),
        *(_day_faults(terms, before) if follows.lifecycle is not None else ()),
        *_goal_faults(terms),
        *_body_faults(terms, follows),
    ]


def needs_reason(quote: str, modality: Modality, before: Modality | None = None) -> str | None:
    """Tell in Swedish why another strength than the text's own needs a reason; None where it needs none.

    A sentence without such a word has the strength it was read with.
    """
    said = own_word(quote) or before
    if said is None or said is modality:
        return None
    return f"Texten säger ”{_WORDS[said]}”. Skriv varför skyldigheten ska ha en annan styrka."


def _text_faults(terms: Terms) -> Iterator[TermsFault]:
    limits = (("actor", terms.actor, SHORT), ("condition", terms.condition, LONG), ("deadline", terms.deadline, SHORT))
    for field, text, at_most in limits:
        for fault in faults_in(text or "", at_most):
            yield TermsFault(field, f"{fault}.")
            break


def _interval_faults(terms: Terms) -> Iterator[TermsFault]:
    if not _is_known(terms.recurrence):
        yield TermsFault("recurrence", "Välj hur ofta, eller att texten inte säger det.")


def _is_known(recurrence: str | None) -> bool:
    try:
        parse_recurrence(recurrence)
    except UnknownRecurrence:
        return False
    return True


def _day_faults(terms: Terms, before: Terms | None) -> Iterator[TermsFault]:
    if terms.deadline is None:
        return
    if counts_from_event(terms.deadline):
        yield TermsFault("deadline", "Texten räknar från en händelse. Skriv en dag, till exempel senast 31 mars.")
    elif deadline_rule(terms.deadline) is None and (before is None or before.deadline != terms.deadline):
        yield TermsFault("deadline", "Styrhjul kan inte räkna ut dagen. Skriv den som senast 31 mars.")


def _goal_faults(terms: Terms) -> Iterator[TermsFault]:
    counts = [number for number in (terms.goal_min, terms.goal_max) if number is not None]
    if any(not 1 <= number <= MOST_GOALS for number in counts):
        yield TermsFault("goal_min", f"Skriv ett antal mellan 1 och {MOST_GOALS}.")
    elif len(counts) == 2 and counts[0] > counts[1]:
        yield TermsFault("goal_min", "Det minsta antalet ska inte vara större än det största.")


def _body_faults(terms: Terms, follows: Following) -> Iterator[TermsFault]:
    if follows.lifecycle is not None and not follows.of_plans and not terms.body_ids:
        yield TermsFault("bodies", "Välj vem det gäller.")
