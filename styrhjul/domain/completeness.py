"""What makes an answer complete, and the words for what is missing: sentences for the person who wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from styrhjul.domain.answer import (
    Answer,
    Compilation,
    Currency,
    CurrencyAnswer,
    Decider,
    Demand,
    FollowUpAnswer,
    GoalsAnswer,
    HandoverAnswer,
    Opinion,
    Outcome,
    PlansAnswer,
    ProjectsAnswer,
    ReferralAnswer,
    ReportAnswer,
    RevisionAnswer,
    Signed,
    event_of,
)
from styrhjul.domain.completeness_lists import (
    decided_faults,
    goal_faults,
    judgement_faults,
    plan_faults,
    project_faults,
)
from styrhjul.domain.field_fault import FieldError, fit, required
from styrhjul.domain.lifecycle import Event
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.domain.written import LONG, SHORT, is_diary_number, is_paragraph

_NO_DAY = "Skriv vilken dag beslutet fattades"


def validate(answer: Answer, demand: Demand, today: date) -> tuple[FieldError, ...]:
    """Return what is wrong, in the order of the form; empty when the answer can be handed in."""
    content = (*_content_faults(answer, demand, today), *_decision_faults(answer, today))
    details = _detail_faults(answer, demand) if isinstance(answer, RevisionAnswer) else ()
    return (*content, *details, *signature_faults(answer.signed_by))


def _content_faults(answer: Answer, demand: Demand, today: date) -> Iterator[FieldError]:
    match answer:
        case GoalsAnswer():
            return goal_faults(answer, demand)
        case FollowUpAnswer():
            return judgement_faults(answer, demand)
        case PlansAnswer():
            return plan_faults(answer, demand, today)
        case ProjectsAnswer():
            return project_faults(answer)
        case RevisionAnswer():
            return _revision_faults(answer, demand)
        case _:
            return _simple_faults(answer, demand)


def _simple_faults(
    answer: ReportAnswer | ReferralAnswer | CurrencyAnswer | HandoverAnswer, demand: Demand
) -> Iterator[FieldError]:
    """Yield the faults of an answer that is one choice and a text."""
    match answer:
        case ReportAnswer():
            yield from _report_faults(answer)
        case ReferralAnswer():
            yield from _referral_faults(answer, demand)
        case CurrencyAnswer():
            yield from _currency_faults(answer)
        case HandoverAnswer():
            yield from _handover_faults(answer, demand)
    yield from fit("comment", answer.comment, LONG)


def _report_faults(answer: ReportAnswer) -> Iterator[FieldError]:
    if answer.outcome is None:
        yield FieldError("outcome", "Välj hur långt arbetet har kommit")
    elif answer.outcome is Compilation.HANDED_OVER and answer.decided_on is None:
        yield FieldError("decided_on", "Skriv vilken dag avsnittet lämnades över")
    elif answer.outcome is Compilation.COMPILED and answer.decided_on is not None:
        yield FieldError("decided_on", "Ta bort dagen, eller välj att avsnittet är överlämnat")


def _referral_faults(answer: ReferralAnswer, demand: Demand) -> Iterator[FieldError]:
    if answer.outcome is None:
        yield FieldError("outcome", f"Välj vad {demand.body} svarar")
    elif answer.outcome is not Opinion.ABSTAINS and not answer.comment:
        yield FieldError("comment", "Skriv yttrandet, en mening räcker")


def _currency_faults(answer: CurrencyAnswer) -> Iterator[FieldError]:
    if answer.outcome is None:
        yield FieldError("outcome", "Välj om dokumentet är aktuellt")
    elif answer.outcome is not Currency.CURRENT and not answer.comment:
        yield FieldError("comment", "Skriv en mening om varför")


def _handover_faults(answer: HandoverAnswer, demand: Demand) -> Iterator[FieldError]:
    if answer.outcome is None:
        yield FieldError("outcome", "Kryssa i när uppgifterna stämmer, eller läs in rätta uppgifter")
    elif demand.vacant:
        yield FieldError(
            "outcome",
            f"Ingen är {' eller '.join(demand.vacant)}, så ingen kan svara för {demand.body}. Läs in minst en av dem "
            "med styrhjul officials import och öppna länken igen",
        )


def _revision_faults(answer: RevisionAnswer, demand: Demand) -> Iterator[FieldError]:
    if answer.outcome is None:
        yield FieldError("outcome", "Välj vad som ska hända med dokumentet")
        return
    yield from required("comment", answer.comment, "Skriv en mening om varför")
    if event_of(answer) is Event.BEGIN:
        yield from _begun_faults(answer, demand)
    elif answer.decided_on is None:
        yield FieldError("decided_on", _NO_DAY)


def _detail_faults(answer: RevisionAnswer, demand: Demand) -> Iterator[FieldError]:
    """Yield what is wrong with a decision about the document: its number, who took it, and what it replaces."""
    if answer.outcome is None or event_of(answer) is Event.BEGIN:
        return
    if answer.diary_number and not is_diary_number(answer.diary_number):
        yield FieldError("diary_number", "Skriv diarienumret som KS 2027/123")
    yield from _decider_faults(answer, demand)
    if answer.outcome is Outcome.REVISE and answer.replaces not in demand.editions:
        yield FieldError("replaces", "Välj vilken utgåva den nya ersätter")


def _begun_faults(answer: RevisionAnswer, demand: Demand) -> Iterator[FieldError]:
    if not demand.may_begin:
        yield FieldError(
            "decided_on",
            "Att arbetet pågår är redan noterat. Skriv vilken dag beslutet fattades, eller vänta till dess",
        )
    elif answer.decided_by or answer.diary_number or answer.replaces:
        yield FieldError("decided_on", f"{_NO_DAY}, eller lämna allt om beslutet tomt")


def _decider_faults(answer: RevisionAnswer, demand: Demand) -> Iterator[FieldError]:
    """Yield an objection when a lower body than the adopter is said to have decided: domain rule R6."""
    chosen = next((decider for decider in demand.deciders if decider.key == answer.decided_by), None)
    adopter = demand.adopter
    if chosen is None:
        yield FieldError("decided_by", "Välj vem som fattade beslutet")
    elif adopter is not None and not _stands_as_high(chosen, adopter):
        above = "" if adopter.kind is BodyKind.COUNCIL else " eller ett organ över det"
        yield FieldError(
            "decided_by",
            f"{adopter.name} antog dokumentet, och bara samma organ{above} kan ändra, behålla eller upphäva det. "
            "Vänta med svaret tills det beslutet är fattat",
        )


def _stands_as_high(chosen: Decider, adopter: Decider) -> bool:
    return chosen.key == adopter.key or chosen.rank > adopter.rank


def _decision_faults(answer: Signed, today: date) -> Iterator[FieldError]:
    if answer.decided_on is not None:
        yield from decided_faults("decided_on", answer.decided_on, today)
    if answer.paragraph is None:
        return
    if not is_paragraph(answer.paragraph):
        yield FieldError("paragraph", "Skriv paragrafen som 82")
    elif answer.decided_on is None:
        yield FieldError("decided_on", f"{_NO_DAY}, eller ta bort paragrafen")


def signature_faults(signed_by: str) -> Iterator[FieldError]:
    """Yield what is wrong with the name that somebody signs with."""
    yield from required("signed_by", signed_by, "Skriv ditt namn", at_most=SHORT)
    if signed_by.strip() and not any(character.isalpha() for character in signed_by):
        yield FieldError("signed_by", "Skriv ditt namn med bokstäver")
